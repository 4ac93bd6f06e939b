"""What figures count: rows of one household, made from its history. The one definition, for whatever counts them.

A row counts in a period where its day is in the period and the period's end is within `since` and the day before
`until`. Rows whose date is not known, and rows about a state rather than a day, have the day `NO_DAY`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from cases import lifecycle
from cases.lifecycle import PATH, State
from cases.models import ARRIVALS, PersonFactKind

NO_DAY = ALWAYS = date.min
NEVER = date.max


class RowKind(StrEnum):
    OPENED = "opened"  # a first contact
    LOST = "lost"  # a closing without arrival, until the case is open again; detail: the reason
    STANDING = "standing"  # a case that is open; detail: paused or not
    SETTLING = "settling"  # the first settling of a household, with the days since its first contact
    ARRIVED = "arrived"  # a person; detail: how they stay, and their age
    SETTLED = "settled"  # a person, until they leave
    # A case opened on the day that has come so far, or farther; none where the people lived here already.
    REACHED_ASSESSMENT = "reached_assessment"
    REACHED_PLAN = "reached_plan"
    REACHED_MOVING = "reached_moving"
    REACHED_ARRIVED = "reached_arrived"
    REACHED_SETTLED = "reached_settled"


REACHED = {state: RowKind(f"reached_{state}") for state in PATH[1:]}
OF_PERSONS = (RowKind.ARRIVED, RowKind.SETTLED)  # one row a person; the others are of cases

NAMED, ANONYMOUS, HERE = "named", "anonymous", "here"  # the details of a first contact: «named here»
ACTIVE, PAUSED = "active", "paused"
# From how many full years on, and what the ages from there on are called; below nought is nobody's age.
AGES = ((65, "65-"), (16, "16-64"), (7, "7-15"), (0, "0-6"))
AGE_UNKNOWN, NO_AGE = "unknown", "none"


class Row(NamedTuple):
    municipality: int
    restricted: bool
    household: int
    case: int
    kind: RowKind
    detail: str
    day: date
    since: date
    until: date
    days: int
    people: tuple[UUID, ...]  # the identities of those behind it


class Change(NamedTuple):
    """A change of state."""

    id: int
    sequence: int
    name: str
    to_state: str
    reason: str
    day: date
    date_known: bool


class PersonFact(NamedTuple):
    """A fact about a person. `is_first`: no earlier one of its kind is known of this person, in whatever case."""

    person: int
    kind: str
    day: date
    date_known: bool
    identity: UUID
    born: date | None
    is_first: bool


@dataclass
class CaseHistory:
    id: int
    municipality: int
    restricted: bool
    opened_on: date
    changes: list[Change] = field(default_factory=list)
    persons: list[PersonFact] = field(default_factory=list)
    stays: list[tuple[date, int, str]] = field(default_factory=list)  # day, id, stay

    @property
    def has_settled(self) -> bool:
        """Whether it ever did, whatever came afterwards."""
        return any(change.name == lifecycle.CONFIRM_SETTLED.name for change in self.changes)


@dataclass
class History:
    """What is known of a household and of its cases."""

    household: int
    cases: dict[int, CaseHistory] = field(default_factory=dict)
    people: list[UUID] = field(default_factory=list)
    is_named: bool = False
    is_shared: bool = False  # one of its people is in another household, too


def rows_of(history: History) -> list[Row]:
    """Every row of the household."""
    rows: list[Row] = []
    first_settled = min((case.opened_on for case in history.cases.values() if case.has_settled), default=NEVER)
    for case in history.cases.values():
        case.changes.sort(key=lambda change: change.sequence)
        case.stays.sort()
        of_case = _CaseRows(history, case)
        rows += of_case.opened()
        rows += of_case.lost()
        rows += of_case.standing()
        rows += of_case.reached()
        if case.opened_on <= first_settled:
            rows += of_case.settling()
        rows += of_case.arrived()
        rows += of_case.settled()
    return rows


class _CaseRows:
    """The rows of one case, kind by kind."""

    def __init__(self, history: History, case: CaseHistory) -> None:
        self.history, self.case = history, case
        self.people = tuple(history.people)
        self.is_here = any(fact.kind == PersonFactKind.ALREADY_HERE for fact in case.persons)
        self.openings = [change for change in case.changes if change.name == lifecycle.OPENED]

    def _row(
        self,
        kind: RowKind,
        detail: str,
        day: date,
        since: date = ALWAYS,
        until: date = NEVER,
        days: int = 0,
        people: tuple[UUID, ...] | None = None,
    ) -> Iterator[Row]:
        """The row, where any period's end can be within: a period that has the day does not end before it."""
        since = max(since, day)
        if since < until:
            case = self.case
            behind = self.people if people is None else people
            place = (case.municipality, case.restricted, self.history.household, case.id)
            yield Row(*place, kind, detail, day, since, until, days, behind)

    def opened(self) -> Iterator[Row]:
        detail = NAMED if self.history.is_named else ANONYMOUS
        for change in self.openings:
            day = change.day if change.date_known else NO_DAY
            yield from self._row(RowKind.OPENED, f"{detail} {HERE}" if self.is_here else detail, day)

    def lost(self) -> Iterator[Row]:
        if any(fact.kind in ARRIVALS for fact in self.case.persons):
            return
        for change in self.case.changes:
            if change.name == lifecycle.CLOSE.name and change.date_known:
                until = self._next(change)
                yield from self._row(RowKind.LOST, change.reason, change.day, until=until)

    def _next(self, change: Change) -> date:
        """The day from which a later change holds; `NEVER` where there is none."""
        later = (other.day for other in self.case.changes if other.sequence > change.sequence)
        return min(later, default=NEVER)

    def standing(self) -> Iterator[Row]:
        """While the case is open, paused or not; changes that make no difference to that are one row."""
        spans: list[tuple[str, date, date]] = []
        for change in self.case.changes:
            since, until = max(change.day, self.case.opened_on), self._next(change)
            if since >= until or change.to_state not in lifecycle.OPEN:
                continue
            detail = PAUSED if change.to_state == State.PAUSED else ACTIVE
            if spans and spans[-1][0] == detail and spans[-1][2] == since:
                since = spans.pop()[1]
            spans.append((detail, since, until))
        for detail, since, until in spans:
            yield from self._row(RowKind.STANDING, detail, NO_DAY, since, until)

    def reached(self) -> Iterator[Row]:
        if self.is_here:
            return
        for opening in self.openings:
            if not opening.date_known:
                continue
            for number, state in enumerate(PATH[1:], start=1):
                days = [change.day for change in self.case.changes if change.to_state in PATH[number:]]
                if not days:
                    break
                yield from self._row(REACHED[state], "", opening.day, since=min(days))

    def settling(self) -> Iterator[Row]:
        """The settling, unless it was taken back by reopening the case; both dates are known."""
        opened = min((change for change in self.openings if change.date_known), default=None)
        if self.is_here or opened is None:
            return
        reopened = max((c.sequence for c in self.case.changes if c.name == lifecycle.REOPEN.name), default=-1)
        for change in self.case.changes:
            if change.name == lifecycle.CONFIRM_SETTLED.name and change.date_known and change.sequence > reopened:
                yield from self._row(RowKind.SETTLING, "", change.day, days=(change.day - opened.day).days)

    def arrived(self) -> Iterator[Row]:
        """A row for each way in which the person stayed since."""
        stays = [(ALWAYS, 0, ""), *self.case.stays]
        for fact in self._first(PersonFactKind.ARRIVED):
            age = age_group(fact.day, fact.born)
            for (since, _id, stay), (until, _next, _stay) in pairwise([*stays, (NEVER, 0, "")]):
                detail = f"{stay}|{age}:1"
                day = fact.day if fact.date_known else NO_DAY
                yield from self._row(RowKind.ARRIVED, detail, day, since, until, people=(fact.identity,))

    def settled(self) -> Iterator[Row]:
        for fact in self._first(PersonFactKind.SETTLED):
            left = (f.day for f in self.case.persons if f.kind == PersonFactKind.LEFT and f.person == fact.person)
            day = fact.day if fact.date_known else NO_DAY
            until = min(left, default=NEVER)
            yield from self._row(RowKind.SETTLED, "", day, until=until, people=(fact.identity,))

    def _first(self, kind: PersonFactKind) -> Iterator[PersonFact]:
        return (fact for fact in self.case.persons if fact.kind == kind and fact.is_first)


def age_group(day: date, born: date | None) -> str:
    """The age in full years on `day`, as a group of `AGES`."""
    if born is None:
        return AGE_UNKNOWN
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return next((name for start, name in AGES if years >= start), NO_AGE)


def stay_of(detail: str) -> str:
    """How those arrived stay; "" where it is not known."""
    return detail.partition("|")[0]


def ages_of(detail: str) -> dict[str, int]:
    """How many of those arrived are of each age."""
    parts = (part.split(":") for part in detail.partition("|")[2].split(","))
    return {age: int(count) for age, count in parts}


def arrived_detail(details: Iterable[str]) -> str:
    """The detail of several persons who arrived together, of one stay."""
    ages: dict[str, int] = {}
    stay = ""
    for detail in details:
        stay = stay_of(detail)
        for age, count in ages_of(detail).items():
            ages[age] = ages.get(age, 0) + count
    return f"{stay}|{','.join(f'{age}:{ages[age]}' for age in sorted(ages))}"
