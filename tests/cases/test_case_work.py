"""The daily work by the dialogs of the case page: contacts, tasks, facts, members, the move date, restricting."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.actions import add_task
from cases.lifecycle import State
from cases.models import Case, Direction, EventKind, PersonFactKind, Service, Task, TaskKind
from contacts.actions import give_access
from contacts.models import AccessKind, Household
from tests.cases.conftest import HTMX, CasePage
from tests.cases.test_step_dialogs import INVALID, day, errors_of
from tests.factories import FAMILY, case_of, coordinator_of

pytestmark = pytest.mark.django_db

both_ways = pytest.mark.parametrize("htmx", [True, False])


def done(answer, htmx: bool) -> bool:
    return answer.status_code == (HTTPStatus.NO_CONTENT if htmx else HTTPStatus.FOUND)


# Contacts.


@both_ways
@pytest.mark.parametrize(
    ("kind", "told", "kept"),
    [
        (EventKind.CALL, {"direction": "in", "minutes": "12", "text": "Avaimet"}, (Direction.IN, 12, "Avaimet")),
        (EventKind.MEETING, {"minutes": "45"}, ("", 45, "")),
        (EventKind.NOTE, {"text": "Muista avaimet"}, ("", None, "Muista avaimet")),
        (
            EventKind.EMAIL,
            {"direction": "out", "subject": "Asunto", "text": "Liite"},
            (Direction.OUT, None, "Asunto\nLiite"),
        ),
    ],
)
def test_a_contact_is_logged_in_two_clicks(town, marja, page_of, htmx, kind, told, kept):
    case = case_of(town, marja)
    page = page_of(case)
    shown = page.open("case_log", kind.value, htmx=htmx).context["form"]
    preset = {"on": day(shown["on"].value()), "time": shown["time"].value().strftime("%H.%M")}
    assert done(page.send("case_log", kind.value, htmx=htmx, **preset, **told), htmx)
    event = case.events.get(kind=kind)
    assert (event.direction, event.minutes, event.text) == kept
    assert abs(timezone.now() - event.happened_at) < timedelta(minutes=2)


def test_when_it_was_is_helsinki_time(town, marja, page_of):
    case = case_of(town, marja)
    page_of(case).send("case_log", "meeting", on="3.6.2026", time="9.05", minutes="")
    moment = datetime(2026, 6, 3, 6, 5, tzinfo=UTC)
    assert case.events.get(kind=EventKind.MEETING).happened_at == moment


@both_ways
def test_what_cannot_be_logged_is_told_where(town, marja, page_of, htmx):
    page = page_of(case_of(town, marja))
    answer = page.send("case_log", "note", htmx=htmx, on="32.1.2026", time="25.00", text="")
    assert answer.status_code == INVALID
    assert set(errors_of(answer)) == {"on", "time", "text"}
    future = page.send("case_log", "call", htmx=htmx, on="31.12.2099", time="9.00", direction="in", text="sovittu")
    assert "__all__" in errors_of(future)
    assert "sovittu" in future.content.decode()


# Plan and tasks.


def test_the_plan_takes_a_service_of_the_catalogue_or_a_goal(town, marja, page_of, today):
    call_command("reference_data", verbosity=0)
    case = case_of(town, marja)
    page = page_of(case)
    service = Service.objects.get(key="move-notice")
    form = page.open("plan_add").context["form"]
    assert len(form.fields["service"].queryset) == 41
    page.send("plan_add", service=service.pk, due_on=day(today), assignee=marja.pk)
    page.send("plan_add", title="Koko perhe viihtyy")
    plan = list(case.tasks.order_by("pk").values_list("kind", "title", "service", "due_on", "assignee"))
    assert plan == [
        (TaskKind.SERVICE, "Muuttoilmoitus", service.pk, today, marja.pk),
        (TaskKind.GOAL, "Koko perhe viihtyy", None, None, marja.pk),
    ]
    assert errors_of(page.send("plan_add"))["__all__"]


@both_ways
def test_a_task_is_added(town, marja, page_of, htmx):
    case = case_of(town, marja)
    page = page_of(case)
    assert errors_of(page.send("task_add", htmx=htmx, title="", due_on="höpö")).keys() == {"title", "due_on"}
    assert done(page.send("task_add", htmx=htmx, title="Soita", due_on="1.12.2026"), htmx)
    assert case.tasks.get().due_on == date(2026, 12, 1)


def test_a_task_is_ticked_off_in_place_and_unticked(town, marja, page_of, today):
    case = case_of(town, marja)
    task = add_task(case=case, kind=TaskKind.TASK, title="Soita", due_on=today, by=marja, at=timezone.now())
    page, way = page_of(case), reverse("task_done", args=[task.pk])
    answer = page.client.post(way, {"done": "1"}, headers={**HTMX, "HX-Target": f"task-{task.pk}"})
    assert Task.objects.get(pk=task.pk).done_on == today
    assert f'id="task-{task.pk}"' in answer.content.decode()
    assert 'aria-pressed="true"' in answer.content.decode()
    assert "1 / 1 tehty" in answer.content.decode()
    assert '<ol hx-swap-oob="afterbegin:#timeline">' in answer.content.decode()
    again = page.client.post(way, {"done": "1"}, headers={**HTMX, "HX-Target": f"task-{task.pk}"})
    assert "afterbegin" not in again.content.decode()
    assert "Soita" in json.loads(answer.headers["HX-Trigger"])["notice"]["text"]
    page.client.post(way, {"done": "0"})
    assert Task.objects.get(pk=task.pk).done_on is None
    assert page.client.get(way).status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize("next_page", ["", "/my-day/"])
def test_a_tick_brings_the_numbers_of_the_sidebar(town, marja, page_of, today, next_page):
    case, at = case_of(town, marja), timezone.now()
    tasks = [
        add_task(case=case, kind=TaskKind.TASK, title=f"Soita {n}", due_on=today, by=marja, at=at) for n in range(3)
    ]
    page, way = page_of(case), reverse("task_done", args=[tasks[0].pk])
    assert '<span class="count" id="count-my_day">3</span>' in page.open().content.decode()
    headers = {**HTMX, "HX-Target": f"task-{tasks[0].pk}"}
    with CaptureQueriesContext(connection) as captured:
        answer = page.client.post(way, {"done": "1", "next": next_page}, headers=headers)
    assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) <= 12
    assert '<span class="count" id="count-my_day">2</span>' in answer.content.decode()
    assert '<span class="count" id="count-case_list">1</span>' in answer.content.decode()


def test_the_tasks_of_a_closed_case_are_only_shown(town, marja, page_of, today):
    """And a tick on a page that is older than the closing is refused in words."""
    case = case_of(town, marja)
    task = add_task(case=case, kind=TaskKind.TASK, title="Soita", due_on=today, by=marja, at=timezone.now())
    page, way = page_of(case), reverse("task_done", args=[task.pk])
    offered = (page.address("plan_add"), page.address("task_add"), way)
    assert all(address in page.open().content.decode() for address in offered)
    page.step("close", on=day(today), reason="no_reply")
    shown = page.open().content.decode()
    assert "Soita" in shown
    assert not any(address in shown for address in offered)
    assert page.address("case_log", "call") in shown
    answer = page.client.post(way, {"done": "1"}, headers={**HTMX, "HX-Target": f"task-{task.pk}"})
    assert way not in answer.content.decode()
    assert "Asiakkuus on päättynyt:" in json.loads(answer.headers["HX-Trigger"])["notice"]["text"]
    page.client.post(way, {"done": "1"})
    assert "Asiakkuus on päättynyt:" in page.open().content.decode()
    assert Task.objects.get(pk=task.pk).done_on is None
    assert errors_of(page.send("task_add", title="Soita uudelleen"))["__all__"]


def test_without_htmx_ticking_goes_back_where_one_was_and_nowhere_else(town, marja, page_of):
    case = case_of(town, marja)
    task = add_task(case=case, kind=TaskKind.TASK, title="Soita", by=marja, at=timezone.now())
    page, way = page_of(case), reverse("task_done", args=[task.pk])
    assert page.client.post(way, {"done": "1", "next": "/my-day/"}).url == "/my-day/"
    assert page.client.post(way, {"done": "1", "next": "https://evil.example/"}).url == page.address("case")


def test_due_dates_are_told_by_how_near_they_are(town, marja, page_of, today):
    case, at = case_of(town, marja), timezone.now()
    for title, days in [("myöhässä", -3), ("tänään", 0), ("huomenna", 1), ("myöhemmin", 8), ("milloin vain", None)]:
        due = today + timedelta(days=days) if days is not None else None
        add_task(case=case, kind=TaskKind.TASK, title=title, due_on=due, by=marja, at=at)
    response = page_of(case).open()
    rows = response.context["file"].other_tasks.undone
    assert [(row.task.title, row.late_days) for row in rows] == [
        ("myöhässä", 3),
        ("tänään", 0),
        ("huomenna", 0),
        ("myöhemmin", 0),
        ("milloin vain", 0),
    ]
    tags = re.findall(r'<span class="tag (\w*)">([^<]*)</span>\s*<a class="btn quiet', response.content.decode())
    assert tags == [("hot", "3 pv myöhässä"), ("warn", "tänään"), ("warn", "huomenna"), ("", day(today + timedelta(8)))]


# Facts.


@both_ways
def test_facts_are_changed_and_the_timeline_tells(town, marja, page_of, htmx):
    aino = coordinator_of(town, name="Aino Niemi")
    case = case_of(town, marja)
    page = page_of(case)
    told = {
        "coordinator": aino.pk,
        "move_reason": "work",
        "channel": "phone",
        "stay": "seasonal",
        "season_ends_on": "30.9.2099",
    }
    assert done(page.send("case_edit", htmx=htmx, **told), htmx)
    case = Case.objects.get(pk=case.pk)
    assert (case.coordinator, case.move_reason, case.season_ends_on) == (aino, "work", date(2099, 9, 30))
    line = page.open().context["timeline"].entries[0].line
    assert "Koordinaattori: Marja Lahti → Aino Niemi" in line.details


def test_a_permanent_stay_has_no_end(town, marja, page_of):
    answer = page_of(case_of(town, marja)).send(
        "case_edit", channel="phone", stay="permanent", season_ends_on="1.1.2099"
    )
    assert list(errors_of(answer)) == ["season_ends_on"]


def test_the_coordinator_is_one_who_may_work_with_the_household(town, marja, page_of, today):
    barred, stranger = coordinator_of(town), coordinator_of()
    case = case_of(town, marja)
    give_access(
        household=case.household,
        user=barred,
        kind=AccessKind.BARRED,
        reason="sisko",
        starts=today,
        by=marja,
        at=timezone.now(),
    )
    page = page_of(case)
    assert list(page.open("case_edit").context["form"].fields["coordinator"].queryset) == [marja]
    for user in (barred, stranger):
        assert "coordinator" in errors_of(page.send("case_edit", channel="phone", coordinator=user.pk))


def test_a_coordinator_who_has_gone_is_named_so_that_another_is_chosen(town, marja, page_of):
    gone = coordinator_of(town, name="Entinen Virkailija")
    case = case_of(town, marja)
    Case.objects.filter(pk=case.pk).update(coordinator=gone)
    gone.is_active = False
    gone.save()
    field = page_of(case).open("case_edit").context["form"].fields["coordinator"]
    assert "Entinen Virkailija" in field.help_text


# Members who come, settle and leave on days of their own; wrong dates.


@pytest.fixture
def in_two_parts(town, marja, page_of, today):
    """The page of a family whose parents arrived ten days ago; the child is still to come."""
    case = case_of(town, marja, state=State.MOVING, people=FAMILY, opened_on=today - timedelta(days=60))
    page = page_of(case)
    parents = list(case.household.people.order_by("pk").values_list("pk", flat=True)[:2])
    page.step("register-arrival", on=day(today - timedelta(days=10)), persons=parents)
    return page


@both_ways
def test_who_comes_later_is_recorded_when_they_come(in_two_parts, today, htmx):
    page = in_two_parts
    child = page.case.household.people.order_by("-pk")[0]
    form = page.open("case_people", "arrived", htmx=htmx, person=child.pk).context["form"]
    assert [key for key, _label in form.fields["persons"].choices] == [child.pk]
    early = page.send(
        "case_people", "arrived", htmx=htmx, version=form["version"].value(), on="31.12.2099", persons=child.pk
    )
    assert errors_of(early)["__all__"]
    assert done(
        page.send(
            "case_people", "arrived", htmx=htmx, version=form["version"].value(), on=day(today), persons=child.pk
        ),
        htmx,
    )
    arrived = page.case.person_facts.standing().get(person=child, kind=PersonFactKind.ARRIVED)
    assert arrived.happened_on == today
    assert page.open("case_people", "arrived").context["impossible"]


@both_ways
def test_a_wrong_date_of_a_state_is_corrected_with_its_people(in_two_parts, today, htmx):
    page = in_two_parts
    arrival = page.case.transitions.get(name="register_arrival")
    right = today - timedelta(days=8)
    wrong = page.send("case_step_date", arrival.pk, htmx=htmx, on="31.12.2099", why="tarkistettu")
    assert errors_of(wrong)["__all__"]
    assert errors_of(page.send("case_step_date", arrival.pk, htmx=htmx, on=day(right), why=""))["why"]
    assert done(page.send("case_step_date", arrival.pk, htmx=htmx, on=day(right), why="tarkistettu"), htmx)
    dates = page.case.person_facts.standing().filter(kind=PersonFactKind.ARRIVED).values_list("happened_on", flat=True)
    assert set(dates) == {right}
    assert page.open().context["path"][4].note == day(right)
    late = page.send("case_step_date", arrival.pk, htmx=htmx, on=day(today), why="vanhalta sivulta")
    assert late.context["outdated"]


@both_ways
def test_the_date_of_one_person_is_corrected_alone(in_two_parts, today, htmx):
    page = in_two_parts
    first, second = page.case.person_facts.standing().filter(kind=PersonFactKind.ARRIVED).order_by("pk")
    right = today - timedelta(days=9)
    assert done(page.send("case_person_date", first.pk, htmx=htmx, on=day(right), why="juna myöhässä"), htmx)
    kept = page.case.person_facts.standing().filter(kind=PersonFactKind.ARRIVED)
    assert {fact.person_id: fact.happened_on for fact in kept} == {
        first.person_id: right,
        second.person_id: second.happened_on,
    }
    late = page.send("case_person_date", first.pk, htmx=htmx, on=day(today), why="vanhalta sivulta")
    assert (late.status_code, late.context["outdated"]) == (INVALID, True)


def test_who_left_is_gone_from_the_household_and_the_corrected_day_goes_along(in_two_parts, today):
    page = in_two_parts
    second = page.case.household.people.order_by("pk")[1]
    page.send("case_people", "left", version=page.version, on=day(today - timedelta(days=2)), persons=second.pk)
    assert Household.objects.get(pk=page.case.household_id).size == 2
    left = page.case.person_facts.standing().get(kind=PersonFactKind.LEFT)
    page.send("case_person_date", left.pk, on=day(today - timedelta(days=1)), why="väärä päivä")
    membership = page.case.household.members.standing().get(person=second)
    assert membership.until == today - timedelta(days=1)


@both_ways
def test_who_records_a_member_of_a_case_that_has_ended_meanwhile_is_told_so(in_two_parts, town, today, htmx):
    page, aino = in_two_parts, coordinator_of(town, name="Aino Niemi")
    child = page.case.household.people.order_by("-pk")[0]
    form = page.open("case_people", "arrived").context["form"]
    CasePage(aino, page.case).step("close", reason="no_work")
    sent = {"version": form["version"].value(), "on": day(today), "persons": child.pk}
    late = page.send("case_people", "arrived", htmx=htmx, **sent)
    assert (late.status_code, late.context["outdated"]) == (INVALID, True)
    (told,) = errors_of(late)["__all__"]
    assert "Aino Niemi on sillä välin" in told
    assert "vaihe on Päättynyt" in page.open("case_people", "arrived").context["impossible"]


def test_facts_of_other_cases_are_not_found(in_two_parts, town, marja):
    other = case_of(town, marja, state=State.ARRIVED)
    page = in_two_parts
    answers = [
        page.open("case_person_date", other.person_facts.first().pk),
        page.open("case_step_date", other.transitions.first().pk),
        page.open("case_postpone_undo", other.events.first().pk),
    ]
    assert [answer.status_code for answer in answers] == [HTTPStatus.NOT_FOUND] * 3


# The move date.


@pytest.fixture
def moving(town, marja, page_of, today):
    """The page of a case whose move is planned for a day to come, with one task due before it and one without."""
    case = case_of(town, marja, state=State.PLAN, opened_on=today - timedelta(days=30))
    page = page_of(case)
    page.step("confirm-move", planned_move_on=day(today + timedelta(days=10)))
    for title, due in [("Tilaa kuorma", today + timedelta(days=8)), ("Soita", None)]:
        add_task(case=case, kind=TaskKind.TASK, title=title, due_on=due, by=marja, at=timezone.now())
    return page


@both_ways
def test_a_postponed_move_takes_its_tasks_along_after_a_look_and_is_undone_once(moving, today, htmx):
    page, (task,) = moving, moving.case.tasks.filter(title="Tilaa kuorma")
    assert [key for key, _ in page.open("case_postpone").context["form"].fields["tasks"].choices] == [task.pk]
    to, due = today + timedelta(days=17), today + timedelta(days=15)
    look = page.send("case_postpone", htmx=htmx, to=day(to), why="remontti", tasks=task.pk, preview="1")
    assert look.status_code == HTTPStatus.OK
    assert f"{day(task.due_on)} → {day(due)}" in look.content.decode()
    assert Case.objects.get(pk=page.case.pk).planned_move_on == today + timedelta(days=10)
    answer = page.send("case_postpone", htmx=htmx, to=day(to), why="remontti", tasks=task.pk)
    assert done(answer, htmx)
    assert Case.objects.get(pk=page.case.pk).planned_move_on == to
    assert Task.objects.get(pk=task.pk).due_on == due
    event = page.case.events.get(kind=EventKind.POSTPONED)
    undo = page.address("case_postpone_undo", event.pk)
    assert undo in page.open().content.decode()
    if htmx:
        assert json.loads(answer.headers["HX-Trigger"])["notice"]["url"] == undo
    assert page.open("case_postpone_undo", event.pk, htmx=htmx).status_code == HTTPStatus.OK
    assert done(page.send("case_postpone_undo", event.pk, htmx=htmx), htmx)
    assert Case.objects.get(pk=page.case.pk).planned_move_on == today + timedelta(days=10)
    assert Task.objects.get(pk=task.pk).due_on == task.due_on
    assert page.send("case_postpone_undo", event.pk, htmx=htmx).status_code == INVALID
    assert undo not in page.open().content.decode()


def test_a_task_that_is_not_ticked_stays(moving, today):
    (task,) = moving.case.tasks.filter(title="Tilaa kuorma")
    moving.send("case_postpone", to=day(today + timedelta(days=17)))
    assert Task.objects.get(pk=task.pk).due_on == task.due_on


@both_ways
def test_a_date_that_has_passed_is_refused(moving, htmx):
    answer = moving.send("case_postpone", htmx=htmx, to="1.1.2020", why="tarkoitin muuta")
    assert errors_of(answer)["__all__"]
    assert "tarkoitin muuta" in answer.content.decode()
    assert "to" in errors_of(moving.send("case_postpone", htmx=htmx, to="höpö"))


# Non-disclosure.


@both_ways
def test_restricting_hides_the_household_from_all_but_the_named(town, marja, page_of, htmx):
    aino, kalle = coordinator_of(town), coordinator_of(town)
    case = case_of(town, marja)
    page, hers, his = page_of(case), page_of(case, aino), page_of(case, kalle)
    restrict, lift = (reverse(name, args=[case.household_id]) for name in ("household_restrict", "household_lift"))
    headers = HTMX if htmx else None
    asked = page.client.get(restrict, headers=headers)
    assert set(asked.context["form"].fields["named"].queryset) == {aino, kalle}
    assert page.client.post(restrict, {"reason": ""}, headers=headers).status_code == INVALID
    assert done(page.client.post(restrict, {"reason": "turvakielto", "named": aino.pk}, headers=headers), htmx)
    assert page.open().status_code == HTTPStatus.NOT_FOUND  # the reference has changed
    for one in (page, hers, his):
        one.case = Case.objects.get(pk=case.pk)
    assert page.case.reference != case.reference
    assert [one.open().status_code for one in (page, hers, his)] == [200, 200, 404]
    way = reverse("household_cases", args=[case.household_id])
    assert page.client.get(way).url == page.address("case")
    assert his.client.get(way).status_code == HTTPStatus.NOT_FOUND
    for hidden in (restrict, lift):
        assert his.client.get(hidden).status_code == HTTPStatus.NOT_FOUND
    again = page.client.post(restrict, {"reason": "uudelleen"}, headers=headers)
    assert again.status_code == INVALID
    assert done(hers.client.post(lift, {"why": "uhka on ohi"}, headers=headers), htmx)
    assert his.open().status_code == HTTPStatus.OK


def test_the_coordinator_is_proposed_to_be_named(town, marja, page_of):
    aino = coordinator_of(town)
    case = case_of(town, aino)
    form = page_of(case).client.get(reverse("household_restrict", args=[case.household_id])).context["form"]
    assert form["named"].value() == [aino.pk]
