"""The settings under which the tests run: the product's own, made stricter and quicker.

The environment is set before the product's settings are read, so that neither a developer's .env nor the
variables of a production machine decide what a test sees.
"""

import os
import tempfile
from pathlib import Path

os.environ.update(
    SECRET_KEY="for-tests-alone",
    ASETU_NO_SECRETS="1",
    ASETU_PLAIN_STATIC="1",
    DEBUG="0",
    ALLOWED_HOSTS="127.0.0.1,localhost,testserver",
    BASE_URL="http://127.0.0.1:8000",
    CACHE_URL="locmemcache://",
    EMAIL_URL="memorymail://",
)
# Playwright's synchronous interface keeps an event loop running beside the test.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from crm.settings import *  # noqa: F403
from crm.settings import DATABASES, TEMPLATES
from tests.strict import UndefinedVariable

TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable()
# Static files are found where they lie; there is no collected copy to look through for each client.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: the threads of the live server then have connections of their own, as in production.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", os.getpid())
    DATABASES["default"]["TEST"] = {"NAME": str(Path(tempfile.gettempdir()) / f"asetu-test-{run}.sqlite3")}
else:
    # One connection a thread; a pool would hold on to the test database when it is to be dropped.
    DATABASES["default"]["OPTIONS"].pop("pool", None)
