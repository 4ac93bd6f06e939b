"""A household that comes in parts, a move put off, a household restricted, references."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from cases import lifecycle
from cases.actions import (
    add_task,
    correct_step_date,
    edit_case,
    lift_restriction,
    log_event,
    open_case,
    postpone_move,
    record_person_fact,
    restrict_household,
    set_task_done,
    take_back_last,
    undo_postponement,
)
from cases.lifecycle import State
from cases.models import Case, Direction, EventKind, PersonFactKind, TaskKind
from cases.references import next_references
from contacts.models import Household
from crm.refusal import Refused
from tests.factories import FAMILY, MunicipalityFactory, case_of, coordinator_of, household_of, scope_of
from tests.factories.cases import answers_for, take_step

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return MunicipalityFactory(prefix="TST")


@pytest.fixture
def marja(town):
    return coordinator_of(town)


@pytest.fixture
def in_two_parts(town, marja, today):
    """The parents arrived, the child comes later."""
    case = case_of(town, marja, state=State.MOVING, people=FAMILY, opened_on=today - timedelta(days=60))
    parents = frozenset(case.household.people.order_by("pk").values_list("pk", flat=True)[:2])
    answers = answers_for(case, lifecycle.REGISTER_ARRIVAL, today - timedelta(days=40))
    answers = type(answers)(**{**answers.__dict__, "persons": parents})
    return take_step(case=case, rule=lifecycle.REGISTER_ARRIVAL, answers=answers, by=marja, at=timezone.now())


def record(case, kind, persons, on, by):
    return record_person_fact(case=case, kind=kind, persons=persons, on=on, by=by, at=timezone.now())


def child_of(case):
    return case.household.people.order_by("-pk").first().pk


def test_who_comes_later_has_an_arrival_of_their_own(in_two_parts, marja, today):
    child = child_of(in_two_parts)
    record(in_two_parts, PersonFactKind.ARRIVED, [child], today - timedelta(days=10), marja)
    dates = in_two_parts.person_facts.standing().filter(kind=PersonFactKind.ARRIVED)
    assert dates.count() == 3
    assert dates.get(person=child).happened_on == today - timedelta(days=10)
    assert Case.objects.get().state == State.ARRIVED


@pytest.mark.parametrize(
    ("kind", "who"),
    [
        (PersonFactKind.ARRIVED, "parent"),  # already recorded
        (PersonFactKind.SETTLED, "child"),  # has not arrived
        (PersonFactKind.LEFT, "child"),
        (PersonFactKind.ARRIVED, "nobody"),
        (PersonFactKind.ARRIVED, "stranger"),
    ],
)
def test_facts_that_cannot_be(in_two_parts, marja, today, kind, who):
    people = {
        "parent": [in_two_parts.household.people.order_by("pk").first().pk],
        "child": [child_of(in_two_parts)],
        "nobody": [],
        "stranger": [household_of(in_two_parts.municipality, marja).people.get().pk],
    }
    before = in_two_parts.person_facts.count()
    with pytest.raises(Refused):
        record(in_two_parts, kind, people[who], today, marja)
    assert in_two_parts.person_facts.count() == before


def test_of_a_closed_case_it_is_said_that_it_is_closed_not_that_nobody_arrived(in_two_parts, town, marja, today):
    close = replace(answers_for(in_two_parts, lifecycle.CLOSE, today), reason="no_work")
    case = take_step(case=in_two_parts, rule=lifecycle.CLOSE, answers=close, by=marja, at=timezone.now())
    with pytest.raises(Refused, match="vaihe on Päättynyt"):
        record(case, PersonFactKind.ARRIVED, [child_of(case)], today, marja)
    for state in (State.MOVING, State.PAUSED):
        early = case_of(town, marja, state=state)
        with pytest.raises(Refused, match="Kukaan taloudesta ei ole vielä muuttanut"):
            record(early, PersonFactKind.ARRIVED, [child_of(early)], today, marja)


def test_who_leaves_is_no_longer_in_the_household(in_two_parts, marja, today):
    parent = in_two_parts.household.people.order_by("pk")[1].pk
    record(in_two_parts, PersonFactKind.LEFT, [parent], today, marja)
    assert Household.objects.get().size == 2
    with pytest.raises(Refused):
        record(in_two_parts, PersonFactKind.LEFT, [parent], today, marja)


def test_settling_before_arriving_is_refused(in_two_parts, marja, today):
    parent = in_two_parts.household.people.order_by("pk").first().pk
    with pytest.raises(Refused):
        record(in_two_parts, PersonFactKind.SETTLED, [parent], today - timedelta(days=41), marja)


def test_who_came_after_the_settled_date_has_not_settled_on_it(in_two_parts, marja, today):
    """The household settled thirty days ago; the child came ten days ago and settles on a day of their own."""
    child = child_of(in_two_parts)
    record(in_two_parts, PersonFactKind.ARRIVED, [child], today - timedelta(days=10), marja)
    answers = answers_for(in_two_parts, lifecycle.CONFIRM_SETTLED, today - timedelta(days=30))
    case = take_step(case=in_two_parts, rule=lifecycle.CONFIRM_SETTLED, answers=answers, by=marja, at=timezone.now())
    settled = case.person_facts.standing().filter(kind=PersonFactKind.SETTLED)
    assert settled.count() == len(FAMILY) - 1
    assert not settled.filter(person=child).exists()
    record(case, PersonFactKind.SETTLED, [child], today - timedelta(days=5), marja)
    assert settled.get(person=child).happened_on == today - timedelta(days=5)


def test_a_settled_date_is_not_corrected_to_before_anybodys_arrival(in_two_parts, marja, today):
    child = child_of(in_two_parts)
    record(in_two_parts, PersonFactKind.ARRIVED, [child], today - timedelta(days=10), marja)
    answers = answers_for(in_two_parts, lifecycle.CONFIRM_SETTLED, today - timedelta(days=5))
    case = take_step(case=in_two_parts, rule=lifecycle.CONFIRM_SETTLED, answers=answers, by=marja, at=timezone.now())
    settling = case.transitions.standing().get(name=lifecycle.CONFIRM_SETTLED.name)
    with pytest.raises(Refused):
        correct_step_date(
            transition=settling, on=today - timedelta(days=20), why="kirjoitusvirhe", by=marja, at=timezone.now()
        )
    assert case.transitions.standing().get(name=lifecycle.CONFIRM_SETTLED.name) == settling


def test_who_was_to_move_is_asked_anew_after_going_back(town, marja, today):
    case = case_of(town, marja, state=State.MOVING, people=FAMILY)
    moves = case.person_facts.standing().filter(kind=PersonFactKind.MOVES)
    answers = answers_for(case, lifecycle.FALL_BACK, today)
    case = take_step(case=case, rule=lifecycle.FALL_BACK, answers=answers, by=marja, at=timezone.now())
    assert not moves.exists()
    take_back_last(case=case, why="väärä asiakkuus", by=marja, at=timezone.now())
    assert moves.count() == len(FAMILY)


def test_a_postponed_move_takes_its_tasks_along_and_comes_back_once(town, marja, today):
    case = case_of(town, marja, state=State.MOVING)
    case = edit_planned(case, today + timedelta(days=10))
    due = today + timedelta(days=5)
    near, fixed = (
        add_task(case=case, kind=TaskKind.TASK, title=title, due_on=due, by=marja, at=timezone.now())
        for title in ("Avaimet", "Muu asia")
    )
    to = today + timedelta(days=24)
    event = postpone_move(case=case, to=to, move_tasks=[near.pk], why="remontti", by=marja, at=timezone.now())
    near.refresh_from_db(), fixed.refresh_from_db()
    assert (Case.objects.get().planned_move_on, near.due_on, fixed.due_on) == (to, due + timedelta(days=14), due)
    assert Case.objects.get().state == State.MOVING
    undo_postponement(event=event, by=marja, at=timezone.now())
    near.refresh_from_db()
    assert (Case.objects.get().planned_move_on, near.due_on) == (today + timedelta(days=10), due)
    with pytest.raises(Refused):
        undo_postponement(event=event, by=marja, at=timezone.now())


def edit_planned(case, on):
    Case.objects.filter(pk=case.pk).update(planned_move_on=on)
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize("days", [-1, 10])
def test_a_move_is_put_off_to_another_day_that_has_not_passed(town, marja, today, days):
    case = edit_planned(case_of(town, marja, state=State.MOVING), today + timedelta(days=10))
    with pytest.raises(Refused):
        postpone_move(case=case, to=today + timedelta(days=days), why="", by=marja, at=timezone.now())


def test_a_restricted_case_has_a_reference_that_tells_nothing(town, marja, today):
    case = case_of(town, marja, state=State.PLAN)
    other = coordinator_of(town)
    restrict_household(household=case.household, reason="turvakielto", on=today, by=marja, at=timezone.now())
    hidden = Case.objects.get()
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", hidden.reference)
    assert not Case.objects.visible_to(scope_of(other)).exists()
    assert Case.objects.visible_to(scope_of(marja)).get() == hidden
    lift_restriction(household=case.household, reason="päättyi", on=today, by=marja, at=timezone.now())
    assert Case.objects.visible_to(scope_of(other)).exists()


def test_a_case_opened_restricted_takes_no_number(town, marja):
    case_of(town, marja, restricted=True)
    year = timezone.localdate().year
    assert next_references(town, year) == [f"TST-{year}-0001"]


def test_references_run_by_municipality_and_year(town):
    assert next_references(town, 2024, 2) == ["TST-2024-0001", "TST-2024-0002"]
    assert next_references(town, 2025) == ["TST-2025-0001"]
    assert next_references(town, 2024) == ["TST-2024-0003"]


def test_one_open_case_a_household(town, marja, today):
    case = case_of(town, marja)
    with pytest.raises(Refused):
        open_case(household=case.household, on=today, by=marja, at=timezone.now())


def test_a_case_is_not_opened_tomorrow(town, marja, today):
    with pytest.raises(Refused):
        open_case(household=household_of(town, marja), on=today + timedelta(days=1), by=marja, at=timezone.now())


def test_contacts_set_the_day_of_the_last_contact_and_notes_do_not(town, marja, today):
    case = case_of(town, marja)
    now = timezone.now()
    log_event(case=case, kind=EventKind.NOTE, happened_at=now, text="muistio", by=marja, at=now)
    assert Case.objects.get().last_contact_on == case.opened_on
    log_event(case=case, kind=EventKind.CALL, direction=Direction.OUT, happened_at=now, minutes=5, by=marja, at=now)
    assert Case.objects.get().last_contact_on == today
    earlier = now - timedelta(days=9)
    log_event(case=case, kind=EventKind.EMAIL, direction=Direction.IN, happened_at=earlier, by=marja, at=now)
    assert Case.objects.get().last_contact_on == today
    with pytest.raises(Refused):
        log_event(case=case, kind=EventKind.CALL, happened_at=now + timedelta(days=1), by=marja, at=now)


def test_facts_that_change_are_told_on_the_timeline(town, marja):
    case = case_of(town, marja)
    edit_case(case=case, changes={"stay": "permanent", "channel": case.channel}, by=marja, at=timezone.now())
    assert case.events.get(kind=EventKind.CHANGE).data["fields"] == {"stay": ["", "permanent"]}


def test_ticking_twice_is_ticking_once(town, marja):
    case = case_of(town, marja)
    task = add_task(case=case, kind=TaskKind.TASK, title="Soita", by=marja, at=timezone.now())
    for _time in range(2):
        set_task_done(task=task, done=True, by=marja, at=timezone.now())
    assert case.events.filter(kind=EventKind.CHANGE).count() == 1
    with pytest.raises(Refused):
        add_task(case=case, kind=TaskKind.TASK, title="  ", by=marja, at=timezone.now())


def test_on_a_closed_case_nothing_is_planned_or_ticked_but_contacts_and_facts_are_recorded(town, marja):
    case, at = case_of(town, marja), timezone.now()
    task = add_task(case=case, kind=TaskKind.TASK, title="Soita", by=marja, at=at)
    case = take_step(
        case=case, rule=lifecycle.CLOSE, answers=answers_for(case, lifecycle.CLOSE, case.opened_on), by=marja, at=at
    )
    with pytest.raises(Refused):
        set_task_done(task=task, done=True, by=marja, at=at)
    with pytest.raises(Refused):
        add_task(case=case, kind=TaskKind.GOAL, title="Asunto", by=marja, at=at)
    assert case.tasks.get().done_on is None
    log_event(case=case, kind=EventKind.CALL, direction=Direction.IN, happened_at=at, by=marja, at=at)
    assert edit_case(case=case, changes={"stay": "permanent"}, by=marja, at=at).stay == "permanent"


def test_a_settled_household_may_still_need_something(town, marja):
    case, at = case_of(town, marja, state=State.SETTLED), timezone.now()
    task = add_task(case=case, kind=TaskKind.TASK, title="Soita", by=marja, at=at)
    assert set_task_done(task=task, done=True, by=marja, at=at).done_on


@pytest.mark.parametrize("name", ["close", "move_away"])
def test_nobody_leaves_before_a_later_member_arrived(in_two_parts, marja, today, name):
    record(in_two_parts, PersonFactKind.ARRIVED, [child_of(in_two_parts)], today - timedelta(days=10), marja)
    case = in_two_parts
    if name == "move_away":
        answers = answers_for(case, lifecycle.CONFIRM_SETTLED, today - timedelta(days=30))
        case = take_step(case=case, rule=lifecycle.CONFIRM_SETTLED, answers=answers, by=marja, at=timezone.now())
    rule = lifecycle.RULES[name]
    answers = answers_for(case, rule, today - timedelta(days=20))
    if name == "close":
        answers = type(answers)(**{**answers.__dict__, "reason": "moved_away"})
    with pytest.raises(Refused) as refused:
        take_step(case=case, rule=rule, answers=answers, by=marja, at=timezone.now())
    assert refused.value.reasons == [str(lifecycle.LEFT_AFTER_ARRIVAL.refusal)]


def test_a_change_is_not_undone_once_the_move_was_confirmed_anew(town, marja, page_of, today):
    """The date that stands now is not the one that the change set: taking its days off would invent a third."""
    case, at = edit_planned(case_of(town, marja, state=State.MOVING), today + timedelta(days=10)), timezone.now()
    event = postpone_move(case=case, to=today + timedelta(days=24), why="", by=marja, at=at)
    page = page_of(case)
    way = page.address("case_postpone_undo", event.pk)
    assert way in page.open().content.decode()
    answers = replace(answers_for(case, lifecycle.FALL_BACK, today), target=State.PLAN)
    case = take_step(case=case, rule=lifecycle.FALL_BACK, answers=answers, by=marja, at=at)
    answers = replace(answers_for(case, lifecycle.CONFIRM_MOVE, today), planned_move_on=today + timedelta(days=90))
    take_step(case=case, rule=lifecycle.CONFIRM_MOVE, answers=answers, by=marja, at=at)
    assert way not in page.open().content.decode()
    with pytest.raises(Refused):
        undo_postponement(event=event, by=marja, at=at)
    assert Case.objects.get().planned_move_on == today + timedelta(days=90)


def test_a_pause_after_the_arrival_has_no_move_to_put_off_and_one_before_it_has(town, marja, page_of, today):
    at = timezone.now()
    for state, shown in [(State.MOVING, True), (State.ARRIVED, False)]:
        case = edit_planned(case_of(town, marja, state=state), today + timedelta(days=10))
        answers = answers_for(case, lifecycle.PAUSE, today)
        case = take_step(case=case, rule=lifecycle.PAUSE, answers=answers, by=marja, at=at)
        page = page_of(case)
        way = page.address("case_postpone")
        assert (way in [button.url for button in page.open().context["steps"]]) == shown
        assert bool(page.open("case_postpone").context["impossible"]) != shown
        if shown:
            postpone_move(case=case, to=today + timedelta(days=20), why="", by=marja, at=at)
            continue
        with pytest.raises(Refused, match="on muuttanut"):
            postpone_move(case=case, to=today + timedelta(days=20), why="", by=marja, at=at)


def test_a_closed_case_has_no_move_to_put_off(town, marja, page_of, today):
    case = edit_planned(case_of(town, marja, state=State.CLOSED), today + timedelta(days=10))
    with pytest.raises(Refused, match="päättynyt"):
        postpone_move(case=case, to=today + timedelta(days=20), why="", by=marja, at=timezone.now())
    assert "päättynyt" in page_of(case).open("case_postpone").context["impossible"]


def test_who_has_arrived_has_no_move_to_put_off(town, marja, today):
    case = edit_planned(case_of(town, marja, state=State.MOVING), today + timedelta(days=10))
    event = postpone_move(case=case, to=today + timedelta(days=20), why="", by=marja, at=timezone.now())
    answers = answers_for(case, lifecycle.REGISTER_ARRIVAL, today)
    take_step(case=case, rule=lifecycle.REGISTER_ARRIVAL, answers=answers, by=marja, at=timezone.now())
    with pytest.raises(Refused):
        undo_postponement(event=event, by=marja, at=timezone.now())
    with pytest.raises(Refused):
        postpone_move(case=case, to=today + timedelta(days=30), why="", by=marja, at=timezone.now())
