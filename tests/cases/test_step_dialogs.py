"""Each transition as a dialog: what it asks, what it refuses and where, what it says when done."""

from __future__ import annotations

import json
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from cases import lifecycle
from cases.actions import add_task, take_step
from cases.lifecycle import RULES, State
from cases.models import ARRIVALS, Case, EventKind, PersonFactKind, TaskKind
from contacts.actions import PersonData, give_notice
from contacts.models import AgeGroup, Relation
from tests.factories import FAMILY, answers_for, case_of, coordinator_of, provide

pytestmark = pytest.mark.django_db

INVALID = HTTPStatus.UNPROCESSABLE_ENTITY


def day(on) -> str:
    return date_format(on, "SHORT_DATE_FORMAT")


def state_of(case) -> str:
    return Case.objects.get(pk=case.pk).state


def errors_of(response) -> dict[str, list[str]]:
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


def test_from_first_contact_to_settled_and_away(town, marja, page_of, today):
    case = case_of(town, marja, people=FAMILY)
    page, people = page_of(case), list(case.household.people.order_by("pk").values_list("pk", flat=True))
    at = timezone.now()
    give_notice(household=case.household, version="1", language="fi", given_on=today, by=marja, at=at)
    page.step("start-assessment")
    assert state_of(case) == State.ASSESSMENT
    page.send("plan_add", title="Asunto keskustasta")
    page.step("agree-plan")
    page.step("confirm-move", planned_move_on=day(today + timedelta(days=9)))
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.planned_move_on) == (State.MOVING, today + timedelta(days=9))
    page.step("register-arrival", persons=people[:2])
    page.step("pause", reason="odottavat muuttokuormaa")
    paused = Case.objects.get(pk=case.pk)
    assert (paused.state, paused.review_on) == (State.PAUSED, today + timedelta(days=30))
    page.step("resume")
    page.send("case_people", "arrived", version=page.version, on=day(today), persons=people[2:])
    page.step(
        "confirm-settled",
        met_home="on",
        met_livelihood="on",
        met_school="on",
        unmet_registered="ilmoitus puuttuu",
    )
    assert state_of(case) == State.SETTLED
    settled = case.person_facts.standing().filter(kind=PersonFactKind.SETTLED)
    assert {fact.person_id for fact in settled} == set(people)
    page.step("move-away")
    assert state_of(case) == State.CLOSED
    assert case.person_facts.standing().filter(kind=PersonFactKind.LEFT).count() == 3
    told = [entry.line.title for entry in page.open().context["timeline"].entries]
    assert len(told) == case.events.count()


@pytest.mark.parametrize("htmx", [True, False])
def test_done_the_page_is_shown_anew_with_a_way_back(town, marja, page_of, htmx):
    case = case_of(town, marja, state=State.ASSESSMENT)
    page = page_of(case)
    answer = page.step("pause", htmx=htmx, reason="odottaa")
    back = page.address("case_take_back")
    if htmx:
        assert answer.status_code == HTTPStatus.NO_CONTENT
        assert json.loads(answer.headers["HX-Location"])["path"] == page.address("case")
        notice = json.loads(answer.headers["HX-Trigger"])["notice"]
        assert (notice["url"], notice["offer"]) == (back, "Kumoa")
        assert "Tauolla" in notice["text"]
    else:
        assert answer.url == page.address("case")
        assert back in page.client.get(answer.url).content.decode()
    assert state_of(case) == State.PAUSED


@pytest.mark.parametrize("htmx", [True, False])
def test_a_refusal_stands_at_its_question_and_keeps_what_was_typed(town, marja, page_of, htmx):
    case = case_of(town, marja, state=State.ARRIVED)
    answer = page_of(case).step("pause", htmx=htmx, reason="", on="1.1.2020", review_on="höpö")
    assert answer.status_code == INVALID
    assert set(errors_of(answer)) == {"reason", "on", "review_on"}
    assert errors_of(answer)["reason"] == [str(lifecycle.REASON.refusal)]
    assert errors_of(answer)["on"] == [str(lifecycle.IN_ORDER.refusal)]
    page = answer.content.decode()
    assert "höpö" in page
    assert 'value="1.1.2020"' in page
    assert ("<html" in page) is not htmx
    assert state_of(case) == State.ARRIVED


