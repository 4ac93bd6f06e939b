"""Sheets such as municipalities keep: titles and empty rows, dates in four styles, stages in free words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, timedelta

import openpyxl
from django.utils import timezone

from cases.import_models import ImportBatch, ImportStep, NameOrder
from cases.sheets import actions
from cases.sheets.columns import guess_columns
from crm.models import Municipality, User
from tests.factories.crm import scope_of

HEADINGS = ("Pvm", "Nimi", "Puh.", "Sähköposti", "Mistä muuttaa", "Kunta", "Hlöä", "Syy", "Vaihe", "Huom.")
GROUPS = ("Yhteydenotto", "", "Yhteystiedot", "", "Muutto", "", "", "", "Tila", "")

GIVEN = ("Aino", "Eero", "Hilla", "Joel", "Kerttu", "Lauri", "Mervi", "Niilo", "Oskar", "Pekka", "Raili", "Sulo")
# Family names put together, so that two thousand people are no likely duplicates of each other.
FAMILY = (
    "Hopea",
    "Kallio",
    "Mustikka",
    "Vuori",
    "Petäjä",
    "Jänkä",
    "Ruska",
    "Tunturi",
    "Lumi",
    "Pyry",
    "Orava",
    "Kivi",
)
FAMILY_ENDS = (
    "lampi",
    "maa",
    "harju",
    "niemi",
    "korpi",
    "tausta",
    "pohja",
    "ranta",
    "selkä",
    "palo",
    "mäki",
    "suo",
    "joki",
    "vaara",
)


@dataclass
class Line:
    """A row as a coordinator types it; every cell may be empty."""

    on: object = "3.2.2025"
    name: str = "Testinen, Tiina"
    phone: object = ""
    email: str = ""
    moves_from: str = "Oulu"
    municipality: str = ""
    size: object = "1"
    reason: str = "työ"
    stage: str = ""
    note: str = ""


def csv_sheet(
    lines: Iterable[Line | Sequence[object]],
    *,
    headings: Sequence[str] = HEADINGS,
    title: str = "Yhteydenotot",
    encoding: str = "cp1252",
    delimiter: str = ";",
    newline: str = "\r\n",
) -> bytes:
    """A CSV file as Finnish Excel saves it: a title, an empty row, headings, rows. The first row is number 4."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline)
    width = len(headings)
    if title:
        writer.writerow([title, *[""] * (width - 1)])
        writer.writerow([""] * width)
    writer.writerow(headings)
    writer.writerows(map(_cells, lines))
    return text.getvalue().encode(encoding, errors="replace")


def xlsx_sheet(
    lines: Iterable[Line | Sequence[object]],
    *,
    headings: Sequence[str] = HEADINGS,
    groups: Sequence[str] = GROUPS,
    more_sheets: Sequence[tuple[str, Sequence[Sequence[object]]]] = (),
) -> bytes:
    """A workbook with a merged title, a merged row of groups above the headings and more sheets; rows from 5 on."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Muuttajat"
    sheet.append(["Muuttajat ja kiinnostuneet"])
    sheet.append([])
    sheet.append([group or None for group in groups])
    sheet.append(list(headings))
    for line in lines:
        sheet.append([None if cell == "" else cell for cell in _cells(line)])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(headings))
    for title, rows in more_sheets:
        other = book.create_sheet(title)
        for row in rows:
            other.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def many_lines(count: int, *, since: date = date(2024, 1, 8), municipality: str = "") -> list[Line]:
    """`count` different people, in the styles and states that real sheets mix."""
    stages = (
        "uusi",
        "",
        "kartoitettu",
        "suunnitelma",
        "muuttaa 11.4.",
        "asuu 22.4. alk.",
        "asuu jo",
        "tauolla",
        "ei muuta",
    )
    sizes = (1, "2+2", "3", "2 aik. 1 lapsi", "")
    lines = []
    for number in range(count):
        given = GIVEN[number % len(GIVEN)]
        family = FAMILY[number // len(GIVEN) % len(FAMILY)]
        family += FAMILY_ENDS[number // len(GIVEN) // len(FAMILY) % len(FAMILY_ENDS)]
        on = since + timedelta(days=number % 600)
        lines.append(
            Line(
                on=f"{on.day}.{on.month}.{on.year}" if number % 2 else on.isoformat(),
                name=f"{family}, {given}" if number % 3 else f"{given} {family}",
                phone=f"040 {1000000 + number}",
                email=f"{number}@sheet.example" if number % 4 else "",
                municipality=municipality,
                size=sizes[number % len(sizes)],
                stage=stages[number % len(stages)],
                note="koira mukana" if number % 5 else "",
            )
        )
    return lines


def checked_import(
    municipality: Municipality,
    by: User,
    content: bytes,
    *,
    file_name: str = "taulukko.csv",
    name_order: str = NameOrder.MIXED,
    stages: Mapping[str, str] | None = None,
    **answers,
) -> ImportBatch:
    """An import brought to the check through the actions, columns as guessed, stages too unless told."""
    at = timezone.now()
    batch = actions.start_batch(municipality=municipality, file_name=file_name, content=content, by=by, at=at)
    batch = actions.save_columns(batch=batch, columns=guess_columns(batch.headings, {}), name_order=name_order)
    if batch.step == ImportStep.STAGES:
        batch = actions.save_words(batch=batch, stages=stages or {}, stays={})
    answered = {
        "coordinator": by,
        "notice_version": "1",
        "notice_language": "fi",
        "notice_on": date(2024, 1, 1),
        "stay": "",
        "criteria_reason": "vanhasta taulukosta",
        "goal": "",
    }
    return actions.save_answers(batch=batch, scope=scope_of(by), at=at, **(answered | answers))


def run_chunk(batch: ImportBatch) -> ImportBatch:
    """The next rows, as its uploader's press of the button writes them."""
    return actions.run_chunk(
        batch=batch, seen=batch.done_through, scope=scope_of(batch.by), by=batch.by, at=timezone.now()
    )


def run_import(batch: ImportBatch) -> ImportBatch:
    """Chunk by chunk to the end."""
    while batch.step != ImportStep.DONE:
        batch = run_chunk(batch)
    return batch


def _cells(line: Line | Sequence[object]) -> tuple[object, ...]:
    return astuple(line) if isinstance(line, Line) else tuple(line)
