"""What is measured beside pages: the report on the screen and on paper, a list as a file, a sheet that is taken in."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from benchmarks import statements
from benchmarks.floor import Floor
from benchmarks.importing import Step, as_csv, measured, sheet_rows
from benchmarks.pages import Page, parameters, years_of
from benchmarks.writing import FIRST_CONTACT
from cases.models import Case
from contacts.models import Household, Person
from contacts.names import wanted_sound_keys
from crm.models import Municipality, User
from reports import pdf, telling
from reports.choosing import choose

EXPORTED = 10_000  # rows
IMPORTED = 2_000
FEW = 5  # turns of what takes long
MOST_PDF_MS, MOST_EXPORT_MS = 5000, 1000


class OnPaper(Floor):
    """The figures by hand-written SQL, and the drawing of a report that is there already."""

    def cut(self, body: bytes, request: HttpRequest) -> Any:
        return telling.report(choose(request).selection, made_on=request.today)  # type: ignore[attr-defined, arg-type]

    def answer(self, template: Any, request: HttpRequest) -> HttpResponse:
        self.read(request)
        return HttpResponse(pdf.draw(template), content_type="application/pdf")


class AsCsv(Floor):
    """One hand-written statement, and its rows as they come through the `csv` module."""

    def cut(self, body: bytes, request: HttpRequest) -> Any:
        return None

    def answer(self, template: Any, request: HttpRequest) -> HttpResponse:
        file = io.StringIO()
        csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL).writerows(self.read(request)[-1])
        return HttpResponse(file.getvalue(), content_type="text/csv")


def files_of(town: Municipality, today: date) -> list[Page]:
    """The report of a coordinator in `town`; where there are enough cases, a list of them as a file."""

    def asked(request: HttpRequest) -> dict[str, Any]:
        return parameters(request, today) | years_of(today)

    found = [
        Page("report", reverse("report"), Floor(statements.RESULTS, asked)),
        Page(
            "report as PDF", reverse("report_pdf"), OnPaper(statements.RESULTS, asked), turns=FEW, most_ms=MOST_PDF_MS
        ),
    ]
    newest = Case.objects.filter(municipality=town).order_by("-opened_on", "-pk").values_list("opened_on", flat=True)
    if last := newest[EXPORTED - 1 : EXPORTED]:
        since = {"state": "all", "opened_from": last[0].isoformat()}
        path = f"{reverse('case_list_export')}?{urlencode(since)}"
        floor = AsCsv(statements.EXPORT, lambda request: parameters(request, today) | {"since": last[0]})
        name, told = f"export of {EXPORTED} cases", {"format": "csv"}
        found.append(Page(name, path, floor, told, turns=FEW, most_ms=MOST_EXPORT_MS))
    return found


@dataclass(frozen=True)
class Taken:
    """What a sheet took from its upload to its last row, and the same households by hand."""

    ms: float
    floor_ms: float
    statements: int


def imported(town: Municipality, today: date) -> Taken:
    """A sheet imported over its pages, and taken back; and the same households written by hand-written SQL.

    By hand they are only read from the sheet and written, one after another, without a look for duplicates, without
    the steps that lead to the stage of each.
    """
    by = User.objects.get(email=f"coordinator1.{town.code}@example.fi")
    sheet = as_csv(sheet_rows(IMPORTED, today))
    steps: list[Step] = []
    ms = _timed(lambda: steps.extend(measured(sheet, by)))
    return Taken(ms, _timed(lambda: _by_hand(sheet, town, by, today)), sum(step.statements for step in steps))


def _timed(run: Callable[[], object]) -> float:
    """Milliseconds of `run`, which writes nothing that stays."""
    with transaction.atomic():
        start = time.perf_counter()
        run()
        taken = (time.perf_counter() - start) * 1000
        transaction.set_rollback(True)
    return taken


def _by_hand(sheet: bytes, town: Municipality, by: User, today: date) -> None:
    types = {"household_type": Household, "person_type": Person}
    common: dict[str, Any] = {name: ContentType.objects.get_for_model(model).pk for name, model in types.items()}
    common |= {"town": town.pk, "year": today.year, "today": today, "me": by.pk}
    literals = {"places": str(town.pk), "named": "0", "barred": "0"}
    with connection.cursor() as cursor:
        for row in csv.DictReader(io.StringIO(sheet.decode()), delimiter=";"):
            name = f"{row['Etunimi']} {row['Sukunimi']}"
            told = {"given": row["Etunimi"], "family": row["Sukunimi"], "name": name, "form_key": uuid4()}
            told |= {"email": row["Sähköposti"], "phone": row["Puhelin"]}
            told["sounds"] = sorted(wanted_sound_keys(row["Etunimi"], row["Sukunimi"]))
            for statement in FIRST_CONTACT:
                cursor.execute(statement.sql.format(**literals), common | told)
