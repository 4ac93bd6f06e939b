"""A list as a file: what is in it, the dialog that asks, the row that tells who took it, and the file, piece by piece.

The ids of all rows are read first, in the order of the screen; then the rows, some at a time. So the number is known
and recorded before the first byte is sent, the file holds what the list held at that moment, and between two pieces
nothing is open in the database, however slow the reader (docs/adr/0011-exports.md).
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from django.conf import settings
from django.db.models import QuerySet, TextChoices
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from crm.actions import record_export
from crm.counts import CappedCount, told
from crm.fields import without_identity_codes
from crm.models import ExportedList, FileFormat, User
from crm.pages import fragment_or_page
from crm.requests import StaffRequest
from crm.spreadsheets import MOST_ROWS, Cell, Heading, as_csv, as_workbook

CHUNK = 2000  # rows read from the database at a time
BATCH = 500  # rows written at a time

FILE_NAMES: dict[str, Promise] = {
    ExportedList.CASES: pgettext_lazy("file name", "cases"),
    ExportedList.PEOPLE: pgettext_lazy("file name", "people"),
    ExportedList.TASKS: pgettext_lazy("file name", "tasks"),
    ExportedList.IMPORT_ROWS: pgettext_lazy("file name", "sheet-rows"),
    ExportedList.FIGURES: pgettext_lazy("file name", "results"),
    ExportedList.ACCOUNTS: pgettext_lazy("file name", "accounts"),
    ExportedList.EXPORTS: pgettext_lazy("file name", "exports"),
    ExportedList.MUNICIPALITIES: pgettext_lazy("file name", "municipalities"),
    ExportedList.PROJECTS: pgettext_lazy("file name", "joint-projects"),
    ExportedList.MAJOR_PROJECTS: pgettext_lazy("file name", "major-projects"),
    ExportedList.IMPORTS: pgettext_lazy("file name", "imports"),
}
CONTENT_TYPES = {
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class Column:
    """A column of the file: its heading, what a row has in it, and its width in letters."""

    label: str | Promise
    value: Callable[[Any], Cell]
    width: int = 16


def in_words(choices: type[TextChoices], name: str) -> Callable[[Any], str]:
    """Tells the label of a row's `name`, in the language of the moment in which this is called."""
    words = {value: str(label) for value, label in choices.choices}
    return lambda row: words[getattr(row, name)]


@dataclass(frozen=True)
class Taken:
    """The rows of a file: how many, of which municipalities, and themselves, read as one goes on."""

    total: int
    municipalities: Collection[int]
    rows: Iterator[Any]


class Source(Protocol):
    """Where the rows of a file come from."""

    def count(self, user_id: int | None) -> int:
        """How many there are; beyond `crm.counts.LIMIT` one more than it."""

    def take(self) -> Taken: ...


@dataclass(frozen=True)
class Listed:
    """The rows of a list on the screen, all its pages, in its order.

    `read` gives the rows of some ids, each with its `pk`, in any order, in a number of statements that does not depend
    on how many: what it leaves out, because it has meanwhile gone out of sight, is left out of the file.
    `municipality` leads from a row to the id of its municipality; None where rows are of none.
    """

    rows: QuerySet
    read: Callable[[Sequence[int]], Iterable[Any]]
    municipality: str | None = "municipality_id"

    def count(self, user_id: int | None) -> int:
        return User.objects.filter(pk__in=[user_id]).values_list(CappedCount(self.rows), flat=True).get()

    def take(self) -> Taken:
        ids, places = array("q"), set[int]()  # eight bytes a row
        names = ("pk", self.municipality) if self.municipality else ("pk",)
        for pk, *place in self.rows.values_list(*names).iterator(chunk_size=CHUNK):
            ids.append(pk)
            places.update(place)
        return Taken(len(ids), places, _in_pieces(ids, self.read))


@dataclass(frozen=True)
class Chosen:
    """The rows of ids that are known, of these municipalities; `read` as of `Listed`."""

    ids: Sequence[int]
    read: Callable[[Sequence[int]], Iterable[Any]]
    municipalities: Collection[int]

    def count(self, user_id: int | None) -> int:
        return len(self.ids)

    def take(self) -> Taken:
        return Taken(len(self.ids), self.municipalities, _in_pieces(self.ids, self.read))


