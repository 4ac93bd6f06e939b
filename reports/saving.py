"""Keeps the saved figures fresh: recounts the households that changed, and replaces what was saved of them.

Each batch is a transaction of its own in which rows and months change together, so that who reads both in one statement
never sees half of it. One process is at it at a time: it holds a claim, which ends by itself where the process does.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import batched, groupby, pairwise
from threading import Event
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from contacts.models import Household
from reports.facts import AT_ONCE, changed, histories
from reports.models import SavedFigures, SavedMonth, SavedRow
from reports.rows import NEVER, OF_PERSONS, History, Row, RowKind, arrived_detail, rows_of

logger = logging.getLogger(__name__)

# A request stamps what it records when it begins, and commits it later: so long afterwards it is counted anew.
STILL_COMING = timedelta(minutes=2)
CLAIM_ENDS = timedelta(minutes=10)  # without a sign of life from who holds it
EVERY = timedelta(minutes=1)


class Saved(NamedTuple):
    """The columns of a saved row."""

    municipality_id: int
    household_id: int
    case_id: int
    restricted: bool
    kind: str
    detail: str
    day: date
    since: date
    until: date
    days: int
    persons: int
    is_summed: bool
    people: str

    @property
    def month(self) -> tuple:
        """What the saved months tell apart: the values of `MONTH`."""
        days = (self.day.replace(day=1), self.since.replace(day=1), self.until.replace(day=1))
        return (self.municipality_id, self.kind, self.detail, *days, self.days)


MONTH = "municipality_id, kind, detail, day, since, until, days"


@dataclass
class Outcome:
    """How many households were recounted, and of how many the saved rows were not as they should be."""

    recounted: int = 0
    differed: int = 0


class ClaimLost(Exception):
    """Another process has taken over."""


def refresh(*, at: datetime, everything: bool = False) -> Outcome | None:
    """Bring the saved figures up to date as of `at`, which is now; None where another process is at it.

    With `everything` all households are recounted, and the months are summed anew.
    """
    claim = _claim(at)
    if claim is None:
        return None
    try:
        return _refresh(claim, at - STILL_COMING, everything)
    finally:
        SavedFigures.objects.filter(claim=claim).update(claim=None, claimed_at=None)


def keep_fresh(stop: Event) -> None:
    """Refresh every minute until told to stop: what one thread of each server process does."""
    while not stop.wait(EVERY.total_seconds()):
        try:
            at = timezone.now()
            if _is_due(at):
                refresh(at=at)
        except Exception:  # the database may be away for a while; figures are right meanwhile, too, only slower
            logger.exception("could not refresh the saved figures")
        finally:
            connection.close()


def _is_due(at: datetime) -> bool:
    """Whether nobody, such as another worker, has refreshed within the minute."""
    fresh = Q(known_at__gt=at - STILL_COMING - EVERY * 0.9)
    return not SavedFigures.objects.filter(fresh).exists()


def _claim(at: datetime) -> UUID | None:
    claim = uuid4()
    SavedFigures.objects.get_or_create(pk=1)
    free = Q(claim=None) | Q(claimed_at__lt=at - CLAIM_ENDS)
    return claim if SavedFigures.objects.filter(free).update(claim=claim, claimed_at=at) else None


def _hold(claim: UUID, **told: datetime) -> None:
    """A sign of life. Within a transaction no other process can take over before its end."""
    if not SavedFigures.objects.filter(claim=claim).update(claimed_at=timezone.now(), **told):
        raise ClaimLost


def _refresh(claim: UUID, known_at: datetime, everything: bool) -> Outcome:
    saved_at = SavedFigures.objects.values_list("known_at", flat=True).get(claim=claim)
    outcome = Outcome()
    today = timezone.localdate(known_at)
    if saved_at is None:
        _from_nothing(claim, today, outcome)
    else:
        for households in _all() if everything else batched(sorted(changed(saved_at)), AT_ONCE):
            with transaction.atomic():
                _hold(claim)
                _recount(households, today, outcome)
    with transaction.atomic():
        _hold(claim, known_at=known_at)
        _take_out(SavedRow.objects.filter(household=None))
        if everything or saved_at is None:
            _sum_anew()
    return outcome


def _all() -> Iterator[Sequence[int]]:
    last = 0
    while households := list(
        Household.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    ):
        yield households
        last = households[-1]


def _from_nothing(claim: UUID, today: date, outcome: Outcome) -> None:
    """The first time: nobody reads what is saved before it is whole, so the months are summed at the end."""
    SavedRow.objects.all().delete()
    for households in _all():
        with transaction.atomic():
            _hold(claim)
            _write([row for history in histories(households) for row in saved_rows(history, today)])
        outcome.recounted += len(households)


def _recount(households: Collection[int], today: date, outcome: Outcome) -> None:
    before: dict[int, list[Saved]] = {household: [] for household in households}
    for row in _saved(SavedRow.objects.filter(household__in=households)):
        before[row.household_id].append(row)
    after = {history.household: saved_rows(history, today) for history in histories(households)}
    differing = [household for household in households if Counter(before[household]) != Counter(after[household])]
    outcome.recounted += len(before)
    outcome.differed += len(differing)
    if differing:
        _take_out(SavedRow.objects.filter(household__in=differing))
        rows = [row for household in differing for row in after[household]]
        _write(rows)
        _add_to_months(rows, 1)


def saved_rows(history: History, today: date) -> list[Saved]:
    """The household's rows as they are saved.

    Rows of a kind are summed, those alike as one, where no two of them ever count together: then the sum over months
    has each household once. They do not where the household is restricted or shares a person, nor with a date to come,
    which a month that is not over would count too early.
    """
    found: list[Saved] = []
    for _kind, of_kind in groupby(sorted(rows_of(history), key=_kind_of), key=_kind_of):
        rows = list(of_kind)
        together = list(_together(rows))
        is_summed = not (history.is_shared or rows[0].restricted) and _are_apart(together, today)
        found += [_as_saved(row, is_summed) for row in (together if is_summed else rows)]
    return found


def _kind_of(row: Row) -> RowKind:
    return row.kind


def _together(rows: Sequence[Row]) -> Iterator[Row]:
    """Persons who arrived or settled alike as one row."""
    if rows[0].kind not in OF_PERSONS:
        yield from rows
        return

    def alike(row: Row):
        return row.case, row.day, row.since, row.until, row.detail.partition("|")[0]

    for _alike, some in groupby(sorted(rows, key=alike), key=alike):
        ones = list(some)
        detail = arrived_detail(row.detail for row in ones) if ones[0].kind == RowKind.ARRIVED else ones[0].detail
        yield ones[0]._replace(detail=detail, people=tuple(person for row in ones for person in row.people))


def _are_apart(rows: Sequence[Row], today: date) -> bool:
    spans = sorted((row.since, row.until) for row in rows)
    to_come = any(day > today and day != NEVER for row in rows for day in (row.day, row.since, row.until))
    return not to_come and all(until <= since for (_since, until), (since, _until) in pairwise(spans))


def _as_saved(row: Row, is_summed: bool) -> Saved:
    people = "" if is_summed else ",".join(person.hex for person in row.people)
    place = (row.municipality, row.household, row.case, row.restricted)
    dates = (row.day, row.since, row.until)
    return Saved(*place, str(row.kind), row.detail, *dates, row.days, len(row.people), is_summed, people)


def _saved(rows: QuerySet) -> Iterator[Saved]:
    return map(Saved._make, rows.order_by().values_list(*Saved._fields))


def _take_out(rows: QuerySet) -> None:
    _add_to_months(_saved(rows.filter(is_summed=True)), -1)
    rows.delete()


def _write(rows: Sequence[Saved]) -> None:
    if connection.vendor != "postgresql":
        SavedRow.objects.bulk_create((SavedRow(**row._asdict()) for row in rows), batch_size=500)
        return
    # A tenth of the time of INSERT.
    statement = f"COPY {SavedRow._meta.db_table} ({', '.join(Saved._fields)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _add_to_months(rows: Iterable[Saved], sign: int) -> None:
    sums: dict[tuple, list[int]] = {}
    for row in rows:
        if row.is_summed:
            total = sums.setdefault(row.month, [0, 0])
            total[0] += sign
            total[1] += sign * row.persons
    table = SavedMonth._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({MONTH}, rows, persons) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"  # noqa: S608
            f" ON CONFLICT ({MONTH}) DO UPDATE"
            f" SET rows = {table}.rows + EXCLUDED.rows, persons = {table}.persons + EXCLUDED.persons",
            [(*month, *total) for month, total in sums.items()],
        )


def _sum_anew() -> None:
    SavedMonth.objects.all().delete()
    month = "date({0}, 'start of month')"
    if connection.vendor == "postgresql":
        month = "date_trunc('month', {0}::timestamp)::date"
    by_month = MONTH
    for name in ("day", "since", "until"):
        by_month = by_month.replace(f" {name},", f" {month.format(name)},")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {SavedMonth._meta.db_table} ({MONTH}, rows, persons)"  # noqa: S608
            f" SELECT {by_month}, COUNT(*), SUM(persons) FROM {SavedRow._meta.db_table}"
            " WHERE is_summed GROUP BY 1, 2, 3, 4, 5, 6, 7"
        )
