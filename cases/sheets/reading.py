"""From the bytes of a CSV file or a workbook to tables of text. Touches no database.

Row numbers are those the spreadsheet shows. Formulas stay text: nothing is ever evaluated.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
import zlib
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from statistics import median
from typing import Any
from unicodedata import category
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException

from cases.sheets.columns import Meaning, guess_heading
from crm.fields import without_identity_codes
from crm.refusal import Refused
from crm.spreadsheets import meant, unescaped

MAX_MEGABYTES = 10
MAX_BYTES = MAX_MEGABYTES * 1024 * 1024
MAX_UNPACKED = 80 * 1024 * 1024  # a workbook is a zip: what ten megabytes may become
MAX_ELEMENTS = 2_000_000  # in all parts of a workbook: each becomes an object, however little it says
MAX_ROW_ELEMENTS = 100_000  # in one row, which is held in memory whole
MAX_PART_ELEMENTS = 200_000  # in a part that is no sheet and none of these: formats and names take ten times a cell's
LONG_PARTS = ("worksheets/", "sharedStrings", "charts/", "drawings/", "pivotCache/")
MAX_ROWS = 25_000
MAX_COLUMNS = 60
MAX_CELL = 5_000  # characters, as many as a note on the timeline may have
CUT = " […]"  # how a longer cell ends
MAX_LOOKED_AT = 20_000_000  # characters of a file, and cells right of the last column: a word can stand in each cell
EMPTY_TAIL = 1_000  # so many rows with nothing in them, and the sheet has ended
FIRST_OF_LINE = 10_000  # characters by which the separator is told
HEADER_WITHIN = 30  # the headings are looked for on the first rows

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the old .xls, and the shell around an encrypted workbook
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

Cells = tuple[str, ...]
Numbered = tuple[int, Cells]


@dataclass(frozen=True)
class Table:
    """One sheet: its headings and the filled rows under them, with the row numbers of the spreadsheet."""

    title: str
    headings: Cells
    rows: tuple[Numbered, ...]


def read_tables(content: bytes) -> list[Table]:
    """The tables in the file, in its order; at least one. Raises Refused with what to do where there is none."""
    if len(content) > MAX_BYTES:
        raise Refused(
            _("The file is larger than %(most)d megabytes. Split it into smaller files.") % {"most": MAX_MEGABYTES}
        )
    if not content.strip():
        raise Refused(_("The file is empty. Choose the sheet that has the rows."))
    sheets = _workbook(content) if content.startswith((b"PK", OLE)) else [("", _csv_rows(content))]
    tables = [table for title, rows in sheets if (table := _table(title, rows))]
    if not tables:
        raise Refused(
            _("No headings were found in the file. Put the headings, such as Date, Name and Phone, on one row.")
        )
    filled = [table for table in tables if table.rows]
    if not filled:
        raise Refused(_("The sheet has headings but no rows under them. Choose the sheet that has the rows."))
    return filled


# Text files


def _csv_rows(content: bytes) -> list[Cells]:
    encoding = _encoding(content)
    lines = _text_of(content, encoding, newline="")
    first = lines.readline(FIRST_OF_LINE).strip()
    if first.lower().startswith("sep=") and len(first) == 5:
        delimiter = first[4]  # Excel's own instruction, not a row of the sheet
    else:
        lines.seek(0)
        delimiter = _delimiter(_text_of(content, encoding, newline=None))
    try:
        return _first_rows(csv.reader(lines, delimiter=delimiter), meant, _LookedAt())
    except csv.Error as error:
        raise Refused(
            _("The file cannot be read as a sheet: a quotation mark is left open. Save it again from the spreadsheet.")
        ) from error


def _text_of(content: bytes, encoding: str, newline: str | None) -> io.TextIOWrapper:
    """Decoded as it is read: the whole text at once would take four times the memory of the file."""
    return io.TextIOWrapper(io.BytesIO(content), encoding, errors="replace", newline=newline)


def _encoding(content: bytes) -> str:
    """UTF-16 or UTF-8 where the bytes say so, else Windows-1252, which is what Finnish Excel writes."""
    if content.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf")):
        raise _not_a_sheet()
    encoding = _unicode(content)
    if not _is_in(encoding, content):
        encoding = "cp1252"
    head = _text_of(content, encoding, newline="").read(4000)
    if sum(category(c) in ("Cc", "Cn", "Co") and c not in "\r\n\t" for c in head) * 100 > len(head):
        raise _not_a_sheet()
    return encoding


def _is_in(encoding: str, content: bytes) -> bool:
    decoder = getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), 1 << 16):
            decoder.decode(content[start : start + (1 << 16)])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _unicode(content: bytes) -> str:
    """UTF-16 by its mark, or where every other byte is mostly zero; else UTF-8."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = content[:2000]
    even, odd = (head[at::2].count(0) > len(head) // 5 for at in (0, 1))
    if even != odd:
        return "utf-16-be" if even else "utf-16-le"
    return "utf-8-sig"


def _delimiter(text: Iterable[str]) -> str:
    """The separator with which the most headings are known, else that gives the most columns on the typical line."""
    lines = [line[:FIRST_OF_LINE] for line in islice(text, 200) if line.strip()]

    def fits(mark: str) -> tuple[int, float]:
        known = max(
            (_known_headings(line.split(mark, MAX_COLUMNS)[:MAX_COLUMNS]) for line in lines[:HEADER_WITHIN]), default=0
        )
        return known, median([line.count(mark) for line in lines] or [0])

    return max(";\t,|", key=fits)


def _not_a_sheet() -> Refused:
    return Refused(_("The file is not a sheet. Save it as an Excel workbook (.xlsx) or as CSV and choose it again."))


# Workbooks


def _workbook(content: bytes) -> list[tuple[str, list[Cells]]]:
    if content.startswith(OLE):
        if ENCRYPTED in content:
            raise Refused(_("The workbook is protected by a password. Save it without one and choose it again."))
        raise Refused(_("The workbook is in the old .xls format. Save it as an Excel workbook (.xlsx)."))
    _check_archive(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # parts we do not read, such as drawings and validations
            _check_sheets(content)
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            looked_at = _LookedAt()
            return [(sheet.title, _sheet_rows(sheet, looked_at)) for sheet in visible]
    except (
        InvalidFileException,
        DefusedXmlException,
        ParseError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        EOFError,
    ) as error:
        # openpyxl meets a damaged part with whatever it trips over; to the user all of it is one thing.
        raise _not_a_sheet() from error


def _check_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise _too_large()
            if any(entry.flag_bits & 1 for entry in entries):
                raise Refused(_("The workbook is protected by a password. Save it without one and choose it again."))
            if "xl/workbook.xml" not in {entry.filename for entry in entries}:
                raise _not_a_sheet()
            _check_elements(archive, entries)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise _not_a_sheet() from error


def _check_elements(archive: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo]) -> None:
    """Refuse a workbook of few bytes whose parts would fill the memory once they are read: «<c/>» is a cell."""
    elements = 0
    for entry in entries:
        short = not any(name in entry.filename for name in LONG_PARTS)
        most = min(MAX_ELEMENTS, elements + MAX_PART_ELEMENTS) if short else MAX_ELEMENTS
        in_row = 0
        with archive.open(entry) as part:
            while read := part.read(1 << 16):
                row = max(read.rfind(b"<row"), read.rfind(b":row"), 0)
                in_row = _begun(read[row:]) + (0 if row else in_row)
                elements += _begun(read)
                if elements > most or (in_row > MAX_ROW_ELEMENTS and "worksheets/" in entry.filename):
                    raise _too_large()


def _check_sheets(content: bytes) -> None:
    """Refuse a workbook that names one part as hundreds of sheets: each would be read anew."""
    reader = ExcelReader(io.BytesIO(content), read_only=True, keep_links=False)
    reader.read_manifest()
    reader.read_workbook()
    parts = [part.target for _sheet, part in reader.parser.find_sheets()]
    if len(set(parts)) < len(parts):
        raise _not_a_sheet()


def _begun(read: bytes) -> int:
    return read.count(b"<") - read.count(b"</")


def _too_large() -> Refused:
    return Refused(_("The workbook is too large when unpacked. Leave only the sheet with the rows in it."))


def _sheet_rows(sheet, looked_at: _LookedAt) -> list[Cells]:
    sheet.reset_dimensions()  # what the file claims may be wrong, and is not to be believed about size
    return _first_rows(sheet.iter_rows(values_only=True), _text, looked_at)


def _text(value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return unescaped(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


# Tables


class _LookedAt:
    """How much of a file has been looked at. Refuses a workbook of few bytes that would take minutes and gigabytes.

    One long text can stand in a million cells, and a cell in the last of 16 384 columns on every row.
    """

    def __init__(self) -> None:
        self.total = 0

    def more(self, count: int) -> None:
        self.total += count
        if self.total > MAX_LOOKED_AT:
            raise _too_large()


def _first_rows(rows: Iterable[Sequence], text: Callable[[Any], str], looked_at: _LookedAt) -> list[Cells]:
    """The rows, so far as a sheet may go. Refused where it goes on: what is not read must not be lost unnoticed.

    `text` makes text of a cell. A workbook can have a million formatted rows with nothing in them; they are not read
    to the end.
    """
    read = [_cells(row, text, looked_at) for row in islice(rows, MAX_ROWS + EMPTY_TAIL)]
    if len(read) == MAX_ROWS + EMPTY_TAIL and any(map(any, read[-EMPTY_TAIL:])):
        raise _too_many_rows()
    return read


def _cells(row: Sequence, text: Callable[[Any], str], looked_at: _LookedAt) -> Cells:
    # Right of a formatted column each row has thousands of None: counted twice, they are passed by unseen and uncopied.
    first = row[:MAX_COLUMNS]
    if row.count(None) - first.count(None) < len(row) - len(first):
        looked_at.more(len(row))
        if any(_clean(text(value)) for value in row[MAX_COLUMNS:] if value is not None and value != ""):
            raise _too_many_columns()
    texts = [text(value)[: MAX_CELL * 2] for value in first]
    looked_at.more(sum(map(len, texts)))
    return tuple(map(_clean, texts))


def _too_many_rows() -> Refused:
    most = number_format(MAX_ROWS, force_grouping=True)
    return Refused(
        _("The sheet has more than %(most)s rows. Split it and import the parts one by one.") % {"most": most}
    )


def _too_many_columns() -> Refused:
    return Refused(
        _(
            "The sheet has something to the right of its column number %(most)d. Delete there what is not to be "
            "imported and choose the file again."
        )
        % {"most": MAX_COLUMNS}
    )


def _clean(cell: str) -> str:
    """One line without control characters (a database cannot hold all of them), no longer than a cell should be.

    Marks that show nothing but hide or turn what stands beside them are dropped: words and names are found then.
    A personal identity code is taken out before anything is stored.
    """
    if not cell:  # most cells of a sheet that goes on and on
        return ""
    bare = cell[: MAX_CELL * 2]
    if not bare.isprintable():
        bare = "".join(c if c.isprintable() else "" if category(c) == "Cf" else " " for c in bare)
    whole = without_identity_codes(" ".join(bare.split()))
    is_cut = len(whole) > MAX_CELL or len(cell) >= MAX_CELL * 2
    return whole[: MAX_CELL - len(CUT)] + CUT if is_cut else whole


def _table(title: str, rows: Sequence[Cells]) -> Table | None:
    at = _header_row(rows)
    if at is None:
        return None
    width = min(max((_width(row) for row in rows[at:]), default=0), MAX_COLUMNS)
    above = rows[at - 1] if at else ()
    headings = _headings(_padded(above, width), _padded(rows[at], width))
    filled = tuple(_filled(rows[at + 1 :], first_number=at + 2, width=width))
    if len(filled) > MAX_ROWS:
        raise _too_many_rows()
    return Table(_clean(title), headings, filled)


def _filled(rows: Iterable[Cells], first_number: int, width: int) -> Iterator[Numbered]:
    return ((number, _padded(row, width)) for number, row in enumerate(rows, first_number) if any(row))


def _header_row(rows: Sequence[Cells]) -> int | None:
    """The row with the most words known as headings, two at least; else the first with three words and no digit."""
    known = [_known_headings(row) for row in rows[:HEADER_WITHIN]]
    if known and max(known) >= 2:
        return known.index(max(known))
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        words = [cell for cell in row if cell]
        if len(words) >= 3 and not any(c.isdigit() for cell in words for c in cell):
            return at
    return None


def _known_headings(row: Iterable[str]) -> int:
    return sum(guess_heading(cell) is not Meaning.SKIP for cell in row)


def _headings(above: Cells, row: Cells) -> Cells:
    """The headings; where two are alike, the merged heading above tells them apart («Move: Date»)."""
    grouped = sum(bool(cell) for cell in above) >= 2
    groups, group = [], ""
    for cell in above:
        group = cell or group
        groups.append(group if grouped else "")
    headings = []
    for own, heading in zip(groups, row, strict=True):
        alike = heading and row.count(heading) > 1
        headings.append(
            f"{own}: {heading}" if alike and own else heading or own if grouped and not heading else heading
        )
    return tuple(headings)


def _width(row: Cells) -> int:
    return max((at for at, cell in enumerate(row, 1) if cell), default=0)


def _padded(row: Cells, width: int) -> Cells:
    return (*row[:width], *[""] * (width - len(row)))
