"""Files of rows: no cell is a formula, any text comes back from our own import, and memory stays flat."""

from __future__ import annotations

import csv
import io
import re
import time
import tracemalloc
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape as openpyxl_unescape

from cases.sheets.reading import _clean, read_tables
from crm import spreadsheets
from crm.spreadsheets import Heading, as_csv, as_workbook, harmless, meant, plain

HEADINGS = [Heading("Nimi", 20), Heading("Puhelin", 20), Heading("Pvm", 12)]
FORMULAS = [
    "=1+1",
    "+358 40 123 4567",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "\u200b=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠a",
    "'=1+1",
    '=HYPERLINK("https://example.com";"a")',
]


def files(rows) -> dict[str, bytes]:
    return {
        "csv": b"".join(as_csv(HEADINGS, [rows])),
        "xlsx": b"".join(as_workbook("Muuttajat", HEADINGS, [rows])),
    }


def opened(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content)).active


@pytest.mark.parametrize("text", FORMULAS)
def test_what_may_be_a_formula_is_text(text: str) -> None:
    content = files([[text, "x", None]])
    [line] = content["csv"].decode("utf-8-sig").split("\r\n")[1:-1]
    assert line.startswith("\"'")
    cell = opened(content["xlsx"])["A2"]
    assert (cell.data_type, cell.value, cell.style_id and cell.quotePrefix) == ("s", plain(text), True)


@pytest.mark.parametrize("text", ["Aino", "040 123 4567", "Ääkkönen", "O'Brien", "a=b", "–", "1.2.2020", ""])
def test_any_other_text_stands_as_it_is(text: str) -> None:
    assert harmless(text) == text


@given(st.text(st.sampled_from("a=+'\n\t, \u200b＝") | st.characters(), max_size=200))
@example("''=x")
@example("a,'=x,'\t=y,\n'-z")
@example("'\t=x")
@example("'x")
def test_what_was_meant_comes_back(text: str) -> None:
    assert meant(harmless(text)) == text


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@given(text=st.text(st.sampled_from("a=+-@,;\t\n \"'"), max_size=12))
@example(text="Koti,=1+1,x")
@example(text="Koti\n=1+1")
def test_no_cell_is_a_formula_where_another_separator_is_meant(delimiter: str, text: str) -> None:
    content = files([["Aino", text, text]])["csv"].decode("utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter) for cell in line]
    assert not [cell for cell in cells if cell.lstrip(" \t").startswith(("=", "+", "-", "@"))]


def test_the_time_a_text_takes_grows_as_its_length_does() -> None:
    started = time.perf_counter()
    for text in (", " * 30_000, " " * 60_000, ",\n" * 30_000, "," + "'" * 60_000):
        assert meant(harmless(text)) == text
    assert time.perf_counter() - started < 2


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cn", "Co"]), max_size=60), min_size=1, max_size=4))
@example(["'=1+1", "+358401234567", 'a";"=b', "a,=b"])
@example(["_x0041_", "_x005F_x0041_", "_x005F_", "__x000d__x000D_"])
@example(["\x7f", "\x00=", "Kunta\u00a0A"])
@example(["rivi\n=toinen", "\x00=", "]]>&<"])
def test_any_text_comes_back_from_our_own_import(texts: list[str]) -> None:
    rows = [["Aino", text, None] for text in texts]
    for file_format, content in files(rows).items():
        [table] = read_tables(content)
        assert [cells[1] for _number, cells in table.rows] == [_clean(text) for text in texts], file_format


def test_a_text_that_looks_like_an_escape_of_excel_is_written_as_one() -> None:
    """Excel reads «_x0041_» as A, and openpyxl as it stands: so the file is looked at as it is."""
    with zipfile.ZipFile(io.BytesIO(files([["_x0041_", "_x005F_x000d_", None]])["xlsx"])) as archive:
        texts = re.findall(r"<t [^>]*>(\w+)</t>", archive.read("xl/worksheets/sheet1.xml").decode())
    assert texts[3:] == ["_x005F_x0041_", "_x005F_x005F_x005F_x000d_"]
    assert [openpyxl_unescape(text) for text in texts[3:]] == ["_x0041_", "_x005F_x000d_"]


def test_dates_and_numbers_are_what_they_are() -> None:
    content = files([["Aino", 3, date(2026, 12, 1)], ["Oona", 2.5, None]])
    assert content["csv"].decode("utf-8-sig") == (
        '"Nimi";"Puhelin";"Pvm"\r\n"Aino";3;"2026-12-01"\r\n"Oona";"2,5";""\r\n'
    )
    sheet = opened(content["xlsx"])
    assert [sheet["B2"].value, sheet["B3"].value, sheet["C2"].value.date()] == [3, 2.5, date(2026, 12, 1)]
    assert sheet["C2"].is_date
    for part in content.values():
        [table] = read_tables(part)
        assert table.rows[0][1][2] == "2026-12-01"


def test_the_workbook_has_bold_headings_that_stay_in_sight() -> None:
    sheet = opened(files([["Aino", "", None]])["xlsx"])
    assert sheet.title == "Muuttajat"
    assert (sheet["A1"].font.b, sheet["A2"].font.b) == (True, False)
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].width == 20


def test_the_title_of_a_sheet_is_one_that_excel_takes() -> None:
    content = b"".join(as_workbook("'Tulokset: [2025/2026] \"kaikki\" & muut, kunnat ja jaksot'", HEADINGS, []))
    assert opened(content).title == 'Tulokset   2025 2026  "kaikki"'


@pytest.mark.parametrize(("title", "name"), [("[/]", "1"), ("'", "1"), (f"{'a' * 30}'b", "a" * 30), ("a\nb", "a b")])
def test_a_sheet_has_a_name_whatever_somebody_called_it(title: str, name: str) -> None:
    assert opened(b"".join(as_workbook(title, HEADINGS, []))).title == name


def test_each_part_of_the_workbook_is_whole() -> None:
    with zipfile.ZipFile(io.BytesIO(files([["Aino", "", None]])["xlsx"])) as archive:
        assert archive.testzip() is None


def test_more_rows_than_a_worksheet_holds_break_the_file(monkeypatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 3)
    with pytest.raises(OverflowError):
        list(as_workbook("a", HEADINGS, [[["a", "b", None]] * 2] * 2))


@pytest.mark.parametrize("write", [as_csv, lambda *args: as_workbook("a", *args)], ids=["csv", "xlsx"])
def test_ten_times_the_rows_take_no_more_memory(write) -> None:
    def peak(batches: int) -> int:
        rows = ([[f"Aino {at}", "+358 40", date(2026, 1, 1)] for at in range(500)] for _batch in range(batches))
        tracemalloc.start()
        for _part in write(HEADINGS, rows):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(1)
    assert peak(40) < peak(4) * 1.2
