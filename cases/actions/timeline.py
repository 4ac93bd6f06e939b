"""The lines that actions leave on the timeline."""

from __future__ import annotations

from datetime import datetime

from cases.models import Case, Event, EventKind
from crm.models import User


def note(case: Case, kind: EventKind, text: str = "", *, by: User, at: datetime, **data) -> Event:
    """A line on the timeline; `data` says in codes what changed, the page puts it into words."""
    return Event.objects.create(case=case, kind=kind, happened_at=at, recorded_at=at, by=by, text=text, data=data)
