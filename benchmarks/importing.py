"""An import of any size over its own pages: uploaded, answered, checked and written as a browser would have it done."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path
from random import Random

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from benchmarks.filling import filled
from benchmarks.population import FAMILIES
from benchmarks.table import in_columns, marked
from crm.management.demo import names
from crm.models import User

ROWS = 20_000
MOST_SECONDS, MOST_MB = 60, 300  # for ROWS rows

HEADINGS = [
    "Yhteydenotto",
    "Sukunimi",
    "Etunimi",
    "Puhelin",
    "Sähköposti",
    "Lähtöpaikka",
    "Henkilöitä",
    "Syy",
    "Vaihe",
    "Muuttopäivä",
    "Tulopäivä",
    "Syntymävuosi",
    "Kieli",
    "Tavoite",
    "Muistiinpanot",
]
_PLACES = ("Helsinki", "Oulu", "Rovaniemi", "Malaga, Espanja", "Kiova, Ukraina", "Tampere", "Bangkok, Thaimaa", "")
_STAGES = ("uusi", "", "kartoitettu", "suunnitelma", "muuttaa", "asuu", "asuu jo", "tauolla", "ei muuta", "asettunut")
_REASONS = ("työ", "perhe", "opiskelu", "paluumuutto", "etätyö", "eläke", "suojelu", "")
_LANGUAGES = ("suomi", "ruotsi", "englanti", "ukraina", "arabia", "thai", "venäjä", "")
_WORDS = [
    "kyseli",
    "vuokra-asunnoista",
    "keskustasta",
    "ja",
    "koulupaikoista",
    "soitetaan",
    "uudelleen",
    "kun",
    "työsopimus",
    "selviää",
    "puoliso",
    "hakee",
    "töitä",
    "hotellista",
    "lapsi",
    "aloittaa",
    "esikoulun",
    "syksyllä",
    "koira",
    "mukana",
    "auto",
    "on",
    "toivoo",
    "taloa",
    "järven",
    "rannalta",
    "kävi",
    "tutustumassa",
    "pyysi",
    "esitteen",
    "sähköpostilla",
    "odottaa",
    "vastausta",
    "pankista",
]


@dataclass(frozen=True)
class Step:
    """What one part of the import took. Seconds of the clock and of this process, megabytes of its peak since start."""

    name: str
    requests: int
    seconds: float
    cpu: float
    longest: float
    statements: int
    peak_mb: float


def sheet_rows(count: int, today: date, seed: int = 1) -> Iterator[Sequence[object]]:
    """`count` households in fifteen columns, the same ones for a seed: made-up names, numbers and notes."""
    rng = Random(seed)
    cultures = (names.FINNISH,) * 7 + (names.UKRAINIAN, names.ARABIC, names.THAI, names.SWEDISH)
    for number in range(count):
        culture = rng.choice(cultures)
        given = culture.given(rng, rng.choice(("woman", "man")))
        family = rng.choice(FAMILIES) if culture is names.FINNISH else culture.family(rng)
        on = today - timedelta(days=rng.randrange(40, 2000))
        later = on + timedelta(days=rng.randrange(5, 35))
        stage = rng.choice(_STAGES)
        yield (
            on if number % 2 else f"{on.day}.{on.month}.{on.year}",
            family,
            given,
            f"04{rng.randrange(10)} {rng.randrange(10**6, 10**7)}" if rng.random() < 0.8 else "",
            f"{seed}.{number}@sheet.example.fi" if rng.random() < 0.7 else "",
            rng.choice(_PLACES),
            rng.choice((1, 1, 1, 2, "2+2", "3", "2 aik. 1 lapsi", "")),
            rng.choice(_REASONS),
            stage,
            later if stage == "muuttaa" else "",
            later if stage in ("asuu", "asettunut") else "",
            rng.randrange(1950, 2005) if rng.random() < 0.5 else "",
            rng.choice(_LANGUAGES),
            rng.choice(("koti ja työ", "", "")),
            " ".join(rng.choices(_WORDS, k=rng.randrange(30))),
        )


def as_csv(rows: Iterator[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADINGS)
    writer.writerows(rows)
    return text.getvalue().encode()


def as_workbook(rows: Iterator[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Muuttajat")
    sheet.append(HEADINGS)
    for row in rows:
        sheet.append([None if cell == "" else cell for cell in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def measured(content: bytes, by: User, *, file_name: str = "muuttajat.csv") -> list[Step]:
    """Import the sheet as `by`'s browser would, page by page; what each part took."""
    pages = _Pages(by)
    pages.upload(file_name, content)
    pages.answer()
    pages.run()
    return pages.steps


