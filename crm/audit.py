"""The access and change log, kept by django-auditlog.

The models of AUDITLOG_INCLUDE_TRACKING_MODELS log their own changes; an action names its actor with
`acting`. A page that shows a household's data calls `viewed`.
"""

from __future__ import annotations

from auditlog.context import set_actor
from auditlog.models import LogEntry

from crm.models import User


def acting(by: User | None):
    """Context in which changes are logged as made by `by` (None: by the installation itself)."""
    return set_actor(by)


def viewed(obj, *, by: User) -> None:
    """Record that `by` opened the page of `obj` (one INSERT)."""
    LogEntry.objects.log_create(obj, action=LogEntry.Action.ACCESS, force_log=True, actor=by, changes="")
