"""Times each page against its floor in one process, turn by turn, so that both meet the same machine.

On SQLite each alone.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import urls
from benchmarks.files import IMPORTED, files_of, imported
from benchmarks.pages import Page, acts_of, pages_of
from benchmarks.population import LARGEST, SMALL
from benchmarks.writing import FIRST_CONTACT
from crm.models import Municipality, User

WARM_UP = 4


@dataclass(frozen=True)
class Line:
    """One line of the table. Times in milliseconds, sizes in bytes of the answer's body."""

    name: str
    cases: int
    municipality: str
    median_ms: float
    p95_ms: float
    floor_ms: float
    ratio: float
    statements: int
    floor_statements: int
    bytes: int
    floor_bytes: int
    most_ms: float | None = None


@dataclass(frozen=True)
class LineAlone:
    """What a page takes, without a floor: these are written for PostgreSQL."""

    name: str
    cases: int
    municipality: str
    median_ms: float
    p95_ms: float
    statements: int
    most_ms: float | None


def lines(cases: int, today: date) -> Iterator[Line]:
    """A line for each page, for the largest municipality and for a small one."""
    for town, client in _towns():
        for page in _pages(town, client, today):
            yield _line(page, client, cases, town)
        yield _import(cases, town, today)


def lines_alone(cases: int, today: date) -> Iterator[LineAlone]:
    """The same pages without their floors, and no import."""
    for town, client in _towns():
        for page in _pages(town, client, today):
            yield _line_alone(page, client, cases, town)


def _towns() -> Iterator[tuple[Municipality, Client]]:
    """Both with the browser of a coordinator there."""
    for code in (LARGEST, SMALL):
        client = Client(raise_request_exception=True)
        client.force_login(User.objects.get(email=f"coordinator1.{code}@example.fi"))
        yield Municipality.objects.get(code=code), client


def _pages(town: Municipality, client: Client, today: date) -> Iterator[Page]:
    yield from pages_of(town, today)
    yield from acts_of(town, client, today)
    yield from files_of(town, today)


def _line(page: Page, client: Client, cases: int, town: Municipality) -> Line:
    product, floor = (partial(_ask, client, path, page.data) for path in (page.path, "/floor/"))
    urls.measured[:] = [_floor_view(page, _body(page, product))]
    sizes = [len(ask()[1]) for ask in (product, floor)]
    counts = [_statements(ask) for ask in (product, floor)]
    times, floor_times = _turn_by_turn((product, floor), page.turns)
    median, floor_median = statistics.median(times), statistics.median(floor_times)
    return Line(
        name=page.name,
        cases=cases,
        municipality=town.name_fi,
        median_ms=round(median, 2),
        p95_ms=_p95(times),
        floor_ms=round(floor_median, 2),
        ratio=round(median / floor_median, 2),
        statements=counts[0],
        floor_statements=counts[1],
        bytes=sizes[0],
        floor_bytes=sizes[1],
        most_ms=page.most_ms,
    )


def _line_alone(page: Page, client: Client, cases: int, town: Municipality) -> LineAlone:
    ask = partial(_ask, client, page.path, page.data)
    _body(page, ask)
    statements = _statements(ask)
    [times] = _turn_by_turn((ask,), page.turns)
    median = round(statistics.median(times), 2)
    return LineAlone(page.name, cases, town.name_fi, median, _p95(times), statements, page.most_ms)


def _p95(times: Sequence[float]) -> float:
    return round(statistics.quantiles(times, n=20)[-1], 2)


def _import(cases: int, town: Municipality, today: date) -> Line:
    """Once: it takes seconds, and thousands of rows."""
    taken = imported(town, today)
    ms, floor_ms = round(taken.ms, 2), round(taken.floor_ms, 2)
    written = IMPORTED * len(FIRST_CONTACT)
    return Line(
        name=f"import of {IMPORTED} rows",
        cases=cases,
        municipality=town.name_fi,
        median_ms=ms,
        p95_ms=ms,
        floor_ms=floor_ms,
        ratio=round(ms / floor_ms, 2),
        statements=taken.statements,
        floor_statements=written,
        bytes=0,
        floor_bytes=0,
    )


def _ask(client: Client, path: str, data: Mapping[str, Any] | None) -> tuple[int, bytes]:
    """Status and body of the page; or `data` is sent, and what was written taken back, so that it can be sent again."""
    with transaction.atomic() if data is not None else nullcontext():
        response = client.get(path) if data is None else client.post(path, data)
        body = b"".join(response)
        if data is not None:
            transaction.set_rollback(True)
    return response.status_code, body


def _body(page: Page, ask: Callable[[], tuple[int, bytes]]) -> bytes:
    """The page as it is once it has said what the acts measured before have done. RuntimeError: it is no page."""
    ask()
    status, body = ask()
    if status != page.answers:
        raise RuntimeError(f"{page.name}: {page.path} answered {status}")
    return body


def _floor_view(page: Page, body: bytes) -> urls.Answer:
    cut: list[Any] = []

    def view(request: HttpRequest) -> HttpResponseBase:
        if not cut:
            cut.append(page.floor.cut(body, request))
        return page.floor.answer(cut[0], request)

    return view


def _statements(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for query in captured)


def _turn_by_turn(asks: Sequence[Callable[[], object]], turns: int) -> list[list[float]]:
    """Milliseconds of each, asked one after the other in every turn."""
    times: list[list[float]] = [[] for _ask in asks]
    for turn in range(WARM_UP + turns):
        for ask, taken in zip(asks, times, strict=True):
            gc.collect()
            start = time.perf_counter()
            ask()
            if turn >= WARM_UP:
                taken.append((time.perf_counter() - start) * 1000)
    return times
