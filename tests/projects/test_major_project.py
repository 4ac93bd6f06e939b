"""The major project on the case page: served by projects at its own address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from crm.roles import Role
from projects.actions import create_major_project, set_major_project
from projects.models import MajorProject, MajorProjectCase
from tests.factories import MunicipalityFactory, case_of, coordinator_of, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return MunicipalityFactory()


@pytest.fixture
def case(town):
    return case_of(town, coordinator_of(town))


def url(case, name="case_major_project_edit"):
    return reverse(name, args=[case.reference])


def test_it_is_chosen_changed_and_taken_away(client, town, case):
    mill = MajorProject.objects.create(municipality=town, name="Biojalostamo")
    client.force_login(case.coordinator)
    assert client.post(url(case), {"major_project": mill.pk}, headers={"HX-Request": "true"}).status_code == 204
    assert "Biojalostamo" in client.get(url(case, "case_major_project")).content.decode()
    client.post(url(case), {"major_project": ""}, headers={"HX-Request": "true"})
    assert "Biojalostamo" not in client.get(url(case, "case_major_project")).content.decode()
    assert not MajorProjectCase.objects.standing().exists()
    told = client.get(reverse("case_timeline", args=[case.reference])).content.decode()
    assert told.index("Biojalostamo → Ei suurhanketta") < told.index("Ei suurhanketta → Biojalostamo"), "newest first"


def test_what_was_known_of_it_stays_known(town, case):
    mill, mine = (
        create_major_project(municipality=town, name=name, by=case.coordinator) for name in ("Tehdas", "Kaivos")
    )
    start = timezone.now()
    choices = [mill, mill, mine, None, None, mill]
    for days, choice in enumerate(choices):
        set_major_project(case=case, major_project=choice, by=case.coordinator, at=start + timedelta(days=days))
    known = [
        list(MajorProjectCase.objects.known_at(start + timedelta(days=days)).values_list("major_project", flat=True))
        for days in range(len(choices))
    ]
    assert known == [[choice.pk] if choice else [] for choice in choices]
    assert MajorProjectCase.objects.count() == 4, "the same choice once more is no new row"
    with pytest.raises(IntegrityError):
        MajorProjectCase.objects.create(
            case=case, major_project=mine, happened_on=timezone.localdate(), recorded_at=start, by=case.coordinator
        )


def test_another_municipalitys_project_is_not_a_choice(client, case):
    foreign = MajorProject.objects.create(municipality=MunicipalityFactory(), name="Kaivos")
    client.force_login(case.coordinator)
    answer = client.post(url(case), {"major_project": foreign.pk}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "Kaivos" not in answer.content.decode()


@pytest.mark.parametrize("name", ["case_major_project", "case_major_project_edit"])
def test_it_does_not_exist_for_those_who_do_not_see_the_case(client, town, case, name):
    for user in (member(Role.MANAGER, town), coordinator_of(MunicipalityFactory())):
        client.force_login(user)
        assert client.get(url(case, name)).status_code == 404
