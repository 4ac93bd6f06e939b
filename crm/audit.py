"""The access and change log, kept by django-auditlog.

The models of AUDITLOG_INCLUDE_TRACKING_MODELS log their own changes; an action names its actor with
`acting`. What a person opens is logged where views get it, in `crm.access.open_record` (docs/adr/0008-access-log.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from auditlog.context import disable_auditlog, set_actor
from auditlog.diff import get_field_value
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Field, Model, OuterRef

from crm.models import User

ONE_LOOK = timedelta(minutes=10)  # within it, a page and its dialogs and parts are one look at the same thing


def acting(by: User | None):
    """Context in which changes are logged as made by `by` (None: by the installation itself)."""
    return set_actor(by)


def looked_lately(model: type[Model], *, by: User, at: datetime) -> Exists:
    """Whether the log already has the look that `by` takes at a row of `model`: for the statement that gets the row."""
    return Exists(
        LogEntry.objects.get_for_model(model).filter(
            object_id=OuterRef("pk"), action=LogEntry.Action.ACCESS, actor=by, timestamp__gt=at - ONE_LOOK
        )
    )


def looked_at(obj: Model, *, by: User, at: datetime) -> None:
    """Record that `by` opened `obj` (one INSERT)."""
    LogEntry.objects.log_create(
        obj, action=LogEntry.Action.ACCESS, force_log=True, actor=by, actor_email=by.email, timestamp=at, changes=""
    )


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


@dataclass(frozen=True)
class Change:
    """Who changed something and when; `name` is "" where the installation itself did."""

    name: str
    at: datetime


def last_change(obj: Model, fields: Collection[str]) -> Change | None:
    """Who last changed any of `fields` of a row of a logged model; None where the log does not tell: one statement."""
    entries = LogEntry.objects.get_for_object(obj).filter(action=LogEntry.Action.UPDATE).select_related("actor")
    for entry in entries.order_by("-timestamp", "-pk")[:50]:
        if entry.changes and not entry.changes.keys().isdisjoint(fields):
            return Change(entry.actor.name if entry.actor else "", entry.timestamp)
    return None


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
            changes={name: ("None", told) if made else (told, "None") for name, told in _told(row)},
            actor=by,
            actor_email=by.email,
        )
        for row in rows
    )


def _told(row: Model) -> Iterator[tuple[str, str]]:
    """The columns that say something, as auditlog writes them.

    Its own `model_instance_diff` asks twice as much, since it compares two rows, and is a tenth of a large import.
    """
    for field in _logged_fields(type(row)):
        told = get_field_value(row, field)
        if told != "None":
            yield field.name, str(told)


@cache
def _logged_fields(model: type[Model]) -> list[Field]:
    excluded = auditlog.get_model_fields(model)["exclude_fields"]
    return [field for field in model._meta.concrete_fields if field.name not in excluded]
