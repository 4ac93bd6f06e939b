"""The timeline of a case, newest first, paged by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from cases.actions import undoable_postponement
from cases.models import Case, Event, Transition
from cases.wording import Line, line

PAGE = 30


@dataclass(frozen=True)
class Entry:
    """One event with its words; `undoable` where it is the change of the move date that can be undone."""

    event: Event
    line: Line
    undoable: bool


@dataclass(frozen=True)
class Timeline:
    """Some events, newest first; `older` is the key of the next ones, None where there are none."""

    entries: Sequence[Entry]
    older: int | None


def timeline_of(
    case: Case, *, latest: Mapping[int, Transition], names: Mapping[int, str], before: Event | None = None
) -> Timeline:
    """The newest events of `case`, or those older than `before`: one statement."""
    events = case.events.select_related("by", "transition").order_by("-happened_at", "-pk")
    if before is not None:
        same_moment = Q(happened_at=before.happened_at, pk__lt=before.pk)
        events = events.filter(Q(happened_at__lt=before.happened_at) | same_moment)
    found = list(events[: PAGE + 1])
    shown = found[:PAGE]
    undoable = undoable_postponement(case, shown) if before is None else None
    entries = [
        Entry(
            event,
            line(event, latest=latest.get(event.transition_id or 0), names=names, opened_on=case.opened_on),
            event == undoable,
        )
        for event in shown
    ]
    return Timeline(entries, shown[-1].pk if len(found) > PAGE else None)
