"""What can be allowed, by name. Who gets which is in `crm.roles`; `crm.access` enforces it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    """A permission on one municipality. Held by a group, stored by django-guardian, read by `crm.access.scope`."""

    VIEW_CASES = "view_cases", _("see people and cases")
    WORK_CASES = "work_cases", _("work people and cases")
    IMPORT_CASES = "import_cases", _("import sheets")
    VIEW_FIGURES = "view_figures", _("see results and reports")
    EDIT_GUIDE = "edit_guide", _("edit the mover's guide and service cards")
    VIEW_ACCESS_LOG = "view_access_log", _("see the access log")


class ProjectPermission(models.TextChoices):
    """A permission on one project; follows from the role alone."""

    MANAGE_PROJECT = "manage_project", _("manage the project")
    APPROVE_REPORT = "approve_report", _("approve reports")
    VIEW_EVIDENCE = "view_evidence", _("see the evidence of the project")


class InstallationPermission(models.TextChoices):
    """A permission on the whole installation; never on the contents of a case."""

    ADMINISTER = "administer", _("manage municipalities, users and roles")
