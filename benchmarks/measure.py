"""Times each page against its floor in one process, turn by turn, so that both meet the same machine."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
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


def lines(cases: int, today: date) -> Iterator[Line]:
    """A line for each page, for the largest municipality and for a small one."""
    for code in (LARGEST, SMALL):
        town = Municipality.objects.get(code=code)
        client = Client(raise_request_exception=True)
        client.force_login(User.objects.get(email=f"coordinator1.{code}@example.fi"))
        for page in pages_of(town, today):
            yield _line(page, client, cases, town)
        for act in acts_of(town, client, today):
            yield _line(act, client, cases, town)
        for file in files_of(town, today):
            yield _line(file, client, cases, town)
        yield _import(cases, town, today)


def _line(page: Page, client: Client, cases: int, town: Municipality) -> Line:
    product, floor = (partial(_ask, client, path, page.data) for path in (page.path, "/floor/"))
    product()  # says, too, what the acts measured before have done
    status, body = product()
    if status != page.answers:
        raise RuntimeError(f"{page.name}: {page.path} answered {status}")
    urls.measured[:] = [_floor_view(page, body)]
    sizes = [len(ask()[1]) for ask in (product, floor)]
    counts = [_statements(ask) for ask in (product, floor)]
    times = _turn_by_turn(product, floor, page.turns)
    median, floor_median = (statistics.median(some) for some in times)
    return Line(
        name=page.name,
        cases=cases,
        municipality=town.name_fi,
        median_ms=round(median, 2),
        p95_ms=round(statistics.quantiles(times[0], n=20)[-1], 2),
        floor_ms=round(floor_median, 2),
        ratio=round(median / floor_median, 2),
        statements=counts[0],
        floor_statements=counts[1],
        bytes=sizes[0],
        floor_bytes=sizes[1],
    )


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


def _turn_by_turn(
    product: Callable[[], object], floor: Callable[[], object], turns: int
) -> tuple[list[float], list[float]]:
    times: tuple[list[float], list[float]] = [], []
    for turn in range(WARM_UP + turns):
        for ask, taken in zip((product, floor), times, strict=True):
            gc.collect()
            start = time.perf_counter()
            ask()
            if turn >= WARM_UP:
                taken.append((time.perf_counter() - start) * 1000)
    return times
