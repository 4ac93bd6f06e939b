"""Counts a source for all who ask: one statement, whatever the number of lines, periods and municipalities."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db import connections
from django.db.models import BooleanField, Case, Count, ExpressionWrapper, F, IntegerField, Q, QuerySet, Value, When

from reports.period import Period
from reports.selection import Selection
from reports.sources import Source


class Reading(StrEnum):
    """Which rows a tally has read."""

    EVERYONE = "everyone"  # all that count for this user
    UNRESTRICTED = "unrestricted"  # the same without restricted households


ALL = 0  # stands for all chosen municipalities together


@dataclass(frozen=True)
class Asked:
    """One figure: the rows of a source in a period that meet a condition."""

    period: Period
    condition: Q


@dataclass(frozen=True)
class Tally:
    """A value, and the persons and households behind it."""

    value: float | None = 0
    persons: int = 0
    households: int = 0


Tallies = dict[tuple[Reading, int, str], Tally]


def readings(selection: Selection) -> tuple[Reading, ...]:
    """Exact figures are read once; figures to be cleared are also read without restricted households."""
    return (Reading.EVERYONE,) if selection.is_exact else (Reading.EVERYONE, Reading.UNRESTRICTED)


def tally(source: Source, selection: Selection, asked: Mapping[str, Asked]) -> Tallies:
    """The tally of each asked figure by reading and municipality, and for all together: one statement.

    A human found in the registers of two municipalities counts in each of them and once in all together.
    """
    periods = sorted({figure.period for figure in asked.values()})
    rows = source.rows(selection, periods)
    reckon = _medians if source.counted == "days" else _counts
    return reckon(source, selection, rows, asked)


def _counts(source: Source, selection: Selection, rows: QuerySet, asked: Mapping[str, Asked]) -> Tallies:
    """Reads the rows once, each marked with the figures it counts in, then counts them in every way asked for.

    The ORM says which rows and marks; the counting over them is SQL of our own, since the ORM would read the rows
    anew for each reading and weigh each condition anew for each number (ten times slower in a large municipality).
    """
    sql, params = _marked(source, rows, asked).query.sql_with_params()
    numbers = ", ".join(
        f"COUNT(DISTINCT {what}) FILTER (WHERE in_{n})"
        for n in range(len(asked))
        for what in ("counted", "someone", "home")
    )
    ways = []
    for reading in readings(selection):
        of = "FROM marked" + (" WHERE NOT restricted" if reading is Reading.UNRESTRICTED else "")
        # Every word of it is our own; what users send is in the parameters of the rows.
        ways.append(f"SELECT '{reading}', place, {numbers} {of} GROUP BY place")
        if len(selection.municipalities) > 1:
            ways.append(f"SELECT '{reading}', {ALL}, {numbers} {of}")
    statement = f"WITH marked AS MATERIALIZED ({sql}) {' UNION ALL '.join(ways)}"
    tallies: dict[tuple[Reading, int, str], Tally] = defaultdict(Tally)
    with connections[rows.db].cursor() as cursor:
        cursor.execute(statement, params)
        for reading, place, *found in cursor.fetchall():
            for n, key in enumerate(asked):
                tallies[Reading(reading), place, key] = Tally(*found[3 * n : 3 * n + 3])
    return tallies


def _marked(source: Source, rows: QuerySet, asked: Mapping[str, Asked]) -> QuerySet:
    marks = {f"in_{n}": ExpressionWrapper(figure.condition, BooleanField()) for n, figure in enumerate(asked.values())}
    return rows.order_by().values(
        place=F("case__municipality_id"),
        restricted=F("case__restricted"),
        counted=F(source.counted),
        someone=F(source.persons),
        home=F("case__household_id"),
        **marks,
    )


def _medians(source: Source, selection: Selection, rows: QuerySet, asked: Mapping[str, Asked]) -> Tallies:
    """Medians from how many rows there are of each length: the same on every database, few rows to fetch."""
    spans = dict(enumerate(asked.values()))
    which = Case(*(When(figure.condition, then=Value(n)) for n, figure in spans.items()), output_field=IntegerField())
    lengths = (
        rows.order_by()
        .values("days", place=F("case__municipality_id"), restricted=F("case__restricted"), which=which)
        .annotate(
            rows=Count("pk", distinct=True),
            persons=Count(source.persons, distinct=True),
            households=Count("case__household", distinct=True),
        )
    )
    found: dict[tuple[Reading, int, int], list] = defaultdict(list)
    for group in lengths:
        for reading in readings(selection):
            if reading is Reading.EVERYONE or not group["restricted"]:
                for place in (group["place"], ALL):
                    found[reading, place, group["which"]].append(group)
    tallies: dict[tuple[Reading, int, str], Tally] = defaultdict(lambda: Tally(value=None))
    for (reading, place, n), groups in found.items():
        tallies[reading, place, list(asked)[n]] = Tally(
            median(_lengths(groups)),
            sum(group["persons"] for group in groups),
            sum(group["households"] for group in groups),
        )
    return tallies


def _lengths(groups: Iterable[Mapping]) -> Counter[int]:
    lengths: Counter[int] = Counter()
    for group in groups:
        lengths[group["days"].days] += group["rows"]
    return lengths


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
