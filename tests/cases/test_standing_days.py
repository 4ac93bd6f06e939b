"""Path, timeline and figures say the same day: the one that holds now, of the first who arrived."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from cases import lifecycle
from cases.actions import (
    correct_person_date,
    correct_step_date,
    record_person_fact,
    take_back_last,
    take_back_person_fact,
    take_step,
)
from cases.lifecycle import Answers, State
from cases.models import ARRIVALS, Case, EventKind, PersonFactKind
from cases.timeline import timeline_of
from crm.refusal import Refused
from tests.cases.test_step_dialogs import day
from tests.factories import FAMILY, case_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def correct(marja):
    def correct(case, name, on):
        row = case.transitions.standing().get(name=name)
        return correct_step_date(transition=row, on=on, why="erehdys", by=marja, at=timezone.now())

    return correct


@pytest.fixture
def apart(town, marja, today):
    """A family of whom one came twenty days ago and the others ten days ago."""
    case = case_of(town, marja, state=State.MOVING, people=FAMILY, opened_on=today - timedelta(days=60))
    first, *others = case.household.people.order_by("pk").values_list("pk", flat=True)
    answers = Answers(on=today - timedelta(days=20), persons=frozenset({first}))
    case = take_step(case=case, rule=lifecycle.REGISTER_ARRIVAL, answers=answers, by=marja, at=timezone.now())
    return record_person_fact(
        case=case,
        kind=PersonFactKind.ARRIVED,
        persons=others,
        on=today - timedelta(days=10),
        by=marja,
        at=timezone.now(),
    )


def told(case) -> list[tuple[str, object]]:
    """The changes of state on the timeline, newest first, each with the day it stands on."""
    entries = timeline_of(Case.objects.get(pk=case.pk), latest={}, names={}).entries
    return [
        (entry.line.title, timezone.localdate(entry.event.happened_at))
        for entry in entries
        if entry.event.kind == EventKind.TRANSITION
    ]


def arrived_on(case):
    return case.transitions.standing().get(name="register_arrival").happened_on


def test_a_corrected_change_stands_on_its_day_and_among_what_happened_then(town, marja, correct, page_of, today):
    case = case_of(town, marja, opened_on=today - timedelta(days=2))
    case = take_step(
        case=case,
        rule=lifecycle.CLOSE,
        answers=Answers(on=today, reason="no_reply"),
        by=marja,
        at=timezone.now(),
    )
    correct(case, "open", today - timedelta(days=80))
    assert told(case) == [("Päätetty", today), ("Yhteydenotto", today - timedelta(days=80))]
    assert day(today - timedelta(days=80)) in page_of(case).open().context["timeline"].entries[-1].line.meta


def test_a_change_taken_back_does_not_bring_a_day_back_that_was_corrected(town, marja, correct, today):
    case = case_of(town, marja, state=State.ASSESSMENT, opened_on=today - timedelta(days=30))
    pause = Answers(on=today, reason="odottaa", review_on=today + timedelta(days=9))
    case = take_step(case=case, rule=lifecycle.PAUSE, answers=pause, by=marja, at=timezone.now())
    correct(case, "start_assessment", today - timedelta(days=7))
    case = take_back_last(case=case, why="erehdys", by=marja, at=timezone.now())
    assert case.state_since == today - timedelta(days=7)


def test_who_lived_here_already_does_so_on_path_and_timeline(town, marja, page_of, correct, today):
    case = case_of(town, marja, opened_on=today)
    here, page = today - timedelta(days=50), page_of(case)
    page.step("register-arrival", on=day(here), persons=case.household.people.get().pk)
    step = page.open().context["path"][4]
    assert (step.note, step.since) == (day(here), "Asui täällä jo ennen yhteydenottoa")
    assert told(case) == [("Yhteydenotto", today), ("Asui täällä jo ennen yhteydenottoa", here)]
    row = case.transitions.get(name="register_arrival")
    assert row.happened_on == today, "the state itself keeps the order"
    assert page.open("case_step_date", row.pk).context["form"]["on"].value() == here
    correct(case, "register_arrival", here - timedelta(days=1))
    assert told(case)[-1] == ("Asui täällä jo ennen yhteydenottoa", here - timedelta(days=1))
    correct(case, "open", here - timedelta(days=9))
    assert told(case) == [("Muutti", here - timedelta(days=1)), ("Yhteydenotto", here - timedelta(days=9))]


def test_the_case_arrived_with_the_first_of_its_people(apart, correct, marja, page_of, today):
    correct(apart, "register_arrival", today - timedelta(days=3))
    first = today - timedelta(days=10)
    assert arrived_on(apart) == first
    assert Case.objects.get(pk=apart.pk).state_since == first
    assert page_of(apart).open().context["path"][4].note == day(first)
    assert told(apart)[0] == ("Muutti", today - timedelta(days=3)), "whom it names came on that day"
    correct(apart, "register_arrival", today - timedelta(days=15))
    assert arrived_on(apart) == today - timedelta(days=15)


def test_one_persons_date_moves_the_arrival_of_the_case_where_they_came_first(apart, marja, today):
    fact = apart.person_facts.standing().filter(kind__in=ARRIVALS).in_order().first()
    told = {"why": "erehdys", "by": marja, "at": timezone.now()}
    fact = correct_person_date(fact=fact, on=today - timedelta(days=5), **told)
    assert arrived_on(apart) == today - timedelta(days=10)
    correct_person_date(fact=fact, on=today - timedelta(days=30), **told)
    assert arrived_on(apart) == today - timedelta(days=30)
    assert Case.objects.get(pk=apart.pk).state_since == today - timedelta(days=30)
    for later in apart.person_facts.standing().filter(transition=None):
        take_back_person_fact(fact=later, **told)
    case = take_back_last(case=apart, **told)
    assert case.state == State.MOVING
    assert fact.person_id not in set(
        case.person_facts.standing().filter(kind__in=ARRIVALS).values_list("person", flat=True)
    )


def test_a_later_arrival_stands_on_the_day_that_holds_and_the_others_on_theirs(apart, marja, today):
    """Two came ten days ago; of one it was in fact four, then three days ago; and of the other twelve."""

    def later_arrivals():
        entries = apart.events.filter(kind=EventKind.CHANGE, data__what="persons").order_by("happened_at")
        return [
            (entry.data["persons"], (today - timezone.localdate(entry.happened_at)).days, entry.data["on"])
            for entry in entries
        ]

    _first, second, third = apart.household.people.order_by("pk").values_list("pk", flat=True)
    assert [(persons, days) for persons, days, _on in later_arrivals()] == [([second, third], 10)]
    for person, days in [(third, 4), (third, 3), (second, 12)]:
        fact = apart.person_facts.standing().get(person=person, kind__in=ARRIVALS)
        on = today - timedelta(days=days)
        correct_person_date(fact=fact, on=on, why="erehdys", by=marja, at=timezone.now())
    days = [((today - timedelta(days=days)).isoformat(), days) for days in (12, 3)]
    assert later_arrivals() == [([second], 12, days[0][0]), ([third], 3, days[1][0])]


def test_a_date_of_who_came_first_leaves_the_entry_of_the_later_alone(apart, marja, today):
    fact = apart.person_facts.standing().filter(kind__in=ARRIVALS).in_order().first()
    correct_person_date(fact=fact, on=today - timedelta(days=25), why="erehdys", by=marja, at=timezone.now())
    entry = apart.events.get(kind=EventKind.CHANGE, data__what="persons")
    assert timezone.localdate(entry.happened_at) == today - timedelta(days=10)


def test_who_is_recorded_later_but_came_earlier_came_first(town, marja, today):
    case = case_of(town, marja, state=State.MOVING, people=FAMILY, opened_on=today - timedelta(days=60))
    first, second, _third = case.household.people.order_by("pk").values_list("pk", flat=True)
    answers = Answers(on=today - timedelta(days=5), persons=frozenset({first}))
    case = take_step(case=case, rule=lifecycle.REGISTER_ARRIVAL, answers=answers, by=marja, at=timezone.now())
    record_person_fact(
        case=case,
        kind=PersonFactKind.ARRIVED,
        persons=[second],
        on=today - timedelta(days=9),
        by=marja,
        at=timezone.now(),
    )
    assert arrived_on(case) == today - timedelta(days=9)


def test_an_arrival_does_not_pass_the_settling(apart, correct, marja, today):
    answers = Answers(on=today - timedelta(days=1), criteria_reasons=dict.fromkeys(lifecycle.SettledCriterion, "ei"))
    take_step(case=apart, rule=lifecycle.CONFIRM_SETTLED, answers=answers, by=marja, at=timezone.now())
    with pytest.raises(Refused):
        correct(apart, "register_arrival", today)


def test_only_what_came_with_members_says_that_they_move_along(apart, page_of):
    page = page_of(apart)
    said = [
        page.open("case_step_date", apart.transitions.get(name=name).pk).context["explains"]
        for name in ("open", "register_arrival")
    ]
    assert ["jäsenten" in words for words in said] == [False, True]


def test_what_was_corrected_before_is_put_in_its_place(apart, correct, today):
    correct(apart, "register_arrival", today - timedelta(days=15))
    right = told(apart)
    apart.events.filter(transition__name="register_arrival").update(happened_at=timezone.now())
    assert told(apart) != right
    import_module("cases.migrations.0005_timeline_on_the_days_that_hold").place(apps, None)
    assert told(apart) == right
