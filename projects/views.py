"""The major projects of a municipality, and what the case page says of them, each at an address of its own."""

from __future__ import annotations

from functools import partial

from django.db.models import Count
from django.forms import model_to_dict
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.access import locked_case, opened_case
from cases.models import Case
from contacts.requests import StaffRequest
from crm.access import require, require_somewhere
from crm.audit import Change, last_change
from crm.conflicts import Held
from crm.exports import exported
from crm.models import Municipality
from crm.pages import dialog, done, typed
from crm.permissions import Permission
from projects import actions
from projects.exports import major_projects_as_export
from projects.forms import ChooseMajorProjectForm, MajorProjectForm, NewMajorProjectForm
from projects.models import MajorProject, MajorProjectCase


def major_project_list(request: StaffRequest) -> HttpResponse:
    """The major projects where the user sees cases, with the number of households they see there."""
    listed, places = _listed(request)
    context = {
        "rows": [
            (project, households, request.scope.may(Permission.WORK_CASES, project.municipality_id))
            for project, households in listed
        ],
        "several": len(places) > 1,
        "may_add": request.scope.may_somewhere(Permission.WORK_CASES),
    }
    return render(request, "projects/major_projects.html", context)


def major_project_list_export(request: StaffRequest) -> HttpResponseBase:
    """The same major projects as a file."""
    listed, _places = _listed(request)
    return exported(request, major_projects_as_export(listed))


def _listed(request: StaffRequest) -> tuple[list[tuple[MajorProject, int]], frozenset[int]]:
    """The major projects where the user sees cases, each with its number of households, and where that is."""
    places = require_somewhere(request.scope, Permission.VIEW_CASES)
    drawn = MajorProjectCase.objects.standing().filter(case__in=Case.objects.visible_to(request.scope))
    households = dict(
        drawn.order_by()
        .values("major_project")
        .annotate(households=Count("case__household", distinct=True))
        .values_list("major_project", "households")
    )
    found = MajorProject.objects.filter(municipality__in=places).select_related("municipality")
    return [(project, households.get(project.pk, 0)) for project in found.order_by("name", "pk")], places


def major_project_new(request: StaffRequest) -> HttpResponse:
    """An investment that draws movers is added, in a municipality whose cases the user works."""
    places = Municipality.objects.filter(pk__in=require_somewhere(request.scope, Permission.WORK_CASES))
    back = reverse("major_projects")
    form = NewMajorProjectForm(typed(request), places=places.order_by("name_fi", "pk"))

    def create() -> HttpResponse:
        actions.create_major_project(**form.cleaned_data, by=request.user)
        return done(request, back, _("The major project was added. It can now be chosen on the page of a case."))

    return dialog(request, form, create, heading=_("New major project"), back=back)


def major_project_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Its name and days; the cases that name it stay."""
    project = get_object_or_404(MajorProject, pk=pk)
    require(request.scope, Permission.WORK_CASES, project.municipality_id)
    back = reverse("major_projects")
    told = ("name", "starts", "ends")
    form = MajorProjectForm(typed(request), initial=model_to_dict(project, told))
    held = Held(lambda: model_to_dict(actions.locked_major_project(project), told), partial(last_change, project))

    def change() -> HttpResponse:
        actions.change_major_project(major_project=project, **form.cleaned_data, by=request.user)
        return done(request, back, _("Saved."))

    return dialog(request, form, change, heading=_("Change the major project"), back=back, held=held)


def case_major_project(request: StaffRequest, reference: str) -> HttpResponse:
    """The line of the case page that names its major project."""
    case = opened_case(request, Permission.VIEW_CASES, reference=reference)
    return render(
        request,
        "projects/_case_major_project.html",
        {
            "case": case,
            "major_project": _major_project_of(case),
            "may_work": request.scope.may(Permission.WORK_CASES, case.municipality_id),
        },
    )


def case_major_project_edit(request: StaffRequest, reference: str) -> HttpResponse:
    """The dialog that chooses it."""
    case = opened_case(request, Permission.WORK_CASES, reference=reference)
    back = reverse("case", args=[case.reference])
    initial = {"major_project": _major_project_of(case)}
    form = ChooseMajorProjectForm(typed(request), municipality_id=case.municipality_id, initial=initial)
    held = Held(lambda: {"major_project": _major_project_of(locked_case(request, case))}, lambda _names: _chosen(case))

    def choose() -> HttpResponse:
        chosen = form.cleaned_data["major_project"]
        actions.set_major_project(case=case, major_project=chosen, by=request.user, at=timezone.now())
        return done(request, back, _("The major project was saved."))

    fragment = "projects/_choose_major_project.html"
    return dialog(request, form, choose, heading=_("Major project"), back=back, fragment=fragment, held=held)


def _major_project_of(case: Case) -> MajorProject | None:
    return MajorProject.objects.filter(cases__in=MajorProjectCase.objects.standing().filter(case=case)).first()


def _chosen(case: Case) -> Change | None:
    """Who last said which major project it is, and when."""
    row = MajorProjectCase.objects.filter(case=case, replaced_by__isnull=True).select_related("by").first()
    return Change(row.by.name, row.recorded_at) if row else None
