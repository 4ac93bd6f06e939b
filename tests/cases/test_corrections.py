"""Corrections are rows that replace others; the figures of the past stay as they were known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cases import lifecycle
from cases.actions import correct_person_date, correct_step_date, take_step
from cases.lifecycle import State
from cases.models import ARRIVALS, Case, EventKind, PersonFactKind
from crm.refusal import Refused
from tests.factories import FAMILY, MunicipalityFactory, answers_for, case_of, coordinator_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def marja():
    return coordinator_of(MunicipalityFactory())


@pytest.fixture
def town(marja):
    return marja.groups.get().role_group.municipality


def steps(case):
    return list(case.transitions.standing().order_by("sequence").values_list("name", "happened_on"))


def correct(row, on, marja, why="kirjoitusvirhe"):
    return correct_step_date(transition=row, on=on, why=why, by=marja, at=timezone.now())


def test_a_corrected_date_replaces_and_the_old_one_is_still_known(town, marja, today):
    case = case_of(town, marja, state=State.PLAN)
    row = case.transitions.get(name="agree_plan")
    then = timezone.now()
    correct(row, row.happened_on + timedelta(days=3), marja)
    assert case.transitions.standing().get(name="agree_plan").happened_on == row.happened_on + timedelta(days=3)
    assert case.transitions.known_at(then).get(name="agree_plan").happened_on == row.happened_on
    assert Case.objects.get().state_since == row.happened_on + timedelta(days=3)
    assert case.events.get(kind=EventKind.CORRECTION).data["before"] == row.happened_on.isoformat()


def test_a_correction_on_the_day_of_its_neighbour_keeps_its_place(town, marja):
    case = case_of(town, marja, state=State.PLAN)
    first = case.transitions.get(name="start_assessment")
    second = case.transitions.get(name="agree_plan")
    correct(first, second.happened_on, marja)
    assert [name for name, _on in steps(case)] == ["open", "start_assessment", "agree_plan"]


@pytest.mark.parametrize("days", [-1, 2])
def test_a_correction_stays_between_its_neighbours(town, marja, days):
    case = case_of(town, marja, state=State.PLAN)
    row = case.transitions.get(name="start_assessment")
    before = steps(case)
    with pytest.raises(Refused):
        correct(
            row, case.opened_on + timedelta(days=days) if days < 0 else row.happened_on + timedelta(days=days), marja
        )
    assert steps(case) == before


def test_a_row_is_corrected_once_and_then_the_new_one(town, marja):
    case = case_of(town, marja, state=State.ASSESSMENT)
    row = case.transitions.get(name="start_assessment")
    new = correct(row, row.happened_on + timedelta(days=2), marja)
    with pytest.raises(Refused):
        correct(row, row.happened_on + timedelta(days=3), marja)
    correct(new, row.happened_on + timedelta(days=3), marja)
    assert case.transitions.standing().count() == 2


def test_a_corrected_arrival_moves_its_people_along(town, marja):
    case = case_of(town, marja, state=State.ARRIVED, people=FAMILY)
    row = case.transitions.get(name="register_arrival")
    on = row.happened_on + timedelta(days=1)
    correct(row, on, marja)
    facts = case.person_facts.standing().filter(kind__in=ARRIVALS)
    assert {fact.happened_on for fact in facts} == {on}
    assert facts.count() == 3


def test_an_arrival_corrected_to_before_the_contact_is_already_here(town, marja):
    case = case_of(town, marja, state=State.ARRIVED)
    row = case.transitions.get(name="register_arrival")
    correct(row, case.opened_on - timedelta(days=100), marja)
    fact = case.person_facts.standing().get(kind__in=ARRIVALS)
    assert (fact.kind, fact.happened_on) == (PersonFactKind.ALREADY_HERE, case.opened_on - timedelta(days=100))
    assert [name for name, _on in steps(case)][-1] == "register_arrival"


def test_a_first_contact_corrected_to_before_the_arrival_makes_it_an_arrival(town, marja, today):
    case = case_of(town, marja, opened_on=today - timedelta(days=5))
    answers = answers_for(case, lifecycle.REGISTER_ARRIVAL, today - timedelta(days=20))
    take_step(case=case, rule=lifecycle.REGISTER_ARRIVAL, answers=answers, by=marja, at=timezone.now())
    assert case.person_facts.standing().get(kind__in=ARRIVALS).kind == PersonFactKind.ALREADY_HERE
    correct(case.transitions.get(name="open"), today - timedelta(days=40), marja)
    assert case.person_facts.standing().get(kind__in=ARRIVALS).kind == PersonFactKind.ARRIVED
    assert Case.objects.get().opened_on == today - timedelta(days=40)


def test_one_persons_date_alone(town, marja):
    case = case_of(town, marja, state=State.SETTLED, people=FAMILY)
    fact = case.person_facts.standing().filter(kind=PersonFactKind.ARRIVED).first()
    correct_person_date(
        fact=fact, on=fact.happened_on - timedelta(days=1), why="tuli aiemmin", by=marja, at=timezone.now()
    )
    dates = case.person_facts.standing().filter(kind=PersonFactKind.ARRIVED).values_list("happened_on", flat=True)
    assert sorted(dates)[0] == fact.happened_on - timedelta(days=1)
    assert len(dates) == 3


def test_settling_stays_after_arriving(town, marja, today):
    case = case_of(town, marja, state=State.SETTLED)
    fact = case.person_facts.standing().get(kind=PersonFactKind.ARRIVED)
    with pytest.raises(Refused):
        correct_person_date(fact=fact, on=today, why="myöhemmin", by=marja, at=timezone.now())


def test_a_correction_needs_a_reason_and_a_day_that_has_come(town, marja, today):
    case = case_of(town, marja, state=State.ASSESSMENT)
    row = case.transitions.get(name="start_assessment")
    with pytest.raises(Refused):
        correct(row, row.happened_on, marja, why=" ")
    with pytest.raises(Refused):
        correct(row, today + timedelta(days=1), marja)
