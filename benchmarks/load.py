"""Half an hour's office load of 200 coordinators squeezed into two minutes, against the real server.

Each coordinator does something every two and a half minutes on the average (`ACTS_EACH` in half an hour; it takes one
to three requests), at moments drawn beforehand. Nobody waits with the next act because the server is slow: the time of
an act's first request counts from the moment it was to be sent, so that what piles up is seen.
"""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

from benchmarks.office import Coordinator, act
from benchmarks.server import Server

SQUEEZED_INTO = 120.0  # seconds
ACTS_EACH = 12
AT_ONCE = 8  # who ask non-stop, to see how much the server can do
MOST_P95_MS = 300
MOST_MEMORY_MB = 200
LEVEL = 1.1  # at most so many times as much memory in the last quarter as in the second
_FINE = {HTTPStatus.OK, HTTPStatus.NO_CONTENT, HTTPStatus.FOUND}


@dataclass
class Seen:
    """What was seen of the server: milliseconds of each request by name, what went wrong, megabytes of each worker."""

    milliseconds: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    memory: dict[int, list[float]] = field(default_factory=dict)
    seconds: float = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, name: str, milliseconds: float, error: str) -> None:
        with self._lock:
            self.milliseconds.setdefault(name, []).append(milliseconds)
            if error:
                self.errors[f"{name}: {error}"] += 1

    @property
    def requests(self) -> int:
        return sum(map(len, self.milliseconds.values()))

    @property
    def level(self) -> bool:
        """Whether each worker held as much memory at the end as after its first half."""
        return all(
            statistics.mean(told[-quarter:]) <= LEVEL * statistics.mean(told[quarter : 2 * quarter])
            for told in self.memory.values()
            if (quarter := len(told) // 4)
        )


class Browser:
    """Asks the server for one coordinator, one request after another."""

    def __init__(self, server: Server, coordinator: Coordinator, seen: Seen) -> None:
        self._server, self._seen = server, seen
        self._cookies = {"sessionid": coordinator.cookie}
        self.due = time.perf_counter()  # when the next request was to be sent

    def ask(self, name: str, path: str, data: Mapping[str, Any] | None = None, part: str = "") -> str:
        """The body of the answer; with `part` as htmx asks for what it puts there."""
        headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in self._cookies.items())}
        if part:
            headers |= {"HX-Request": "true", "HX-Target": part, "HX-Current-URL": f"http://127.0.0.1{path}"}
        if data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            data = {**data, "csrfmiddlewaretoken": self._cookies.get("csrftoken", "")}
        body, error = "", ""
        try:
            body, error = self._answer(path, data, headers)
        except (OSError, http.client.HTTPException) as failure:
            error = type(failure).__name__
        now = time.perf_counter()
        self._seen.note(name, (now - self.due) * 1000, error)
        self.due = now
        return body

    def _answer(self, path: str, data: Mapping[str, Any] | None, headers: Mapping[str, str]) -> tuple[str, str]:
        """The body, and what is wrong with the answer."""
        with closing(self._server.connect()) as connection:
            connection.request("GET" if data is None else "POST", path, urlencode(data or {}), dict(headers))
            response = connection.getresponse()
            for told in response.headers.get_all("Set-Cookie", ()):
                name, _, value = told.partition(";")[0].partition("=")
                self._cookies[name] = value
            body = response.read().decode(errors="replace")  # a PDF is no text
        return body, "" if response.status in _FINE else str(response.status)


def office_hours(server: Server, staff: Sequence[Coordinator], rng: Random, seconds: float = SQUEEZED_INTO) -> Seen:
    """All that `staff` does, at their moments."""
    seen = Seen()
    stop = threading.Event()
    watching = threading.Thread(target=_watch_memory, args=(server, seen, stop))
    watching.start()
    start = time.perf_counter()
    threads = [
        threading.Thread(target=_work, args=(server, one, sorted(_moments(rng, seconds)), start, seen)) for one in staff
    ]
    _run(threads)
    seen.seconds = time.perf_counter() - start
    stop.set()
    watching.join()
    return seen


def non_stop(server: Server, staff: Sequence[Coordinator], seconds: float) -> Seen:
    """As many at once as there are in `staff`, each asking again as soon as they have their answer."""
    seen, start = Seen(), time.perf_counter()

    def ask_on(one: Coordinator) -> None:
        browser = Browser(server, one, seen)
        while time.perf_counter() - start < seconds:
            act(one, browser.ask)

    _run([threading.Thread(target=ask_on, args=(one,)) for one in staff])
    seen.seconds = time.perf_counter() - start
    return seen


def _moments(rng: Random, seconds: float) -> list[float]:
    return [rng.uniform(0, seconds) for _act in range(ACTS_EACH)]


def _work(server: Server, coordinator: Coordinator, moments: Sequence[float], start: float, seen: Seen) -> None:
    browser = Browser(server, coordinator, seen)
    for moment in moments:
        time.sleep(max(0.0, start + moment - time.perf_counter()))
        browser.due = start + moment
        act(coordinator, browser.ask)


def _watch_memory(server: Server, seen: Seen, stop: threading.Event) -> None:
    while not stop.wait(0.5):
        for worker in server.workers():
            seen.memory.setdefault(worker, []).append(_megabytes(worker))


def _megabytes(pid: int) -> float:
    """What a process holds in memory, shared parts included (Linux)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def _run(threads: Sequence[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def told(seen: Seen, most: Seen) -> tuple[str, dict[str, Any], bool]:
    """What was seen as a table in Markdown, as data, and whether it reaches what it must."""
    named = {"all requests": [ms for some in seen.milliseconds.values() for ms in some], **seen.milliseconds}
    quantiles = {name: _quantiles(some) for name, some in named.items()}
    lines = ["| request | count | p50 ms | p95 ms | p99 ms |", "| --- | --- | --- | --- | --- |"]
    for name, (p50, p95, p99) in quantiles.items():
        lines.append(f"| {name} | {len(named[name])} | {p50:.0f} | {p95:.0f} | {p99:.0f} |")
    p50, p95, p99 = quantiles["all requests"]
    per_second, most_per_second = (round(some.requests / some.seconds, 1) for some in (seen, most))
    errors = seen.errors + most.errors
    highest = max((megabytes for some in seen.memory.values() for megabytes in some), default=0)
    memory = [f"{some[0]:.0f} MB at first, {some[-1]:.0f} at the end" for some in seen.memory.values()]
    lines += [
        "",
        f"{per_second} requests a second; {most_per_second} when {AT_ONCE} ask non-stop",
        f"Errors: {dict(errors) or 'none'}",
        f"Memory of each worker: {'; '.join(memory)}; {'level' if seen.level else 'NOT LEVEL'}",
    ]
    data = {
        "requests": seen.requests,
        "per_second": per_second,
        "most_per_second": most_per_second,
        "p50_ms": p50,
        "p95_ms": p95,
        "p99_ms": p99,
        "errors": dict(errors),
        "memory_mb": round(highest),
        "memory_level": seen.level,
    }
    reached = not errors and p95 <= MOST_P95_MS and highest <= MOST_MEMORY_MB and seen.level
    return "\n".join(lines), data, reached


def _quantiles(some: Sequence[float]) -> tuple[float, float, float]:
    if len(some) < 2:
        return some[0], some[0], some[0]
    cuts = statistics.quantiles(some, n=100, method="inclusive")
    return round(cuts[49], 1), round(cuts[94], 1), round(cuts[98], 1)
