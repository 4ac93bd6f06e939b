"""What a project's lead sees of a partner is what was known of its part in the project at the time asked for."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import timezone

from crm.roles import Role
from projects.actions import correct_partner, join_partner, withdraw_partner
from tests.factories import MunicipalityFactory, ProjectFactory, UserFactory, coordinator_of, member
from tests.reports.histories import mover, selection_of, table, values

pytestmark = pytest.mark.django_db


def at(day: int, month: int, hour: int = 12) -> datetime:
    return datetime(2025, month, day, hour, tzinfo=timezone.get_default_timezone())


END_OF_JUNE = at(1, 7, hour=0)


@pytest.fixture
def posio():
    return MunicipalityFactory(name_fi="Posio")


@pytest.fixture
def project(posio):
    return ProjectFactory(lead=posio)


@pytest.fixture
def lead(project):
    return member(Role.PROJECT_LEAD, project)


def join(project, posio, joined: date, recorded: datetime):
    return join_partner(project=project, municipality=posio, joined=joined, by=UserFactory(), at=recorded)


@pytest.fixture
def movers(posio, monkeypatch):
    """Five first contacts in January and six in May, recorded in the last days of May."""
    maija = coordinator_of(posio)
    with monkeypatch.context() as may:
        may.setattr(timezone, "now", lambda: at(31, 5))
        for month, households in ((1, 5), (5, 6)):
            for _number in range(households):
                mover(posio, maija, opened=date(2025, month, 20))


def opened(lead, known_at: datetime | None = None) -> float | None:
    return values(table("contacts", selection_of(lead, known_at=known_at)))["opened"]


def test_as_known_at_the_end_of_june_stays_when_the_joining_is_corrected_in_july(project, posio, lead, movers) -> None:
    partner = join(project, posio, date(2025, 1, 1), recorded=at(3, 1))
    assert opened(lead, END_OF_JUNE) == 11
    correct_partner(
        partner=partner,
        joined=date(2025, 5, 1),
        withdrew=None,
        decision="",
        why="väärä vuosi",
        by=UserFactory(),
        at=at(15, 7),
    )
    assert opened(lead, END_OF_JUNE) == 11
    assert opened(lead, at(14, 7)) == 11
    assert opened(lead, at(15, 7)) == opened(lead) == 6


def test_of_who_was_not_yet_known_to_take_part_nothing_is_counted(project, posio, lead, movers) -> None:
    join(project, posio, date(2025, 1, 1), recorded=at(15, 7))
    assert opened(lead) == 11
    found = table("contacts", selection_of(lead, known_at=END_OF_JUNE))
    assert values(found)["opened"] == 0
    assert [str(note) for note in found.notes] == ["Posio ei ole mukana: sen ei vielä tiedetty kuuluvan hankkeeseen."]


def test_who_comes_back_is_counted_from_the_second_joining(project, posio, lead, movers) -> None:
    partner = join(project, posio, date(2025, 1, 1), recorded=at(3, 1))
    withdraw_partner(partner=partner, withdrew=date(2025, 2, 28), by=UserFactory(), at=at(28, 2))
    join(project, posio, date(2025, 5, 1), recorded=at(31, 5))
    assert opened(lead) == 6
