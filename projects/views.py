"""What the projects say on pages of others, each at an address of its own."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.access import opened_case
from cases.models import Case
from contacts.requests import StaffRequest
from crm.pages import done, fragment_or_page
from crm.permissions import Permission
from projects.actions import set_major_project
from projects.forms import MajorProjectForm
from projects.models import MajorProject, MajorProjectCase


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
    form = MajorProjectForm(
        request.POST or None,
        municipality_id=case.municipality_id,
        initial={"major_project": _major_project_of(case)},
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["major_project"]
        set_major_project(case=case, major_project=chosen, by=request.user, at=timezone.now())
        return done(request, back, _("The major project was saved."))
    status = 422 if form.is_bound and not form.is_valid() else 200
    context = {"form": form, "back": back, "heading": _("Major project")}
    return fragment_or_page(request, "_components/dialog.html", "dialog_page.html", context, status)


def _major_project_of(case: Case) -> MajorProject | None:
    return MajorProject.objects.filter(cases__in=MajorProjectCase.objects.standing().filter(case=case)).first()
