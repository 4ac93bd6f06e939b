"""A plan item or a task is told anew or removed; the timeline keeps what it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from cases.actions import add_task, edit_task, postpone_move, remove_task, undo_postponement
from cases.lifecycle import State
from cases.models import EventKind, Service, Task, TaskKind
from crm.refusal import Outdated, Refused
from tests.cases.conftest import HTMX
from tests.cases.test_step_dialogs import day
from tests.factories import case_of, coordinator_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def add(marja):
    def add(case, title="Soita", kind=TaskKind.TASK, **told):
        return add_task(case=case, kind=kind, title=title, **told, by=marja, at=timezone.now())

    return add


@pytest.fixture
def remove(marja):
    return lambda task: remove_task(task=task, by=marja, at=timezone.now())


def address(name: str, task: Task) -> str:
    return reverse(name, args=[task.pk])


def told_of(case) -> list[dict]:
    return list(case.events.filter(kind=EventKind.CHANGE).order_by("pk").values_list("data", flat=True))


def test_what_is_sent_twice_is_added_once_and_the_same_again_later_is_another(town, marja):
    case, at = case_of(town, marja), timezone.now()

    def add(minutes: int) -> Task:
        when = at + timedelta(minutes=minutes)
        return add_task(case=case, kind=TaskKind.TASK, title="Soita", by=marja, at=when)

    first = add(0)
    assert add(9) == first
    assert add(11) != first
    assert list(case.tasks.values_list("title", flat=True)) == ["Soita", "Soita"]


@pytest.mark.parametrize("htmx", [True, False])
def test_a_task_gets_another_title_date_and_person(town, marja, page_of, add, today, htmx):
    case, colleague = case_of(town, marja), coordinator_of(town, name="Antti Aro")
    task, page = add(case, due_on=today), page_of(case)
    assert address("task_edit", task) in page.open().content.decode()
    form = page.client.get(address("task_edit", task)).context["form"]
    assert [form[name].value() for name in ("title", "due_on", "assignee")] == ["Soita", today, marja.pk]
    told = {"title": "Soita koululle", "due_on": day(today + timedelta(days=3)), "assignee": colleague.pk}
    answer = page.client.post(address("task_edit", task), told, headers=HTMX if htmx else None)
    assert answer.status_code == (204 if htmx else 302)
    task = Task.objects.get(pk=task.pk)
    assert (task.title, task.due_on, task.assignee) == ("Soita koululle", today + timedelta(days=3), colleague)
    (change,) = told_of(case)
    assert (change["what"], change["title"]) == ("task_changed", "Soita")
    assert change["fields"]["assignee"] == ["Marja Lahti", "Antti Aro"]


def test_what_is_saved_as_it_was_leaves_no_line(town, marja, page_of, add, today):
    case = case_of(town, marja)
    task = add(case, due_on=today)
    page_of(case).client.post(
        address("task_edit", task), {"title": "Soita", "due_on": day(today), "assignee": marja.pk}
    )
    assert told_of(case) == []


def test_a_service_is_renamed_with_another_service_and_a_goal_becomes_one(town, marja, page_of, add):
    call_command("reference_data", verbosity=0)
    notice, school = (Service.objects.get(key=key) for key in ("move-notice", "housing"))
    case = case_of(town, marja)
    task = add(case, title="", kind=TaskKind.SERVICE, service=notice)
    client = page_of(case).client
    form = client.get(address("task_edit", task)).context["form"]
    assert (form["service"].value(), form["title"].value()) == (notice.pk, "")
    client.post(address("task_edit", task), {"service": notice.pk}, headers={"Accept-Language": "en"})
    assert Task.objects.get(pk=task.pk).title == "Muuttoilmoitus", "the language of the page renames nothing"
    client.post(address("task_edit", task), {"service": school.pk})
    assert Task.objects.get(pk=task.pk).title == school.name_fi
    client.post(address("task_edit", task), {"title": "Koulu löytyy"})
    task = Task.objects.get(pk=task.pk)
    assert (task.kind, task.service, task.title) == (TaskKind.GOAL, None, "Koulu löytyy")
    assert "__all__" in client.post(address("task_edit", task), {"title": ""}).context["form"].errors


@pytest.mark.parametrize("htmx", [True, False])
def test_a_removed_task_is_gone_and_the_timeline_keeps_what_it_was(town, marja, page_of, add, today, htmx):
    case = case_of(town, marja)
    task, page = add(case, due_on=today), page_of(case)
    assert address("task_remove", task) in page.client.get(address("task_edit", task)).content.decode()
    answer = page.client.post(address("task_remove", task), headers=HTMX if htmx else None)
    assert answer.status_code == (204 if htmx else 302)
    assert not case.tasks.exists()
    (kept,) = told_of(case)
    expected = {"what": "task_removed", "title": "Soita", "due_on": today.isoformat()}
    assert kept == {**expected, "assignee": "Marja Lahti", "done_on": ""}


@pytest.mark.parametrize(("state", "stays"), [(State.ASSESSMENT, False), (State.PLAN, True), (State.MOVING, True)])
def test_an_agreed_plan_keeps_one_goal_or_service(town, marja, add, remove, state, stays):
    case = case_of(town, marja, state=state)
    if state == State.ASSESSMENT:
        add(case, kind=TaskKind.GOAL)
    (only,) = case.tasks.exclude(kind=TaskKind.TASK)
    if not stays:
        remove(only)
        return
    with pytest.raises(Refused, match="ainoa kohta"):
        remove(only)
    add(case, title="Toinen tavoite", kind=TaskKind.GOAL)
    remove(only)
    assert [task.title for task in case.tasks.all()] == ["Toinen tavoite"]


def test_a_case_that_arrived_without_a_plan_has_none_to_keep(town, marja, page_of, add, remove, today):
    case = case_of(town, marja)
    person = case.household.people.get()
    page_of(case).step("register-arrival", on=day(today), persons=person.pk)
    remove(add(case, kind=TaskKind.GOAL))
    assert not case.tasks.exists()


def test_what_a_closed_case_had_to_do_stays(town, marja, page_of, add, remove):
    case = case_of(town, marja)
    task = add(case)
    page = page_of(case)
    page.step("close", reason="no_reply")
    assert address("task_edit", task) not in page.open().content.decode()
    with pytest.raises(Refused, match="päättynyt"):
        remove(task)
    with pytest.raises(Refused, match="päättynyt"):
        edit_task(task=task, kind=TaskKind.TASK, title="Muu", by=marja, at=timezone.now())


def test_who_comes_second_is_told(town, marja, add, remove):
    task = add(case_of(town, marja))
    again = Task.objects.get(pk=task.pk)
    remove(task)
    with pytest.raises(Outdated):
        remove(again)


def test_undoing_a_postponement_leaves_tasks_that_were_changed_or_removed_since(town, marja, add, remove, today):
    case, at = case_of(town, marja, state=State.MOVING), timezone.now()
    kept, edited, removed = (add(case, title=title, due_on=today) for title in ("a", "b", "c"))
    event = postpone_move(
        case=case,
        to=today + timedelta(days=7),
        move_tasks=[kept.pk, edited.pk, removed.pk],
        why="",
        by=marja,
        at=at,
    )
    meant = today + timedelta(days=2)
    edit_task(task=edited, kind=TaskKind.TASK, title="b", due_on=meant, assignee=marja, by=marja, at=at)
    remove(removed)
    undone = undo_postponement(event=event, by=marja, at=at)
    assert dict(case.tasks.filter(kind=TaskKind.TASK).values_list("title", "due_on")) == {"a": today, "b": meant}
    assert undone.data["tasks"] == [kept.pk]
