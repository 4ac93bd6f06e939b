"""The access and change log, kept by django-auditlog.

Registered models log their own changes; an action names its actor with `acting`. A page that shows
a household's data calls `viewed`. Append-only tables are not registered: they are their own log.
"""

from __future__ import annotations

from auditlog.context import set_actor
from auditlog.models import LogEntry
from auditlog.registry import auditlog

from crm.models import Membership, Municipality, User

auditlog.register(User, exclude_fields=["password", "last_login"], serialize_data=False)
auditlog.register(Membership)
auditlog.register(Municipality)


def acting(by: User | None):
    """Context in which changes are logged as made by `by` (None: by the installation itself)."""
    return set_actor(by)


def viewed(obj, *, by: User) -> None:
    """Record that `by` opened the page of `obj` (one INSERT)."""
    LogEntry.objects.log_create(obj, action=LogEntry.Action.ACCESS, force_log=True, actor=by, changes="")