@pytest.mark.parametrize(
    ("state", "step", "told", "where"),
    [
        (State.PLAN, "confirm-move", {"planned_move_on": ""}, "planned_move_on"),
        (State.PLAN, "confirm-move", {"planned_move_on": "1.12.2099", "persons": []}, "persons"),
        (State.PLAN, "fall-back", {"reason": "", "target": "assessment"}, "reason"),
        (State.MOVING, "fall-back", {"reason": "syy"}, "target"),
        (State.MOVING, "register-arrival", {"persons": []}, "persons"),
        (State.MOVING, "register-arrival", {"on": "1.1.1900"}, "on"),
        (State.ARRIVED, "confirm-settled", {"met_home": "on", "met_livelihood": "on"}, "met_registered"),
        (State.ARRIVED, "close", {"reason": ""}, "reason"),
        (State.ARRIVED, "close", {"reason": "other", "text": " "}, "text"),
        (State.SETTLED, "reopen", {"reason": ""}, "reason"),
        (State.CONTACT, "close", {"reason": "advice", "on": "31.12.2099"}, "on"),
    ],
)
def test_each_need_is_refused_at_its_own_question(town, marja, page_of, state, step, told, where):
    case = case_of(town, marja, state=state)
    answer = page_of(case).step(step, **told)
    assert answer.status_code == INVALID
    assert list(errors_of(answer)) == [where]
    assert state_of(case) == state


def test_what_the_case_lacks_is_refused_on_the_form(town, marja, page_of):
    case = case_of(town, marja)
    answer = page_of(case).send("case_step", "start-assessment", on=day(timezone.localdate()), version=case.version)
    assert errors_of(answer) == {"__all__": [str(lifecycle.NOTICE_GIVEN.refusal)]}


def test_a_step_that_cannot_start_here_says_so(town, marja, page_of):
    page = page_of(case_of(town, marja))
    shown = page.open("case_step", "confirm-settled")
    assert "Yhteydenotto" in shown.context["impossible"]
    assert page.step("confirm-settled", met_home="on").status_code == INVALID


def test_those_who_move_are_ticked_and_those_who_arrived_are_not_asked_again(town, marja, page_of):
    case = case_of(town, marja, state=State.MOVING, people=FAMILY)
    form = page_of(case).open("case_step", "register-arrival").context["form"]
    people = sorted(case.household.people.values_list("pk", flat=True))
    assert form["persons"].value() == people
    assert [key for key, _label in form.fields["persons"].choices] == people


def test_of_a_family_whose_move_was_never_agreed_nobody_is_ticked(town, marja, page_of):
    form = page_of(case_of(town, marja, people=FAMILY)).open("case_step", "register-arrival").context["form"]
    assert form["persons"].value() == []
    form = page_of(case_of(town, marja)).open("case_step", "register-arrival").context["form"]
    assert len(form["persons"].value()) == 1


def test_who_lives_here_already_is_explained_and_recorded_as_such(town, marja, page_of, today):
    case = case_of(town, marja)
    page = page_of(case)
    question = page.open("case_step", "register-arrival").context["form"]["on"]
    assert day(case.opened_on) in question.help_text
    answer = page.step("register-arrival", htmx=True, on=day(case.opened_on - timedelta(days=300)))
    assert "jo ennen" in json.loads(answer.headers["HX-Trigger"])["notice"]["text"]
    fact = case.person_facts.standing().get(kind__in=ARRIVALS)
    assert fact.kind == PersonFactKind.ALREADY_HERE
    assert [step.status for step in page.open().context["path"]][:5] == ["done", "skipped", "skipped", "skipped", "now"]


def test_the_error_of_a_criterion_stands_between_its_tick_and_its_reason(town, marja, page_of):
    page = page_of(case_of(town, marja, state=State.ARRIVED)).step("confirm-settled", met_home="on").content.decode()
    error = page.index("<ul", page.index('for="id_met_registered"'))
    assert "errorlist" in page[error : error + 30]
    assert error < page.index('for="id_unmet_registered"')


