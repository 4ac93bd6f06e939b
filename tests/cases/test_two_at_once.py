"""Two people press at once, in real threads: one wins, the other is told what happened, nothing is doubled."""

from __future__ import annotations

import threading
from http import HTTPStatus

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from cases.actions import add_task
from cases.lifecycle import State
from cases.models import ARRIVALS, Case, EventKind, TaskKind
from crm.models import Municipality
from tests.cases.conftest import CasePage
from tests.factories import FAMILY, case_of, coordinator_of

# A commit is seen by the other thread only if it is one: these tests truncate the tables afterwards.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=False)


def at_once(*presses) -> list:
    """The answers of the calls, all begun at the same moment, each in a thread with a connection of its own."""
    start = threading.Barrier(len(presses))
    answers: list = [None] * len(presses)

    def press(number: int, call) -> None:
        try:
            start.wait(timeout=20)
            answers[number] = call()
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=item) for item in enumerate(presses)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


@pytest.fixture
def two(town: Municipality):
    """Two coordinators of one town, each before the page of the same case."""
    marja, aino = coordinator_of(town, name="Marja Lahti"), coordinator_of(town, name="Aino Niemi")
    case = case_of(town, marja, state=State.MOVING, people=FAMILY)
    return CasePage(marja, case), CasePage(aino, case)


def told(page: CasePage, step: str, **more) -> dict:
    """What the dialog of `step` would send as it is shown now."""
    form = page.open("case_step", step).context["form"]
    return {bound.name: bound.value() for bound in form if bound.value() not in (None, "")} | more


def test_the_same_step_is_taken_once(two):
    hers, his = two
    forms = [told(page, "register-arrival") for page in two]
    answers = at_once(
        lambda: hers.send("case_step", "register-arrival", htmx=True, **forms[0]),
        lambda: his.send("case_step", "register-arrival", htmx=True, **forms[1]),
    )
    statuses = [answer.status_code for answer in answers]
    assert sorted(statuses) == [HTTPStatus.NO_CONTENT, HTTPStatus.UNPROCESSABLE_ENTITY]
    loser = answers[statuses.index(HTTPStatus.UNPROCESSABLE_ENTITY)]
    winner = (hers, his)[statuses.index(HTTPStatus.NO_CONTENT)].user
    # What they read, not the test client's `context`: that one gathers the templates of both threads.
    read = loser.content.decode()
    assert f"{winner.name} on sillä välin" in read, read
    assert "Näytä asiakkuus" in read
    case = Case.objects.get(pk=hers.case.pk)
    assert (case.state, case.version) == (State.ARRIVED, hers.case.version + 1)
    assert case.transitions.filter(name="register_arrival").count() == 1
    assert case.person_facts.filter(kind__in=ARRIVALS).count() == 3
    assert case.events.filter(transition__name="register_arrival").count() == 1


def test_of_two_different_steps_the_second_is_told_of_the_first(two):
    hers, his = two
    pause, close = told(hers, "pause", reason="odottaa"), told(his, "close", reason="no_housing")
    answers = at_once(
        lambda: hers.send("case_step", "pause", **pause),
        lambda: his.send("case_step", "close", **close),
    )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [HTTPStatus.FOUND, HTTPStatus.UNPROCESSABLE_ENTITY]
    case = Case.objects.get(pk=hers.case.pk)
    assert case.version == hers.case.version + 1
    assert case.transitions.latest("pk").to_state == case.state


def test_the_last_step_is_taken_back_once(two):
    hers, his = two
    version = hers.case.version
    answers = at_once(
        *[lambda page=page: page.send("case_take_back", why="erehdys", version=version) for page in (hers, his)]
    )
    assert sorted(answer.status_code for answer in answers) == [HTTPStatus.FOUND, HTTPStatus.UNPROCESSABLE_ENTITY]
    case = Case.objects.get(pk=hers.case.pk)
    assert case.state == State.PLAN
    assert case.transitions.filter(void=True).count() == 1


def test_a_date_is_corrected_once(two):
    hers, his = two
    moved = hers.case.transitions.latest("sequence")
    on = date_format(moved.happened_on, "SHORT_DATE_FORMAT")
    answers = at_once(
        *[lambda page=page: page.send("case_step_date", moved.pk, on=on, why="tarkistettu") for page in (hers, his)]
    )
    assert sorted(answer.status_code for answer in answers) == [HTTPStatus.FOUND, HTTPStatus.UNPROCESSABLE_ENTITY]
    assert hers.case.transitions.filter(replaces=moved).count() == 1


def test_a_task_ticked_by_both_is_told_once(two):
    hers, his = two
    task = add_task(case=hers.case, kind=TaskKind.TASK, title="Avaimet", by=hers.user, at=timezone.now())
    way = reverse("task_done", args=[task.pk])
    answers = at_once(*[lambda page=page: page.client.post(way, {"done": "1"}) for page in (hers, his)])
    assert {answer.status_code for answer in answers} == {HTTPStatus.FOUND}
    assert hers.case.events.filter(kind=EventKind.CHANGE, data__what="task_done").count() == 1
