"""The daily work on a case: contacts logged, plan and tasks, facts, the privacy notice."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from cases.access import opened_case
from cases.actions import add_task, edit_case, log_event, set_task_done
from cases.casefile import task_list, task_row, task_rows
from cases.forms.work import CaseForm, LogForm, PlanForm, TaskForm
from cases.models import PLAN_KINDS, EventKind, Task
from cases.timeline import Timeline, timeline_of
from cases.views.dialogs import dialog, page_of, typed
from contacts.access import who_may_work
from contacts.requests import StaffRequest
from crm.pages import done, wants_fragment
from crm.permissions import Permission

LOG_HEADINGS: dict[EventKind, Promise] = {
    EventKind.CALL: gettext_lazy("Log a call"),
    EventKind.MEETING: gettext_lazy("Log a meeting"),
    EventKind.NOTE: gettext_lazy("Write a note"),
    EventKind.EMAIL: gettext_lazy("Log an e-mail"),
}


def case_log(request: StaffRequest, reference: str, kind: str) -> HttpResponse:
    """Put a call, meeting, note or e-mail on the timeline."""
    event_kind = EventKind(kind)
    case = opened_case(request, Permission.WORK_CASES, reference=reference)
    now = timezone.now()
    form = LogForm(typed(request), kind=event_kind, now=now)

    def act() -> HttpResponse:
        log_event(case=case, kind=event_kind, **form.told(), by=request.user, at=now)
        return done(request, page_of(case), _("Added to the timeline: %(kind)s.") % {"kind": event_kind.label})

    return dialog(request, form, act, heading=LOG_HEADINGS[event_kind], back=page_of(case))


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


@require_POST
def task_done(request: StaffRequest, pk: int) -> HttpResponse:
    """Tick a task off (`done=1`) or untick it; for htmx its line as it is now, else back to where it stands.

    It stands on the page of its case, where the count of its card and the timeline change too, or on the list `next`.
    """
    task = get_object_or_404(Task.objects.select_related("assignee"), pk=pk)
    task.case = case = opened_case(request, Permission.WORK_CASES, pk=task.case_id)
    ticked = request.POST.get("done") == "1"
    changes = ticked != (task.done_on is not None)
    task.done_on = set_task_done(task=task, done=ticked, by=request.user, at=timezone.now()).done_on
    back = _list_of_several_cases(request)
    if not wants_fragment(request):
        return redirect(back or page_of(case))
    context = {"row": task_row(task, request.today), "may_work": True, "next": back}
    if back:
        response = render(request, "cases/_task.html", context)
    else:
        response = render(request, "cases/_ticked.html", context | _beside(task, request.today, changes))
    message = _("Done: %(task)s") if ticked else _("Not done after all: %(task)s")
    return trigger_client_event(response, "notice", {"text": message % {"task": task.title}})


def _list_of_several_cases(request: StaffRequest) -> str:
    """The page of ours that is named as `next`, "" where there is none."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if safe else ""


def _beside(task: Task, today: date, changes: bool) -> dict[str, Any]:
    """What the case page says of the task elsewhere: the count of its card, and the newest entry of the timeline."""
    plan = task.kind in PLAN_KINDS
    newest = timeline_of(task.case, latest={}, names={}).entries[:1] if changes else ()
    return {
        "name": "plan" if plan else "tasks",
        "tasks": task_list(task_rows(task.case, today), plan=plan),
        "case": task.case,
        "timeline": Timeline(newest, None) if newest else None,
        "may_undo": False,
    }


def case_edit(request: StaffRequest, reference: str) -> HttpResponse:
    """The facts of the case that may change at any time."""
    case = opened_case(request, Permission.WORK_CASES, reference=reference)
    workers = who_may_work(case.household, request.today)
    form = CaseForm(typed(request), instance=case, workers=workers, today=request.today)

    def act() -> HttpResponse:
        edit_case(case=case, **form.told(), by=request.user, at=timezone.now())
        return done(request, page_of(case), _("The details were saved."))

    return dialog(request, form, act, heading=_("Details of the case"), back=page_of(case))
