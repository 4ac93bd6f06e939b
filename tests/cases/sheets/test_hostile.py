"""Files that were made to break the import, or that broke on the way: a clear sentence, and nothing changes."""

from __future__ import annotations

import io
import resource
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.import_models import Fate, ImportBatch, ImportRow
from cases.models import Case
from cases.sheets import reading
from cases.sheets.reading import read_tables
from crm.refusal import Refused
from tests.factories import MunicipalityFactory, coordinator_of
from tests.factories.sheets import HEADINGS, Line, checked_import, csv_sheet, run_import, xlsx_sheet

MEMORY = 250 * 1024  # kilobytes
SECONDS = 10  # of the processor: another's work beside ours is not counted
NOT_A_SHEET, TOO_LARGE, TOO_WIDE = "ei ole taulukko", "purettuna liian suuri", "sarakkeen numero 60"


def workbook(**parts: bytes) -> bytes:
    """A workbook with other parts than its own: «xl/worksheets/sheet1.xml», or parts added."""
    return changed(xlsx_sheet([Line()]), **parts)


def changed(content: bytes, part: str = "", old: bytes = b"", new: bytes = b"", **parts: bytes) -> bytes:
    """The workbook with other parts, and with `new` in place of `old` in one of its own."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()} | parts
    if part:
        contents[part] = contents[part].replace(old, new)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as written:
        for name, its in contents.items():
            written.writestr(name, its)
    return made.getvalue()


def sheet(rows: bytes, before: bytes = b"") -> bytes:
    """A workbook whose one sheet has these rows after its headings."""
    headings = "".join(f'<c t="inlineStr"><is><t>{heading}</t></is></c>' for heading in HEADINGS)
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    head = f'<row r="1">{headings}</row>'.encode()
    return workbook(**{"xl/worksheets/sheet1.xml": before + start + head + rows + b"</sheetData></worksheet>"})


def one_text(text: bytes, rows: bytes) -> bytes:
    """A workbook whose cells all point to the same text."""
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    namespace = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return changed(
        changed(sheet(rows), "[Content_Types].xml", b"</Types>", part),
        **{"xl/sharedStrings.xml": b'<sst xmlns="' + namespace + b'"><si><t>' + text + b"</t></si></sst>"},
    )


def many_sheets(count: int) -> bytes:
    """A workbook that names its one sheet so many times."""
    named = b'<sheet xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId1" '
    sheets = b"".join(named + b'name="S%d" sheetId="%d"/>' % (number, number) for number in range(2, count))
    return changed(
        sheet(b"<row><c><v>45000</v></c></row>" * 20_000), "xl/workbook.xml", b"</sheets>", sheets + b"</sheets>"
    )


def formats(count: int) -> bytes:
    start = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>'
    return workbook(**{"xl/styles.xml": start + b"<xf/>" * count + b"</cellXfs></styleSheet>"})


def lock(content: bytes) -> bytes:
    """The archive with each part marked as encrypted, as a zip program does it."""
    marked = bytearray(content)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = marked.find(signature)
        while place >= 0:
            marked[place + at] |= 1
            place = marked.find(signature, place + 1)
    return bytes(marked)


SERVER_FILE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in b"bcdefghij")
    + b"]><worksheet>&j;</worksheet>"
)
BROKEN = {
    "a JPEG": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 9, NOT_A_SHEET),
    "a GIF": (b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + b"\x00\xff\x2c\x01" * 99, NOT_A_SHEET),
    "a PDF": (b"%PDF-1.7\n" + b"1 0 obj << /Type /Catalog >> endobj\n" * 99, NOT_A_SHEET),
    "a program": (b"\x7fELF\x02\x01\x01" + b"\x00\x01\x03" * 400, NOT_A_SHEET),
    "truncated": (xlsx_sheet([Line()] * 50)[:-400], NOT_A_SHEET),
    "half": (xlsx_sheet([Line()] * 50)[:3000], NOT_A_SHEET),
    "locked by a zip program": (lock(xlsx_sheet([Line()])), "salasanalla"),
    "billion laughs": (workbook(**{"xl/worksheets/sheet1.xml": LAUGHS}), NOT_A_SHEET),
    "an entity of the server": (sheet(b"<row><c><v>&a;</v></c></row>", SERVER_FILE), NOT_A_SHEET),
    "a zip bomb": (workbook(**{"xl/media/image1.png": b"\0" * (reading.MAX_UNPACKED + 1)}), TOO_LARGE),
    "a million columns": (sheet(b"<row>" + b"<c/>" * 1_000_000 + b"</row>"), TOO_LARGE),
    "millions of words": (workbook(**{"xl/sharedStrings.xml": b"<sst>" + b"<si/>" * 3_000_000 + b"</sst>"}), TOO_LARGE),
    "half a million formats": (formats(500_000), TOO_LARGE),
    "one sheet named as hundreds": (many_sheets(300), NOT_A_SHEET),
    "one long text in each cell": (
        one_text(b"ab " * 1400, (b"<row>" + b'<c t="s"><v>0</v></c>' * 39 + b"</row>") * 5_000),
        TOO_LARGE,
    ),
    "an empty text in the last column of each row": (
        sheet(
            b"".join(
                b'<row r="%d"><c r="XFD%d" t="inlineStr"><is><t/></is></c></row>' % (row, row)
                for row in range(2, 25_000)
            )
        ),
        TOO_LARGE,
    ),
    "rows too far away": (sheet(b'<row r="9000000"><c><v>1</v></c></row>'), "ei rivejä niiden alla"),
    "ten million empty rows": (sheet(b"<row/>" * 10_000_000), TOO_LARGE),
    "ten million empty lines": (b"\n" * 10_000_000, "tyhjä"),
    "headings after a million empty lines": (b"\n" * 1_000_000 + csv_sheet([Line()]), "ei löytynyt otsikoita"),
    "headings without end": (csv_sheet([Line()], title="") + b"\r\n" + b"nimi;" * 900_000, TOO_WIDE),
    "a cell after a million columns": (csv_sheet([Line()]) + b"3.2.2025" + b";" * 1_000_000 + b"x\r\n", TOO_WIDE),
    "a cell in the last column": (sheet(b'<row r="2"><c r="XFD2"><v>1</v></c></row>'), TOO_WIDE),
    "headings only": (csv_sheet([]), "ei rivejä niiden alla"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_a_sheet_is_refused_soon_and_in_little_memory(name):
    content, says = BROKEN[name]
    assert len(content) < reading.MAX_BYTES
    with pytest.raises(Refused, match=says):
        within_bounds(content)


WIDE_AND_LONG = {
    "a million empty columns": csv_sheet([Line()]) + b"3.2.2025" + b";" * 1_000_000 + b"\r\n",
    "a formatted column at the end": sheet(
        b"<row><c><v>45000</v></c><c><v>1</v></c></row>"
        + b"".join(b'<row r="%d"><c r="XFD%d" s="1"/></row>' % (row, row) for row in range(4, 1000))
    ),
    "a formatted last column on every row there may be": sheet(
        b"<row><c><v>45000</v></c><c><v>1</v></c></row>"
        + b"".join(b'<row r="%d"><c r="XFD%d" s="1"/></row>' % (row, row) for row in range(3, 25_002))
    ),
    "ten million empty lines": csv_sheet([Line()]) + b"\n" * 10_000_000,
    "half a million empty rows in a workbook": sheet(
        b"<row><c><v>45000</v></c><c><v>1</v></c></row>" + b"<row/>" * 500_000
    ),
    "the last row there can be": sheet(b'<row r="2"><c><v>45000</v></c></row><row r="1048576"><c s="1"/></row>'),
}


@pytest.mark.parametrize("name", WIDE_AND_LONG)
def test_what_is_wide_and_long_is_read_as_far_as_it_says_something(name):
    content = WIDE_AND_LONG[name]
    assert len(content) < reading.MAX_BYTES
    [table] = within_bounds(content)
    assert len(table.headings) <= reading.MAX_COLUMNS
    assert 1 <= len(table.rows) <= 2


def within_bounds(content: bytes):
    """The tables, read within a bound of memory, a few times what a file may be unpacked, and of time."""
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    try:
        return read_tables(content)
    finally:
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert (grown < MEMORY, time.process_time() - start < SECONDS) == (True, True)


def test_macros_and_links_to_other_files_are_not_looked_at():
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><broken'
    content = workbook(**{"xl/vbaProject.bin": reading.OLE + b"Auto_Open", "xl/externalLinks/externalLink1.xml": link})
    [table] = read_tables(content)
    assert [cells[1] for _number, cells in table.rows] == ["Testinen, Tiina"]


def test_encodings_mixed_in_one_file_are_read_as_the_older_one():
    """One row in UTF-8 pasted among rows in Windows-1252: the letters of that row are wrong, no row is lost."""
    rows = "3.2.2025;Öhman, Åke\r\n".encode("cp1252") + "4.2.2025;Järvinen, Päivi\r\n".encode()
    [table] = read_tables(b"Pvm;Nimi\r\n" + rows)
    assert [cells[1] for _number, cells in table.rows] == ["Öhman, Åke", "JÃ¤rvinen, PÃ¤ivi"]


# What reaches the pages


@pytest.fixture
def user(db):
    return coordinator_of(MunicipalityFactory(name_fi="Kemijärvi"))


@pytest.fixture
def desk(client, user):
    client.force_login(user)
    return client


def checked(user, content: bytes) -> ImportBatch:
    return checked_import(user.memberships.get().group.role_group.municipality, user, content)


@pytest.mark.parametrize("name", ["a JPEG", "truncated", "billion laughs", "a million columns", "headings only"])
def test_on_the_page_it_is_a_sentence_and_nothing_is_stored(desk, name):
    content, says = BROKEN[name]
    response = desk.post(reverse("import_new"), {"file": SimpleUploadedFile("muuttajat.csv", content)})
    assert response.status_code == 422
    assert says in response.text
    assert not ImportBatch.objects.exists()
    assert not ImportRow.objects.exists()


def test_formulas_and_html_are_text_on_the_page_and_in_the_register(desk, user):
    formula, html = '=HYPERLINK("http://sheet.example","x")', "<script>alert(1)</script>"
    batch = checked(user, csv_sheet([Line(name=f"{html}, Tiina", note=formula, stage="<b>uusi</b>")]))
    page = desk.get(reverse("import_check", args=[batch.token])).text
    assert html not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>uusi</b>" not in page
    run_import(batch)
    case = Case.objects.get()
    assert formula in case.events.get(kind="note").text
    assert html not in desk.get(reverse("case", args=[case.reference])).text


def test_marks_that_turn_or_hide_text_are_taken_out_of_names(desk, user):
    names = ["\u202eKuusela\u202c, Ot\u200bso", "Rau\u00adtio, Hil\ufeffla", "حسن، علی"]
    batch = checked(user, csv_sheet([Line(name=name) for name in names], encoding="utf-16"))
    assert [row.name for row in batch.rows.order_by("number")][:2] == ["Kuusela, Otso", "Rautio, Hilla"]
    assert "علی" in batch.rows.order_by("number")[2].name


def test_a_hidden_mark_does_not_hide_non_disclosure(user):
    run_import(checked(user, csv_sheet([Line(note="tur\u200bvakielto")], encoding="utf-8")))
    assert Case.objects.get().restricted


@pytest.mark.parametrize(
    ("on", "code"),
    [("31.2.2025", "bad_date"), ("1.1.1900", "bad_date"), ("0.0.0", "bad_date"), ("1.1.9999", "bad_date")],
)
def test_days_that_cannot_be_are_told_with_their_row(desk, user, on, code):
    batch = checked(user, csv_sheet([Line(), Line(on)]))
    row = batch.rows.get(number=5)
    assert (row.fate, row.reasons[0][0]) == (Fate.REJECTED, code)
    page = desk.get(reverse("import_check", args=[batch.token]), {"fate": "rejected"}).text
    assert "Rivi 5" in page
    run_import(batch)
    assert Case.objects.count() == 1


def test_headings_that_come_twice_are_no_person(user):
    batch = checked(user, csv_sheet([HEADINGS, Line()]))
    assert [row.fate for row in batch.rows.order_by("number")] == [Fate.REJECTED, Fate.NEW]
