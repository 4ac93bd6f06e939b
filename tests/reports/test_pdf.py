"""The report on paper: what it says, in whose faces, and what a screen reader gets of it."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.utils import translation
from pypdf import PdfReader

import reports.pdf
from reports import pdf
from reports.chart import Bar, Series, bars, lines
from reports.report import KeyFigure, Report, Section
from reports.table import Cell, Column, Row, Table, Unit

PLACES = ("Maarianhamina – Mariehamn", "Koski Tl", "Pedersören kunta", "Uusikaarlepyy", "Pello", "Posio", "Kemijärvi")


def table_of(places=PLACES[:1], **changes) -> Table:
    columns = (*(Column(place, place) for place in places), *((Column("total", "Yhteensä"),) if places[1:] else ()))
    rows = tuple(
        Row(key, label, tuple(Cell(number + n, 9, 9) for n in range(len(columns))), is_total=number > 20)
        for key, label, number in (
            ("a", "Alle 16-vuotiaat", 11),
            ("b", "16 vuotta täyttäneet ja ne, joiden ikä ei ole tiedossa", 12),
            ("c", "Uudet asukkaat", 23),
        )
    )
    table = Table("new", "Uudet asukkaat", "Kunnassa <asuvat> & pysyvästi.", Unit.PERSONS, columns, rows)
    return replace(table, **changes)


def report_of(*sections: Section, **changes) -> Report:
    told = Report(
        title="Asettautumispalvelut: raportti",
        municipalities=PLACES[:1],
        period="2025",
        days="1.1.–31.12.2025",
        made_on=date(2026, 11, 24),
        audience="Johto",
        rule="Tarkat luvut.",
        summary=(
            KeyFigure("settled", "settled", "Asettuneet henkilöt", "122", "2024: 91", "+34 %", is_better=True),
            KeyFigure("time", "", "Yhteydenotosta asettuneeksi", "Peitetty", is_hidden=True),
        ),
        sections=sections or (Section(table_of(), bars("Uudet asukkaat", [Bar("Alle 16-vuotiaat", 11, "11")])),),
        language="fi",
    )
    return replace(told, **changes)


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def test_the_same_report_gives_the_same_bytes() -> None:
    assert pdf.draw(report_of()) == pdf.draw(report_of())
    assert pdf.draw(report_of()) != pdf.draw(report_of(made_on=date(2026, 11, 25)))


def test_it_says_what_the_report_says() -> None:
    said = text_of(pdf.draw(report_of()))
    for words in (
        *("Asettautumispalvelut: raportti", "1.1.–31.12.2025", "24.11.2026", "Tarkat luvut."),
        *("Yhteenveto", "Asettuneet henkilöt 122 +34 % · 2024: 91", "Yhteydenotosta asettuneeksi Peitetty"),
        *("Kunnassa <asuvat> & pysyvästi.", "Alle 16-vuotiaat 11", "Uudet asukkaat 23", "Menetelmä ja käsitteet"),
    ):
        assert words in said


def test_a_hidden_table_has_no_figure_on_paper() -> None:
    said = text_of(pdf.draw(report_of(Section(table_of().hide()))))
    assert "Peitetty: joidenkin lukujen takana" in said
    assert "Alle 16-vuotiaat" not in said


def test_it_speaks_the_language_that_is_active() -> None:
    with translation.override("en"):
        content = pdf.draw(report_of(language="en"))
    assert "Method and definitions" in text_of(content)
    with pikepdf.open(BytesIO(content)) as opened:
        assert opened.Root.Lang == "en"


@pytest.fixture
def opened():
    chart = lines(
        "Asettuneet", ["tammi", "helmi", "maalis"], [Series("2025", (1, 2, 3)), Series("2024", (0, 1, 1), True)]
    )
    content = pdf.draw(report_of(Section(table_of(), chart), Section(table_of(title="Muuttaneet"))))
    with pikepdf.open(BytesIO(content)) as opened:
        yield opened


def test_every_face_is_embedded(opened) -> None:
    faces = {}
    for page in opened.pages:
        for face in page.Resources.Font.values():
            inner = face.DescendantFonts[0] if "/DescendantFonts" in face else face
            faces[str(face.BaseFont)] = "/FontDescriptor" in inner and "/FontFile2" in inner.FontDescriptor
    assert faces
    assert all("Lato" in name for name in faces)
    assert all(faces.values())


def test_it_has_a_language_a_title_and_bookmarks(opened) -> None:
    assert opened.Root.Lang == "fi"
    assert opened.Root.ViewerPreferences.DisplayDocTitle
    assert str(opened.docinfo["/Title"]) == "Asettautumispalvelut: raportti, Maarianhamina – Mariehamn, 2025"
    with opened.open_outline() as outline:
        assert [item.title for item in outline.root] == ["Yhteenveto", "Mittarit", "Menetelmä ja käsitteet"]
        assert [item.title for item in outline.root[1].children] == ["Uudet asukkaat", "Muuttaneet"]
    assert {tuple(round(float(side)) for side in page.MediaBox) for page in opened.pages} == {(0, 0, 595, 842)}


def kinds(element) -> list[str]:
    found = [str(element.S)] if "/S" in element else []
    below = element.K if "/K" in element and isinstance(element.K, pikepdf.Array) else []
    return found + [kind for child in below for kind in kinds(child)]


def test_it_is_tagged_in_reading_order(opened) -> None:
    assert opened.Root.MarkInfo.Marked
    found = kinds(opened.Root.StructTreeRoot.K[0])
    assert found[:3] == ["/Document", "/H1", "/P"]
    assert found.count("/Table") == 3  # the summary and two indicators
    assert found.count("/TH") == 2 + 2 * (2 + 3)
    assert found.count("/Figure") == 1


def test_every_mark_on_a_page_is_in_the_tree_and_has_an_end(opened) -> None:
    numbers = opened.Root.StructTreeRoot.ParentTree.Nums
    by_page = {int(numbers[n]): numbers[n + 1] for n in range(0, len(numbers), 2)}
    for number, page in enumerate(opened.pages):
        told = pikepdf.parse_content_stream(page)
        marks = [operands for operands, operator in told if str(operator) == "BDC"]
        begun = [operator for _operands, operator in told if str(operator) in {"BDC", "BMC"}]
        ended = [operator for _operands, operator in told if str(operator) == "EMC"]
        assert len(begun) == len(ended)
        assert [int(operands[1].MCID) for operands in marks] == list(range(len(by_page[number])))


def test_a_picture_is_told_in_words(opened) -> None:
    figure = next(
        child for child in opened.Root.StructTreeRoot.K[0].K if "/S" in child and pikepdf.Name.Figure == child.S
    )
    assert str(figure.Alt) == "Asettuneet. 2025: tammi 1, helmi 2, maalis 3; 2024: tammi 0, helmi 1, maalis 1"


def test_many_municipalities_with_long_names_fit_on_the_page() -> None:
    table = table_of(PLACES)
    content = pdf.draw(report_of(Section(table), municipalities=PLACES))
    said = text_of(content)
    for place in PLACES:
        assert place in said
    right = []
    for page in PdfReader(BytesIO(content)).pages:
        page.extract_text(visitor_text=lambda _text, _cm, tm, _font, _size: right.append(tm[4]))
    assert max(right) < 595 - 30


def test_no_model_is_known_to_paper() -> None:
    """import-linter holds it for our own modules; this holds it for Django's."""
    for module in Path(reports.pdf.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            name = getattr(node, "module", None) or ""
            assert not name.startswith("django.db"), module
