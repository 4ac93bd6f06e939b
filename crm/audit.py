"""The access and change log, kept by django-auditlog.

The models of AUDITLOG_INCLUDE_TRACKING_MODELS log their own changes; an action names its actor with
`acting`. A page that shows a household's data calls `viewed`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from auditlog.context import disable_auditlog, set_actor
from auditlog.diff import model_instance_diff
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from crm.models import User


def acting(by: User | None):
    """Context in which changes are logged as made by `by` (None: by the installation itself)."""
    return set_actor(by)


def viewed(obj, *, by: User) -> None:
    """Record that `by` opened the page of `obj` (one INSERT)."""
    LogEntry.objects.log_create(obj, action=LogEntry.Action.ACCESS, force_log=True, actor=by, changes="")


def made_in_bulk(rows: Sequence[Model], *, by: User) -> None:
    """Log saved rows of one kind as made by `by`: bulk_create sends no signals (a handful of statements)."""
    _log_in_bulk(rows, LogEntry.Action.CREATE, by=by)


def deleted_in_bulk(rows: Sequence[Model], *, by: User) -> None:
    """Log rows of one kind as deleted by `by`; called before they are deleted inside `unlogged`."""
    _log_in_bulk(rows, LogEntry.Action.DELETE, by=by)


def unlogged():
    """Context in which nothing is logged row by row, because the caller logs in bulk."""
    return disable_auditlog()


def changed_since_made(model: type[Model], ids: Collection[int]) -> set[int]:
    """Which rows of a logged model somebody has changed: one statement."""
    found = LogEntry.objects.get_for_model(model).filter(object_id__in=ids, action=LogEntry.Action.UPDATE)
    return set(found.order_by().values_list("object_id", flat=True))


def _log_in_bulk(rows: Sequence[Model], action: int, *, by: User) -> None:
    if not rows:
        return
    content_type = ContentType.objects.get_for_model(rows[0])
    made = action == LogEntry.Action.CREATE
    LogEntry.objects.bulk_create(
        LogEntry(
            content_type=content_type,
            object_pk=str(row.pk),
            object_id=row.pk,
            object_repr=str(row),
            action=action,
            changes=model_instance_diff(None, row) if made else model_instance_diff(row, None),
            actor=by,
            actor_email=by.email,
        )
        for row in rows
    )
