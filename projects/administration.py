"""Administration: the joint projects, their partners, and the roles in them."""

from __future__ import annotations

from functools import partial

from django.db.models import Prefetch
from django.forms import model_to_dict
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.access import require_administrator
from crm.actions import grant_role
from crm.audit import last_change
from crm.conflicts import Held, held_row
from crm.exports import exported
from crm.models import Membership, Municipality
from crm.pages import dialog, done, typed
from crm.requests import StaffRequest
from projects import actions
from projects.exports import projects_as_export
from projects.forms import JoinForm, LeaveForm, PartnerCorrectionForm, ProjectForm, ProjectRoleForm
from projects.models import Partner, Project


def project_list(request: StaffRequest) -> HttpResponse:
    """Each project with its partners, those who left too, and who holds which role in it."""
    projects = _listed(request)
    held: dict[int, list] = {project.pk: [] for project in projects}
    memberships = Membership.objects.not_over(request.today).in_words()
    for membership in memberships.filter(group__role_group__project__in=projects):
        held[membership.group.role_group.project_id].append(membership)
    context = {"projects": [(project, held[project.pk]) for project in projects], "today": request.today}
    return render(request, "projects/list.html", context)


def project_list_export(request: StaffRequest) -> HttpResponseBase:
    """The same projects with their partners as a file."""
    return exported(request, projects_as_export(_listed(request)))


def _listed(request: StaffRequest) -> list[Project]:
    """The projects, the latest first, with their partners as they joined."""
    require_administrator(request.scope)
    partners = Partner.objects.select_related("municipality").order_by("joined", "pk")
    projects = Project.objects.select_related("lead").prefetch_related(Prefetch("partners", partners))
    return list(projects.order_by("-starts", "pk"))


def project_new(request: StaffRequest) -> HttpResponse:
    require_administrator(request.scope)
    form = ProjectForm(typed(request))

    def create() -> HttpResponse:
        actions.create_project(**form.cleaned_data, by=request.user)
        return done(request, reverse("project_list"), _("The project is made. Add its partners next."))

    return dialog(request, form, create, heading=_("New project"), back=reverse("project_list"))


def project_edit(request: StaffRequest, code: str) -> HttpResponse:
    require_administrator(request.scope)
    project = get_object_or_404(Project, code=code)
    told = ("code", "name", "lead", "starts", "ends")
    form = ProjectForm(typed(request), initial=model_to_dict(project, told))
    held = held_row(project, told)

    def change() -> HttpResponse:
        actions.change_project(project=project, **form.cleaned_data, by=request.user)
        return done(request, reverse("project_list"), _("Saved."))

    heading = _("Change the project")
    return dialog(request, form, change, heading=heading, back=reverse("project_list"), held=held)


def partner_join(request: StaffRequest, code: str) -> HttpResponse:
    """A municipality joins the project; its figures open to the lead."""
    require_administrator(request.scope)
    project = get_object_or_404(Project, code=code)
    taking_part = project.partners.filter(withdrew__isnull=True)
    others = Municipality.objects.exclude(pk__in=taking_part.values("municipality")).order_by("name_fi")
    form = JoinForm(typed(request), municipalities=others, initial={"joined": request.today})

    def join() -> HttpResponse:
        partner = actions.join_partner(project=project, **form.cleaned_data, by=request.user, at=timezone.now())
        message = _("%(name)s joined the project; its data protection inspectors were told.")
        return done(request, reverse("project_list"), message % {"name": partner.municipality.name})

    return dialog(
        request,
        form,
        join,
        heading=_("A municipality joins %(project)s") % {"project": project.name},
        back=reverse("project_list"),
        fragment="projects/_dialog.html",
        explains=_(
            "The project's lead will see the figures of the municipality from the day of joining on, but no people. "
            "Its data protection inspectors are told by mail."
        ),
        action=_("Record the joining"),
    )


def partner_leave(request: StaffRequest, pk: int) -> HttpResponse:
    """A municipality leaves the project; its figures close to the lead."""
    require_administrator(request.scope)
    partner = _partner(pk)
    form = LeaveForm(typed(request), initial={"withdrew": request.today})

    def leave() -> HttpResponse:
        actions.withdraw_partner(partner=partner, **form.cleaned_data, by=request.user, at=timezone.now())
        message = _("%(name)s left the project; its data protection inspectors were told.")
        return done(request, reverse("project_list"), message % {"name": partner.municipality.name})

    return dialog(
        request,
        form,
        leave,
        heading=_("%(name)s leaves the project") % {"name": partner.municipality.name},
        back=reverse("project_list"),
        fragment="projects/_dialog.html",
        explains=_(
            "As soon as this is recorded, the project's lead no longer sees the figures of the municipality. "
            "Its data protection inspectors are told by mail."
        ),
        action=_("Record the leaving"),
    )


def partner_correct(request: StaffRequest, pk: int) -> HttpResponse:
    """Put right a day or the decision; what was known before stays known as of then."""
    require_administrator(request.scope)
    partner = _partner(pk)
    told = ("joined", "withdrew", "decision")
    initial = model_to_dict(partner, told)
    form = PartnerCorrectionForm(typed(request), initial=initial, has_left=partner.withdrew is not None)
    held = Held(lambda: model_to_dict(actions.locked_partner(partner), told), partial(last_change, partner))

    def correct() -> HttpResponse:
        actions.correct_partner(partner=partner, **form.cleaned_data, by=request.user, at=timezone.now())
        return done(request, reverse("project_list"), _("The correction was saved."))

    return dialog(
        request,
        form,
        correct,
        heading=_("Correct what was recorded of %(name)s") % {"name": partner.municipality.name},
        back=reverse("project_list"),
        fragment="projects/_dialog.html",
        explains=_("Figures asked for as of an earlier day stay as they were known then."),
        action=_("Save the correction"),
        held=held,
    )


def _partner(pk: int) -> Partner:
    return get_object_or_404(Partner.objects.select_related("project", "municipality"), pk=pk)


def project_role_grant(request: StaffRequest, code: str) -> HttpResponse:
    """Give somebody a role in a project; the inspectors of its partners are told."""
    require_administrator(request.scope)
    project = get_object_or_404(Project, code=code)
    back = reverse("project_list")
    form = ProjectRoleForm(typed(request), initial={"starts": request.today})

    def grant() -> HttpResponse:
        grant_role(project=project, **form.cleaned_data, by=request.user)
        return done(request, back, _("The role was given and its inspectors told."))

    heading = _("Role in %(project)s") % {"project": project.name}
    return dialog(request, form, grant, heading=heading, back=back, fragment="crm/_role_form.html")
