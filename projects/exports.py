"""What of the lists of joint projects and of major projects goes into a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.exports import Column, Export, Given
from crm.models import ExportedList
from crm.spreadsheets import Cell
from projects.models import MajorProject, Partner, Project


def projects_as_export(projects: Iterable[Project]) -> Export:
    """A row for each partner of each project, those who left too; one without a partner where none has joined."""
    rows: list[tuple[Project, Partner | None]] = []
    for project in projects:
        rows += [(project, partner) for partner in project.partners.all()] or [(project, None)]
    leads = {project.lead_id for project, _partner in rows}
    return Export(
        what=ExportedList.PROJECTS,
        title=_("Joint projects"),
        columns=[
            Column(_("Joint project"), lambda row: row[0].name, 40),
            Column(_("Funder's code"), lambda row: row[0].code),
            Column(_("Begins"), lambda row: row[0].starts),
            Column(_("Ends"), lambda row: row[0].ends),
            Column(_("Lead partner"), lambda row: row[0].lead.name, 20),
            Column(_("Municipality"), _of_partner(lambda partner: partner.municipality.name), 20),
            Column(_("Joined"), _of_partner(lambda partner: partner.joined)),
            Column(_("Withdrew"), _of_partner(lambda partner: partner.withdrew)),
            Column(_("Decision"), _of_partner(lambda partner: partner.decision)),
        ],
        source=Given(rows, leads | {partner.municipality_id for _project, partner in rows if partner}),
        back=reverse("project_list"),
        personal=False,
    )


def _of_partner(value: Callable[[Partner], Cell]) -> Callable[[tuple[Project, Partner | None]], Cell]:
    return lambda row: value(row[1]) if row[1] else None


def major_projects_as_export(rows: Sequence[tuple[MajorProject, int]]) -> Export:
    """Major projects, each with the number of households that its reader sees."""
    return Export(
        what=ExportedList.MAJOR_PROJECTS,
        title=_("Major projects"),
        columns=[
            Column(_("Name"), lambda row: row[0].name, 40),
            Column(_("Municipality"), lambda row: row[0].municipality.name, 20),
            Column(_("Begins"), lambda row: row[0].starts),
            Column(_("Ends"), lambda row: row[0].ends),
            Column(_("Households"), lambda row: row[1]),
        ],
        source=Given(rows, {project.municipality_id for project, _households in rows}),
        back=reverse("major_projects"),
        personal=False,
    )
