"""The table: what an indicator yields and what page, paper and sheet draw. Every cell knows who stands behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

Text = str | Promise


class Unit(StrEnum):
    """What a table counts in."""

    PERSONS = "persons"
    CASES = "cases"
    PERCENT = "percent"
    DAYS = "days"

    @property
    def label(self) -> Promise:
        return UNIT_LABELS[self]


UNIT_LABELS: dict[Unit, Promise] = {
    Unit.PERSONS: gettext_lazy("persons"),
    Unit.CASES: gettext_lazy("cases"),
    Unit.PERCENT: gettext_lazy("% of cases"),
    Unit.DAYS: gettext_lazy("days, median"),
}


@dataclass(frozen=True)
class Cell:
    """A figure and how many persons and households stand behind it.

    `value` is None where there is nothing to reckon from, such as the median of nobody. `count` is the number of
    cases of which `value` is the share.
    """

    value: float | None
    persons: int = 0
    households: int = 0
    count: int | None = None

    def __sub__(self, other: Cell) -> Cell:
        """Who is in this figure and not in `other`, which is a part of it. The value is of no use then."""
        return Cell(None, self.persons - other.persons, self.households - other.households)


@dataclass(frozen=True)
class Row:
    key: str
    label: Text
    cells: tuple[Cell, ...]  # one a column
    is_total: bool = False


@dataclass(frozen=True)
class Column:
    key: str
    label: Text


TOTAL = "total"


@dataclass(frozen=True)
class Table:
    """Rows and columns of cells. `implied` are figures not shown that follow from those that are.

    A hidden table has no rows: what is not there cannot leak into a chart, a comparison or a file. `advice` says what
    else might be asked for; it is for who can still choose, not for paper.
    """

    id: str
    title: Text
    definition: Text
    unit: Unit
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[Text, ...] = ()
    implied: tuple[Cell, ...] = ()
    hidden: bool = False
    advice: tuple[Text, ...] = ()

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every figure that the table tells, shown or implied."""
        return tuple(cell for row in self.rows for cell in row.cells) + self.implied

    def row(self, key: str) -> Row | None:
        return next((row for row in self.rows if row.key == key), None)

    def column(self, key: str) -> int:
        """The place of a column; ValueError where there is none."""
        return [column.key for column in self.columns].index(key)

    def cell(self, row: str, column: str = "") -> Cell | None:
        """One figure; of the last column, which is the total, where none is named; None where hidden."""
        found = self.row(row)
        return found.cells[self.column(column) if column else -1] if found else None

    def hide(self) -> Table:
        """The table without anything in it."""
        return replace(self, rows=(), implied=(), notes=(), hidden=True)

    def with_advice(self, *advice: Text) -> Table:
        return replace(self, advice=advice)

    def with_notes(self, *notes: Text) -> Table:
        return replace(self, notes=(*self.notes, *notes))

    def show(self, cell: Cell) -> str:
        """A figure as it is written on a page or on paper."""
        return show(cell.value, self.unit)

    def written(self, cell: Cell) -> str:
        """A figure, and with a share the number of cases: «241 (77 %)»."""
        return self.show(cell) if cell.count is None else f"{number(cell.count)} ({self.show(cell)})"


def show(value: float | None, unit: Unit) -> str:
    """A figure in the language of the reader; «–» where there is none."""
    if value is None:
        return "–"
    if unit is Unit.PERCENT:
        return _("%(number)s %%") % {"number": number(value)}
    if unit is Unit.DAYS:
        return ngettext("%(number)s day", "%(number)s days", round(value)) % {"number": number(value)}
    return number(value)


def number(value: float) -> str:
    """Whole, with a space between the thousands; a half stays where the median falls between two days."""
    decimals = 0 if float(value).is_integer() else 1
    return formats.number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True)