def told(steps: Sequence[Step]) -> tuple[str, bool]:
    """The steps of an import of ROWS rows and their sum as a table, and whether all is within its bounds («!»: not)."""
    total = Step(
        "all of it",
        sum(step.requests for step in steps),
        sum(step.seconds for step in steps),
        sum(step.cpu for step in steps),
        max(step.longest for step in steps),
        sum(step.statements for step in steps),
        max(step.peak_mb for step in steps),
    )
    rows = [
        (
            step.name,
            str(step.requests),
            marked(f"{step.seconds:.2f}", step.seconds <= MOST_SECONDS),
            f"{step.cpu:.2f}",
            f"{step.longest:.2f}",
            str(step.statements),
            marked(f"{step.peak_mb:.1f}", step.peak_mb <= MOST_MB),
        )
        for step in (*steps, total)
    ]
    return in_columns(("step", "requests", "s", "CPU s", "longest s", "SQL", "peak MB"), rows)


class _Pages:
    def __init__(self, by: User) -> None:
        self.by, self.client, self.address = by, Client(), ""
        self.steps: list[Step] = []
        self.client.force_login(by)

    def upload(self, file_name: str, content: bytes) -> None:
        municipality = self.by.memberships.get().group.role_group.municipality_id
        data = {"municipality": municipality, "file": SimpleUploadedFile(file_name, content)}
        with self._step("upload"):
            self.address = self._post("/import/new/", data).url.removesuffix("columns/")

    def answer(self) -> None:
        with self._step("columns"):
            form = self._form(f"{self.address}columns/")
            self._post(f"{self.address}columns/", form)
        with self._step("words"):
            form = self._form(f"{self.address}stages/")
            self._post(f"{self.address}stages/", form)
        with self._step("questions and check"):
            form = self._form(f"{self.address}questions/")
            form |= {"notice_given": "yes", "notice_version": "1", "notice_language": "fi"}
            self._post(f"{self.address}questions/", form | {"criteria_reason": "taulukosta", "goal": "koti"})
            self._check_on()
        with self._step("page of the check"):
            self._get(f"{self.address}check/")

    def run(self) -> None:
        with self._step("import"):
            self._go_on(f"{self.address}running/", "0")
        with self._step("page of the result"):
            self._get(f"{self.address}done/")

    def _check_on(self) -> None:
        """Let the page of the check go on by itself, where the sheet is a large one."""
        if seen := _SEEN.search(self._get(f"{self.address}check/").text.partition("import-progress")[2]):
            self._go_on(f"{self.address}check/", seen[1])

    def _go_on(self, address: str, seen: str) -> None:
        """Ask for the next rows until the page sends on."""
        while (response := self._post(address, {"seen": seen}, htmx=True)).status_code != HTTPStatus.NO_CONTENT:
            [seen] = _SEEN.findall(response.text)

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        self._requests, self._longest = 0, 0.0
        start, cpu, counter = time.perf_counter(), time.process_time(), _Counter()
        with connection.execute_wrapper(counter):
            yield
        self.steps.append(
            Step(
                name,
                self._requests,
                round(time.perf_counter() - start, 2),
                round(time.process_time() - cpu, 2),
                round(self._longest, 2),
                counter.statements,
                peak_mb(),
            )
        )

    def _form(self, address: str) -> dict[str, str]:
        return filled(self._get(address).text)

    def _get(self, address: str):
        return self._timed(lambda: self.client.get(address), {200})

    def _post(self, address: str, data: dict, *, htmx: bool = False):
        headers = {"HX-Request": "true", "HX-Target": "import-progress"} if htmx else {}
        return self._timed(lambda: self.client.post(address, data, headers=headers), {200, 204, 302})

    def _timed(self, ask: Callable, expected: set[int]):
        start = time.perf_counter()
        response = ask()
        self._requests, self._longest = self._requests + 1, max(self._longest, time.perf_counter() - start)
        if response.status_code not in expected:
            raise RuntimeError(
                f"{response.request['PATH_INFO']} answered {response.status_code}: {response.text[:500]}"
            )
        return response


_SEEN = re.compile(r'name="seen" value="(\d+)"')


class _Counter:
    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute, sql, params, many, context):
        self.statements += 1
        return execute(sql, params, many, context)


def peak_mb() -> float:
    """The most memory this process has had, in megabytes; 0 where the system does not tell (Linux does)."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return round(int(found[1]) / 1024, 1) if found else 0.0
