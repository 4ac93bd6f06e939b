"""Hankkeet and Suurhankkeet as files: as on the page, for those who see it."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import Export, ExportedList
from crm.roles import Role
from projects.actions import create_major_project, set_major_project, withdraw_partner
from tests.factories import MunicipalityFactory, ProjectFactory, case_of, coordinator_of, joint_project, member
from tests.taken import answers_to_others, taken

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "opens_for"),
    [("project_list_export", Role.ADMINISTRATOR), ("major_projects_export", Role.COORDINATOR)],
)
def test_for_those_who_see_the_list(name, opens_for) -> None:
    assert answers_to_others(name, but=opens_for) == {403}


def test_a_row_for_each_partner_of_each_project(client) -> None:
    posio, salla = MunicipalityFactory(name_fi="Posio"), MunicipalityFactory(name_fi="Salla")
    project = joint_project(posio, salla)
    empty = ProjectFactory(name="Uusi", lead=MunicipalityFactory(name_fi="Pello"), starts=date(2026, 1, 1))
    administrator = member(Role.ADMINISTRATOR)
    left = project.partners.get(municipality=salla)
    today = timezone.localdate()
    withdraw_partner(partner=left, withdrew=today, by=administrator, at=timezone.now())
    client.force_login(administrator)
    rows = taken(client, "project_list_export")
    assert [(row["Hanke"], row["Kunta"], row["Jäi pois"]) for row in rows] == [
        (empty.name, "", ""),
        (project.name, "Posio", ""),
        (project.name, "Salla", today.isoformat()),
    ]
    assert rows[1] == {
        "Hanke": project.name,
        "Rahoittajan hankekoodi": project.code,
        "Alkaa": "2020-08-01",
        "Päättyy": "",
        "Hallinnoija": "Posio",
        "Kunta": "Posio",
        "Liittyi": "2020-08-01",
        "Jäi pois": "",
        "Päätös": "",
    }
    export = Export.objects.get()
    assert (export.what, export.rows, export.words) == (ExportedList.PROJECTS, 3, "")
    assert {place.name for place in export.municipalities.order_by("pk")} == {"Posio", "Salla", "Pello"}
    assert f'href="{reverse("project_list_export")}"' in client.get(reverse("project_list")).content.decode()


def test_major_projects_with_the_households_that_one_sees(client) -> None:
    town, elsewhere = MunicipalityFactory(name_fi="Kemijärvi"), MunicipalityFactory()
    marja, other = coordinator_of(town), coordinator_of(town, elsewhere)
    mill = create_major_project(municipality=town, name="Tehdas", starts=date(2024, 5, 1), by=marja)
    create_major_project(municipality=elsewhere, name="Kaivos", by=other)
    for case in (case_of(town, marja), case_of(town, other, restricted=True)):
        set_major_project(case=case, major_project=mill, by=other, at=timezone.now())
    client.force_login(marja)
    assert taken(client, "major_projects_export") == [
        {"Nimi": "Tehdas", "Kunta": "Kemijärvi", "Alkaa": "2024-05-01", "Päättyy": "", "Taloudet": "1"}
    ]
    export = Export.objects.get()
    assert (export.what, export.municipalities.get()) == (ExportedList.MAJOR_PROJECTS, town)
    assert f'href="{reverse("major_projects_export")}"' in client.get(reverse("major_projects")).content.decode()
