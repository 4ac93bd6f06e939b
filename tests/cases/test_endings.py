"""Settling and closing agree with the rest of the case: its registration, and what is still undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from cases import lifecycle
from cases.actions import add_task, edit_case, take_back_last, take_step
from cases.lifecycle import Answers, CloseReason, State
from cases.models import Case, EventKind, Registration, TaskKind
from tests.cases.test_step_dialogs import errors_of, sent_of
from tests.factories import case_of

pytestmark = pytest.mark.django_db

MET = {"met_home": "on", "met_livelihood": "on", "met_registered": "on"}


@pytest.fixture
def arrived(town, marja, page_of, today):
    """The page of a case that has arrived; the goal of its plan is done, a service and a task are not."""
    case, at = case_of(town, marja, state=State.ARRIVED), timezone.now()
    case.tasks.update(done_on=today)
    for title, kind, days in [("Asunnon haku", TaskKind.SERVICE, -30), ("Soita", TaskKind.TASK, 3)]:
        add_task(case=case, kind=kind, title=title, due_on=today + timedelta(days=days), by=marja, at=at)
    return page_of(case)


def test_who_settles_registered_has_this_municipality_of_residence(arrived):
    arrived.step("confirm-settled", **MET)
    case = Case.objects.get(pk=arrived.case.pk)
    assert (case.state, case.registration) == (State.SETTLED, Registration.RESIDENT)


@pytest.mark.parametrize("known", [True, False])
def test_what_is_known_of_the_registration_stays(arrived, marja, known):
    if known:
        changes = {"registration": Registration.TEMPORARY}
        edit_case(case=arrived.case, changes=changes, by=marja, at=timezone.now())
        arrived.step("confirm-settled", **MET)
    else:
        arrived.step("confirm-settled", met_home="on", met_livelihood="on", unmet_registered="kesken")
    case = Case.objects.get(pk=arrived.case.pk)
    assert (case.state, case.registration) == (State.SETTLED, Registration.TEMPORARY if known else "")


def test_a_settling_taken_back_takes_the_registration_it_set_along(arrived, marja):
    arrived.step("confirm-settled", **MET)
    take_back_last(case=arrived.case, why="erehdys", by=marja, at=timezone.now())
    case = Case.objects.get(pk=arrived.case.pk)
    assert (case.state, case.registration) == (State.ARRIVED, Registration.UNKNOWN)


def test_what_was_told_since_the_settling_stays_when_it_is_taken_back(arrived, marja):
    arrived.step("confirm-settled", **MET)
    edit_case(case=arrived.case, changes={"registration": Registration.TEMPORARY}, by=marja, at=timezone.now())
    take_back_last(case=arrived.case, why="erehdys", by=marja, at=timezone.now())
    assert Case.objects.get(pk=arrived.case.pk).registration == Registration.TEMPORARY


@pytest.mark.parametrize("drop", [True, False])
def test_what_is_undone_is_told_and_removed_where_one_says_so(arrived, drop):
    shown = arrived.open("case_step", "confirm-settled")
    assert [task.title for task in shown.context["undone"]] == ["Asunnon haku", "Soita"]
    assert "2 asiaa on yhä tekemättä" in shown.content.decode()
    arrived.step("confirm-settled", **MET, **({"drop_tasks": "on"} if drop else {}))
    assert arrived.case.tasks.undone().count() == (0 if drop else 2)
    assert arrived.case.tasks.count() == (1 if drop else 3)
    removed = [event.data.get("title") for event in arrived.case.events.filter(kind=EventKind.CHANGE).order_by("pk")]
    assert removed == (["Asunnon haku", "Soita"] if drop else [])


@pytest.mark.parametrize("tasks", [1, 6])
@pytest.mark.parametrize("name", ["confirm_settled", "close"])
def test_removing_what_is_undone_takes_no_statement_a_task(town, marja, today, name, tasks):
    case, at = case_of(town, marja, state=State.ARRIVED), timezone.now()
    case.tasks.all().delete()
    for number in range(tasks):
        add_task(case=case, kind=TaskKind.TASK, title=f"Soita {number}", by=marja, at=at)
    answers = Answers(on=today, reason=CloseReason.NO_REPLY, criteria_met=frozenset(case.municipality.settled_criteria))
    with CaptureQueriesContext(connection) as captured:
        take_step(case=case, rule=lifecycle.RULES[name], answers=answers, drop_tasks=True, by=marja, at=at)
    inside = len(sent_of(captured))
    assert inside <= 10
    assert not case.tasks.exists()
    assert case.events.filter(kind=EventKind.CHANGE, data__what="task_removed").count() == tasks


@pytest.mark.parametrize("drop", [True, False])
def test_closing_asks_whether_what_is_undone_is_removed(arrived, drop):
    arrived.step("close", reason=CloseReason.NO_REPLY, **({"drop_tasks": "on"} if drop else {}))
    assert arrived.case.tasks.undone().count() == (0 if drop else 2)


def test_what_a_closed_case_left_undone_is_not_due(arrived, today):
    late, coming = (date_format(today + timedelta(days=days), "SHORT_DATE_FORMAT") for days in (-30, 3))
    assert "myöhässä" in arrived.open().content.decode()
    arrived.step("close", reason=CloseReason.NO_REPLY)
    page = arrived.open()
    assert page.content.decode().count("jäi tekemättä") == 2
    assert "myöhässä" not in page.content.decode()
    notes = [row.note for row in page.context["file"].tasks if row.left_undone]
    assert [note.split(" · ")[1] for note in notes] == [late, coming]


def test_where_nothing_is_undone_nothing_is_asked(arrived):
    arrived.case.tasks.undone().delete()
    shown = arrived.open("case_step", "confirm-settled")
    assert "tekemättä" not in shown.content.decode()
    assert "drop_tasks" not in shown.context["form"].fields


def test_a_criterion_without_an_answer_is_named_once(arrived):
    answer = arrived.step("confirm-settled", met_home="on", met_livelihood="on")
    assert errors_of(answer) == {"met_registered": ["Rastita tai kirjoita, miksi se ei toteudu."]}


def test_who_has_arrived_does_not_stay_where_they_were(town, marja, page_of, arrived):
    def reasons(page):
        return [key for key, _label in page.open("case_step", "close").context["form"].fields["reason"].choices]

    assert CloseReason.STAYS in reasons(page_of(case_of(town, marja)))
    assert CloseReason.STAYS not in reasons(arrived)
