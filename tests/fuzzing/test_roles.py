"""Whoever asks, and however: the sample of addresses and questions that each role asks is answered."""

from __future__ import annotations

import itertools

import pytest

from crm.models import User
from crm.roles import Role
from tests.fuzzing.asking import ask
from tests.fuzzing.bad import VALUES
from tests.fuzzing.test_addresses import NAMES, failures
from tests.pages import ANY_STAFF, PAGES, Page
from tests.test_pages import signed_in
from tests.world import World

pytestmark = pytest.mark.django_db

WHO = [*(role.value for role in Role), "without a role", "signed out"]
SHORT = [value for value in VALUES if len(value) < 2000]
ASKED = [entry for entry in PAGES if not entry.posts and not entry.download]


def named(who: str, world: World) -> User | None:
    return {"without a role": world.newcomer, "signed out": None}.get(who) or world.users.get(who)


@pytest.mark.parametrize("who", WHO)
def test_whoever_asks_anything_is_answered(who: str, world: World) -> None:
    """Every second page, each with a question of its own; the next one who asks, the other pages."""
    client, number = signed_in(named(who, world)), WHO.index(who)
    told = zip(itertools.cycle(NAMES[number:]), itertools.cycle(SHORT[3 * number :]), strict=False)
    questions = (f"{name}={value}" for name, value in told)
    asked = ((entry, f"{entry.address(world).partition('?')[0]}?{next(questions)}&{next(questions)}")
             for entry in ASKED[number % 2 :: 2])  # fmt: skip
    answers = [(entry, address, ask(client, "GET", address)) for entry, address in asked]
    assert failures((address, answer) for _entry, address, answer in answers) == []
    if who == "signed out":
        assert {answer.status for _entry, _address, answer in answers} <= {302, 400}
    opened = [address for entry, address, answer in answers if answer.status == 200 and not is_open_to(who, entry)]
    assert opened == []


def is_open_to(who: str, entry: Page) -> bool:
    return who in entry.opens or (who == "without a role" and entry.opens == ANY_STAFF)
