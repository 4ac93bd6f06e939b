"""Every form, sent twice as it stands: a double click, a page loaded anew, a network that asked once more.

The second time it may be refused in words, or answered as the first; it adds nothing that the first has added.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from cases.actions import restrict_household, take_step
from cases.lifecycle import REGISTER_ARRIVAL
from cases.models import Case
from contacts.actions import PersonData, add_member
from contacts.models import Person
from crm.models import Municipality, User
from crm.roles import Role
from tests.factories import MunicipalityFactory, answers_for
from tests.fuzzing.asking import Field, Form, undone
from tests.fuzzing.test_addresses import who_opens
from tests.fuzzing.test_forms import form_of
from tests.pages import PAGES, Page
from tests.test_pages import signed_in
from tests.world import World

pytestmark = pytest.mark.django_db

# That somebody looked is recorded each time they look.
RECORDS_OF_LOOKING = {"auditlog.LogEntry", "sessions.Session"}


def day(number: int) -> str:
    """As it is typed: so many days from today."""
    return (timezone.localdate() + timedelta(days=number)).strftime("%d.%m.%Y")


# What must be told for the form to be taken, besides what it shows. A file can be sent once from here: of a sheet
# tells tests/cases/sheets/test_sent_twice.py.
TOLD: dict[str, Callable[[World], dict]] = {
    "user_new": lambda _world: {"email": "uusi@asetu.example", "name": "Uusi Käyttäjä"},
    "role_grant": lambda world: {"role": "coordinator", "municipality": world.elsewhere.pk, "starts": day(0)},
    "privacy_notice_new": lambda _world: {"text": "Seloste", "published_on": day(0), "notice_version": "77"},
    "project_new": lambda world: {
        "name": "Uusi hanke",
        "code": "UUSI",
        "lead": world.town.pk,
        "starts": day(0),
        "ends": day(99),
    },
    "project_role_grant": lambda world: {"role": "project_lead", "user": world.newcomer.pk, "starts": day(0)},
    "major_project_new": lambda _world: {"name": "Uusi suurhanke"},
    "case_new": lambda world: {
        "municipality": world.town.pk,
        "channel": "email",
        "on": day(0),
        "people-0-given_name": "Kaksi",
        "people-0-family_name": "Kertaa",
    },
    "advice_new": lambda _world: {},
    "member_add": lambda _world: {"given_name": "Lisä", "family_name": "Lapsi", "relation": "child"},
    "household_notice": lambda _world: {},
    "access_give": lambda _world: {
        "user": User.objects.get(name="Kollega Omalasta").pk,
        "reason": "sukulainen",
        "starts": day(0),
    },
    "case_step": lambda _world: {},
    "case_take_back": lambda _world: {},
    "case_step_date": lambda _world: {"on": day(-1), "why": "väärin"},
    "case_log": lambda _world: {"text": "Soitti ja kysyi."},
    "plan_add": lambda _world: {"title": "Oppia suomea", "due_on": day(3)},
    "task_add": lambda _world: {"title": "Soittaa takaisin", "due_on": day(3)},
    "case_postpone": lambda _world: {"to": day(40), "why": "Talo ei ole valmis"},
    "case_person_date": lambda _world: {"on": day(-1), "why": "väärin"},
    "household_restrict": lambda _world: {"reason": "turvakielto"},
    "household_lift": lambda _world: {"why": "uhka on ohi"},
    "case_people": lambda world: {"persons": _newcomer_of(world).pk, "on": day(0), "version": _version_of(world)},
    "case_person_take_back": lambda _world: {"why": "väärin"},
    "case_postpone_undo": lambda _world: {},
    "partner_join": lambda _world: {"municipality": Municipality.objects.latest("pk").pk, "joined": day(0)},
    "partner_leave": lambda _world: {"withdrew": day(0)},
    "partner_correct": lambda _world: {"decision": "6 §", "why": "väärin"},
    "account": lambda _world: {"name": "Toinen Nimi"},
    "user_edit": lambda _world: {"name": "Toinen Nimi"},
    "user_sign_in": lambda _world: {},
    "role_end": lambda _world: {"last_day": day(1)},
    "municipality_edit": lambda _world: {"stale_after_days": 33},
    "project_edit": lambda _world: {"name": "Toinen nimi"},
    "major_project_edit": lambda _world: {"name": "Toinen nimi"},
    "case_major_project_edit": lambda world: {"major_project": world.town.major_projects.get(name="Kaivos").pk},
    "person_edit": lambda _world: {"relation": "partner", "birth": "1990"},
    "member_end": lambda _world: {"last_day": day(0)},
    "household_origin": lambda _world: {"moves_from": "Oulu"},
    "access_end": lambda _world: {"last_day": day(0)},
    "task_edit": lambda _world: {"title": "Toinen otsikko"},
    "task_remove": lambda _world: {},
    "case_edit": lambda _world: {"registration": "temporary"},
}
# Forms that record nothing new, or each time anew, and why; every other one is in the table.
ELSEWHERE = {
    "person_duplicates": "it only looks",
    "case_log_contact": "it only carries on what was typed",
    "user_welcome": "a mail that did not come is asked for again",
    **dict.fromkeys(("task_done", "my_day_take"), "says what shall be; tests/cases/test_two_at_once.py"),
    **dict.fromkeys((one.name for one in PAGES if one.name.endswith("_export")), "each file that is fetched is noted"),
    **dict.fromkeys(
        (one.name for one in PAGES if one.name.startswith("import_")), "rows are written once; tests/cases/sheets"
    ),
}
SENT = [next(entry for entry in PAGES if entry.name == name) for name in TOLD]


def restrict(world: World) -> None:
    by, at = world.users[Role.COORDINATOR], timezone.now()
    restrict_household(household=world.own.household, reason="uhka", on=at.date(), by=by, at=at)


def arrive_without_one(world: World) -> None:
    """The household arrives, and somebody joins it who comes later."""
    case, by, at = world.own.case, world.users[Role.COORDINATOR], timezone.now()
    rule, today = REGISTER_ARRIVAL, timezone.localdate(at)
    take_step(case=case, rule=rule, answers=answers_for(case, rule, today), by=by, at=at)
    add_member(household=case.household, data=PersonData("Myöhä"), relation="other", on=today, by=by, at=at)


# What must have happened for the form to be there.
BEFORE: dict[str, Callable[[World], object]] = {
    "household_lift": restrict,
    "case_people": arrive_without_one,
    "partner_join": lambda _world: MunicipalityFactory(),
}


def _newcomer_of(world: World) -> Person:
    return world.own.household.people.order_by("pk").last()


def _version_of(world: World) -> int:
    return Case.objects.get(pk=world.own.case.pk).version


def as_shown(form: Form) -> dict[str, str]:
    """What the form shows; the first that can be chosen where nothing is."""
    return {
        one.name: one.value or _first(one)
        for one in form.fields
        if one.kind != "file" and (one.checked or one.kind != "checkbox")
    }


def _first(one: Field) -> str:
    required = one.kind == "select" and "" not in one.options
    return one.options[0] if required and one.options else ""


def stored() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in _recorded()}


def _recorded() -> list:
    return [model for model in apps.get_models() if model._meta.label not in RECORDS_OF_LOOKING]


def contents() -> dict[str, list]:
    return {model._meta.label: sorted(map(repr, model._default_manager.values_list())) for model in _recorded()}


@pytest.mark.parametrize("entry", SENT, ids=str)
def test_what_is_sent_twice_is_recorded_once(entry: Page, world: World) -> None:
    client, address = signed_in(who_opens(world, entry)), entry.address(world)
    with undone():
        BEFORE.get(entry.name, lambda _world: None)(world)
        told = as_shown(form_of(client, address)) | TOLD[entry.name](world)
        before = contents()
        first = client.post(address, told).status_code
        once, changed = stored(), contents() != before
        again = client.post(address, told).status_code
        twice = stored()
    assert (first, changed) == (302, True), "the first is taken"
    assert again in {200, 302, 404, 422}
    assert twice == once


def test_every_form_is_sent_twice(world: World) -> None:
    clients = {user.pk: signed_in(user) for user in world.users.values()}
    entries = [entry for entry in PAGES if not entry.redirects and entry.name not in {*TOLD, *ELSEWHERE}]
    assert [
        str(entry)
        for entry in entries
        if entry.posts or form_of(clients[who_opens(world, entry).pk], entry.address(world)).fields
    ] == []
    assert not TOLD.keys() & ELSEWHERE.keys()
