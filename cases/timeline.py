"""The timeline of a case, newest first, paged by key."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

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
    return _last_change(case.events.filter(data__what="facts"), names)


def task_changed(task: Task, names: Collection[str]) -> Change | None:
    """The same of a task: what is written of it, and `done_on`."""
    return _last_change(task.case.events.filter(data__task=task.pk), names)


def move_changed(case: Case, names: Collection[str]) -> Change | None:
    """Who last postponed the move of the case, and with it the tasks."""
    last = case.events.filter(kind=EventKind.POSTPONED).select_related("by").order_by("-pk").first()
    return Change(last.by.name, last.recorded_at) if last and "planned_move_on" in names else None


def _last_change(events: QuerySet[Event], names: Collection[str]) -> Change | None:
    for event in events.filter(kind=EventKind.CHANGE).select_related("by").order_by("-pk")[:50]:
        if set(event.data.get("fields", ["done_on"])) & set(names):
            return Change(event.by.name, event.recorded_at)
    return None
