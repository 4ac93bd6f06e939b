"""What is done to a project: who joins and who leaves it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, remove_perm

from cases.models import Case
from crm.actions import role_group
from crm.audit import acting
from crm.models import Municipality, User
from crm.refusal import Refused
from crm.roles import PARTNER_PERMISSIONS, Role
from projects.models import MajorProject, MajorProjectCase, Partner, Project


def join_partner(
    *, project: Project, municipality: Municipality, joined: date, decision: str = "", by: User
) -> Partner:
    """A municipality joins; from now on the project's lead sees its figures."""
    with transaction.atomic(), acting(by):
        Project.objects.select_for_update().get(pk=project.pk)
        if project.partners.filter(municipality=municipality, withdrew__isnull=True).exists():
            raise Refused(_("%(name)s is already a partner of this project.") % {"name": municipality.name})
        partner = Partner.objects.create(project=project, municipality=municipality, joined=joined, decision=decision)
        leads = role_group(role=Role.PROJECT_LEAD, project=project).group
        for permission in sorted(PARTNER_PERMISSIONS):
            assign_perm(permission.value, leads, municipality)
    return partner


def withdraw_partner(*, partner: Partner, withdrew: date, by: User) -> Partner:
    """A municipality leaves; the project's lead no longer sees its figures."""
    with transaction.atomic(), acting(by):
        partner = Partner.objects.select_for_update().select_related("project", "municipality").get(pk=partner.pk)
        if partner.withdrew is not None:
            raise Refused(_("%(name)s has already left this project.") % {"name": partner.municipality.name})
        if withdrew < partner.joined:
            raise Refused(_("The last day is before the day of joining. Correct the date."))
        partner.withdrew = withdrew
        partner.save(update_fields=["withdrew"])
        leads = role_group(role=Role.PROJECT_LEAD, project=partner.project).group
        for permission in sorted(PARTNER_PERMISSIONS):
            remove_perm(permission.value, leads, partner.municipality)
    return partner


def set_major_project(*, case: Case, major_project: MajorProject | None, by: User, at: datetime) -> None:
    """Say which major project of the case's own municipality draws the household; None: none does."""
    if major_project is None:
        MajorProjectCase.objects.filter(case=case).delete()
        return
    if major_project.municipality_id != case.municipality_id:
        raise Refused(_("Choose a major project of the same municipality."))
    MajorProjectCase.objects.update_or_create(
        case=case, defaults={"major_project": major_project, "by": by, "recorded_at": at}
    )
