"""Reads the rows of windows: sums of what is saved, and one by one what is not summed or has changed since.

Three statements where nothing has changed since the figures were saved, two more where something has.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from reports.facts import changed, everyone, histories
from reports.models import SavedFigures, SavedMonth, SavedRow
from reports.rows import Row, RowKind, rows_of
from reports.selection import Selection
from reports.windows import Box, Window, in_months


class Sum(NamedTuple):
    """Rows alike, each of another household."""

    detail: str
    days: int
    rows: int
    persons: int


class Single(NamedTuple):
    """One row; others may count the same case, household or people."""

    detail: str
    days: int
    household: int
    case: int
    people: frozenset[UUID]


@dataclass
class Found:
    """What counts in a window."""

    sums: list[Sum] = field(default_factory=list)
    singles: list[Single] = field(default_factory=list)


class Behind(NamedTuple):
    """A row with its case. Of one that is summed only the number of `persons` is known."""

    case: int
    detail: str
    since: date
    persons: int
    people: frozenset[UUID]


@dataclass(frozen=True)
class _Live:
    """The rows counted now, of `households`; of all others those saved on `saved_on` hold (None: there are none)."""

    rows: Sequence[Row]
    households: frozenset[int]
    saved_on: date | None


def read(selection: Selection, windows: Iterable[Window]) -> dict[Window, Found]:
    """What counts in each window."""
    asked = list(dict.fromkeys(windows))
    found = {window: Found() for window in asked}
    live = _live(selection)
    for window, row in _within(asked, live.rows):
        found[window].singles.append(Single(row.detail, row.days, row.household, row.case, frozenset(row.people)))
    if live.saved_on is not None and asked:
        _read_saved(selection, live, live.saved_on, found)
    return found


def rows_within(selection: Selection, windows: Iterable[Window]) -> Iterator[Behind]:
    """Every row of the windows."""
    asked = list(windows)
    live = _live(selection)
    for _window, row in _within(asked, live.rows):
        yield Behind(row.case, row.detail, row.since, len(row.people), frozenset(row.people))
    if live.saved_on is None:
        return
    within = Q(pk__in=())
    for window in asked:
        within |= Q(
            municipality=window.municipality,
            kind=window.kind,
            day__range=(window.first, window.last),
            since__lte=window.end,
            until__gt=window.end,
        )
    columns = ["case_id", "detail", "since", "persons", "people", "municipality_id", "household_id", "restricted"]
    for case, detail, since, persons, people, place, household, restricted in (
        SavedRow.objects.filter(within, household__isnull=False).order_by("pk").values_list(*columns)
    ):
        if household not in live.households and selection.counts(place, household, restricted=restricted):
            yield Behind(case, detail, since, persons, _people(people))


def _live(selection: Selection) -> _Live:
    """All rows as they were known at a moment, where the figures of then are asked for; else those that changed."""
    places = [place.pk for place in selection.municipalities]
    saved_at = None
    if selection.known_at is None:
        saved_at = SavedFigures.objects.values_list("known_at", flat=True).filter(pk=1).first()
    households = everyone(places) if saved_at is None else changed(saved_at, places)
    rows = [
        row
        for history in histories(households, selection.known_at)
        for row in rows_of(history)
        if selection.counts(row.municipality, row.household, restricted=row.restricted)
    ]
    return _Live(rows, frozenset(households), timezone.localdate(saved_at) if saved_at else None)


def _within(windows: Sequence[Window], rows: Iterable[Row]) -> Iterator[tuple[Window, Row]]:
    by_kind: dict[tuple[int, RowKind], list[Window]] = defaultdict(list)
    for window in windows:
        by_kind[window.municipality, window.kind].append(window)
    for row in rows:
        for window in by_kind.get((row.municipality, row.kind), ()):
            if window.has(row):
                yield window, row


def _people(identities: str) -> frozenset[UUID]:
    return frozenset(map(UUID, identities.split(","))) if identities else frozenset()


# What is saved, in one statement, so that a refresh that commits meanwhile is seen whole or not at all: months; of
# days at the edges of months single rows, summed here; less what months hold of households that are left out; and
# the rows that are not summed. Joined crosswise, so that SQLite, too, begins with the few windows.
_WITHIN = """{rows}.municipality_id = asked.place AND {rows}.kind = asked.kind
    AND {rows}.day BETWEEN asked.first AND asked.last
    AND {rows}.since BETWEEN asked.since_first AND asked.since_last
    AND {rows}.until BETWEEN asked.until_first AND asked.until_last"""
_OWN = re.compile("[a-z_]+|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SAVED = """WITH asked (number, source, place, kind, first, last, since_first, since_last, until_first, until_last)
AS (VALUES {boxes}),
left_out AS MATERIALIZED (SELECT * FROM {row} r WHERE is_summed AND {is_left_out})
SELECT number, detail, days, SUM(m.rows), SUM(m.persons), 0, 0, FALSE, ''
FROM asked CROSS JOIN {month} m WHERE source = 'months' AND {in_months} GROUP BY number, detail, days
UNION ALL
SELECT number, detail, days, COUNT(*), SUM(r.persons), 0, 0, FALSE, ''
FROM asked CROSS JOIN {row} r WHERE source = 'edges' AND {in_rows} AND is_summed AND NOT {is_left_out}
GROUP BY number, detail, days
UNION ALL
SELECT number, detail, days, -COUNT(*), -SUM(r.persons), 0, 0, FALSE, ''
FROM asked CROSS JOIN left_out r WHERE source = 'months' AND {in_rows} GROUP BY number, detail, days
UNION ALL
SELECT number, detail, days, 0, r.persons, r.household_id, r.case_id, r.restricted, r.people
FROM asked CROSS JOIN {row} r WHERE source = 'whole' AND {in_rows} AND NOT is_summed AND NOT {is_left_out}"""


def _read_saved(selection: Selection, live: _Live, saved_on: date, found: dict[Window, Found]) -> None:
    first, *others = [
        (number, source, window.municipality, str(window.kind), *box)
        for number, window in enumerate(found)
        for source, box in _sources(window, saved_on)
    ]
    # The first row tells the types. A driver takes longer to fill in a thousand parameters than the answer takes, so
    # that the others, numbers, dates and words of our own, are written as they are.
    statement = _SAVED.format(
        boxes=", ".join([_row(["%s"] * len(first)), *(_row(map(_literal, box)) for box in others)]),
        row=SavedRow._meta.db_table,
        month=SavedMonth._meta.db_table,
        in_months=_WITHIN.format(rows="m"),
        in_rows=_WITHIN.format(rows="r"),
        is_left_out=_left_out(selection, live),
    )
    windows = list(found)
    with connection.cursor() as cursor:
        cursor.execute(statement, first)
        for number, detail, days, rows, persons, household, case, restricted, people in cursor.fetchall():
            window = windows[number]
            if not household:
                found[window].sums.append(Sum(detail, days, rows, persons))
            elif selection.counts(window.municipality, household, restricted=restricted):
                found[window].singles.append(Single(detail, days, household, case, _people(people)))


def _sources(window: Window, saved_on: date) -> Iterator[tuple[str, Box]]:
    months, edges = in_months(window, saved_on)
    yield from (("months", box) for box in months)
    yield from (("edges", box) for box in edges)
    yield "whole", window.whole


def _left_out(selection: Selection, live: _Live) -> str:
    """Gone, counted live, or not to be seen by this user; ids of our own, written as they are."""
    gone = "r.household_id IS NULL"
    changed_since = f"r.household_id IN ({_listed(live.households)})"
    barred = (
        f"(r.household_id IN ({_listed(selection.scope.barred)}) AND r.municipality_id IN ({_listed(selection.seen)}))"
    )
    return f"({gone} OR {changed_since} OR {barred})"


def _row(values: Iterable[str]) -> str:
    return f"({', '.join(values)})"


def _literal(value: object) -> str:
    """A number, a day or a word of our own as it stands in a statement. ValueError for anything else."""
    told = str(value)
    if isinstance(value, int):
        return told
    if not _OWN.fullmatch(told):
        raise ValueError(f"{value!r} is no day and no word of ours")
    return f"'{told}'"


def _listed(ids: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(ids))) or "0"
