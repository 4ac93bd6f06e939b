"""The page of a case: what it shows, what it costs, who may open it."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from guardian.shortcuts import remove_perm

from cases.actions import add_task, log_event, record_person_fact, take_step
from cases.casefile import read_casefile
from cases.lifecycle import REGISTER_ARRIVAL, Answers, State
from cases.models import EventKind, PersonFactKind, TaskKind
from contacts.actions import give_access
from contacts.models import AccessKind
from crm.permissions import Permission
from crm.roles import Role
from tests.factories import (
    ANONYMOUS,
    FAMILY,
    MunicipalityFactory,
    advance,
    case_of,
    coordinator_of,
    household_of,
    member,
)

pytestmark = pytest.mark.django_db

DIALOGS = [
    ("case_step", "pause"),
    ("case_take_back",),
    ("case_log", "note"),
    ("plan_add",),
    ("task_add",),
    ("case_edit",),
    ("case_postpone",),
    ("case_people", "left"),
]


def text(response) -> str:
    return response.content.decode()


def test_what_is_next_is_a_verb_at_the_top(town, marja, page_of):
    page = page_of(case_of(town, marja, state=State.MOVING, people=FAMILY)).open()
    assert page.status_code == HTTPStatus.OK
    assert page.context["steps"][0].label == REGISTER_ARRIVAL.label
    assert "Testi Muuttaja perheineen" in text(page)
    assert text(page).count("Kirjaa muuttaneeksi") == 2  # at the top, and among what is next


def test_what_stands_against_the_next_step_is_shown_with_the_way_to_mend_it(town, marja, page_of):
    case = case_of(town, marja, people=ANONYMOUS)
    page = page_of(case).open()
    first = page.context["steps"][0]
    person = case.household.people.get()
    assert [mend.url for mend in first.mends] == [
        reverse("person_edit", args=[person.pk]),
        reverse("household_notice", args=[case.household_id]),
    ]
    for mend in first.mends:
        assert escape(str(mend.says)) in text(page)
    dialog = page_of(case).open("case_step", "start-assessment", htmx=True)
    assert first.mends[0].url in text(dialog)
    assert "<button" not in text(dialog)


def test_every_step_that_starts_here_is_offered_and_no_other(town, marja, page_of):
    case = case_of(town, marja, state=State.SETTLED)
    labels = [str(step.label) for step in page_of(case).open().context["steps"]]
    assert labels == ["Kirjaa poismuutto", "Avaa uudelleen"]


@pytest.mark.parametrize("state", State)
def test_the_page_takes_at_most_twelve_statements(town, marja, page_of, state, django_assert_max_num_queries):
    case = case_of(town, marja, people=FAMILY)
    at = timezone.now()
    for number in range(2):
        for kind in TaskKind:
            add_task(case=case, kind=kind, title=f"Asia {number}", due_on=timezone.localdate(), by=marja, at=at)
        for kind in (EventKind.CALL, EventKind.NOTE):
            log_event(case=case, kind=kind, happened_at=at, text="puhuttu", by=marja, at=at)
    case = advance(case, state, by=marja, at=at)
    before = page_of(case)
    before.open()
    with django_assert_max_num_queries(12):
        assert before.open().status_code == HTTPStatus.OK


def test_each_view_is_logged_once(town, marja, page_of):
    case = case_of(town, marja)
    page_of(case).open()
    page_of(case).open("case_step", "pause", htmx=True)
    seen = LogEntry.objects.filter(action=LogEntry.Action.ACCESS, object_pk=str(case.pk))
    assert [entry.actor for entry in seen] == [marja]


def test_older_events_are_paged_by_key(town, marja, page_of):
    case, at = case_of(town, marja), timezone.now()
    for number in range(70):
        moment = at - timedelta(minutes=number // 2)  # two at each moment
        log_event(case=case, kind=EventKind.NOTE, happened_at=moment, text=f"merkintä {number:02}.", by=marja, at=at)
    page = page_of(case)
    shown, timeline = [], page.open().context["timeline"]
    while timeline:
        shown += [entry.event.text for entry in timeline.entries]
        answer = page.open("case_timeline", before=timeline.older, htmx=True) if timeline.older else None
        timeline = answer.context["timeline"] if answer else None
        assert answer is None or "<html" not in text(answer)
    assert len(shown) == len(set(shown)) == 71
    assert shown[:4] == ["merkintä 01.", "merkintä 00.", "merkintä 03.", "merkintä 02."]
    whole = page.open("case_timeline", before=case.events.order_by("-pk")[5].pk)
    assert "<h1>" in text(whole)


def test_older_than_an_event_of_another_case_is_not_found(town, marja, page_of):
    other = case_of(town, marja)
    page = page_of(case_of(town, marja))
    for before in (other.events.get().pk, "x", "²", "99999999999999999999"):
        assert page.open("case_timeline", before=before).status_code == HTTPStatus.NOT_FOUND


def test_a_restricted_household_says_so(town, marja, page_of):
    case = case_of(town, marja, restricted=True)
    assert "Turvakielto" in text(page_of(case).open())
    assert page_of(case, coordinator_of(town)).open().status_code == HTTPStatus.NOT_FOUND


def test_who_is_barred_finds_nothing(town, marja, page_of, today):
    case, aino = case_of(town, marja), coordinator_of(town)
    give_access(
        household=case.household,
        user=aino,
        kind=AccessKind.BARRED,
        reason="sisko",
        starts=today,
        by=marja,
        at=timezone.now(),
    )
    page = page_of(case, aino)
    for name, *arguments in [("case",), *DIALOGS]:
        assert page.open(name, *arguments).status_code == HTTPStatus.NOT_FOUND
        assert page.send(name, *arguments).status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}


@pytest.mark.parametrize("role", [Role.MANAGER, Role.EDITOR, Role.INSPECTOR])
def test_other_roles_find_nothing(town, marja, page_of, role):
    page = page_of(case_of(town, marja), member(role, town))
    for name, *arguments in [("case",), *DIALOGS]:
        assert page.open(name, *arguments).status_code == HTTPStatus.NOT_FOUND


def test_who_may_only_look_sees_no_button_and_is_refused(town, marja, page_of):
    case = case_of(town, marja, state=State.ARRIVED)
    reader = member(Role.COORDINATOR, town)
    remove_perm(Permission.WORK_CASES.value, Group.objects.get(role_group__municipality=town), town)
    page = page_of(case, reader)
    answer = page.open()
    assert answer.status_code == HTTPStatus.OK
    assert "data-dialog" not in text(answer)
    for name, *arguments in DIALOGS:
        assert page.open(name, *arguments).status_code == HTTPStatus.FORBIDDEN
        assert page.send(name, *arguments).status_code == HTTPStatus.FORBIDDEN


def test_an_unknown_step_or_reference_is_not_found(town, marja, page_of):
    page = page_of(case_of(town, marja))
    for path in ("fly-away/", "log/telepathy/", "people/moves/"):
        assert page.client.get(page.address("case") + path).status_code == HTTPStatus.NOT_FOUND
    assert page.client.get("/cases/ABC-2026-0001/").status_code == HTTPStatus.NOT_FOUND


def test_a_household_leads_to_its_open_case_else_to_the_latest(town, marja, page_of):
    closed = case_of(town, marja, state=State.CLOSED)
    page = page_of(closed)
    way = reverse("household_cases", args=[closed.household_id])
    assert page.client.get(way).url == page.address("case")
    opened = case_of(town, marja, household=closed.household)
    assert page.client.get(way).url == reverse("case", args=[opened.reference])


def test_a_household_elsewhere_leads_nowhere(town, marja, page_of):
    elsewhere = MunicipalityFactory()
    foreign = household_of(elsewhere, coordinator_of(elsewhere))
    page = page_of(case_of(town, marja))
    assert page.client.get(reverse("household_cases", args=[foreign.pk])).status_code == HTTPStatus.NOT_FOUND


def test_what_may_be_recorded_of_each_member(town, marja, today):
    case = case_of(town, marja, state=State.MOVING, people=FAMILY)
    first, second, child = case.household.people.order_by("pk")
    assert not any(m.may_arrive or m.may_settle or m.may_leave for m in read_casefile(case, today).members)
    both = frozenset({first.pk, second.pk})
    case = take_step(
        case=case, rule=REGISTER_ARRIVAL, answers=Answers(on=today, persons=both), by=marja, at=timezone.now()
    )
    record_person_fact(case=case, kind=PersonFactKind.LEFT, persons=[second.pk], on=today, by=marja, at=timezone.now())
    members = {m.person.pk: m for m in read_casefile(case, today + timedelta(days=1)).members}
    assert (members[first.pk].may_settle, members[first.pk].may_leave, members[first.pk].left) == (True, True, False)
    assert members[child.pk].may_arrive
    assert members[second.pk].left
    assert [fact.kind for fact in members[second.pk].facts] == [PersonFactKind.ARRIVED, PersonFactKind.LEFT]
    assert list(members)[-1] == second.pk  # who has left comes last
