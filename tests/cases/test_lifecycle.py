"""The lifecycle: every state × transition, what each needs, and what a step records."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cases import lifecycle
from cases.actions import facts_of, postpone_move, take_back_last, take_step
from cases.lifecycle import RULES, Answers, CloseReason, State
from cases.models import ARRIVALS, Case, EventKind, PersonFactKind
from crm.refusal import Refused
from tests.factories import ANONYMOUS, FAMILY, MunicipalityFactory, answers_for, case_of, coordinator_of, provide

pytestmark = pytest.mark.django_db

# Which transition leaves which state, and where it leads: the table of DOMAIN written out once more by hand.
ALLOWED = {
    State.CONTACT: {"start_assessment", "register_arrival", "pause", "close"},
    State.ASSESSMENT: {"agree_plan", "register_arrival", "pause", "close"},
    State.PLAN: {"confirm_move", "fall_back", "register_arrival", "pause", "close"},
    State.MOVING: {"fall_back", "register_arrival", "pause", "close"},
    State.ARRIVED: {"confirm_settled", "pause", "close"},
    State.SETTLED: {"move_away", "reopen"},
    State.PAUSED: {"resume", "close"},
    State.CLOSED: {"reopen"},
}


@pytest.fixture
def marja(db):
    return coordinator_of(MunicipalityFactory())


@pytest.fixture
def town(marja):
    return marja.groups.get().role_group.municipality


def today():
    return timezone.localdate()


def step(case, name, by, on=None, **changed):
    rule = RULES[name]
    provide(case, rule, by=by, at=timezone.now())
    answers = answers_for(case, rule, on or today())
    if changed:
        answers = Answers(**{**answers.__dict__, **changed})
    return take_step(case=case, rule=rule, answers=answers, by=by, at=timezone.now())


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("state", State)
def test_every_transition_from_every_state(town, marja, state, name):
    case = case_of(town, marja, state=state)
    if name in ALLOWED[state]:
        after = step(case, name, marja)
        assert after.state in RULES[name].targets
        assert after.version == case.version + 1
    else:
        with pytest.raises(Refused) as refused:
            step(case, name, marja)
        assert str(State(state).label) in str(refused.value)
        assert Case.objects.get(pk=case.pk).state == state


def test_the_table_and_the_code_agree():
    assert {state: {r.name for r in lifecycle.rules_from(state)} for state in State} == ALLOWED


def test_start_assessment_tells_all_that_is_missing(town, marja):
    case = case_of(town, marja, people=ANONYMOUS)
    Case.objects.filter(pk=case.pk).update(coordinator=None)
    with pytest.raises(Refused) as refused:
        take_step(
            case=case,
            rule=lifecycle.START_ASSESSMENT,
            answers=Answers(on=today()),
            by=marja,
            at=timezone.now(),
        )
    assert len(refused.value.reasons) == 3


@pytest.mark.parametrize(
    ("state", "name", "changed", "code"),
    [
        (State.PLAN, "confirm_move", {"planned_move_on": None}, "planned_move_on"),
        (State.PLAN, "confirm_move", {"persons": frozenset()}, "who_moves"),
        (State.PLAN, "confirm_move", {"persons": frozenset({0})}, "who_moves"),
        (State.PLAN, "fall_back", {"reason": " "}, "reason"),
        (State.PLAN, "fall_back", {"target": "settled"}, "target"),
        (State.PLAN, "fall_back", {"target": State.PLAN}, "target"),
        (State.MOVING, "register_arrival", {"persons": frozenset()}, "who_arrived"),
        (State.ARRIVED, "confirm_settled", {"criteria_met": frozenset()}, "criteria"),
        (State.ARRIVED, "pause", {"reason": ""}, "reason"),
        (State.ARRIVED, "pause", {"review_on": None}, "review_on"),
        (State.CONTACT, "close", {"reason": "whatever"}, "close_reason"),
        (State.CONTACT, "close", {"reason": CloseReason.OTHER}, "other_reason_text"),
        (State.SETTLED, "reopen", {"reason": ""}, "reason"),
    ],
)
def test_a_need_that_is_not_met_refuses_by_its_own_sentence(town, marja, state, name, changed, code):
    case = case_of(town, marja, state=state)
    with pytest.raises(Refused) as refused:
        step(case, name, marja, **changed)
    assert refused.value.reasons == [str(next(n for n in RULES[name].needs if n.code == code).refusal)]


@pytest.mark.parametrize("name", ["agree_plan", "pause", "close"])
def test_a_step_is_neither_in_the_future_nor_before_the_one_before_it(town, marja, name):
    case = case_of(town, marja, state=State.ASSESSMENT)
    for on in (today() + timedelta(days=1), case.state_since - timedelta(days=1)):
        with pytest.raises(Refused):
            step(case, name, marja, on=on)


def test_a_reason_stands_in_for_a_criterion_that_is_not_met(town, marja):
    case = case_of(town, marja, state=State.ARRIVED)
    settled = step(
        case,
        "confirm_settled",
        marja,
        criteria_met=frozenset({"home", "livelihood"}),
        criteria_reasons={"registered": "kirjoilla vielä Oulussa"},
    )
    assert settled.state == State.SETTLED
    assert settled.transitions.get(name="confirm_settled").answers["criteria_reasons"] == {
        "registered": "kirjoilla vielä Oulussa"
    }


def test_school_is_asked_only_where_there_are_children(town, marja):
    assert "school" not in facts_of(case_of(town, marja), today=today()).criteria
    assert "school" in facts_of(case_of(town, marja, people=FAMILY), today=today()).criteria


def test_arrival_is_recorded_for_each_who_arrived(town, marja):
    case = case_of(town, marja, state=State.MOVING, people=FAMILY)
    first, second, _child = case.household.people.order_by("pk")
    step(case, "register_arrival", marja, persons=frozenset({first.pk, second.pk}))
    facts = case.person_facts.standing().filter(kind__in=ARRIVALS)
    assert {fact.person_id for fact in facts} == {first.pk, second.pk}
    assert {fact.kind for fact in facts} == {PersonFactKind.ARRIVED}


def test_who_lived_here_before_the_first_contact_is_already_here(town, marja):
    case = case_of(town, marja, opened_on=today() - timedelta(days=5))
    arrived = step(case, "register_arrival", marja, on=today() - timedelta(days=50))
    assert arrived.state_since == case.opened_on
    fact = case.person_facts.standing().get(kind__in=ARRIVALS)
    assert (fact.kind, fact.happened_on) == (PersonFactKind.ALREADY_HERE, today() - timedelta(days=50))


def test_a_pause_ends_where_it_began(town, marja):
    paused = case_of(town, marja, state=State.PAUSED)
    assert paused.review_on
    assert step(paused, "resume", marja).state == State.CONTACT


def test_reopening_a_settled_case_takes_back_the_settling_of_its_people(town, marja):
    case = case_of(town, marja, state=State.SETTLED)
    reopened = step(case, "reopen", marja)
    assert reopened.state == State.ARRIVED
    assert not case.person_facts.standing().filter(kind=PersonFactKind.SETTLED).exists()
    again = take_back_last(case=reopened, why="erehdys", by=marja, at=timezone.now())
    assert again.state == State.SETTLED
    assert case.person_facts.standing().filter(kind=PersonFactKind.SETTLED).count() == 1


def test_who_moved_away_is_not_reopened(town, marja):
    case = step(case_of(town, marja, state=State.SETTLED), "move_away", marja)
    assert case.person_facts.standing().filter(kind=PersonFactKind.LEFT).count() == 1
    with pytest.raises(Refused) as refused:
        step(case, "reopen", marja)
    assert refused.value.reasons == [str(lifecycle.NOT_MOVED_AWAY.refusal)]


def test_taking_back_restores_the_case_and_voids_the_row(town, marja):
    case = case_of(town, marja, state=State.ASSESSMENT)
    paused = step(case, "pause", marja)
    back = take_back_last(case=paused, why="väärä asiakkuus", by=marja, at=timezone.now())
    assert (back.state, back.review_on, back.state_since) == (State.ASSESSMENT, None, case.state_since)
    assert [t.name for t in case.transitions.standing().order_by("sequence")] == ["open", "start_assessment"]
    assert case.transitions.count() == 4
    assert case.events.filter(kind=EventKind.CORRECTION).get().data["what"] == "taken_back"


def test_taking_back_leaves_alone_what_the_step_did_not_change(town, marja, today):
    paused = step(case_of(town, marja, state=State.MOVING), "pause", marja)
    later = paused.planned_move_on + timedelta(days=30)
    postpone_move(case=paused, to=later, why="asunto viivästyy", by=marja, at=timezone.now())
    back = take_back_last(case=paused, why="erehdys", by=marja, at=timezone.now())
    assert (back.state, back.planned_move_on) == (State.MOVING, later)


def test_the_first_contact_cannot_be_taken_back(town, marja):
    with pytest.raises(Refused):
        take_back_last(case=case_of(town, marja), why="syy", by=marja, at=timezone.now())


def test_who_saw_an_older_version_is_told_what_happened(town, marja):
    other = coordinator_of(town)
    case = case_of(town, marja, state=State.ASSESSMENT)
    step(case, "pause", other)
    with pytest.raises(Refused, match=other.name):
        take_step(
            case=case,
            rule=lifecycle.CLOSE,
            answers=answers_for(case, lifecycle.CLOSE, today()),
            seen_version=case.version,
            by=marja,
            at=timezone.now(),
        )


@pytest.mark.parametrize("name", RULES)
def test_a_step_takes_at_most_ten_statements(town, marja, name, django_assert_max_num_queries):
    state = next(state for state in State if name in ALLOWED[state])
    case = case_of(town, marja, state=state, people=FAMILY)
    rule = RULES[name]
    provide(case, rule, by=marja, at=timezone.now())
    answers = answers_for(case, rule, today())
    with django_assert_max_num_queries(10 + 2):  # and the savepoint of the test around it
        take_step(case=case, rule=rule, answers=answers, by=marja, at=timezone.now())
