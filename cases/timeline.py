"""The timeline of a case, newest first, paged by key."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from cases.actions import undoable_postponement
from cases.models import Case, Event, EventKind, Task, Transition
from cases.wording import Line, line
from crm.audit import Change

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


def facts_changed(case: Case, names: Collection[str]) -> Change | None:
    """Who last changed any of these facts of the case, and when; None where the timeline does not tell."""
    return _last_change(case, names, what="facts")


def task_changed(task: Task, names: Collection[str]) -> Change | None:
    """The same of what is written of a task."""
    return _last_change(task.case, names, what="task_changed", task=task.pk)


def _last_change(case: Case, names: Collection[str], **said) -> Change | None:
    found = case.events.filter(kind=EventKind.CHANGE, **{f"data__{key}": value for key, value in said.items()})
    for event in found.select_related("by").order_by("-pk")[:50]:
        if not event.data["fields"].keys().isdisjoint(names):
            return Change(event.by.name, event.recorded_at)
    return None