@pytest.mark.parametrize(("birth_year", "asked"), [(2019, True), (1990, False)])
def test_school_is_asked_where_the_birth_year_says_there_is_a_child(town, marja, page_of, birth_year, asked):
    people = (*FAMILY[:1], (PersonData(given_name="Toinen", birth_year=birth_year), Relation.OTHER))
    case = case_of(town, marja, state=State.ARRIVED, people=people)
    form = page_of(case).open("case_step", "confirm-settled").context["form"]
    assert ("met_school" in form.fields) is asked


@pytest.mark.parametrize(
    ("told", "relation", "asked"),
    [
        (PersonData(given_name="Lapsi"), Relation.CHILD, True),
        (PersonData(age_group=AgeGroup.CHILD), Relation.OTHER, True),
        (PersonData(given_name="Toinen"), Relation.OTHER, False),
        (PersonData(given_name="Aikuinen", age_group=AgeGroup.ADULT), Relation.CHILD, False),
        (PersonData(given_name="Aikuinen", birth_year=1990), Relation.CHILD, False),
    ],
)
def test_a_child_whose_age_is_not_known_is_asked_about_too(town, marja, page_of, told, relation, asked):
    case = case_of(town, marja, state=State.ARRIVED, people=(*FAMILY[:1], (told, relation)))
    form = page_of(case).open("case_step", "confirm-settled").context["form"]
    assert ("met_school" in form.fields) is asked


def test_a_seasonal_worker_comes_and_the_season_ends(town, marja, page_of, today):
    case = case_of(town, marja, state=State.MOVING, stay="seasonal", season_ends_on=today)
    page = page_of(case)
    page.step("register-arrival")
    page.step("close", reason="season_ended")
    assert state_of(case) == State.CLOSED
    assert case.person_facts.standing().filter(kind=PersonFactKind.LEFT).count() == 1
    refused = page.step("reopen", reason="palasi")
    assert errors_of(refused)["__all__"] == [str(lifecycle.NOT_MOVED_AWAY.refusal)]


@pytest.mark.parametrize(
    ("days", "told"),
    [(90, "kausi päättyy {day}"), (0, "kausi päättyy {day}"), (-1, "kausi päättyi {day}"), (None, "eikä tiedetä")],
)
def test_settling_a_seasonal_household_tells_of_the_season_and_of_closing(town, marja, page_of, today, days, told):
    ends_on = None if days is None else today + timedelta(days=days)
    page = page_of(case_of(town, marja, state=State.ARRIVED, stay="seasonal", season_ends_on=ends_on))
    shown = page.open("case_step", "confirm-settled").content.decode()
    assert told.format(day=day(ends_on) if ends_on else "") in shown
    instead = f"{page.address('case_step', 'close')}?reason=season_ended"
    assert instead in shown
    assert page.open("case_step", "close", reason="season_ended").context["form"]["reason"].value() == "season_ended"


def test_who_stays_for_good_is_told_nothing_of_a_season(town, marja, page_of):
    page = page_of(case_of(town, marja, state=State.ARRIVED, stay="permanent"))
    assert "season_ended" not in page.open("case_step", "confirm-settled").content.decode()


@pytest.mark.parametrize("htmx", [True, False])
def test_the_second_of_two_is_told_what_the_first_did(town, marja, page_of, htmx):
    aino = coordinator_of(town, name="Aino Niemi")
    case = case_of(town, marja, state=State.MOVING, people=FAMILY)
    mine, hers = page_of(case), page_of(case, aino)
    shown = mine.open("case_step", "register-arrival").context["form"]
    hers.step("register-arrival")
    answer = mine.send(
        "case_step",
        "register-arrival",
        htmx=htmx,
        version=shown["version"].value(),
        on=day(timezone.localdate()),
        persons=shown["persons"].value(),
        text="avaimet luovutettu",
    )
    assert answer.status_code == INVALID
    assert list(errors_of(answer)) == ["__all__"]
    assert "Aino Niemi" in errors_of(answer)["__all__"][0]
    page = answer.content.decode()
    assert "avaimet luovutettu" in page  # nothing typed is lost
    assert f'class="btn primary" href="{mine.address("case")}"' in page
    assert case.transitions.filter(name="register_arrival").count() == 1


