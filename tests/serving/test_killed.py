"""SIGKILL in the middle of a transaction: of what was being written there is nothing, and it can be done again.

The database itself holds the server in the middle: a trigger waits as soon as an event is written, which comes after
households, people, cases and transitions. The browser asks over HTTP.
"""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPException
from urllib.parse import urlencode

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.urls import reverse
from django.utils.formats import number_format

from benchmarks.server import Server
from cases.import_models import ImportStep
from cases.lifecycle import State
from cases.models import Case, Event, Transition
from crm.models import User
from tests.cases.conftest import CasePage
from tests.cases.sheets.test_undo import counts
from tests.cases.test_two_at_once import told
from tests.factories import FAMILY, MunicipalityFactory, case_of, coordinator_of
from tests.factories.sheets import checked_import, csv_sheet, many_lines, run_import
from tests.serving.test_stopping import TOKEN, headers_of

ROWS = 1_100  # the server writes 500 in a transaction
HTMX = {"HX-Request": "true", "HX-Target": "import-progress"}
POSTGRES = """
    CREATE FUNCTION held() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_advisory_xact_lock_shared(42); RETURN NEW; END';
    CREATE TRIGGER held BEFORE INSERT ON cases_event EXECUTE FUNCTION held();
"""
SQLITE = """
    CREATE VIEW forever AS WITH RECURSIVE days(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM days) SELECT n FROM days;
    CREATE TRIGGER held BEFORE INSERT ON cases_event BEGIN SELECT count(*) FROM forever; END;
"""


class Browser:
    """A signed-in user's, on whatever server is there."""

    def __init__(self, user: User) -> None:
        self.headers = headers_of(user)

    def get(self, server: Server, path: str) -> str:
        return self._ask(server, "GET", path)[1]

    def send(self, server: Server, path: str, *, htmx: bool = False, **fields) -> tuple[int, str]:
        sent = urlencode({"csrfmiddlewaretoken": TOKEN, **fields}, doseq=True).encode()
        return self._ask(server, "POST", path, sent, HTMX if htmx else {})

    def _ask(self, server: Server, method: str, path: str, body: bytes | None = None, more=()) -> tuple[int, str]:
        with closing(server.connect(timeout=60)) as connected:
            connected.request(method, path, body, {**self.headers, **dict(more)})
            response = connected.getresponse()
            return response.status, response.read().decode()

    def go_on(self, server: Server, path: str) -> None:
        """What the page does once it is loaded: it asks for the next rows until it is sent on."""
        page, status = self.get(server, path), 200
        while status == 200:
            [seen] = re.findall(r'name="seen" value="(\d+)"', page)
            status, page = self.send(server, path, htmx=True, seen=seen)
        assert status == 204


@contextmanager
def held() -> Iterator[Callable[[], None]]:
    """Whoever writes an event waits until this ends; gives a call that returns once somebody does."""
    if connection.vendor == "sqlite":
        with _held_in_sqlite() as until_held:
            yield until_held
        return
    with connection.cursor() as cursor:
        cursor.execute(POSTGRES)
        cursor.execute("SELECT pg_advisory_lock(42)")
        try:
            yield lambda: _until(_somebody_waits)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(42)")
            # Waits too, until the transaction of whoever was killed has been rolled back.
            cursor.execute("DROP FUNCTION held CASCADE")


@contextmanager
def _held_in_sqlite() -> Iterator[Callable[[], None]]:
    name = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(name, uri=True, isolation_level=None, timeout=0)) as other:
        other.executescript(SQLITE)
        try:
            yield lambda: _until(lambda: all(_is_locked(other) for _look in range(20)))
        finally:
            other.executescript("DROP TRIGGER held; DROP VIEW forever;")


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return cursor.fetchone()[0] > 0


def _is_locked(other: sqlite3.Connection) -> bool:
    """Whether somebody is writing; nothing but the trigger takes a second about it."""
    time.sleep(0.05)
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return True
    other.execute("ROLLBACK")
    return False


