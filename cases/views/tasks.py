"""The plan and the tasks of a case: added, changed, removed, ticked off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from cases.access import locked_task, opened_case
from cases.actions import TASK_REMOVED, add_task, edit_task, remove_task, set_task_done
from cases.actions.timeline import told
from cases.casefile import TaskRow, task_list, task_row, task_rows
from cases.forms.work import PlanForm, TaskForm
from cases.models import PLAN_KINDS, Case, Task
from cases.timeline import Timeline, task_changed, timeline_of
from cases.views.dialogs import dialog, page_of
from cases.wording import FACTS_OF_TASK, facts_of_task
from contacts.access import who_may_work
from contacts.requests import StaffRequest
from crm.conflicts import EditForm, Held
from crm.pages import came_from, done, typed, wants_fragment
from crm.permissions import Permission
from crm.refusal import Refused

REMOVED = gettext_lazy("Removed meanwhile")


def plan_add(request: StaffRequest, reference: str) -> HttpResponse:
    """A service of the catalogue, or a goal, to the plan."""
    return _add(request, reference, PlanForm, _("Add to the plan"))


def task_add(request: StaffRequest, reference: str) -> HttpResponse:
    """Something to do."""
    return _add(request, reference, TaskForm, _("Add a task"))


def _add(request: StaffRequest, reference: str, form_class: type[TaskForm], heading: str) -> HttpResponse:
    case = opened_case(request, Permission.WORK_CASES, reference=reference)
    workers = who_may_work(case.household, request.today)
    form = form_class(typed(request), workers=workers, initial={"assignee": case.coordinator_id})

    def act() -> HttpResponse:
        task = add_task(case=case, **form.told(), by=request.user, at=timezone.now())
        return done(request, page_of(case), _("Added: %(title)s.") % {"title": task.title})

    return dialog(request, form, act, heading=heading, back=page_of(case))


def or_removed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Where the task that a form is about is not there any more, what was typed comes back, to be read and copied.

    The form names the case on whose page it was opened; 404 where that is out of sight, too.
    """

    @wraps(view)
    def answer(request: StaffRequest, pk: int) -> HttpResponse:
        try:
            return view(request, pk)
        except Http404:
            if "case" not in request.POST:
                raise
        case = opened_case(request, Permission.WORK_CASES, reference=request.POST["case"])
        form = _form_of_removed(request, case)
        back = page_of(case)
        return dialog(request, form, partial(redirect, back), heading=REMOVED, back=back, changed=str(TASK_REMOVED))

    return answer


def _form_of_removed(request: StaffRequest, case: Case) -> EditForm:
    if "title" not in request.POST:  # of removing, nothing is typed there
        return EditForm(request.POST)
    form_class = PlanForm if "service" in request.POST else TaskForm
    return form_class(request.POST, workers=who_may_work(case.household, request.today))


@or_removed
def task_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Another title, service, due date or person."""
    task, case = _opened(request, pk)
    form = (PlanForm if task.kind in PLAN_KINDS else TaskForm)(
        typed(request),
        workers=who_may_work(case.household, request.today),
        initial=_as_written(task),
    )

    held = Held(lambda: _as_written(locked_task(request, task)), partial(task_changed, task))

    def act() -> HttpResponse:
        edited = edit_task(task=task, **form.told(), by=request.user, at=timezone.now())
        return done(request, page_of(case), _("Saved: %(title)s.") % {"title": edited.title})

    return dialog(
        request,
        form,
        act,
        heading=_("Change: %(title)s") % {"title": task.title},
        back=page_of(case),
        fragment="cases/_task_edit.html",
        of_case=case.reference,
        remove_url=reverse("task_remove", args=[task.pk]),
        held=held,
    )


@or_removed
def task_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Remove what need not be done, or was written down by mistake."""
    task, case = _opened(request, pk)
    form = EditForm(typed(request), initial=_watched(task))
    held = Held(lambda: _watched(locked_task(request, task)), partial(task_changed, task))

    def act() -> HttpResponse:
        remove_task(task=task, by=request.user, at=timezone.now())
        return done(request, page_of(case), _("Removed: %(title)s.") % {"title": task.title})

    return dialog(
        request,
        form,
        act,
        heading=_("Remove: %(title)s") % {"title": task.title},
        about=" · ".join(facts_of_task({name: told(getattr(task, name)) for name in FACTS_OF_TASK})),
        explains=_("The timeline keeps what it was. If it has been done, tick it off instead."),
        action=_("Remove"),
        back=page_of(case),
        of_case=case.reference,
        held=held,
    )


def _as_written(task: Task) -> dict[str, Any]:
    """What the form shows of a task; a title that only repeats the service is none, so that it follows the service."""
    named = task.service is not None and task.title in (task.service.name_fi, task.service.name_en)
    return {
        "title": "" if named else task.title,
        "service": task.service_id,
        "due_on": task.due_on,
        "assignee": task.assignee_id,
    }


def _watched(task: Task) -> dict[str, Any]:
    return {**_as_written(task), "done_on": task.done_on}


def _opened(request: StaffRequest, pk: int) -> tuple[Task, Case]:
    # The case first: what is out of sight is answered as what is not there, also in the number of statements.
    case = opened_case(request, Permission.WORK_CASES, pk__in=Task.objects.filter(pk=pk).values("case"))
    return get_object_or_404(Task.objects.select_related("assignee", "service"), pk=pk), case


@require_POST
def task_done(request: StaffRequest, pk: int) -> HttpResponse:
    """Tick a task off (`done=1`) or untick it; for htmx its line as it is now, else back to where it stands.

    It stands on the page of its case, where the count of its card and the timeline change too, or on the list `next`.
    What is refused changes nothing and is told instead.
    """
    case = opened_case(request, Permission.WORK_CASES, pk__in=Task.objects.filter(pk=pk).values("case"))
    tasks = [row.task for row in task_rows(case, request.today)]
    task = next((task for task in tasks if task.pk == pk), None)
    if task is None:
        raise Http404
    ticked = request.POST.get("done") == "1"
    changes = ticked != (task.done_on is not None)
    message = _("Done: %(task)s") if ticked else _("Not done after all: %(task)s")
    notice, refused = message % {"task": task.title}, False
    try:
        task.done_on = set_task_done(task=task, done=ticked, by=request.user, at=timezone.now()).done_on
    except Refused as refusal:
        notice, refused, changes = str(refusal), True, False
    back = came_from(request)  # a list of several cases
    if not wants_fragment(request):
        if refused:
            messages.error(request, notice)
        return redirect(back or page_of(case))
    context = {"row": task_row(task, request.today), "next": back}
    context |= {"may_work": not refused, "may_change": not back and not refused}
    if not back:
        context |= _beside(task, [task_row(other, request.today) for other in tasks], changes)
    return trigger_client_event(render(request, "cases/_ticked.html", context), "notice", {"text": notice})


def _beside(task: Task, rows: Sequence[TaskRow], changes: bool) -> dict[str, Any]:
    """What the case page says of the task elsewhere: the count of its card, and the newest entry of the timeline."""
    plan = task.kind in PLAN_KINDS
    newest = timeline_of(task.case, latest={}, names={}).entries[:1] if changes else ()
    return {
        "name": "plan" if plan else "tasks",
        "tasks": task_list(rows, plan=plan),
        "case": task.case,
        "timeline": Timeline(newest, None) if newest else None,
        "may_undo": False,
    }