@pytest.mark.parametrize("htmx", [True, False])
def test_taking_back_asks_why_and_puts_the_case_back(town, marja, page_of, htmx):
    case = case_of(town, marja, state=State.PLAN)
    page = page_of(case)
    page.step("pause", reason="väärä")
    asked = page.open("case_take_back", htmx=htmx)
    assert "tauolle" in asked.context["heading"]
    version = asked.context["form"]["version"].value()
    assert asked.context["form"]["why"].value() == "Kirjattiin vahingossa"
    assert errors_of(page.send("case_take_back", htmx=htmx, version=version, why=" "))["why"]
    page.send("case_take_back", htmx=htmx, version=version, why="väärä asiakkuus")
    assert state_of(case) == State.PLAN
    struck = [entry.line for entry in page.open().context["timeline"].entries if entry.line.taken_back]
    assert len(struck) == 1
    late = page.send("case_take_back", htmx=htmx, version=version, why="toistamiseen")
    assert late.status_code == INVALID
    assert state_of(case) == State.PLAN


def test_the_first_contact_offers_no_taking_back(town, marja, page_of):
    page = page_of(case_of(town, marja))
    assert not page.open().context["file"].can_take_back
    assert page.send("case_take_back", why="syy", version=0).status_code == INVALID


def sent_of(captured: CaptureQueriesContext) -> list[str]:
    """The statements, without those that only begin and end a transaction in a transaction."""
    return [query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]


MOST_STATEMENTS = 15  # of the whole request: session, user, scope, the look for the access log


@pytest.mark.parametrize("name", RULES)
def test_a_step_takes_few_statements(town, marja, page_of, name):
    rule = RULES[name]
    case = case_of(town, marja, state=rule.sources[0], people=FAMILY)
    provide(case, rule, by=marja, at=timezone.now())
    page, step = page_of(case), name.replace("_", "-")
    given = answers_for(case, rule, timezone.localdate())
    told = {
        "on": day(given.on),
        "planned_move_on": day(given.planned_move_on),
        "review_on": day(given.review_on),
        "persons": list(given.persons),
        "reason": given.reason,
        "target": given.target,
        "version": case.version,
        **{f"met_{criterion}": "on" for criterion in given.criteria_met},
    }
    with CaptureQueriesContext(connection) as captured:
        assert page.send("case_step", step, **told).status_code == HTTPStatus.FOUND
    assert len(sent_of(captured)) <= MOST_STATEMENTS


def test_a_note_goes_to_the_timeline_with_the_step(town, marja, page_of):
    case = case_of(town, marja, state=State.ASSESSMENT)
    add_task(case=case, kind=TaskKind.GOAL, title="Koti", by=marja, at=timezone.now())
    page_of(case).step("agree-plan", text="sovittu puhelimessa")
    assert case.events.filter(kind=EventKind.TRANSITION).latest("pk").text == "sovittu puhelimessa"


def test_the_dialog_of_a_stale_page_still_works_when_nothing_changed_between(town, marja, page_of):
    """A correction of facts is not a change of state: the version stays, so nobody is stopped for nothing."""
    case = case_of(town, marja, state=State.ASSESSMENT)
    page = page_of(case)
    shown = page.open("case_step", "pause").context["form"]["version"].value()
    page.send("task_add", title="Soita")
    answer = page.send(
        "case_step",
        "pause",
        version=shown,
        reason="odottaa",
        on=day(timezone.localdate()),
        review_on=day(timezone.localdate() + timedelta(days=30)),
    )
    assert answer.status_code == HTTPStatus.FOUND


def test_take_step_and_page_agree_on_the_version(town, marja, page_of):
    case = case_of(town, marja, state=State.PAUSED)
    rule = lifecycle.RESUME
    take_step(case=case, rule=rule, answers=answers_for(case, rule, timezone.localdate()), by=marja, at=timezone.now())
    assert page_of(case).open("case_step", "pause").context["form"]["version"].value() == case.version + 1
