"""Another planned move date: no state changes, tasks follow, one undo."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions.timeline import note, told
from cases.lifecycle import NOT_ARRIVED, State
from cases.models import Case, Event, EventKind, Task
from cases.path import stands_at
from crm.models import User
from crm.refusal import Refused


def postpone_move(*, case: Case, to: date, move_tasks: Collection[int] = (), why: str, by: User, at: datetime) -> Event:
    """Another planned move date; no state changes. The named tasks are moved by as many days.

    Returns the timeline event, by which `undo_postponement` takes it back once.
    """
    if to < timezone.localdate(at):
        raise Refused(_("The new move date has passed. If they have moved, record the arrival."))
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case.pk)
        before, refusal = case.planned_move_on, why_not_postponed(case)
        if before is None or refusal:
            raise Refused(refusal)
        if before == to:
            raise Refused(_("This is already the planned move date. Give another date."))
        tasks = list(case.tasks.undone().filter(pk__in=move_tasks, due_on__isnull=False).values_list("pk", flat=True))
        event = _move(case, before, to, tasks, why, by=by, at=at)
    return event


def why_not_postponed(case: Case) -> str:
    """Why the move date cannot change; "" where it can. A case that is paused stands where the pause began."""
    if case.state == State.CLOSED:
        return _("The case is closed: the move date stays as it was.")
    if stands_at(case) not in NOT_ARRIVED:
        return _("Somebody of the household has arrived: the move date stays as it was.")
    return "" if case.planned_move_on else _("The case has no planned move date. Confirm the move first.")


def _move(
    case: Case, before: date, after: date, tasks: list[int], why: str, *, by: User, at: datetime, **data
) -> Event:
    days = (after - before).days
    case.planned_move_on = after
    case.save(update_fields=["planned_move_on"])
    moved = list(case.tasks.filter(pk__in=tasks, due_on__isnull=False).order_by("pk"))
    for task in moved:
        task.due_on = task.due_on + timedelta(days=days) if task.due_on else None
    Task.objects.bulk_update(moved, ["due_on"])
    return note(
        case,
        EventKind.POSTPONED,
        why,
        by=by,
        at=at,
        before=before.isoformat(),
        after=after.isoformat(),
        days=days,
        tasks=tasks,
        due={str(task.pk): _plain(task) for task in moved},
        **data,
    )


def undo_postponement(*, event: Event, by: User, at: datetime) -> Event:
    """Take a change of the move date back, tasks included: once, and only while the date is the one it set.

    A task that has been removed or got another date since stays as it is.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=event.case_id)
        if undoable_postponement(case, case.events.filter(kind=EventKind.POSTPONED)) != event:
            raise Refused(
                why_not_postponed(case) or _("The move date has been changed again since. Change it by hand.")
            )
        before, after = (date.fromisoformat(event.data[when]) for when in ("after", "before"))
        undone = _move(case, before, after, _as_moved(case, event), "", by=by, at=at, undoes=event.pk)
    return undone


def undoable_postponement(case: Case, events: Iterable[Event]) -> Event | None:
    """Of `events` the change of the move date that can be undone: the latest, while the date is the one it set.

    A move confirmed anew sets a date without a change.
    """
    latest = max(
        (event for event in events if event.kind == EventKind.POSTPONED), key=lambda event: event.pk, default=None
    )
    if latest is None or "undoes" in latest.data or why_not_postponed(case):
        return None
    return latest if latest.data["after"] == told(case.planned_move_on) else None


def _as_moved(case: Case, event: Event) -> list[int]:
    """The tasks that are still due when the change made them due: who has set another date since meant that one."""
    due = event.data.get("due", {})  # not kept with the first changes
    tasks = case.tasks.filter(pk__in=event.data["tasks"], due_on__isnull=False).order_by("pk")
    return [task.pk for task in tasks if due.get(str(task.pk), _plain(task)) == _plain(task)]


def _plain(task: Task) -> str:
    return task.due_on.isoformat() if task.due_on else ""