def _in_pieces(ids: Sequence[int], read: Callable[[Sequence[int]], Iterable[Any]]) -> Iterator[Any]:
    for start in range(0, len(ids), CHUNK):
        chunk = list(ids[start : start + CHUNK])
        found = {row.pk: row for row in read(chunk)}
        yield from (found[pk] for pk in chunk if pk in found)


@dataclass(frozen=True)
class Given:
    """Rows that are there already, of these municipalities."""

    rows: Sequence[Any]
    municipalities: Collection[int]

    def count(self, user_id: int | None) -> int:
        return len(self.rows)

    def take(self) -> Taken:
        return Taken(len(self.rows), self.municipalities, iter(self.rows))


@dataclass(frozen=True)
class Export:
    """A list that can be taken as a file.

    `title` names it on the page and in the workbook; `words` tells the filters that are set, for the record, in the
    language of the moment; `notes` what to know of the list, as the page says it. `secret`: some of its households are
    under non-disclosure. `personal`: its rows tell of newcomers. `phones`: they may have phone numbers in them.
    """

    what: ExportedList
    title: str | Promise
    columns: Sequence[Column]
    source: Source
    back: str
    words: Callable[[], str] = str
    notes: Sequence[str] = ()
    secret: bool = False
    personal: bool = True
    phones: bool = False


def exported(request: StaffRequest, export: Export) -> HttpResponseBase:
    """The dialog that asks for the format; posted with one, the file. Who took it is recorded before it is sent."""
    wanted = request.POST.get("format", "")
    if request.method != "POST" or wanted not in FileFormat.values:
        return _dialog(request, export, export.source.count(request.scope.user_id))
    file_format, taken, at = FileFormat(wanted), export.source.take(), timezone.now()
    problem = _why_not(file_format, taken.total)
    if problem:
        return _dialog(request, export, taken.total, problem)
    record_export(
        by=request.user,
        at=at,
        what=export.what,
        file_format=file_format,
        rows=taken.total,
        municipalities=taken.municipalities,
        words=_words(export),
    )
    which = f"-{slugify(str(export.title), allow_unicode=True)}" if export.what == ExportedList.FIGURES else ""
    name = f"{FILE_NAMES[export.what]}{which}-{timezone.localdate(at).isoformat()}.{file_format}"
    return StreamingHttpResponse(
        _file(export, taken.rows, file_format),
        content_type=CONTENT_TYPES[file_format],
        headers={"Content-Disposition": content_disposition_header(True, name), "X-Content-Type-Options": "nosniff"},
    )


def _words(export: Export) -> str:
    """The filters in words as they are recorded: in one language, whoever exports, so that two rows can be compared.

    Somebody may search for a personal identity code; it is kept nowhere, so not here either.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return without_identity_codes(export.words())


def _why_not(file_format: FileFormat, total: int) -> str:
    if file_format == FileFormat.XLSX and total > MOST_ROWS:
        return _("An Excel workbook holds at most %(most)s rows. Take the file as CSV, or narrow the list.") % {
            "most": number_format(MOST_ROWS, force_grouping=True)
        }
    return ""


def _dialog(request: StaffRequest, export: Export, count: int, problem: str = "") -> HttpResponse:
    context = {
        "heading": _("Export to a spreadsheet"),
        "export": export,
        "count": count,
        "told": told(count),
        "problem": problem,
        "back": export.back,
    }
    status = 422 if request.method == "POST" else 200
    return fragment_or_page(request, "crm/_export.html", "dialog_page.html", context, status)


def _file(export: Export, rows: Iterator[Any], file_format: FileFormat) -> Iterator[bytes]:
    headings = [Heading(str(column.label), column.width) for column in export.columns]
    batches = _cells(export.columns, rows, get_language())
    return (
        as_csv(headings, batches)
        if file_format == FileFormat.CSV
        else as_workbook(str(export.title), headings, batches)
    )


def _cells(columns: Sequence[Column], rows: Iterator[Any], language: str | None) -> Iterator[list[list[Cell]]]:
    """The cells, some rows at a time, in the language of the request, which is over when they are asked for."""
    while True:
        with translation.override(language):
            batch = [[column.value(row) for column in columns] for row in islice(rows, BATCH)]
        if not batch:
            return
        yield batch
