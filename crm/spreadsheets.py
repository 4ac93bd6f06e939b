"""Tables as files that a spreadsheet opens: CSV and XLSX, piece by piece, so that a million rows need no memory.

No cell is ever a formula, whatever somebody wrote into a name (docs/adr/0011-exports.md). Touches no database.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

Cell = str | int | float | date | None
Batches = Iterable[Sequence[Sequence[Cell]]]  # rows of cells, some at a time

MOST_ROWS = 1_048_576 - 1  # of a worksheet, under its headings
MOST_LETTERS = 32_767  # in a cell of a worksheet

# What begins a formula in some spreadsheet, full-width signs too; also after marks that show nothing.
_UNSEEN = r"'\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_SIGNS = r"=+\-@＝＋－＠"
_FORMULA = re.compile(rf"[\s{_UNSEEN}]*[{_SIGNS}\t\n]")
# The same after what begins a cell where the file is taken apart at commas or tabs. A comma or a line end is not
# looked beyond: the time a text takes grows as its length does.
_INNER = rf"(?=(?:[^\S\t\n]|[\"{_UNSEEN}])*[{_SIGNS}])"
_BEFORE_INNER, _MARK_OF_INNER = re.compile(rf"([,\t\n]){_INNER}"), re.compile(rf"([,\t\n])'{_INNER}")
_UNWRITABLE = re.compile(
    "[^\t\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)  # by XML, and by a database
_LINE_ENDS = re.compile("\r\n?")


@dataclass(frozen=True)
class Heading:
    """A column of the file: what stands on its first row, and how many letters wide it is."""

    text: str
    width: int


_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # begins what a workbook's reader takes for a character: «_x0041_» is A
_ESCAPED = re.compile(r"_x005[Ff]_(?=x[0-9A-Fa-f]{4}_)")


def plain(text: str) -> str:
    """The text with one kind of line end and a space in place of each control character."""
    return text if text.isprintable() else _UNWRITABLE.sub(" ", _LINE_ENDS.sub("\n", text))


def is_risky(text: str) -> bool:
    """Whether a spreadsheet that reads the text from CSV may take it for a formula: «=1+1», «+358 40 123 4567»."""
    return bool(_FORMULA.match(text))


def harmless(text: str) -> str:
    """The text as it stands in CSV: what may be taken for a formula has an apostrophe before it. `meant` undoes it.

    After a comma, a tab and a line end too: a spreadsheet that separates by commas knows the quotes of the first cell
    of a line alone, and begins another cell in the midst of «"Aino";"a,=1+1"».
    """
    inner = _BEFORE_INNER.sub(r"\1'", text)
    return f"'{inner}" if is_risky(text) else inner


def meant(text: str) -> str:
    """What `harmless` was given."""
    return _MARK_OF_INNER.sub(r"\1", text[1:] if text[:1] == "'" and is_risky(text[1:]) else text)


def unescaped(text: str) -> str:
    """What «_x005F_x0041_» in a workbook means: «_x0041_». In strings of a cell of its own openpyxl leaves it."""
    return _ESCAPED.sub("_", text)


# CSV


def as_csv(headings: Sequence[Heading], batches: Batches) -> Iterator[bytes]:
    """UTF-8 with its mark, semicolons, CRLF and decimal commas: what Excel in Finland opens by itself.

    Text is quoted; what a comma in it could begin is made harmless. A date is written 2026-12-01, which no language
    of a spreadsheet reads as another day.
    """
    yield b"\xef\xbb\xbf" + _lines([[heading.text for heading in headings]])
    for batch in batches:
        yield _lines(batch)


def _lines(rows: Iterable[Sequence[Cell]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_NONNUMERIC).writerows(map(_written, row) for row in rows)
    return out.getvalue().encode()


def _written(cell: Cell) -> str | int:
    if isinstance(cell, str):
        return harmless(plain(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(cell).replace(".", ",")
    return "" if cell is None else cell


# Workbooks. Written by hand: openpyxl takes 0.85 s for what takes 0.05 s here, and can send nothing before the end.

_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "xl/worksheets/sheet1.xml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FIXED_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}styles+xml"/>'
    f'<Override PartName="/{_SHEET}" ContentType="{_TYPES}worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    # The styles that cells name by number: 0 plain, 1 a date as the reader's Excel writes it (format 14), 2 a
    # heading, 3 text that stays text also where somebody edits the cell (quotePrefix).
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
_DATE, _HEADING, _QUOTED = ' s="1"', ' s="2"', ' s="3"'
_DAY_ZERO = date(1899, 12, 30).toordinal()  # of a worksheet


class _Pipe(io.RawIOBase):
    """What the archive writes, until it is sent: a file that cannot be wound back."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self._written.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        data = b"".join(self._written)
        self._written.clear()
        return data


def as_workbook(title: str, headings: Sequence[Heading], batches: Batches) -> Iterator[bytes]:
    """An XLSX file with one sheet: bold headings that stay in sight, real dates and numbers, texts that stay texts.

    OverflowError where the rows do not fit in a worksheet (`MOST_ROWS`); better a broken file than one cut unnoticed.
    """
    pipe = _Pipe()
    # A worksheet says the same over and over: pressed harder it takes three times as long and is little smaller.
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        parts = {**_FIXED_PARTS, "xl/workbook.xml": _workbook(title)}
        for name, content in parts.items():
            archive.writestr(name, _DECLARATION + content)
        with archive.open(_SHEET, "w") as sheet:
            sheet.write((_DECLARATION + _sheet_head(headings)).encode())
            written = 0
            for batch in batches:
                written += len(batch)
                if written > MOST_ROWS:
                    raise OverflowError(written)
                sheet.write("".join(map(_row, batch)).encode())
                yield pipe.take()
            sheet.write(b"</sheetData></worksheet>")
    yield pipe.take()


def _workbook(title: str) -> str:
    """The part that names the sheet: one with no name, or with an apostrophe at its edge, does not open."""
    name = re.sub(r"[\[\]:*?/\\\s]", " ", plain(title)).strip("' ")[:31].strip("' ") or "1"
    name = escape(_ESCAPE.sub("_x005F_", name), {'"': "&quot;"})
    sheets = f'<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets>'
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{sheets}</workbook>'


def _sheet_head(headings: Sequence[Heading]) -> str:
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{heading.width}" customWidth="1"/>'
        for at, heading in enumerate(headings, 1)
    )
    texts = "".join(_text(heading.text, _HEADING) for heading in headings)
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData><row>{texts}</row>"
    )


def _row(cells: Sequence[Cell]) -> str:
    return f"<row>{''.join(map(_cell, cells))}</row>"


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return _text(cell, _QUOTED if is_risky(cell) else "") if cell else "<c/>"
    if cell is None:
        return "<c/>"
    if isinstance(cell, date):
        return f"<c{_DATE}><v>{cell.toordinal() - _DAY_ZERO}</v></c>"
    return f"<c><v>{cell}</v></c>"


def _text(text: str, style: str) -> str:
    written = escape(_ESCAPE.sub("_x005F_", plain(text)[:MOST_LETTERS]))
    return f'<c{style} t="inlineStr"><is><t xml:space="preserve">{written}</t></is></c>'
