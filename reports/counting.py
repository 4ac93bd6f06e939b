"""Counts what was read: the value of each figure, and the persons and households behind it, by municipality."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date

from reports.period import Period
from reports.reading import Found, Single, Sum, read, rows_within
from reports.rows import NO_DAY, OF_PERSONS, RowKind, ages_of
from reports.selection import Selection
from reports.windows import Window

ALL = 0  # stands for all chosen municipalities together


@dataclass(frozen=True)
class Counted:
    """Rows of a kind whose detail `has` what is counted; of those who arrived only persons of `ages`, where given."""

    kind: RowKind
    has: Callable[[str], bool] = lambda detail: True
    ages: frozenset[str] = frozenset()

    def persons(self, detail: str, persons: int, rows: int = 1) -> int:
        """How many of the persons of so many rows alike count."""
        if not self.ages:
            return persons
        return rows * sum(count for age, count in ages_of(detail).items() if age in self.ages)

    def counts(self, detail: str) -> bool:
        return self.has(detail) and (not self.ages or self.persons(detail, 0) > 0)


@dataclass(frozen=True)
class Asked:
    """One figure: what is counted in a period, as it is on the period's last day.

    By default of the days of the period, else of `days` within it, or of the rows that have no day.
    """

    counted: Counted
    period: Period
    days: Period | None = None
    has_day: bool = True

    def windows(self, selection: Selection) -> list[Window]:
        """A window for each municipality whose figures have begun by then."""
        found = []
        for place in selection.municipalities:
            days = selection.of_place(self.days or self.period, place.pk)
            if days:
                bounds = (days.start, days.end) if self.has_day else (NO_DAY, NO_DAY)
                found.append(Window(place.pk, self.counted.kind, *bounds, self.period.end))
        return found


@dataclass(frozen=True)
class Tally:
    """A value, and the persons and households behind it."""

    value: float | None = 0
    persons: int = 0
    households: int = 0


Tallies = dict[tuple[int, str], Tally]  # by municipality and key of the line


def tally[K: Hashable](selection: Selection, asked: Mapping[K, Asked]) -> dict[tuple[int, K], Tally]:
    """The tally of each asked figure by municipality, and for all together.

    A human found in the registers of two municipalities counts in each of them and once in all together.
    """
    windows = {key: figure.windows(selection) for key, figure in asked.items()}
    found = read(selection, (window for of_figure in windows.values() for window in of_figure))
    tallies = {}
    for key, figure in asked.items():
        of_places = {place.pk: _Count(figure.counted) for place in selection.municipalities}
        together = _Count(figure.counted)
        for window in windows[key]:
            of_places[window.municipality].add(found[window])
            together.add(found[window])
        for place, count in (*of_places.items(), (ALL, together)):
            tallies[place, key] = count.tally()
    return tallies


def cases_behind(selection: Selection, asked: Asked) -> dict[int, int]:
    """The cases of one figure, the latest first, with how many persons of each count in it."""
    latest: dict[int, date] = {}
    summed: Counter[int] = Counter()
    people: dict[int, set] = {}
    for row in rows_within(selection, asked.windows(selection)):
        if asked.counted.counts(row.detail):
            latest[row.case] = max(latest.get(row.case, row.since), row.since)
            if row.people:
                people.setdefault(row.case, set()).update(row.people)
            else:
                summed[row.case] += asked.counted.persons(row.detail, row.persons)
    newest = sorted(latest, key=lambda case: (latest[case], case), reverse=True)
    return {case: summed[case] + len(people.get(case, ())) for case in newest}


class _Count:
    """Adds up what was found: rows that are summed by their numbers, single ones by who and what they are about."""

    def __init__(self, counted: Counted) -> None:
        self.counted = counted
        self.rows = self.persons = 0
        self.cases: set[int] = set()
        self.people: set = set()
        self.households: set[int] = set()
        self.lengths: Counter[int] = Counter()

    def add(self, found: Found) -> None:
        for one in found.sums:
            if self.counted.counts(one.detail):
                self._add_sum(one)
        for single in found.singles:
            if self.counted.counts(single.detail):
                self._add_single(single)

    def _add_sum(self, one: Sum) -> None:
        self.rows += one.rows
        self.persons += self.counted.persons(one.detail, one.persons, one.rows)
        self.lengths[one.days] += one.rows

    def _add_single(self, single: Single) -> None:
        self.cases.add(single.case)
        self.people |= single.people
        self.households.add(single.household)
        self.lengths[single.days] += 1

    def tally(self) -> Tally:
        persons, households = self.persons + len(self.people), self.rows + len(self.households)
        value: float | None = self.rows + len(self.cases)
        if self.counted.kind in OF_PERSONS:
            value = persons
        elif self.counted.kind == RowKind.SETTLING:
            value = median(self.lengths)
        return Tally(value, persons, households)


def median(lengths: Mapping[int, int]) -> float | None:
    """The median of values given with how often each occurs; None of nothing."""
    total = sum(lengths.values())
    if not total:
        return None
    places = ((total - 1) // 2, total // 2)
    found: list[int] = []
    passed = 0
    for value in sorted(lengths):
        passed += lengths[value]
        while len(found) < 2 and places[len(found)] < passed:
            found.append(value)
    return sum(found) / 2
