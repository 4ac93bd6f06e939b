"""Tehtäväni: all that is mine and undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.actions import add_task, set_task_done
from cases.lifecycle import State
from cases.models import Task, TaskKind
from crm.paging import PAGE
from tests.factories import MunicipalityFactory, advance, case_of, coordinator_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    return MunicipalityFactory()


@pytest.fixture
def marja(town):
    return coordinator_of(town, name="Marja Lahti")


@pytest.fixture
def tasks(client, marja):
    client.force_login(marja)
    return lambda query="", **headers: client.get(reverse("my_tasks") + query, headers=headers)


def task(case, by, due_on, title="Soita", **more):
    return add_task(case=case, kind=TaskKind.TASK, title=title, due_on=due_on, by=by, at=timezone.now(), **more)


def shown(response) -> list[Task]:
    return [row.task for row in response.context["rows"]]


def test_the_most_urgent_come_first_and_are_narrowed_by_when_they_are_due(tasks, town, marja, today):
    case = case_of(town, marja, opened_on=today)
    undated = task(case, marja, None)
    later = task(case, marja, today + timedelta(days=8))
    late = task(case, marja, today - timedelta(days=1))
    week, now = task(case, marja, today + timedelta(days=7)), task(case, marja, today)
    everything = tasks()
    assert shown(everything) == [late, now, week, later, undated]
    assert [chip["count"] for chip in everything.context["chips"]] == ["5", "1", "2", "1", "1"]
    assert shown(tasks("?due=late")) == [late]
    assert shown(tasks("?due=week")) == [now, week]
    assert shown(tasks("?due=later")) == [later]
    assert shown(tasks("?due=none")) == [undated]
    assert shown(tasks("?due=whenever")) == shown(everything)


def test_done_others_closed_and_out_of_sight_are_not_there(tasks, town, marja, today):
    case, aino, elsewhere = case_of(town, marja), coordinator_of(town), MunicipalityFactory()
    set_task_done(task=task(case, marja, today), done=True, by=marja, at=timezone.now())
    task(case, marja, today, assignee=aino)
    closed = case_of(town, marja)
    task(closed, marja, today)
    advance(closed, State.CLOSED, by=marja, at=timezone.now())
    task(case_of(town, aino, restricted=True), aino, today, assignee=marja)
    task(case_of(elsewhere, coordinator_of(elsewhere)), aino, today, assignee=marja)
    response = tasks()
    assert shown(response) == []
    assert "Ei tehtävää" in response.content.decode()


def test_a_part_for_htmx_a_page_for_the_rest_and_a_second_page_after_the_first(tasks, town, marja, today):
    case = case_of(town, marja)
    every = [task(case, marja, today + timedelta(days=number)) for number in range(PAGE + 2)]
    first = tasks(hx_request="true", hx_target="my-tasks")
    assert first.content.decode().lstrip().startswith('<div class="stack tight" id="my-tasks">')
    assert shown(first) == every[:PAGE]
    assert shown(tasks(f"?after={first.context['page'].next}")) == every[PAGE:]


def test_a_task_is_ticked_off_where_it_stands(client, tasks, town, marja, today):
    one = task(case_of(town, marja), marja, today)
    page = reverse("my_tasks") + "?due=week"
    assert f'name="next" value="{page}"' in tasks("?due=week").content.decode()
    ticked = client.post(
        reverse("task_done", args=[one.pk]),
        {"done": "1", "next": page},
        headers={"HX-Request": "true", "HX-Target": f"task-{one.pk}"},
    ).content.decode()
    assert 'aria-pressed="true"' in ticked
    assert one.case.household.title in ticked
    assert "hx-swap-oob" not in ticked
    assert Task.objects.get(pk=one.pk).done_on == today


def test_many_rows_take_as_many_statements_as_two(tasks, town, marja, today):
    for _ in range(2):
        task(case_of(town, marja), marja, today)
    with CaptureQueriesContext(connection) as few:
        tasks()
    for _ in range(3):
        task(case_of(town, marja), marja, today)
    with CaptureQueriesContext(connection) as many:
        tasks()
    assert len(many) == len(few) <= 12
