"""What was recorded of single members is taken back one by one, and before what it rests on."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.utils import timezone

from cases import lifecycle
from cases.actions import (
    correct_person_date,
    record_person_fact,
    take_back_last,
    take_back_person_fact,
    take_step,
)
from cases.lifecycle import Answers, State
from cases.models import ARRIVALS, Case, PersonFactKind
from contacts.models import Household
from crm.refusal import Outdated, Refused
from tests.cases.test_step_dialogs import INVALID, errors_of
from tests.factories import FAMILY, answers_for, case_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def apart(town, marja, today):
    """A family of whom two came twenty days ago and the child ten days ago."""
    case = case_of(town, marja, state=State.MOVING, people=FAMILY, opened_on=today - timedelta(days=60))
    *parents, child = people_of(case)
    answers = Answers(on=today - timedelta(days=20), persons=frozenset(parents))
    case = take_step(case=case, rule=lifecycle.REGISTER_ARRIVAL, answers=answers, by=marja, at=timezone.now())
    return record(case, PersonFactKind.ARRIVED, child, today - timedelta(days=10), marja)


def people_of(case) -> list[int]:
    return list(case.household.people.order_by("pk").values_list("pk", flat=True))


def record(case, kind, person, on, by):
    return record_person_fact(case=case, kind=kind, persons=[person], on=on, by=by, at=timezone.now())


def fact_of(case, person, *kinds):
    return case.person_facts.standing().get(person=person, kind__in=kinds or ARRIVALS)


def take_back(fact, by):
    take_back_person_fact(fact=fact, why="erehdys", by=by, at=timezone.now())


def arrived(case):
    return case.person_facts.standing().filter(kind__in=ARRIVALS)


def test_an_arrival_is_not_taken_back_under_who_came_later(apart, marja):
    """Else the case would be before its arrival with people who have arrived, and figures would count them."""
    with pytest.raises(Refused, match="Kumoa ensin"):
        take_back_last(case=apart, why="erehdys", by=marja, at=timezone.now())
    assert (Case.objects.get().state, arrived(apart).count()) == (State.ARRIVED, 3)
    take_back(fact_of(apart, people_of(apart)[-1]), marja)
    case = take_back_last(case=apart, why="erehdys", by=marja, at=timezone.now())
    assert (case.state, arrived(apart).count()) == (State.MOVING, 0)


def test_who_did_not_leave_after_all_is_in_the_household_again(apart, marja, today):
    contact = people_of(apart)[0]
    record(apart, PersonFactKind.LEFT, contact, today - timedelta(days=3), marja)
    left = fact_of(apart, contact, PersonFactKind.LEFT)
    with pytest.raises(Refused):
        take_back(fact_of(apart, contact), marja)
    later = {"on": today - timedelta(days=2), "why": "erehdys", "by": marja, "at": timezone.now()}
    left = correct_person_date(fact=left, **later)
    assert Household.objects.get().size == 2
    take_back(left, marja)
    household = Household.objects.get()
    assert (household.size, household.name) == (3, apart.household.name)
    assert not apart.person_facts.standing().filter(kind=PersonFactKind.LEFT).exists()
    with pytest.raises(Outdated):
        take_back(left, marja)


def test_the_case_arrived_with_who_still_came_first(apart, marja, today):
    child = fact_of(apart, people_of(apart)[-1])
    child = correct_person_date(fact=child, on=today - timedelta(days=30), why="erehdys", by=marja, at=timezone.now())
    assert Case.objects.get().state_since == today - timedelta(days=30)
    take_back(child, marja)
    assert Case.objects.get().state_since == today - timedelta(days=20)


def test_what_a_change_of_state_said_of_one_alone_goes_with_it(apart, marja):
    first, second, _child = people_of(apart)
    take_back(fact_of(apart, second), marja)
    with pytest.raises(Refused, match="vaiheen muutos"):
        take_back(fact_of(apart, first), marja)
    assert arrived(apart).count() == 2


def test_who_has_settled_has_arrived(apart, marja, today):
    first = people_of(apart)[0]
    settle = answers_for(apart, lifecycle.CONFIRM_SETTLED, today)
    case = take_step(case=apart, rule=lifecycle.CONFIRM_SETTLED, answers=settle, by=marja, at=timezone.now())
    with pytest.raises(Refused, match="asettunut"):
        take_back(fact_of(case, first), marja)
    take_back(fact_of(case, first, PersonFactKind.SETTLED), marja)
    take_back(fact_of(case, first), marja)
    case = take_back_last(case=case, why="erehdys", by=marja, at=timezone.now())
    assert not case.person_facts.standing().filter(kind=PersonFactKind.SETTLED).exists()
    assert first not in arrived(case).values_list("person", flat=True)


def test_who_settled_anew_in_a_reopened_case_has_settled_once(town, marja, today):
    case = case_of(town, marja, state=State.SETTLED)
    answers = answers_for(case, lifecycle.REOPEN, today)
    case = take_step(case=case, rule=lifecycle.REOPEN, answers=answers, by=marja, at=timezone.now())
    record(case, PersonFactKind.SETTLED, people_of(case)[0], today, marja)
    take_back_last(case=case, why="erehdys", by=marja, at=timezone.now())
    assert case.person_facts.standing().get(kind=PersonFactKind.SETTLED).happened_on == today


def test_the_dialog_says_what_comes_first_and_leads_there(apart, page_of):
    page, child = page_of(apart), fact_of(apart, people_of(apart)[-1])
    way = page.address("case_person_take_back", child.pk)
    for answer in (
        page.open("case_take_back"),
        page.send("case_take_back", version=page.version, why="erehdys"),
        page.open("case_person_date", child.pk),
    ):
        assert way in answer.content.decode()
    asked = page.open("case_person_take_back", child.pk)
    assert "Kolmas Muuttaja" in asked.context["heading"]
    assert errors_of(page.send("case_person_take_back", child.pk, version=page.version, why=" "))["why"]
    page.send("case_person_take_back", child.pk, version=page.version, why="väärä lapsi")
    shown = page.open().context["timeline"].entries
    assert [entry.line.title for entry in shown if entry.line.taken_back] == ["Muutti: Kolmas Muuttaja"]
    assert shown[0].line.title == "Kumottu: Kolmas Muuttaja, Muutti"
    late = page.send("case_person_take_back", child.pk, version=page.version, why="toistamiseen")
    assert (late.status_code, late.context["outdated"]) == (INVALID, True)
    assert page.send("case_take_back", version=page.version, why="erehdys").status_code == HTTPStatus.FOUND


def test_what_an_arrival_waits_for_is_linked_from_its_dialog(apart, marja, page_of, today):
    page, child = page_of(apart), people_of(apart)[-1]
    record(apart, PersonFactKind.SETTLED, child, today, marja)
    settled = fact_of(apart, child, PersonFactKind.SETTLED)
    shown = page.open("case_person_take_back", fact_of(apart, child).pk).content.decode()
    assert page.address("case_person_take_back", settled.pk) in shown


def test_of_several_told_at_once_one_is_struck_alone(town, marja, page_of, today):
    case = case_of(town, marja, state=State.MOVING, people=FAMILY, opened_on=today - timedelta(days=60))
    first, *others = people_of(case)
    answers = Answers(on=today - timedelta(days=20), persons=frozenset({first}))
    case = take_step(case=case, rule=lifecycle.REGISTER_ARRIVAL, answers=answers, by=marja, at=timezone.now())
    record_person_fact(case=case, kind=PersonFactKind.ARRIVED, persons=others, on=today, by=marja, at=timezone.now())
    take_back(fact_of(case, others[0]), marja)
    lines = [entry.line for entry in page_of(case).open().context["timeline"].entries]
    assert {line.title: line.taken_back for line in lines if line.title.startswith("Muutti:")} == {
        "Muutti: Toinen Muuttaja": True,
        "Muutti: Kolmas Muuttaja": False,
    }
