"""Vaihenäkymä: the open cases in columns, moved by the same transitions as anywhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import lifecycle
from cases.lifecycle import OPEN, State
from cases.models import Case
from cases.views import board
from contacts.actions import PersonData
from contacts.models import Relation
from crm.roles import Role
from tests.factories import FAMILY, MunicipalityFactory, case_of, coordinator_of, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_board(client, marja):
    """The board as Marja sees it: `open_board("coordinator=mine")`."""
    client.force_login(marja)
    return lambda query="", **headers: client.get(f"{reverse('case_board')}?{query}", headers=headers)


def shown(response) -> dict[str, list[Case]]:
    return {column.state.value: list(column.cases) for column in response.context["columns"]}


def move(client, case: Case, step: str, **told):
    """Send the step from the board by htmx, as the dialog does."""
    address = reverse("case_step", args=[case.reference, step])
    data = {"version": case.version, "on": timezone.localdate().isoformat(), **told}
    return client.post(f"{address}?next={reverse('case_board')}", data, headers={"HX-Request": "true"})


def test_each_open_state_is_a_column_of_its_cases(open_board, town, marja):
    made = {state: case_of(town, marja, state=state) for state in State}
    assert shown(open_board()) == {state: [made[state]] for state in OPEN}


def test_who_has_waited_longest_comes_first_and_the_rest_is_in_the_list(open_board, town, marja, monkeypatch):
    monkeypatch.setattr(board, "CARDS", 2)
    today = timezone.localdate()
    cases = [case_of(town, marja, people=FAMILY) for _each in range(3)]
    for days, case in enumerate(cases):
        Case.objects.filter(pk=case.pk).update(state_since=today - timedelta(days=days))
    response = open_board("coordinator=mine")
    assert shown(response)["contact"] == [cases[2], cases[1]]
    column = response.context["columns"][0]
    assert column.count == "3"
    assert column.list_url == f"{reverse('case_list')}?coordinator=mine&sort=since&state=contact"
    assert "/cases/?coordinator=mine&amp;sort=since&amp;state=contact" in response.text


def test_narrows_as_the_list_does(open_board, client, town, marja):
    mine = case_of(town, marja)
    other = case_of(town, coordinator_of(town), people=((PersonData("Otso", "Järvinen"), Relation.CONTACT),))
    assert shown(open_board("coordinator=mine"))["contact"] == [mine]
    assert shown(open_board("q=Otso"))["contact"] == [other]
    part = open_board("q=Otso", **{"HX-Request": "true", "HX-Target": "board"})
    assert "<h1" not in part.text
    assert 'id="board"' in part.text


def test_what_one_may_not_know_of_is_not_there(open_board, town, marja):
    other_town = MunicipalityFactory()
    case_of(town, coordinator_of(town), restricted=True)
    case_of(other_town, coordinator_of(other_town))
    response = open_board()
    assert not any(shown(response).values())
    assert {column.count for column in response.context["columns"]} == {"0"}
    assert response.context["nothing"]


def test_a_column_names_the_steps_that_the_lifecycle_knows(open_board):
    for column in open_board().context["columns"]:
        ways = dict(way.split(":") for way in column.steps.split())
        possible = {target for rule in lifecycle.rules_from(column.state) for target in rule.targets}
        assert set(ways) == {target for target in possible if target in OPEN and target != column.state}
        for target, name in ways.items():
            rule = lifecycle.RULES[name.replace("-", "_")]
            assert column.state in rule.sources
            assert target in rule.targets


def test_the_ways_of_a_case_lead_back_to_the_board(client, open_board, town, marja):
    case = case_of(town, marja, state=State.ASSESSMENT)
    page = client.get(f"{reverse('case_steps', args=[case.reference])}?next=/cases/board/%3Fcoordinator%3Dmine")
    steps = {step.url for step in page.context["steps"] if "/pause/" in step.url}
    assert steps == {f"/cases/{case.reference}/pause/?next=%2Fcases%2Fboard%2F%3Fcoordinator%3Dmine"}


def test_a_step_from_the_board_leads_back_to_it_and_so_does_taking_it_back(client, open_board, town, marja):
    case = case_of(town, marja, state=State.ASSESSMENT)
    answer = move(
        client, case, "pause", reason="odottaa", review_on=(timezone.localdate() + timedelta(days=7)).isoformat()
    )
    assert answer.status_code == 204
    assert f'"path": "{reverse("case_board")}"' in answer["HX-Location"]
    assert "take-back/?next=%2Fcases%2Fboard%2F" in answer["HX-Trigger"]
    assert shown(open_board())["paused"] == [case]


def test_it_leads_to_no_page_of_others(client, marja, town):
    client.force_login(marja)
    case = case_of(town, marja)
    page = client.get(f"{reverse('case_steps', args=[case.reference])}?next=https://example.org/")
    assert page.context["back"] == reverse("case", args=[case.reference])
    assert 'href="https://example.org' not in page.text


def test_a_case_put_into_an_earlier_column_goes_back_to_that_state(client, marja, town):
    client.force_login(marja)
    case = case_of(town, marja, state=State.MOVING)
    page = client.get(f"{reverse('case_step', args=[case.reference, 'fall-back'])}?target=plan")
    assert page.context["form"]["target"].value() == "plan"
    assert "checked" in page.text


def test_who_may_only_look_moves_nothing(client, marja, town):
    """A coordinator who works elsewhere and only sees figures here is shown no card of this town."""
    case = case_of(town, marja)
    manager = coordinator_of()
    give(manager, Role.MANAGER, town)
    client.force_login(manager)
    assert client.get(reverse("case_board")).status_code == 403
    assert client.get(reverse("case_steps", args=[case.reference])).status_code == 404
