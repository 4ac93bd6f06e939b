"""Times each page against its floor in one process, turn by turn, so that both meet the same machine."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import Template
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import urls
from benchmarks.pages import Page, acts_of, pages_of
from benchmarks.population import LARGEST, SMALL
from crm.models import Municipality, User

WARM_UP, TURNS = 4, 25


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


def _line(page: Page, client: Client, cases: int, town: Municipality) -> Line:
    product, floor = (partial(_ask, client, path, page.data) for path in (page.path, "/floor/"))
    first = product()
    if first.status_code != (HTTPStatus.OK if page.data is None else HTTPStatus.FOUND):
        raise RuntimeError(f"{page.name}: {page.path} answered {first.status_code}")
    urls.measured[:] = [_floor_view(page, first.content.decode())]
    bodies = product(), floor()
    counts = [_statements(ask) for ask in (product, floor)]
    times = _turn_by_turn(product, floor)
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
        bytes=len(bodies[0].content),
        floor_bytes=len(bodies[1].content),
    )


def _ask(client: Client, path: str, data: Mapping[str, Any] | None) -> Any:
    """Get the page; or send `data` there and take back what was written, so that it can be sent again."""
    if data is None:
        return client.get(path)
    with transaction.atomic():
        response = client.post(path, data)
        transaction.set_rollback(True)
    return response


def _floor_view(page: Page, html: str) -> urls.Answer:
    cut: list[Template] = []

    def view(request: HttpRequest) -> HttpResponse:
        if not cut:
            cut.append(page.floor.cut(html, request))
        return page.floor.answer(cut[0], request)

    return view


def _statements(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for query in captured)


def _turn_by_turn(product: Callable[[], object], floor: Callable[[], object]) -> tuple[list[float], list[float]]:
    times: tuple[list[float], list[float]] = [], []
    for turn in range(WARM_UP + TURNS):
        for ask, taken in zip((product, floor), times, strict=True):
            gc.collect()
            start = time.perf_counter()
            ask()
            if turn >= WARM_UP:
                taken.append((time.perf_counter() - start) * 1000)
    return times
