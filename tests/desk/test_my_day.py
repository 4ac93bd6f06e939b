"""Oma päivä and the counts of the sidebar."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.actions import add_task, edit_case, set_task_done, take_case
from cases.lifecycle import State
from cases.models import Case, EventKind, TaskKind
from crm.refusal import Refused
from crm.roles import Role
from desk.views.my_day import SHOWN
from tests.factories import MunicipalityFactory, advance, case_of, coordinator_of, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    return MunicipalityFactory()


@pytest.fixture
def marja(town):
    return coordinator_of(town, name="Marja Lahti")


@pytest.fixture
def day(client, marja):
    client.force_login(marja)
    return lambda: client.get(reverse("my_day"))


def task(case, by, due_on, title="Soita", **more):
    return add_task(case=case, kind=TaskKind.TASK, title=title, due_on=due_on, by=by, at=timezone.now(), **more)


def without_coordinator(case, by):
    return edit_case(case=case, changes={"coordinator": None}, by=by, at=timezone.now())


def rows(response, card):
    return list(response.context[card].rows)


def beside(response, page: str) -> str:
    """The count that the sidebar shows beside a page."""
    href = re.escape(reverse(page))
    line = rf'<a href="{href}"[^>]*>(?:(?!</li>).)*<span class="count" id="count-{page}">([^<]*)</span>'
    found = re.search(line, response.content.decode(), re.DOTALL)
    assert found
    return found[1]


def test_tasks_of_mine_that_are_late_or_due_within_a_week(day, town, marja, today):
    case = case_of(town, marja, opened_on=today)
    late, week = task(case, marja, today - timedelta(days=2)), task(case, marja, today + timedelta(days=7))
    task(case, marja, today + timedelta(days=8))
    task(case, marja, None)
    task(case, marja, today, assignee=coordinator_of(town))
    set_task_done(task=task(case, marja, today), done=True, by=marja, at=timezone.now())
    closed = case_of(town, marja)
    task(closed, marja, today)
    advance(closed, State.CLOSED, by=marja, at=timezone.now())
    response = day()
    assert [row.task for row in rows(response, "tasks")] == [late, week]
    assert "2 pv myöhässä" in response.content.decode()
    assert beside(response, "my_day") == "1"


def test_pauses_and_moves_whose_day_has_come(day, town, marja, today):
    over = case_of(town, marja, state=State.PAUSED, opened_on=today - timedelta(days=60))
    case_of(town, marja, state=State.PAUSED, opened_on=today - timedelta(days=3))
    passed = case_of(town, marja, planned_move_on=today - timedelta(days=1))
    near = case_of(town, marja, planned_move_on=today + timedelta(days=14))
    case_of(town, marja, planned_move_on=today + timedelta(days=15))
    case_of(town, marja, state=State.ARRIVED)
    response = day()
    assert rows(response, "reviews") == [over]
    assert rows(response, "moves") == [passed, near]
    assert beside(response, "my_day") == "1"
    assert beside(response, "case_list") == "6"


def test_moves_long_past_are_one_line(day, client, town, marja, today):
    passed = case_of(town, marja, planned_move_on=today - timedelta(days=90))
    old = [case_of(town, marja, planned_move_on=today - timedelta(days=91)) for _ in range(2)]
    response = day()
    assert rows(response, "moves") == [passed]
    line = re.search(
        r'<a href="([^"]*)">2 muuttoa, joiden päivä meni yli 3 kuukautta sitten', response.content.decode()
    )
    listed = client.get(line[1].replace("&amp;", "&"))
    assert set(listed.context["page"]) == set(old)


def test_new_ones_are_mine_or_nobodys(day, town, marja, today):
    mine = case_of(town, marja, opened_on=today - timedelta(days=1))
    nobodys = without_coordinator(case_of(town, marja, opened_on=today), marja)
    case_of(town, coordinator_of(town))
    case_of(town, marja, state=State.ASSESSMENT)
    assert rows(day(), "new") == [nobodys, mine]


def test_quiet_ones_are_mine_and_active(day, town, marja, today):
    long_ago = today - timedelta(days=town.stale_after_days + 1)
    quiet = case_of(town, marja, opened_on=long_ago)
    case_of(town, marja, opened_on=long_ago + timedelta(days=1))
    case_of(town, marja, opened_on=long_ago - timedelta(days=60), state=State.SETTLED)
    case_of(town, coordinator_of(town), opened_on=long_ago)
    assert rows(day(), "quiet") == [quiet]


def test_what_does_not_fit_is_behind_show_all(day, town, marja, today, client):
    for _ in range(SHOWN + 2):
        case_of(town, marja, opened_on=today)
    response = day()
    assert len(rows(response, "new")) == SHOWN
    shown = client.get(response.context["new"].all_url)
    assert len(list(shown.context["page"])) == SHOWN + 2


def test_an_empty_day_is_kind(day):
    assert "Kaikki on hoidettu" in day().content.decode()


def test_what_is_out_of_sight_is_not_there(day, town, marja, today):
    aino, elsewhere = coordinator_of(town), MunicipalityFactory()
    hidden = without_coordinator(case_of(town, aino, restricted=True, opened_on=today), aino)
    foreign = without_coordinator(case_of(elsewhere, coordinator_of(elsewhere), opened_on=today), aino)
    task(hidden, aino, today, assignee=marja)
    response = day()
    assert rows(response, "new") == rows(response, "tasks") == []
    assert beside(response, "my_day") == beside(response, "case_list") == "0"
    for case in (hidden, foreign):
        assert case.reference not in response.content.decode()


def test_many_rows_take_as_many_statements_as_two(day, town, marja, today):
    def fill(times):
        for _ in range(times):
            task(case_of(town, marja), marja, today)
            case_of(town, marja, state=State.PAUSED, opened_on=today - timedelta(days=60))
            without_coordinator(case_of(town, marja, planned_move_on=today), marja)

    fill(2)
    with CaptureQueriesContext(connection) as few:
        day()
    fill(3)
    with CaptureQueriesContext(connection) as many:
        day()
    assert len(many) == len(few) <= 13


# Taking a case.


def test_take_makes_me_the_coordinator_and_says_so_on_the_timeline(client, day, town, marja):
    case = without_coordinator(case_of(town, coordinator_of(town)), marja)
    client.force_login(marja)
    response = client.post(reverse("my_day_take", args=[case.reference]), follow=True)
    assert Case.objects.get(pk=case.pk).coordinator == marja
    assert f"{case.reference} on nyt sinun." in response.content.decode()
    change = case.events.filter(kind=EventKind.CHANGE).latest("pk")
    assert change.by == marja


def test_the_second_is_told_who_was_first(client, town, marja):
    aino = coordinator_of(town, name="Aino Niemi")
    case = without_coordinator(case_of(town, marja), marja)
    take_case(case=case, by=aino, at=timezone.now())
    with pytest.raises(Refused, match="Aino Niemi"):
        take_case(case=case, by=marja, at=timezone.now())
    client.force_login(marja)
    client.post(reverse("my_day_take", args=[case.reference]))
    assert Case.objects.get(pk=case.pk).coordinator == aino


def test_taking_what_is_already_mine_changes_nothing(town, marja):
    case = case_of(town, marja)
    events = case.events.count()
    take_case(case=case, by=marja, at=timezone.now())
    assert case.events.count() == events


# Where one lands, and where one is.


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.COORDINATOR, "my_day"),
        (Role.MANAGER, "results"),
        (Role.ADMINISTRATOR, "administration"),
        (Role.EDITOR, "start"),
        (Role.INSPECTOR, "start"),
    ],
)
def test_home_leads_each_to_their_own_page(client, town, role, page):
    client.force_login(member(role, None if role == Role.ADMINISTRATOR else town))
    assert client.get(reverse("home")).url == reverse(page)


def test_who_sees_no_cases_has_no_counts(client, town):
    client.force_login(member(Role.MANAGER, town))
    page = client.get(reverse("account")).content.decode()
    assert 'class="count"' not in page


def test_the_sidebar_says_where_one_is(client, marja):
    client.force_login(marja)

    def current(page):
        return re.findall(r'<a href="([^"]*)" aria-current="([^"]*)"', client.get(reverse(page)).content.decode())

    assert current("case_list")[0] == (reverse("case_list"), "page")
    assert current("case_new")[0] == (reverse("case_list"), "true")
    assert not any(url == reverse("my_day") for url, _how in current("account"))
