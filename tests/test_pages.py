"""Every address × role × own, foreign, restricted and barred household: who gets it, what it says, what it costs."""

from __future__ import annotations

import io
import re
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from crm.models import User
from crm.roles import Role
from tests.pages import PAGES, PUBLIC, SIGN_IN, Page, names_of_all_addresses
from tests.world import World, build_world

pytestmark = pytest.mark.django_db

every_page = pytest.mark.parametrize("entry", PAGES, ids=str)
every_page_with_content = pytest.mark.parametrize("entry", [entry for entry in PAGES if not entry.posts], ids=str)
every_page_of_nobody = pytest.mark.parametrize("entry", [e for e in PAGES if not e.about and not e.posts], ids=str)
every_household_page = pytest.mark.parametrize("entry", [entry for entry in PAGES if entry.about], ids=str)

TRANSACTION = re.compile(r"^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)")
WRITES = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
# The access log, and the session: all that a GET may write.
WRITTEN_BY_A_GET = {"auditlog_logentry", "django_session"}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Built once; each test runs in a transaction within this one and leaves the world as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        # A server process reads these once and keeps them; they are no part of what a page costs.
        ContentType.objects.get_for_models(*apps.get_models())
        yield build_world()
        transaction.set_rollback(True)


def signed_in(user: User | None, language: str = "fi") -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def everybody(world: World, entry: Page) -> list[tuple[str, User, bool]]:
    """Each user by name, and whether the page opens for them."""
    whole_staff = entry.opens == frozenset(Role)
    return [
        *((role.value, user, role in entry.opens) for role, user in world.users.items()),
        ("without a role", world.newcomer, whole_staff),
    ]


def text_of(response) -> str:
    """What a person could read in the answer."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"%PDF"):
        return "\n".join(part.extract_text() for part in PdfReader(io.BytesIO(content)).pages)
    return content.decode(errors="replace")


def test_every_address_says_who_may_open_it() -> None:
    told = {entry.name for entry in PAGES} | PUBLIC | SIGN_IN
    assert sorted(set(names_of_all_addresses()) - told) == [], "add these to tests/pages.py"
    assert sorted(told - set(names_of_all_addresses())) == [], "these addresses are gone"


@every_page
def test_closed_to_the_anonymous(entry: Page, world: World) -> None:
    address = entry.address(world)
    for response in (signed_in(None).get(address), signed_in(None).post(address)):
        assert response.status_code == HTTPStatus.FOUND
        assert response.url.startswith(reverse("account_login"))


@every_page
def test_opens_for_those_it_is_for_and_for_nobody_else(entry: Page, world: World) -> None:
    address = entry.address(world)
    answers = {}
    for name, user, opens in everybody(world, entry):
        got = signed_in(user).get(address).status_code
        posted = signed_in(user).post(address).status_code
        if opens:
            expected = HTTPStatus.METHOD_NOT_ALLOWED if entry.posts else HTTPStatus.FOUND if entry.redirects else 200
            right = got == expected and posted < 500 and posted not in {403, 404}
        else:
            right = got in {entry.refused, HTTPStatus.METHOD_NOT_ALLOWED if entry.posts else entry.refused} and (
                posted in {403, 404, 405}
            )
        if not right:
            answers[name] = (got, posted, "opens" if opens else f"refused with {entry.refused}")
    assert answers == {}, "user: (GET, POST, what the table says)"


@every_household_page
def test_what_one_may_not_know_of_does_not_exist(entry: Page, world: World) -> None:
    answers = {}
    for role, user in world.users.items():
        for reason, things in world.hidden.items():
            if entry.posts:
                statuses = [signed_in(user).post(entry.address(world, things)).status_code]
            else:
                statuses = [
                    signed_in(user).get(entry.address(world, things)).status_code,
                    signed_in(user).post(entry.address(world, things)).status_code,
                ]
            # A page that takes no POST says so of every household alike.
            if statuses[0] != HTTPStatus.NOT_FOUND or statuses[-1] not in {404, 405}:
                answers[role.value, reason] = statuses
    assert answers == {}


@every_page_with_content
def test_says_nothing_of_what_one_may_not_know_of(entry: Page, world: World) -> None:
    leaks = []
    for name, user, opens in everybody(world, entry):
        if not opens:
            continue
        for language in settings.STAFF_LANGUAGES:
            said = text_of(signed_in(user, language).get(entry.address(world))).casefold()
            for reason, things in world.hidden.items():
                if reason == "barred" and user.pk != world.users[Role.COORDINATOR].pk:
                    continue
                words = (things.secret, things.case.reference, things.person.email)
                leaks += [f"{name} reads {word} ({reason})" for word in words if word.casefold() in said]
    assert leaks == []


@every_page_with_content
def test_a_page_takes_few_statements_and_writes_nothing(entry: Page, world: World) -> None:
    for name, user, opens in everybody(world, entry):
        if not opens:
            continue
        client = signed_in(user)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(entry.address(world))
            text_of(response)
        statements = [query["sql"] for query in captured if not TRANSACTION.match(query["sql"])]
        assert len(statements) <= entry.statements, f"{name}: {len(statements)}\n" + "\n".join(statements)
        written = {match[1] for sql in statements if (match := WRITES.match(sql))}
        assert written <= WRITTEN_BY_A_GET, name


def looks(user: User | None = None) -> list[LogEntry]:
    """The rows of the access log, those of `user` or all, in order."""
    rows = LogEntry.objects.filter(action=LogEntry.Action.ACCESS).order_by("pk")
    return list(rows.filter(actor=user) if user else rows)


@every_household_page
def test_whoever_opens_it_is_in_the_access_log_once(entry: Page, world: World) -> None:
    coordinator, things = world.users[Role.COORDINATOR], world.own
    client = signed_in(coordinator)
    for _time in range(2):
        ask = client.post if entry.posts else client.get
        assert ask(entry.address(world)).status_code < 400
    [look] = looks(coordinator)
    subjects = [(type(thing), thing.pk) for thing in (things.case, things.household, things.person)]
    assert (look.content_type.model_class(), look.object_id) in subjects
    assert look.actor_email == coordinator.email


@every_household_page
def test_who_is_refused_leaves_no_row_in_the_access_log(entry: Page, world: World) -> None:
    coordinator = signed_in(world.users[Role.COORDINATOR])
    for client, things in [
        *((coordinator, things) for things in world.hidden.values()),
        *((signed_in(user), world.own) for role, user in world.users.items() if role not in entry.opens),
    ]:
        for ask in (client.get, client.post):
            assert ask(entry.address(world, things)).status_code >= 400
    assert looks() == []


@every_page_of_nobody
def test_a_list_leaves_no_row_in_the_access_log(entry: Page, world: World) -> None:
    text_of(signed_in(world.users[Role.COORDINATOR]).get(entry.address(world)))
    assert looks() == []


@every_page
def test_carries_the_content_security_policy(entry: Page, world: World) -> None:
    response = signed_in(world.users[Role.COORDINATOR]).get(entry.address(world))
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
