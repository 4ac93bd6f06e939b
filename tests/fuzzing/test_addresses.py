"""Every address, asked in every way and with any nonsense: it answers, and whoever only looks changes nothing."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import quote

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from crm.roles import Role
from tests.fuzzing.asking import Answer, ask
from tests.fuzzing.bad import VALUES, WELL_FORMED
from tests.pages import PAGES, PUBLIC, SIGN_IN, Page
from tests.test_pages import signed_in
from tests.world import World

pytestmark = pytest.mark.django_db

METHODS = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "X" * 30)
ANSWERS = {200, 204, 301, 302, 400, 401, 403, 404, 405, 413, 416, 422, 429}
CHANGED_BY_LOOKING = {"auditlog.LogEntry", "sessions.Session"}

# What stands in the places of an address: keys, references, tokens and words.
PARTS = (
    "0",
    "-1",
    str(2**31),
    str(2**63),
    "9" * 30,
    "٣",
    "²",
    "null",
    "KMJ-2026-0042",
    "ÄÖÅ-0",
    "A-" * 500,
    "a b",
    "..",
    "%00",
    "\N{PILE OF POO}",
    "%FF",
    "%2F%2F",
)
# What some page reads from its address, and what none does.
NAMES = (
    *("q", "state", "sort", "coordinator", "municipality", "move_reason", "attention", "channel", "stay"),
    *("opened_from", "opened_to", "after", "before", "page", "due", "next", "person", "household"),
    *("advice", "reason", "fate", "unnamed", "source", "closed", "period", "start", "end", "prefix", "first_contact"),
    *("a[]", "state[]", "q__regex", "pk__in", "__proto__", "", "\N{PILE OF POO}"),
)  # fmt: skip
HEADERS = {
    "cookie": ("sessionid=", "sessionid=\xff; csrftoken=\xff", "=;;=", "asetu_language=../../x", "asetu_last_user=1:x",
               "csrftoken=" + "x" * 5000),
    "accept-language": ("*", "xx-" * 500, "fi;q=NaN", "\xff"),
    "host": ("evil.example", "[::1", "a b", "", "testserver:99999", "testserver:x"),
    "hx-current-url": ("http://[", "\xff", "javascript:alert(1)", "x" * 5000),
    "hx-target": ("#", "<x>", "\xff"),
    "hx-request": ("true", "no"),
    "if-none-match": ("*", "W/", '"\xff'),
    "if-modified-since": ("yesterday", "Thu, 99 Xxx 99999 99:99:99 GMT"),
    "accept": ("nothing/at-all", "*/*;q=x", ",,,"),
    "accept-encoding": ("br;q=x", "\xff"),
    "referer": ("http://[", "\xff", "//x/%00"),
    "origin": ("null", "http://["),
    "range": ("bytes=9-1", "x"),
    "x-forwarded-for": ("'", "1.1.1.1, \xff"),
}  # fmt: skip


def who_opens(world: World, entry: Page):
    """A user to whom the page opens: the coordinator where they may."""
    return world.users[Role.COORDINATOR if Role.COORDINATOR in entry.opens else Role.ADMINISTRATOR]


def failures(asked: Iterator[tuple[str, Answer]]) -> list[str]:
    """What was asked and not answered as anything of ours may be."""
    return [f"{what[:200]}: {a.status} {a.failure}" for what, a in asked if a.status not in ANSWERS]


def patterns(resolver: URLResolver | None = None, before: str = "/") -> Iterator[str]:
    """Every address of the installation, with «<>» in the places that are filled."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = before + re.sub(r"<[^>]*>|\([^)]*\)", "<>", str(entry.pattern)).strip("^$").replace(
            "/?", "/"
        ).replace("\\", "")
        yield from [address] if isinstance(entry, URLPattern) else patterns(entry, address)


def rows() -> dict[str, list]:
    """All that is stored, but for what looking may leave behind."""
    models = [model for model in apps.get_models() if model._meta.label not in CHANGED_BY_LOOKING]
    return {model._meta.label: sorted(model._default_manager.values_list(), key=repr) for model in models}


@pytest.mark.parametrize("entry", PAGES, ids=str)
def test_any_method_is_answered_and_none_but_post_does_anything(entry: Page, world: World) -> None:
    address = entry.address(world)
    for user in (who_opens(world, entry), world.newcomer, None):
        client = signed_in(user)
        answers = {method: ask(client, method, address, "done=1&language=en") for method in METHODS}
        assert failures(iter(answers.items())) == []
        assert {answers[method].status for method in METHODS[2:]} == {405}


