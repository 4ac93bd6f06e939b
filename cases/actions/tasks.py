"""What is to be done for a household: added, ticked off, told anew, removed. Nothing of it changes on a closed case."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.actions.timeline import entry, note, told
from cases.lifecycle import State
from cases.models import PLAN_KINDS, Case, Event, EventKind, Service, Task, TaskKind
from cases.path import stands_at
from crm.models import User
from crm.refusal import Outdated, Refused

TASK_REMOVED = gettext_lazy("This has been removed meanwhile. Look at the case again before you go on.")
# Within this time the same is the same form, sent twice; later it is something else to be done.
SENT_TWICE = timedelta(minutes=10)


def add_task(
    *,
    case: Case,
    kind: TaskKind,
    title: str = "",
    service: Service | None = None,
    due_on: date | None = None,
    assignee: User | None = None,
    by: User,
    at: datetime,
) -> Task:
    """A goal, a service from the catalogue, or a task; goals and services make the plan.

    A form sent twice adds it once: what is the same for the same person and day, still to be done and a few minutes
    old is there already. Refused where the case is closed.
    """
    title = title.strip() or (service.name if service else "")
    if not title:
        raise Refused(_("Write what is to be done, or choose a service."))
    with transaction.atomic():
        case = _locked(case.pk)
        wanted = {
            "case": case,
            "kind": kind,
            "title": title,
            "service": service,
            "due_on": due_on,
            "assignee_id": assignee.pk if assignee else case.coordinator_id,
            "by": by,
        }
        made = Task.objects.filter(done_on__isnull=True, recorded_at__gt=at - SENT_TWICE, **wanted).first()
        return made or Task.objects.create(recorded_at=at, **wanted)


def set_task_done(*, task: Task, done: bool, by: User, at: datetime) -> Task:
    """Tick a task off, or untick it. Whoever comes second changes nothing. Refused where the case is closed."""
    with transaction.atomic():
        case = _locked(task.case_id)
        task = task_as_it_is(task)
        if done != (task.done_on is not None):
            task.done_on = timezone.localdate(at) if done else None
            task.save(update_fields=["done_on"])
            what = "task_done" if done else "task_undone"
            note(case, EventKind.CHANGE, by=by, at=at, what=what, title=task.title, task=task.pk)
    return task


def edit_task(
    *,
    task: Task,
    kind: TaskKind,
    title: str = "",
    service: Service | None = None,
    due_on: date | None = None,
    assignee: User | None = None,
    by: User,
    at: datetime,
) -> Task:
    """Another title, service, due date or person; the timeline says what was and what is.

    Without a title the service names it, or what it was called before where the service stays.
    """
    with transaction.atomic():
        case = _locked(task.case_id)
        task = task_as_it_is(task)
        title = title.strip() or _named_by(task, service)
        if not title:
            raise Refused(_("Write what is to be done, or choose a service."))
        wanted = {"title": title, "service": service, "due_on": due_on, "assignee": assignee}
        before, changed = task.title, {}
        for name, value in wanted.items():
            if getattr(task, name) != value:
                changed[name] = [told(getattr(task, name)), told(value)]
                setattr(task, name, value)
        if changed:
            task.kind = kind
            task.save()
            said: dict[str, Any] = {"title": before, "fields": changed, "task": task.pk}
            note(case, EventKind.CHANGE, by=by, at=at, what="task_changed", **said)
    return task


def remove_task(*, task: Task, by: User, at: datetime) -> None:
    """Remove what need not be done, or was written down by mistake; the timeline keeps what it was.

    Refused where nothing would be left of a plan that has been agreed and is still ahead: agreeing on it needed a goal
    or a service.
    """
    with transaction.atomic():
        case = _locked(task.case_id)
        task = task_as_it_is(task)
        if task.kind in PLAN_KINDS and _is_last_of_agreed_plan(case, task):
            raise Refused(
                _("The plan was agreed with the household and this is all it has. Add what replaces it first.")
            )
        _removed(case, task, by=by, at=at).save()
        task.delete()


def remove_undone(*, case: Case, by: User, at: datetime) -> list[Event]:
    """Remove what is still undone of a case whose work ends: two statements, whatever the number.

    The caller holds the lock of the case. Returns what the timeline keeps of them, to be saved with what ended it.
    """
    undone = list(case.tasks.undone().select_related("assignee").order_by("pk"))
    Task.objects.filter(pk__in=[task.pk for task in undone]).delete()
    return [_removed(case, task, by=by, at=at) for task in undone]


def _locked(pk: int) -> Case:
    """The case under its lock, where there is still something to do about it: plan and state change in turn."""
    case = Case.objects.select_for_update().get(pk=pk)
    if not case.takes_tasks:
        raise Refused(_("The case is closed: what was to be done stays as it was. Reopen the case to go on."))
    return case


def task_as_it_is(task: Task) -> Task:
    """The task as it is now: whatever changes one holds the lock of its case."""
    found = Task.objects.select_related("service", "assignee").filter(pk=task.pk).first()
    if found is None:
        raise Outdated(str(TASK_REMOVED))
    return found


def _named_by(task: Task, service: Service | None) -> str:
    if service is None:
        return ""
    return task.title if service == task.service else service.name


def _is_last_of_agreed_plan(case: Case, task: Task) -> bool:
    """Between agreeing on it and arriving the plan is what the household goes by."""
    followed = stands_at(case) in (State.PLAN, State.MOVING)
    return followed and not case.tasks.filter(kind__in=PLAN_KINDS).exclude(pk=task.pk).exists()


def _removed(case: Case, task: Task, *, by: User, at: datetime) -> Event:
    """What the timeline keeps of a task that is removed; not yet saved."""
    kept = {name: told(getattr(task, name)) for name in ("due_on", "assignee", "done_on")}
    return entry(case, EventKind.CHANGE, by=by, at=at, what="task_removed", title=task.title, **kept)
