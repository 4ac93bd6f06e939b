"""The lines that actions leave on the timeline."""

from __future__ import annotations

from datetime import date, datetime

from cases.models import Case, Event, EventKind
from crm.models import User


def entry(case: Case, kind: EventKind, text: str = "", *, by: User, at: datetime, **data) -> Event:
    """A line for the timeline, not yet saved; `data` says in codes what changed, the page puts it into words."""
    return Event(case=case, kind=kind, happened_at=at, recorded_at=at, by=by, text=text, data=data)


def note(case: Case, kind: EventKind, text: str = "", *, by: User, at: datetime, **data) -> Event:
    """A line on the timeline (see `entry`)."""
    event = entry(case, kind, text, by=by, at=at, **data)
    event.save()
    return event


def told(value) -> str:
    """A value as `data` keeps it."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
