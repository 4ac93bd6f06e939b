"""Administration: roles in the joint projects."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.access import require_administrator
from crm.actions import grant_role
from crm.models import Membership
from crm.pages import done, fragment_or_page
from crm.refusal import Refused
from crm.requests import StaffRequest
from projects.forms import ProjectRoleForm
from projects.models import Partner, Project


def project_roles(request: StaffRequest) -> HttpResponse:
    """Each project with its partners and who holds which role in it."""
    require_administrator(request.scope)
    partners = Partner.objects.filter(withdrew__isnull=True).select_related("municipality").order_by("joined", "pk")
    projects = list(
        Project.objects.select_related("lead")
        .prefetch_related(Prefetch("partners", partners, to_attr="taking_part"))
        .order_by("-starts", "pk")
    )
    held: dict[int, list] = {project.pk: [] for project in projects}
    memberships = Membership.objects.not_over(request.today).in_words()
    for membership in memberships.filter(group__role_group__project__in=projects):
        held[membership.group.role_group.project_id].append(membership)
    context = {"projects": [(project, held[project.pk]) for project in projects], "today": request.today}
    return render(request, "projects/roles.html", context)


def project_role_grant(request: StaffRequest, code: str) -> HttpResponse:
    """Give somebody a role in a project; the inspectors of its partners are told."""
    require_administrator(request.scope)
    project = get_object_or_404(Project, code=code)
    back = reverse("project_roles")
    form = ProjectRoleForm(request.POST or None, initial={"starts": request.today})
    if request.method == "POST" and form.is_valid():
        try:
            grant_role(project=project, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.add_error(None, list(refused.reasons))
        else:
            return done(request, back, _("The role was given and its inspectors told."))
    context = {"form": form, "heading": _("Role in %(project)s") % {"project": project.name}, "back": back}
    return fragment_or_page(
        request, "crm/_role_form.html", "dialog_page.html", context, status=422 if form.errors else 200
    )
