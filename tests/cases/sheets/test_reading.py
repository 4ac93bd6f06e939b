"""Bytes to tables: encodings, separators, headings, row numbers, and what is refused."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.sheets import reading
from cases.sheets.reading import read_tables
from crm.refusal import Refused
from tests.factories import MunicipalityFactory, coordinator_of
from tests.factories.sheets import GROUPS, HEADINGS, Line, csv_sheet, xlsx_sheet

LINES = [Line(name="Öhman, Åke"), Line(name="Järvinen, Päivi", note="puoliso; kaksi lasta")]


def only(content: bytes) -> reading.Table:
    [table] = read_tables(content)
    return table


def names(table: reading.Table) -> list[str]:
    return [cells[1] for _number, cells in table.rows]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_text_in_every_encoding_and_separator(encoding, delimiter, newline):
    table = only(csv_sheet(LINES, encoding=encoding, delimiter=delimiter, newline=newline))
    assert table.headings == HEADINGS
    assert names(table) == ["Öhman, Åke", "Järvinen, Päivi"]
    assert table.rows[1][1][-1] == "puoliso; kaksi lasta"


def test_commas_in_the_cells_do_not_pass_for_the_separator():
    rows = [("3.2.2025", "Järvinen, Päivi", "puoliso, kaksi lasta, koira")] * 3
    table = only(csv_sheet(rows, headings=("Pvm", "Nimi", "Huom."), title=""))
    assert names(table) == ["Järvinen, Päivi"] * 3


def test_rows_keep_the_numbers_of_the_spreadsheet():
    content = csv_sheet([Line(), [""] * 10, Line(), ["2025 jatkuu", *[""] * 9], Line()])
    assert [number for number, _cells in only(content).rows] == [4, 6, 7, 8]


def test_a_line_break_inside_a_cell_is_one_row():
    content = csv_sheet([Line(note="ensin\nsitten"), Line()])
    assert [number for number, _cells in only(content).rows] == [4, 5]
    assert only(content).rows[0][1][-1] == "ensin sitten"


def test_excels_own_separator_line_is_no_row():
    content = b"sep=,\r\n" + csv_sheet([Line()], delimiter=",", title="")
    assert [number for number, _cells in only(content).rows] == [2]


def test_headings_on_the_first_row_without_a_title():
    assert [number for number, _cells in only(csv_sheet([Line()], title="")).rows] == [2]


def test_headings_nobody_knows_are_the_first_row_of_words():
    table = only("Aika;Kuka;Mitä\n1.2.2025;Aino;soitti\n".encode())
    assert table.headings == ("Aika", "Kuka", "Mitä")


def test_rows_shorter_and_longer_than_the_headings():
    table = only(b"Pvm;Nimi;Kunta\n1.2.2025;Aino\n2.2.2025;Eero;Posio;x;y\n")
    assert table.headings == ("Pvm", "Nimi", "Kunta", "", "")
    assert [cells for _number, cells in table.rows] == [
        ("1.2.2025", "Aino", "", "", ""),
        ("2.2.2025", "Eero", "Posio", "x", "y"),
    ]


def test_a_workbook_with_two_rows_of_headings_dates_and_numbers():
    table = only(xlsx_sheet([Line(datetime(2025, 2, 3), phone=400316238, size=4), Line(date(2025, 3, 4), size=2.0)]))  # noqa: DTZ001
    assert table.title == "Muuttajat"
    assert table.headings == HEADINGS
    assert [number for number, _cells in table.rows] == [5, 6]
    assert table.rows[0][1][0] == "2025-02-03"
    assert table.rows[0][1][2] == "400316238"
    assert table.rows[1][1][6] == "2"


def test_headings_alike_are_told_apart_by_the_group_above():
    headings = ("Pvm", "Nimi", "Puh.", "Sähköposti", "Pvm", "Kunta", "Hlöä", "Syy", "Vaihe", "Huom.")
    assert only(xlsx_sheet([Line()], groups=GROUPS, headings=headings)).headings[4] == "Muutto: Pvm"


def test_a_formula_stays_text():
    content = xlsx_sheet([Line(note='=HYPERLINK("http://example.com";"x")'), Line(note="=1+1")])
    assert [cells[-1] for _number, cells in only(content).rows] == ['=HYPERLINK("http://example.com";"x")', "=1+1"]


def test_each_sheet_with_rows_is_a_table_and_notes_and_hidden_sheets_are_not():
    more = [
        ("Ohje", [["Täytä Vaihe-sarake"]]),
        ("Vanhat", [HEADINGS, ["1.1.2020", "Vanha, Väinö", "", "", "", "", "1"]]),
    ]
    assert [table.title for table in read_tables(xlsx_sheet([Line()], more_sheets=more))] == ["Muuttajat", "Vanhat"]
    book = openpyxl.load_workbook(io.BytesIO(xlsx_sheet([Line()], more_sheets=more)))
    book["Vanhat"].sheet_state = "hidden"
    hidden = io.BytesIO()
    book.save(hidden)
    assert [table.title for table in read_tables(hidden.getvalue())] == ["Muuttajat"]


def test_control_characters_are_gone_and_cells_end_somewhere():
    content = csv_sheet([Line(note="a\x00b\x07c" + "x" * 6000)], encoding="utf-8")
    note = only(content).rows[0][1][-1]
    assert note.startswith("a b c")
    assert len(note) == reading.MAX_CELL
    assert note.endswith(reading.CUT)


def archive(**files: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name, text in files.items():
            made.writestr(name.replace("__", "/").replace("_", "."), text)
    return content.getvalue()


def entities() -> bytes:
    """A workbook whose sheet asks the reader to multiply an entity (billion laughs)."""
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    source = io.BytesIO(xlsx_sheet([Line()]))
    content = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name.endswith("sheet1.xml"):
                text = text.replace(b"<worksheet", bomb.encode() + b"<worksheet", 1).replace(b"<v>", b"<v>&b;", 1)
            new.writestr(name, text)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "tyhjä"),
        (b"  \r\n ", "tyhjä"),
        (b"%PDF-1.7\n1 0 obj", "ei ole taulukko"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "ei ole taulukko"),
        (bytes(range(256)) * 20, "ei ole taulukko"),
        (archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "ei ole taulukko"),
        (b"PK\x03\x04 broken", "ei ole taulukko"),
        (archive(xl__workbook_xml="<broken"), "ei ole taulukko"),
        (entities(), "ei ole taulukko"),
        (reading.OLE + b"\0" * 600, "vanhaa .xls-muotoa"),
        (reading.OLE + b"\0" * 600 + reading.ENCRYPTED, "salasanalla"),
        (b"vain yksi sana", "ei löytynyt otsikoita"),
        (csv_sheet([]), "ei rivejä niiden alla"),
        (csv_sheet([[""] * 10, [""] * 10]), "ei rivejä niiden alla"),
        (xlsx_sheet([]), "ei rivejä niiden alla"),
        (b"x" * (reading.MAX_BYTES + 1), f"{reading.MAX_MEGABYTES} megatavua"),
        (b'Pvm;Nimi;Kunta\n1.2.2025;"' + b"x" * 200_000, "lainausmerkki"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(content, says):
    with pytest.raises(Refused, match=says):
        read_tables(content)


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    assert len(only(csv_sheet([Line()] * 3)).rows) == 3
    with pytest.raises(Refused, match="yli 3 riviä"):
        read_tables(csv_sheet([Line()] * 4))


@pytest.mark.parametrize("sheet", [csv_sheet, xlsx_sheet])
def test_no_row_is_lost_unnoticed_after_empty_ones(monkeypatch, sheet):
    monkeypatch.setattr(reading, "MAX_ROWS", 8)
    monkeypatch.setattr(reading, "EMPTY_TAIL", 4)
    empty = [""] * 10
    assert len(only(sheet([Line(), *[empty] * 4, Line()])).rows) == 2
    assert len(only(sheet([Line(), Line(), *[empty] * 20])).rows) == 2
    with pytest.raises(Refused, match="yli 8 riviä"):
        read_tables(sheet([Line(), *[empty] * 5, *[Line()] * 4]))


@pytest.mark.parametrize("sheet", [csv_sheet, xlsx_sheet])
def test_what_stands_beyond_the_last_column_is_refused_and_not_cut_unnoticed(sheet):
    filler = [""] * (reading.MAX_COLUMNS - 11)
    headings = [*HEADINGS, *filler]
    inside, beyond = (
        sheet([["3.2.2025", *[""] * 9, *filler, *more]], headings=headings) for more in (["x"], ["", "x"])
    )
    assert only(inside).rows[0][1][-1] == "x"
    with pytest.raises(Refused, match="sarakkeen numero 60"):
        read_tables(beyond)


def test_the_form_names_the_limits_as_they_are(client, db):
    client.force_login(coordinator_of(MunicipalityFactory()))
    page = client.get(reverse("import_new")).text
    assert f"{reading.MAX_MEGABYTES} megatavua" in page
    assert "25\xa0000 riviä" in page


def test_a_workbook_that_grows_when_unpacked_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(reading, "MAX_UNPACKED", 1000)
    with pytest.raises(Refused, match="purettuna"):
        read_tables(xlsx_sheet([Line()]))


def is_read_or_refused(content: bytes) -> bool:
    """Whether the bytes give tables, or a refusal that says something; any other exception is a crash."""
    try:
        return bool(read_tables(content))
    except Refused as refused:
        return bool(refused.reasons)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content):
    assert is_read_or_refused(content)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused(data):
    content = bytearray(WORKBOOK)
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    assert is_read_or_refused(bytes(content[: data.draw(st.integers(1, len(content)))]))


WORKBOOK = xlsx_sheet([Line(), Line(date(2025, 1, 2))])


# Cells as people write them: letters, digits and the marks that a CSV file has to quote.
CELLS = st.text(st.characters(categories=("L", "N"), include_characters=" ,;|\"'\t\n.-+@()"), max_size=20)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
def test_what_a_spreadsheet_writes_comes_back(rows):
    """Each row comes back whole under its own number; the first cell is a date, as in every sheet."""
    rows = [("3.2.2025", *cells) for cells in rows]
    content = csv_sheet(rows, headings=("Pvm", "Nimi", "Kunta"), title="", encoding="utf-8")
    expected = [(number, tuple(map(reading._clean, cells))) for number, cells in enumerate(rows, 2)]
    assert list(only(content).rows) == expected
