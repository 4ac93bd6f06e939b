"""What an indicator is, and how what it declares becomes a table."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from crm.models import Municipality
from reports.counting import ALL, Asked, Counted, Tallies, Tally
from reports.period import Period
from reports.selection import Selection
from reports.table import TOTAL, Cell, Column, Row, Table, Text, Unit


@dataclass(frozen=True)
class Line:
    """One row: what is counted in it, of the days of the period unless it names its `days` itself.

    A line that is not shown is counted because it follows from what is: its people must be enough, too. `note` tells
    its figure beneath the table.
    """

    key: str
    label: Text
    counted: Counted
    is_total: bool = False
    is_shown: bool = True
    days: Period | None = None
    note: Callable[[int], str] | None = None


@dataclass(frozen=True)
class Indicator:
    """A declared figure. `lines` gives its rows; asked with True, the coarse ones for who may not see the people.

    With `is_share`, each line is a part of the line before it and is shown as a share of the first.
    With `is_sparse`, exact tables leave out the lines that are nil throughout.
    With `is_standing` it is about how things are on the last day, not about what happened in the period.
    `undated` says what of rows without a date belongs to the indicator but to no period.
    """

    id: str
    title: Text
    definition: Text
    unit: Unit
    lines: Callable[[bool], tuple[Line, ...]]
    is_share: bool = False
    is_sparse: bool = False
    is_standing: bool = False
    undated: Counted | None = None
    undated_note: Callable[[int], str] | None = None

    def asked(self, selection: Selection, period: Period) -> dict[str, Asked]:
        """What to count for one period, by the key of the line."""
        asked = {line.key: self.asked_of(line, period) for line in self.lines(not selection.is_exact)}
        if self.undated is not None and selection.is_exact:
            asked[WITHOUT_DATE] = Asked(self.undated, period, has_day=False)
        return asked

    def asked_of(self, line: Line, period: Period) -> Asked:
        return Asked(line.counted, period, line.days, has_day=not self.is_standing)

    def line(self, key: str, selection: Selection) -> Line | None:
        """The shown line of that key; None where there is none."""
        lines = self.lines(not selection.is_exact)
        return next((line for line in lines if line.key == key and line.is_shown), None)

    def table(self, selection: Selection, tallies: Tallies, columns: Sequence[Column] = ()) -> Table:
        """The table of one period from the tallies of what was asked for it, by default with all its columns."""
        columns = columns or columns_of(selection)
        places = [ALL if column == TOGETHER else int(column.key) for column in columns]
        lines = self.lines(not selection.is_exact)
        tallied = {line.key: [tallies[place, line.key] for place in places] for line in lines}
        shown = [line for line in lines if line.is_shown and not self._is_left_out(line, tallied, selection)]
        rows = tuple(self._row(line, tallied[line.key], tallied[shown[0].key]) for line in shown)
        unshown = tuple(_cell(tally) for line in lines if not line.is_shown for tally in tallied[line.key])
        return Table(
            id=self.id,
            title=self.title,
            definition=self.definition,
            unit=self.unit,
            columns=tuple(columns),
            rows=rows,
            notes=self._notes(lines, {key: found[-1] for key, found in tallied.items()})
            + (self._undated(tallies, places[-1]) if selection.is_exact else ()),
            implied=unshown + self._parts_between(rows) + self._counted_twice(rows),
        )

    def _is_left_out(self, line: Line, tallied: Mapping[str, list[Tally]], selection: Selection) -> bool:
        if not (self.is_sparse and selection.is_exact) or line.is_total:
            return False
        return not any(tally.value for tally in tallied[line.key])

    def _row(self, line: Line, tallies: list[Tally], wholes: list[Tally]) -> Row:
        cells = map(_share, tallies, wholes) if self.is_share else map(_cell, tallies)
        return Row(line.key, line.label, tuple(cells), line.is_total)

    def _parts_between(self, rows: tuple[Row, ...]) -> tuple[Cell, ...]:
        """Of shares: who is in one step and not in the next, which anybody can subtract."""
        if not self.is_share:
            return ()
        return tuple(
            before - after
            for row, following in itertools.pairwise(rows)
            for before, after in zip(row.cells, following.cells, strict=True)
        )

    def _counted_twice(self, rows: tuple[Row, ...]) -> tuple[Cell, ...]:
        """Of persons: who counts in several municipalities and once in all, told by the difference of the two.

        The households of the overlap are not known, so that any overlap falls short.
        """
        if self.unit is not Unit.PERSONS:
            return ()
        return tuple(
            Cell(None, persons=sum(cell.persons for cell in row.cells[:-1]) - row.cells[-1].persons)
            for row in rows
            if len(row.cells) > 1
        )

    def _notes(self, lines: Sequence[Line], tallied: Mapping[str, Tally]) -> tuple[Text, ...]:
        told = ((line.note, tallied[line.key].value) for line in lines if line.note)
        return tuple(note(int(value)) for note, value in told if value)

    def _undated(self, tallies: Tallies, place: int) -> tuple[Text, ...]:
        if self.undated is None or self.undated_note is None:
            return ()
        count = tallies[place, WITHOUT_DATE].value
        return (self.undated_note(int(count)),) if count else ()


WITHOUT_DATE = "without_date"
TOGETHER = Column(TOTAL, _("Together"))


def column_of(place: Municipality) -> Column:
    return Column(str(place.pk), place.name)


def columns_of(selection: Selection) -> tuple[Column, ...]:
    """A column a municipality, and one for all together where there are several."""
    places = tuple(map(column_of, selection.municipalities))
    return (*places, TOGETHER) if len(places) > 1 else places


def _cell(tally: Tally) -> Cell:
    return Cell(tally.value, tally.persons, tally.households)


def _share(part: Tally, whole: Tally) -> Cell:
    value = round(100 * part.value / whole.value) if part.value is not None and whole.value else None
    return Cell(value, part.persons, part.households, count=int(part.value or 0))
