"""Where a case stands between first contact and settled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.actions import take_step
from cases.lifecycle import CLOSE, FALL_BACK, PAUSE, REGISTER_ARRIVAL, RESUME, State
from cases.path import latest_rows, path_of, standing_rows
from tests.factories import answers_for, case_of

pytestmark = pytest.mark.django_db


def reaches(case) -> str:
    """One letter a state: d(one), n(ow), s(kipped), a(head)."""
    return "".join(stage.reach[0] for stage in path_of(case, case.transitions.standing().order_by("sequence")))


def take(case, rule, by, **changed):
    answers = answers_for(case, rule, timezone.localdate())
    return take_step(
        case=case, rule=rule, answers=type(answers)(**{**answers.__dict__, **changed}), by=by, at=timezone.now()
    )


@pytest.mark.parametrize(
    ("state", "path"),
    [
        (State.CONTACT, "naaaaa"),
        (State.ASSESSMENT, "dnaaaa"),
        (State.MOVING, "dddnaa"),
        (State.SETTLED, "dddddn"),
        (State.PAUSED, "naaaaa"),
        (State.CLOSED, "naaaaa"),
    ],
)
def test_each_state_has_its_place(town, marja, state, path):
    assert reaches(case_of(town, marja, state=state)) == path


def test_what_was_passed_over_is_skipped(town, marja):
    case = take(case_of(town, marja), REGISTER_ARRIVAL, marja)
    assert reaches(case) == "dsssna"


def test_a_pause_and_its_end_leave_the_day_of_entering(town, marja):
    case = case_of(town, marja, state=State.PLAN)
    entered = case.state_since
    case = take(take(case, PAUSE, marja), RESUME, marja)
    assert reaches(case) == "ddnaaa"
    stage = path_of(case, case.transitions.standing().order_by("sequence"))[2]
    assert stage.entered.happened_on == entered
    assert case.state_since == timezone.localdate()


def test_what_was_fallen_back_from_lies_ahead_again(town, marja):
    case = take(case_of(town, marja, state=State.MOVING), FALL_BACK, marja, target=State.ASSESSMENT)
    assert reaches(case) == "dnaaaa"


def test_who_is_closed_while_paused_stands_where_the_pause_began(town, marja):
    case = take(case_of(town, marja, state=State.PLAN), PAUSE, marja)
    assert reaches(take(case, CLOSE, marja)) == "ddnaaa"


def test_corrected_rows_are_found_by_what_they_replace(town, marja):
    case = case_of(town, marja, state=State.ASSESSMENT)
    opened, started = case.transitions.order_by("sequence")
    right = started.replacement(happened_on=started.happened_on + timedelta(days=1), by=marja, at=timezone.now())
    right.save()
    rows = [opened, started, right]
    assert latest_rows(rows) == {opened.pk: opened, started.pk: right, right.pk: right}
    assert standing_rows(rows) == [opened, right] == list(case.transitions.standing().order_by("sequence"))
