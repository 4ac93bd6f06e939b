"""The page of one case, its older timeline, and the way from a household to its case."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from cases.access import opened_case
from cases.casefile import household_rows, names_of, read_casefile
from cases.models import Case, Event
from cases.path import latest_rows
from cases.timeline import timeline_of
from cases.views.dialogs import page_of
from cases.views.showing import aside, contact_buttons, path_steps, step_buttons, summary
from contacts.access import Scope, opened_household
from contacts.models import Household
from contacts.requests import StaffRequest
from crm.pages import fragment_or_page
from crm.permissions import Permission
from crm.requests import number_in


def case_page(request: StaffRequest, reference: str) -> HttpResponse:
    """What is next for this household, and all that is known of the case."""
    case = opened_case(request, Permission.VIEW_CASES, reference=reference)
    casefile = read_casefile(case, request.today)
    may_work = request.scope.may(Permission.WORK_CASES, case.municipality_id)
    context = {
        "case": case,
        "file": casefile,
        "timeline": casefile.timeline,
        "summary": summary(case, casefile.languages),
        "path": path_steps(casefile, may_work),
        "aside": aside(casefile),
        "steps": step_buttons(casefile),
        "contacts": contact_buttons(case),
        "may_work": may_work,
        "may_change": may_work and case.takes_tasks,
        "may_undo": may_work,
    }
    return render(request, "cases/case.html", context)


def case_timeline(request: StaffRequest, reference: str) -> HttpResponse:
    """The events older than `?before=` (the key of one of them): into the page by htmx, else as a page of their own."""
    case = opened_case(request, Permission.VIEW_CASES, reference=reference)
    key = request.GET.get("before")
    before = get_object_or_404(Event, case=case, pk=number_in(key) or 0) if key else None
    latest = latest_rows(case.transitions.order_by("sequence", "pk"))
    timeline = timeline_of(case, latest=latest, names=names_of(household_rows(case)), before=before)
    context = {"case": case, "timeline": timeline, "may_undo": False, "back": page_of(case)}
    return fragment_or_page(request, "cases/_events.html", "cases/timeline.html", context)


def household_cases(request: StaffRequest, pk: int) -> HttpResponse:
    """To the household's open case, else the latest; to a new contact where it has none."""
    household = opened_household(request, Permission.VIEW_CASES, pk)
    case = case_of_household(household, request.scope)
    if case is None:
        return redirect(f"{reverse('case_new')}?household={household.pk}")
    return redirect(page_of(case))


def case_of_household(household: Household, scope: Scope) -> Case | None:
    """The open case of a household, else the latest; None where the user may know of none."""
    cases = Case.objects.visible_to(scope).filter(household=household)
    return cases.open().first() or cases.order_by("-opened_on", "-pk").first()
