"""Figures as they were known on a day: what is corrected later changes today's report, not that one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cases.actions import correct_step_date, edit_case
from cases.models import Case
from contacts.actions import PersonData, edit_person
from contacts.models import Relation
from tests.factories import FAMILY, MunicipalityFactory, coordinator_of
from tests.reports.histories import NOW, mover, nonzero, selection_of, table

pytestmark = pytest.mark.django_db

THEN = NOW + timedelta(hours=1)  # by then a history is recorded
AFTER = NOW + timedelta(hours=2)


@pytest.fixture
def posio():
    return MunicipalityFactory(name_fi="Posio")


@pytest.fixture
def maija(posio):
    return coordinator_of(posio)


@pytest.fixture
def residents(maija):
    """The new residents of 2025 as known now, or at a moment."""
    return lambda known_at=None: nonzero(table("new_residents", selection_of(maija, known_at=known_at)))


def arrived(posio, maija, *, people=FAMILY, stay: str = "permanent") -> Case:
    return mover(posio, maija, opened=date(2025, 1, 1), arrived=date(2025, 5, 1), people=people, stay=stay)


def person(**told):
    return ((PersonData(given_name="Muuttaja", **told), Relation.CONTACT),)


THREE = {"7-15": 1, "16-64": 2, "total": 3}


def test_a_corrected_stay_changes_the_figures_from_its_recording_on(posio, maija, residents):
    case = arrived(posio, maija)
    edit_case(case=case, changes={"stay": "uncertain"}, by=maija, at=AFTER)
    assert residents() == {}
    assert residents(THEN) == THREE


def test_an_answer_that_comes_late_was_true_all_along_and_not_known(posio, maija, residents):
    case = arrived(posio, maija, stay="")
    edit_case(case=case, changes={"stay": "permanent"}, stay_since=date(2026, 2, 1), by=maija, at=AFTER)
    assert residents() == THREE
    assert residents(THEN) == {}


def test_plans_that_change_after_the_period_leave_its_figures(posio, maija, residents):
    case = arrived(posio, maija)
    edit_case(case=case, changes={"stay": "uncertain"}, stay_since=date(2026, 1, 1), by=maija, at=AFTER)
    assert residents() == residents(THEN) == THREE


def test_plans_that_change_within_the_period_count_as_they_are_at_its_end(posio, maija, residents):
    case = arrived(posio, maija, stay="uncertain")
    edit_case(case=case, changes={"stay": "permanent"}, stay_since=date(2025, 12, 31), by=maija, at=AFTER)
    assert residents() == THREE
    assert residents(THEN) == {}


def test_the_stay_goes_along_with_a_first_contact_that_was_earlier(posio, maija, residents):
    case = mover(posio, maija, opened=date(2026, 1, 1), arrived=date(2026, 1, 1), stay="permanent")
    contact, arrival = case.transitions.order_by("sequence")
    for transition in (contact, arrival):
        correct_step_date(transition=transition, on=date(2025, 12, 20), why="vuosi oli väärä", by=maija, at=AFTER)
    assert residents() == {"16-64": 1, "total": 1}
    assert residents(THEN) == {}


@pytest.mark.parametrize(
    ("before", "after", "known", "now"),
    [
        ({"birth_date": date(2018, 5, 2)}, {"birth_date": date(2018, 5, 1)}, "0-6", "7-15"),
        ({"birth_date": date(2018, 5, 2)}, {"birth_year": 2018}, "0-6", "7-15"),
        ({"birth_year": 2009}, {"birth_date": date(2009, 5, 2)}, "16-64", "7-15"),
        ({"birth_year": 1990}, {}, "16-64", "unknown"),
        ({}, {"birth_year": 1950}, "unknown", "65-"),
    ],
)
def test_a_corrected_birth_changes_the_age_from_its_recording_on(posio, maija, residents, before, after, known, now):
    case = arrived(posio, maija, people=person(**before))
    [(data, _relation)] = person(**after)
    edit_person(person=case.household.people.get(), data=data, by=maija, at=AFTER)
    assert residents() == {now: 1, "total": 1}
    assert residents(THEN) == {known: 1, "total": 1}


def test_as_known_on_the_thirtieth_of_june_is_before_midnight_in_helsinki(posio, maija, residents):
    """Recorded in the small hours of the first of July, when it is still June in Greenwich."""
    midnight = datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Helsinki"))
    case = arrived(posio, maija)
    for rows in (case.transitions, case.person_facts, case.stays, case.household.people.get_queryset()):
        rows.update(recorded_at=midnight - timedelta(days=30))
    edit_case(case=case, changes={"stay": "uncertain"}, by=maija, at=midnight + timedelta(minutes=5))
    assert residents(midnight - timedelta(microseconds=1))["total"] == 3
    assert residents(midnight + timedelta(minutes=5)) == {}