def _until(reached: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < until
        time.sleep(0.05)


def kill_in_the_middle(server: Server, send: Callable[[], object], *, whole: bool) -> None:
    """SIGKILL to the worker, or to all of the server, while `send` waits for it to write."""
    answers: list[object] = []

    def ask() -> None:
        try:
            answers.append(send())
        except (OSError, HTTPException) as error:
            answers.append(error)

    asking = threading.Thread(target=ask)
    with held() as until_held:
        asking.start()
        until_held()
        workers = server.workers()
        for pid in [server.process.pid, *workers] if whole else workers:
            os.kill(pid, signal.SIGKILL)
        asking.join(timeout=30)
    [answer] = answers
    assert isinstance(answer, OSError | HTTPException), answer  # nobody answered


def alive_again(server: Server, serve: Callable[..., Server], *, whole: bool) -> Server:
    """The server once it answers again: a killed worker is started by the server, a killed server by systemd."""
    if whole:
        server.process.wait(10)
        return serve()
    _until(lambda: _answers(server))
    return server


def _answers(server: Server) -> bool:
    try:
        return server.ask("/readyz", timeout=5)[0] == 200
    except (OSError, HTTPException):
        return False


def made() -> dict[str, int]:
    """Rows of every table of the domain, and of the change log about people."""
    logged = LogEntry.objects.filter(action=LogEntry.Action.CREATE, content_type__app_label="contacts")
    return {**counts(), "logged": logged.count()}


@pytest.mark.parametrize("whole", [False, True], ids=["the worker", "the server"])
def test_an_import_goes_on_after_the_kill_and_nothing_is_doubled_or_lost(serve, whole) -> None:
    elsewhere, town = MunicipalityFactory(), MunicipalityFactory()
    another, user, sheet = coordinator_of(elsewhere), coordinator_of(town), csv_sheet(many_lines(ROWS))
    nothing = made()
    run_import(checked_import(elsewhere, another, sheet))
    undisturbed = made()
    batch = checked_import(town, user, sheet)
    server, browser = serve(), Browser(user)
    path = reverse("import_running", args=[batch.token])

    assert browser.send(server, path, seen=0)[0] == 302
    batch.refresh_from_db()
    first = made()
    kill_in_the_middle(server, lambda: browser.send(server, path, htmx=True, seen=batch.done_through), whole=whole)
    assert made() == first  # of the chunk that was being written there is nothing
    batch.refresh_from_db()
    assert (batch.step, batch.rows_done) == (ImportStep.RUNNING, 500)

    server = alive_again(server, serve, whole=whole)
    assert f"Rivejä käsitelty: 500/{number_format(ROWS, force_grouping=True)}." in browser.get(server, path)
    browser.go_on(server, path)
    batch.refresh_from_db()
    assert (batch.step, batch.rows_done) == (ImportStep.DONE, ROWS)
    assert made() == {table: 2 * count - nothing[table] for table, count in undisturbed.items()}
    cases = Case.objects.filter(municipality=town)
    assert cases.values("reference").distinct().count() == cases.count() == batch.rows.exclude(case=None).count()
    assert Transition.objects.filter(case__in=cases, sequence=0).count() == cases.count()


@pytest.mark.parametrize("whole", [False, True], ids=["the worker", "the server"])
def test_a_step_is_taken_whole_or_not_at_all(serve, whole) -> None:
    town = MunicipalityFactory()
    marja = coordinator_of(town)
    case = case_of(town, marja, state=State.MOVING, people=FAMILY)
    filled_in = told(CasePage(marja, case), "register-arrival")
    server, browser = serve(), Browser(marja)
    path, before = reverse("case_step", args=[case.reference, "register-arrival"]), (made(), row_of(case))

    kill_in_the_middle(server, lambda: browser.send(server, path, **filled_in), whole=whole)
    assert (made(), row_of(case)) == before

    server = alive_again(server, serve, whole=whole)
    assert browser.send(server, path, **filled_in)[0] == 302  # what still stands in the form is sent again
    assert row_of(case)["state"] == State.ARRIVED
    assert case.transitions.filter(name="register_arrival").count() == 1
    assert Event.objects.filter(transition__name="register_arrival", case=case).count() == 1
    assert str(State.ARRIVED.label) in browser.get(server, reverse("case", args=[case.reference]))


def row_of(case: Case) -> dict:
    return Case.objects.values().get(pk=case.pk)
