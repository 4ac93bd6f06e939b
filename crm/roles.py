"""Roles and what each may do: the one table that groups, pages, tests and documentation read (DOMAIN: roles)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.permissions import InstallationPermission, Permission, ProjectPermission


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("Coordinator")
    MANAGER = "manager", _("Municipal manager")
    PROJECT_LEAD = "project_lead", _("Project lead")
    APPROVER = "approver", _("Approver")
    EDITOR = "editor", _("Editor")
    INSPECTOR = "inspector", _("Inspector (data protection officer)")
    AUDITOR = "auditor", _("Auditor of the funder")
    ADMINISTRATOR = "administrator", _("Administrator")


MUNICIPALITY_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.COORDINATOR: frozenset(
        {Permission.VIEW_CASES, Permission.WORK_CASES, Permission.IMPORT_CASES, Permission.VIEW_FIGURES}
    ),
    Role.MANAGER: frozenset({Permission.VIEW_FIGURES}),
    Role.EDITOR: frozenset({Permission.EDIT_GUIDE}),
    Role.INSPECTOR: frozenset({Permission.VIEW_ACCESS_LOG}),
}

# What the lead sees of each partner comes from the partner's joining (`projects.actions.join_partner`).
PARTNER_PERMISSIONS = frozenset({Permission.VIEW_FIGURES})

PROJECT_PERMISSIONS: dict[Role, frozenset[ProjectPermission]] = {
    Role.PROJECT_LEAD: frozenset({ProjectPermission.MANAGE_PROJECT}),
    Role.APPROVER: frozenset({ProjectPermission.APPROVE_REPORT}),
    Role.AUDITOR: frozenset({ProjectPermission.VIEW_EVIDENCE}),
}

INSTALLATION_PERMISSIONS: dict[Role, frozenset[InstallationPermission]] = {
    Role.ADMINISTRATOR: frozenset({InstallationPermission.ADMINISTER}),
}

# What these may do has no pages in this version.
WITHOUT_PAGES = frozenset({Role.APPROVER, Role.EDITOR, Role.INSPECTOR, Role.AUDITOR})

MUNICIPALITY_ROLES = tuple(MUNICIPALITY_PERMISSIONS)
PROJECT_ROLES = tuple(PROJECT_PERMISSIONS)
INSTALLATION_ROLES = tuple(INSTALLATION_PERMISSIONS)
