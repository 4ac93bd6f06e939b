"""Every form, sent twice as it stands: a double click, a page loaded anew, a network that asked once more.

The second time it may be refused in words, or answered as the first; it adds nothing that the first has added.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from crm.models import User
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


# What must be told for the form to be taken, besides what it shows. A sheet may be sent twice: nothing of it is
# recorded before it has been checked, and then its people are known.
TOLD: dict[str, Callable[[World], dict]] = {
    "user_new": lambda _world: {"email": "uusi@asetu.example", "name": "Uusi Käyttäjä"},
    "role_grant": lambda world: {"role": "coordinator", "municipality": world.elsewhere.pk, "starts": day(0)},
    "privacy_notice_new": lambda _world: {"text": "Seloste", "published_on": day(0), "version": "77"},
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
}
ADDING = [next(entry for entry in PAGES if entry.name == name) for name in TOLD]


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
    models = [model for model in apps.get_models() if model._meta.label not in RECORDS_OF_LOOKING]
    return {model._meta.label: model._default_manager.count() for model in models}


def sent_twice(client: Client, address: str, told: dict) -> tuple[list[int], list[dict[str, int]]]:
    """The two statuses, and how many rows of each kind there were before, between and after."""
    statuses, counts = [], [stored()]
    for _time in range(2):
        statuses.append(client.post(address, told).status_code)
        counts.append(stored())
    return statuses, counts


@pytest.mark.parametrize("entry", ADDING, ids=str)
def test_what_is_sent_twice_is_recorded_once(entry: Page, world: World) -> None:
    client, address = signed_in(who_opens(world, entry)), entry.address(world)
    told = as_shown(form_of(client, address)) | TOLD[entry.name](world)
    with undone():
        (first, again), (before, once, twice) = sent_twice(client, address, told)
    assert (first, once != before) == (302, True), "the first is taken"
    assert again in {200, 302, 404, 422}
    assert twice == once
