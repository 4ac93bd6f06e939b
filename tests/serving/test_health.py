"""Whether the server lives and is ready, and what is said while the database is away, busy or back."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings

from benchmarks.server import Server
from crm.models import User
from tests.factories import UserFactory
from tests.serving.conftest import database_url
from tests.serving.tap import Tap
from tests.serving.test_stopping import form, headers_of, status_of

only_postgres = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite is no server and has no pool")
only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no file")
AWAY = "Asetu ei juuri nyt vastaa"


@contextmanager
def behind_a_tap() -> Iterator[Tap]:
    told = connection.settings_dict
    tap = Tap(told["HOST"], int(told["PORT"] or 5432))
    yield tap
    tap.close()


def page(server: Server, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
    with closing(server.connect()) as asking:
        asking.request("GET", path, headers=headers)
        response = asking.getresponse()
        return response.status, dict(response.getheaders()), response.read().decode()


def answers_again(server: Server, path: str, headers: dict[str, str]) -> bool:
    """Within ten seconds, however often it was told to wait meanwhile."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        status, *_rest = page(server, path, headers)
        assert status in (200, 503)
        if status == 200:
            return True
    return False


def test_a_watchdog_need_not_follow_the_way_to_https(serve) -> None:
    server = serve(BASE_URL="https://asetu.example.fi", ALLOWED_HOSTS="asetu.example.fi")
    for path in ("/healthz", "/healthz/", "/readyz", "/readyz/"):
        assert (path, *server.ask(path)) == (path, 200, b"ok\n")
    assert server.ask("/account/login/")[0] == 301


@only_postgres
def test_postgresql_away_and_back(serve) -> None:
    me = headers_of(UserFactory())
    with behind_a_tap() as tap:
        server = serve(DATABASE_URL=database_url(tap.port), DATABASE_TIMEOUT="1")
        assert page(server, "/account/", me)[0] == 200
        tap.close()
        assert server.ask("/readyz") == (503, b"database\n")
        assert server.ask("/healthz") == (200, b"ok\n")
        status, headers, text = page(server, "/account/", me)
        assert (status, headers["Retry-After"]) == (503, "10")
        assert AWAY in text
        tap.open()
        assert answers_again(server, "/account/", me)
        assert server.ask("/readyz") == (200, b"ok\n")


@only_postgres
def test_nobody_notices_that_postgresql_was_restarted(serve) -> None:
    me = headers_of(UserFactory())
    with behind_a_tap() as tap:
        server = serve(DATABASE_URL=database_url(tap.port))
        assert page(server, "/account/", me)[0] == 200
        tap.close()  # the pool holds a connection that is no more
        tap.open()
        assert page(server, "/account/", me)[0] == 200


@only_postgres
def test_no_connection_is_free(serve) -> None:
    server, user = serve(DATABASE_POOL="1", DATABASE_TIMEOUT="1"), UserFactory(colour_scheme="light")
    me = headers_of(user)
    with closing(server.connect()) as waiting:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            waiting.request("POST", "/preferences/", form(colour_scheme="dark"), me)
            time.sleep(0.5)  # it holds the only connection
            start = time.monotonic()
            status, headers, text = page(server, "/account/", me)
            assert 0.9 < time.monotonic() - start < 5
            assert (status, headers["Retry-After"]) == (503, "10")
            assert AWAY in text
        assert status_of(waiting) == 302
    assert page(server, "/account/", me)[0] == 200


@only_sqlite
def test_another_writes_for_too_long(serve) -> None:
    server, user = serve(DATABASE_TIMEOUT="1"), UserFactory(colour_scheme="light")
    me, dark = headers_of(user), form(colour_scheme="dark")
    with closing(server.connect()) as asking:
        with transaction.atomic():
            asking.request("POST", "/preferences/", dark, me)
            response = asking.getresponse()
            assert response.status == 503
            assert AWAY in response.read().decode()
            assert page(server, "/account/", me)[0] == 200  # reading goes on
        asking.request("POST", "/preferences/", dark, me)
        assert status_of(asking) == 302


@only_sqlite
def test_a_file_that_is_another(serve, tmp_path) -> None:
    file = tmp_path / "asetu.sqlite3"
    copied = sqlite3.connect(file)
    connection.ensure_connection()
    connection.connection.backup(copied)
    copied.close()
    server = serve(DATABASE_URL=database_url(name=str(file)))
    away = file.with_suffix(".away")
    shutil.move(file, away)
    assert server.ask("/readyz") == (503, b"migrations\n")
    shutil.move(away, file)
    assert server.ask("/readyz") == (200, b"ok\n")


@pytest.mark.django_db
def test_ready_only_with_tables_and_catalogues(client, tmp_path) -> None:
    assert client.get("/readyz").content == b"ok\n"
    with override_settings(LOCALE_PATHS=[tmp_path]):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"catalogues\n")
    call_command("migrate", "sessions", "zero", fake=True, verbosity=0)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"migrations\n")


@pytest.mark.django_db
def test_not_ready_without_the_list_of_hashed_names(client, tmp_path) -> None:
    static = {**settings.STORAGES, "staticfiles": {"BACKEND": "crm.staticfiles.StaticFiles"}}
    with override_settings(STORAGES=static, STATIC_ROOT=tmp_path):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"static\n")


def test_alive_without_asking_the_database(client, django_assert_num_queries, db) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"
