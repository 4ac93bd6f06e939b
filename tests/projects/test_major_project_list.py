"""Suurhankkeet: kept by those who work the cases of the municipality, counted of the households each may see."""

from __future__ import annotations

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from crm.refusal import Refused
from crm.roles import Role
from projects.actions import change_major_project, create_major_project, set_major_project
from projects.models import MajorProject
from tests.factories import MunicipalityFactory, case_of, coordinator_of, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return MunicipalityFactory(name_fi="Kemijärvi")


@pytest.fixture
def marja(town):
    return coordinator_of(town)


@pytest.fixture
def mill(town, marja):
    return create_major_project(municipality=town, name="Biojalostamo", by=marja)


def rows(client) -> dict[str, int]:
    """The number of households by the name of the project, as the page shows them."""
    page = client.get(reverse("major_projects"))
    return {project.name: households for project, households, _may_work in page.context["rows"]}


def test_it_is_added_and_changed_on_the_page(client, town, marja) -> None:
    client.force_login(marja)
    assert "Suurhankkeita ei vielä ole" in client.get(reverse("major_projects")).content.decode()
    sent = client.post(reverse("major_project_new"), {"name": " Tehdas ", "starts": "1.5.2024", "ends": ""})
    assert sent.url == reverse("major_projects")
    project = MajorProject.objects.get()
    assert (project.municipality, project.name, project.starts) == (town, "Tehdas", date(2024, 5, 1))
    client.post(reverse("major_project_edit", args=[project.pk]), {"name": "Sellutehdas", "starts": "", "ends": ""})
    assert rows(client) == {"Sellutehdas": 0}
    entries = LogEntry.objects.get_for_object(project).order_by("pk")
    assert [(entry.action, entry.actor) for entry in entries] == [
        (LogEntry.Action.CREATE, marja),
        (LogEntry.Action.UPDATE, marja),
    ]


def test_who_works_in_two_municipalities_says_which(client, town) -> None:
    pello = MunicipalityFactory(name_fi="Pello")
    client.force_login(coordinator_of(town, pello))
    address = reverse("major_project_new")
    assert client.post(address, {"name": "Tehdas", "starts": "", "ends": ""}).status_code == 422
    foreign = {"municipality": MunicipalityFactory().pk, "name": "Tehdas", "starts": "", "ends": ""}
    assert client.post(address, foreign).status_code == 422
    assert client.post(address, foreign | {"municipality": pello.pk}).status_code == 302
    assert MajorProject.objects.get().municipality == pello
    assert "Pello" in client.get(reverse("major_projects")).content.decode()


def test_a_name_is_used_once_in_a_municipality(client, town, marja, mill) -> None:
    client.force_login(marja)
    sent = client.post(reverse("major_project_new"), {"name": "BIOJALOSTAMO", "starts": "", "ends": ""})
    assert sent.status_code == 422
    assert "on jo suurhanke nimeltä BIOJALOSTAMO" in sent.content.decode()
    elsewhere = MunicipalityFactory()
    create_major_project(municipality=elsewhere, name="Biojalostamo", by=coordinator_of(elsewhere))
    change_major_project(major_project=mill, name="biojalostamo", starts=None, ends=None, by=marja)
    with pytest.raises(IntegrityError):
        MajorProject.objects.create(municipality=town, name="Biojalostamo")


def test_it_does_not_end_before_it_begins(mill, marja) -> None:
    with pytest.raises(Refused, match="ennen ensimmäistä"):
        change_major_project(
            major_project=mill, name="Tehdas", starts=date(2024, 1, 2), ends=date(2024, 1, 1), by=marja
        )


def test_households_are_counted_of_those_one_may_see(client, town, marja, mill) -> None:
    colleague = coordinator_of(town)
    at = timezone.now()
    for number in range(3):
        case = case_of(town, colleague, restricted=number == 2)
        set_major_project(case=case, major_project=mill, by=colleague, at=at)
    taken_away = case_of(town, marja)
    set_major_project(case=taken_away, major_project=mill, by=marja, at=at)
    set_major_project(case=taken_away, major_project=None, by=marja, at=at)
    for user, seen in ((marja, 2), (colleague, 3)):
        client.force_login(user)
        assert rows(client) == {"Biojalostamo": seen}


def test_another_municipalitys_does_not_exist(client, town, marja, mill) -> None:
    client.force_login(coordinator_of(MunicipalityFactory()))
    assert rows(client) == {}
    assert client.get(reverse("major_project_edit", args=[mill.pk])).status_code == 404
    client.force_login(member(Role.MANAGER, town))
    assert client.get(reverse("major_projects")).status_code == 403
    assert client.post(reverse("major_project_new"), {"name": "X"}).status_code == 403
