"""What is to be done, told anew: another title, date or person; and what need not be done after all."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions.timeline import note
from cases.lifecycle import State
from cases.models import PLAN_KINDS, Case, EventKind, Service, Task, TaskKind
from cases.path import stands_at
from crm.models import User
from crm.refusal import Outdated, Refused


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
        case, task = _locked(task)
        title = title.strip() or _named_by(task, service)
        if not title:
            raise Refused(_("Write what is to be done, or choose a service."))
        told = {"title": title, "service": service, "due_on": due_on, "assignee": assignee}
        before, changed = task.title, {}
        for name, value in told.items():
            if getattr(task, name) != value:
                changed[name] = [_told(getattr(task, name)), _told(value)]
                setattr(task, name, value)
        if changed:
            task.kind = kind
            task.save()
            note(case, EventKind.CHANGE, by=by, at=at, what="task_changed", title=before, fields=changed)
    return task


def remove_task(*, task: Task, by: User, at: datetime) -> None:
    """Remove what need not be done, or was written down by mistake; the timeline keeps what it was.

    Refused where nothing would be left of a plan that has been agreed and is still ahead: agreeing on it needed a goal
    or a service.
    """
    with transaction.atomic():
        case, task = _locked(task)
        if task.kind in PLAN_KINDS and _is_last_of_agreed_plan(case, task):
            raise Refused(
                _("The plan was agreed with the household and this is all it has. Add what replaces it first.")
            )
        kept = {name: _told(getattr(task, name)) for name in ("due_on", "assignee", "done_on")}
        note(case, EventKind.CHANGE, by=by, at=at, what="task_removed", title=task.title, **kept)
        task.delete()


def _locked(task: Task) -> tuple[Case, Task]:
    """The case under its row's lock, so that plan and state are changed one after the other; and the task as it is."""
    case = Case.objects.select_for_update().get(pk=task.case_id)
    if not case.takes_tasks:
        raise Refused(_("The case is closed. Reopen it before you change what was to be done."))
    found = Task.objects.select_related("service", "assignee").filter(pk=task.pk).first()
    if found is None:
        raise Outdated(_("This has been removed meanwhile. Look at the case again before you go on."))
    return case, found


def _named_by(task: Task, service: Service | None) -> str:
    if service is None:
        return ""
    return task.title if service == task.service else service.name


def _is_last_of_agreed_plan(case: Case, task: Task) -> bool:
    """Between agreeing on it and arriving the plan is what the household goes by."""
    followed = stands_at(case) in (State.PLAN, State.MOVING)
    return followed and not case.tasks.filter(kind__in=PLAN_KINDS).exclude(pk=task.pk).exists()


def _told(value) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