def test_whoever_only_looks_changes_nothing(world: World) -> None:
    clients = {user.pk: signed_in(user) for user in world.users.values()}
    before = rows()
    for entry in PAGES:
        client = clients[who_opens(world, entry).pk]
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
            client.generic(method, entry.address(world), b"done=1", "application/x-www-form-urlencoded")
    assert rows() == before


@pytest.mark.parametrize("pattern", sorted(set(patterns())))
def test_any_word_may_stand_in_an_address(pattern: str, coordinator: Client, administrator: Client) -> None:
    client = administrator if pattern.startswith("/administration/") else coordinator
    addresses = sorted({pattern.replace("<>", quote(part, safe="%./")) for part in PARTS})
    methods = itertools.cycle(["GET", "GET", "POST"])
    assert failures((address, ask(client, next(methods), address)) for address in addresses) == []


@cache
def query_of(address_names: tuple[str, ...]) -> st.SearchStrategy[str]:
    pairs = st.tuples(st.sampled_from(address_names), st.sampled_from(VALUES) | st.text(max_size=20).map(_quoted))
    return st.lists(pairs, min_size=1, max_size=6).map(lambda told: "&".join(f"{_quoted(n)}={v}" for n, v in told))


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="replace")


@pytest.mark.parametrize("entry", [entry for entry in PAGES if not entry.posts and not entry.redirects], ids=str)
def test_any_question_may_be_asked(entry: Page, world: World) -> None:
    client, address = signed_in(who_opens(world, entry)), entry.address(world).partition("?")[0]
    shown = ask(client, "GET", address).content
    own = {*re.findall(r"[?&;]([a-z_]+)=", shown), *re.findall(r'<(?:input|select)[^>]* name="([\w-]+)"', shown)}
    names = tuple(sorted(own & set(NAMES)))

    @hypothesis_settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
    @given(query_of(NAMES) | query_of(names or NAMES))
    def any_question(query: str) -> None:
        assert failures(iter([(query, ask(client, "GET", f"{address}?{query}"))])) == []

    any_question()


READ = {
    "case_list": NAMES[:12],
    "people": ("q", "after", "unnamed", "source", "municipality"),
    "results": ("municipality", "period", "start", "end"),
    "report_pdf": ("period", "start", "end"),
    "my_tasks": ("due", "after"),
    "case_new": ("household", "advice"),
    "case_timeline": ("before",),
    "case_people": ("person",),
    "case_step": ("reason",),
    "import_check": ("fate", "after"),
    "administration": ("q", "after", "closed"),
    "municipalities": ("q", "page"),
}


@pytest.mark.parametrize("name", READ)
def test_any_value_may_be_asked_of_the_pages_that_read_it(name: str, world: World) -> None:
    entry = next(entry for entry in PAGES if entry.name == name)
    client, address = signed_in(who_opens(world, entry)), entry.address(world)
    queries = ("&".join(f"{name}={value}&{name}=1" for name in READ[name]) for value in VALUES if len(value) < 20_000)
    assert failures((query, ask(client, "GET", f"{address}?{query}")) for query in queries) == []


@pytest.mark.parametrize("header", HEADERS)
def test_any_header_may_be_told(header: str, world: World) -> None:
    addresses = [reverse(name) for name in ("case_list", "account", "account_login", "preferences", "healthz")]
    addresses += [world_case(world), "/static/css/tokens.css", "/no-such-page/"]
    for user in (world.users[Role.COORDINATOR], None):
        for address in addresses:
            for value in HEADERS[header]:
                client = signed_in(user)
                if header == "cookie":
                    client.cookies.clear()
                told = {f"HTTP_{header.upper().replace('-', '_')}": value}
                asked = ((f"{m} {address} {value}", ask(client, m, address, "x=1", **told)) for m in ("GET", "POST"))
                assert failures(asked) == []


def world_case(world: World) -> str:
    return reverse("case", args=[world.own.case.reference])


def test_the_table_has_each_address_and_so_has_this_walk() -> None:
    assert len(set(patterns())) >= len({entry.name for entry in PAGES} | PUBLIC | SIGN_IN) - 2
    assert len(WELL_FORMED) > 40
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS < 5000
