"""Every event of the timeline in words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from cases.lifecycle import RULES, State
from cases.models import Direction, Event, EventKind, PersonFactKind, Transition
from cases.wording import line
from crm.models import User

NAMES = {1: "Amina Haddad", 2: "Youssef Haddad"}
AT = datetime(2026, 11, 3, 12, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def event(kind, text="", data=None, **fields) -> Event:
    return Event(kind=kind, text=text, data=data or {}, happened_at=AT, recorded_at=AT, by=User(name="Marja"), **fields)


def step(name: str, before: str, after: str, **fields) -> Transition:
    return Transition(
        **{
            "pk": 1,
            "name": name,
            "from_state": before,
            "to_state": after,
            "happened_on": AT.date(),
            "answers": {},
            **fields,
        }
    )


def told(event: Event, latest: Transition | None = None) -> tuple[str, ...]:
    """Title, details and text of the line."""
    said = line(event, latest=latest, names=NAMES)
    return tuple(part for part in (said.title, *said.details, said.text) if part)


@pytest.mark.parametrize(
    ("kind", "fields", "title"),
    [
        (EventKind.CALL, {"direction": Direction.OUT, "minutes": 12}, "Outgoing call, 12 min"),
        (EventKind.CALL, {"direction": Direction.IN}, "Incoming call"),
        (EventKind.CALL, {}, "Call"),
        (EventKind.MEETING, {"minutes": 45}, "Meeting, 45 min"),
        (EventKind.NOTE, {}, "Note"),
        (EventKind.EMAIL, {"direction": Direction.IN}, "E-mail received"),
        (EventKind.EMAIL, {"direction": Direction.OUT}, "E-mail sent"),
    ],
)
def test_what_was_said(kind, fields, title):
    assert told(event(kind, "Avaimet 1.12.", **fields)) == (title, "Avaimet 1.12.")


def test_who_and_when():
    assert line(event(EventKind.CALL), names={}).meta == "Marja · 3.11.2026 14:20"
    assert line(event(EventKind.CHANGE), names={}).meta == "Marja · 3.11.2026"


@pytest.mark.parametrize(
    ("transition", "said"),
    [
        (step("open", "", "contact"), ("First contact",)),
        (
            step(
                "confirm_move",
                "plan",
                "moving",
                answers={"planned_move_on": "2026-12-01", "persons": [1, 2, 9]},
            ),
            (
                "Move confirmed",
                "Plan → Moving",
                "Planned move date: 1.12.2026",
                "Who: Amina Haddad, Youssef Haddad, 1 other",
            ),
        ),
        (
            step("pause", "plan", "paused", reason="odottaa työpaikkaa", answers={"review_on": "2026-12-03"}),
            ("Paused", "Plan → Paused", "Reason: odottaa työpaikkaa", "The pause is reviewed on 3.12.2026"),
        ),
        (
            step("close", "plan", "closed", reason="no_housing"),
            ("Closed", "Plan → Closed", "Reason: No housing"),
        ),
        (
            step(
                "confirm_settled",
                "arrived",
                "settled",
                answers={"criteria_met": ["home"], "criteria_reasons": {"registered": "kirjoilla Oulussa"}},
            ),
            ("Settled", "Arrived → Settled", "Not met – They are registered as residents: kirjoilla Oulussa"),
        ),
        (
            step("register_arrival", "moving", "arrived", date_known=False),
            ("Arrived", "Moving → Arrived", "The date is not known."),
        ),
    ],
)
def test_changes_of_state(transition, said):
    assert told(event(EventKind.TRANSITION, transition=transition)) == said


@pytest.mark.parametrize("name", RULES)
def test_every_transition_has_a_name_of_its_own(name):
    rule = RULES[name]
    said = told(event(EventKind.TRANSITION, "muistiin", transition=step(name, rule.sources[0], rule.targets[0])))
    assert said == (
        str(rule.done),
        f"{State(rule.sources[0]).label} → {State(rule.targets[0]).label}",
        "muistiin",
    )


def test_a_change_of_state_that_was_taken_back_says_so():
    row = step("pause", "plan", "paused")
    said = line(
        event(EventKind.TRANSITION, transition=row),
        latest=step("pause", "plan", "paused", void=True, why="väärä asiakkuus"),
        names=NAMES,
    )
    assert said.taken_back
    assert "Taken back: väärä asiakkuus" in said.details


def test_who_arrived_before_the_first_contact_lived_here_already():
    row = step("register_arrival", "contact", "arrived")
    arrival = event(EventKind.TRANSITION, transition=row)
    said = [line(arrival, names=NAMES, opened_on=on).title for on in (date(2026, 11, 3), date(2026, 11, 4))]
    assert said == ["Arrived", "Lived here before the first contact"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            {"before": "2026-12-01", "after": "2026-12-08", "days": 7, "tasks": [4, 5]},
            ("Move date changed", "1.12.2026 → 8.12.2026", "2 tasks moved along", "remontti"),
        ),
        (
            {"before": "2026-12-08", "after": "2026-12-01", "days": -7, "tasks": [4], "undoes": 3},
            ("Change of move date taken back", "8.12.2026 → 1.12.2026", "1 task moved along", "remontti"),
        ),
    ],
)
def test_the_move_date(data, said):
    assert told(event(EventKind.POSTPONED, "remontti", data)) == said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            {
                "what": "facts",
                "fields": {
                    "move_reason": ["", "work"],
                    "coordinator": ["", "Marja Lahti"],
                    "season_ends_on": ["2026-10-01", ""],
                },
            },
            (
                "Details changed",
                "Reason to move: Not asked → Work",
                "Coordinator: none → Marja Lahti",
                "Season ends: 1.10.2026 → none",
            ),
        ),
        (
            {"what": "major_project", "before": "", "after": "Biojalostamo"},
            ("Major project changed", "None → Biojalostamo"),
        ),
        (
            {"what": "advice", "topic": "housing", "on": "2026-11-02"},
            ("Advice that became this case: Housing", "2.11.2026"),
        ),
        ({"what": "restricted"}, ("Restricted: only those named see the household",)),
        ({"what": "unrestricted"}, ("The restriction was lifted",)),
        ({"what": "task_done", "title": "Avaimet"}, ("Done: Avaimet",)),
        ({"what": "task_undone", "title": "Avaimet"}, ("Not done after all: Avaimet",)),
        (
            {
                "what": "task_changed",
                "title": "Avaimet",
                "fields": {"due_on": ["2026-12-01", ""], "assignee": ["", "Marja Lahti"]},
            },
            ("Changed: Avaimet", "Due: 1.12.2026 → none", "Who: none → Marja Lahti"),
        ),
        (
            {"what": "task_removed", "title": "Avaimet", "due_on": "2026-12-01", "assignee": "Marja", "done_on": ""},
            ("Removed: Avaimet", "Due: 1.12.2026", "Who: Marja"),
        ),
        ({"what": "something of a later version"}, ("Change of facts",)),
    ],
)
def test_changes_of_facts(data, said):
    assert told(event(EventKind.CHANGE, data=data)) == said


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (PersonFactKind.ARRIVED, "Arrived: Youssef Haddad"),
        (PersonFactKind.ALREADY_HERE, "Lived here already: Youssef Haddad"),
        (PersonFactKind.SETTLED, "Settled: Youssef Haddad"),
        (PersonFactKind.LEFT, "Moved away: Youssef Haddad"),
    ],
)
def test_members(kind, title):
    data = {"what": "persons", "kind": kind.value, "persons": [2], "on": "2026-12-01"}
    assert told(event(EventKind.CHANGE, data=data)) == (title, "1.12.2026")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"what": "taken_back", "step": "pause"}, ("Taken back: «Paused»", "Why: erehdys")),
        (
            {"what": "step_date", "step": "open", "before": "2026-09-03", "after": "2026-09-02"},
            ("Date corrected: «First contact»", "3.9.2026 → 2.9.2026", "Why: erehdys"),
        ),
        (
            {"what": "person_date", "person": 1, "fact": "arrived", "before": "2026-12-01", "after": "2026-12-02"},
            ("Date corrected: Amina Haddad, Arrived", "1.12.2026 → 2.12.2026", "Why: erehdys"),
        ),
        (
            {"what": "person_taken_back", "person": 1, "fact": "left"},
            ("Taken back: Amina Haddad, Moved away", "Why: erehdys"),
        ),
        ({"what": "something of a later version"}, ("Correction", "Why: erehdys")),
    ],
)
def test_corrections(data, said):
    assert told(event(EventKind.CORRECTION, "erehdys", data)) == said
