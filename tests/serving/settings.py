"""The product's settings as production has them, with the static files collected elsewhere."""

import os
from pathlib import Path

from crm.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["ASETU_TEST_STATIC"])
