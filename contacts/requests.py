"""The request as views of people and cases see it."""

from __future__ import annotations

import crm.requests
from contacts.access import Scope


class StaffRequest(crm.requests.StaffRequest):
    """A signed-in request whose scope knows the households its user is named on and barred from."""

    scope: Scope
