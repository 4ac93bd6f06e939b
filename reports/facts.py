"""The history of households, read from the facts: all that rows are made of, in one statement for some thousands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import batched
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, UUIDField, Value

from cases.models import Case, CasePerson, CaseStay, PersonFactKind, Transition
from contacts.models import Household, HouseholdMember, Person, PersonBirth
from reports.rows import CaseHistory, Change, History, PersonFact

AT_ONCE = 2000  # households

# The columns of all kinds of facts, with what stands there of a kind that has no use for one: a UNION wants one type.
_NO_DATE = Value(date.min, output_field=DateField())
_COLUMNS: dict[str, Any] = {
    "what": Value(""),
    "household": Value(0),
    "case": Value(0),
    "id": Value(0),
    "number": Value(0),
    "word": Value(""),
    "state": Value(""),
    "reason": Value(""),
    "day": _NO_DATE,
    "flag": Value(False, output_field=BooleanField()),
    "identity": Value(UUID(int=0), output_field=UUIDField()),
    "born": _NO_DATE,
    "is_first": Value(False, output_field=BooleanField()),
}
_IN_FIGURES = (PersonFactKind.ARRIVED, PersonFactKind.ALREADY_HERE, PersonFactKind.SETTLED, PersonFactKind.LEFT)


# Which municipality is asked last: what was recorded since is little, and an index leads to it. Written by hand: to put
# it together anew for each page takes longer than it takes to answer.
_CHANGED = """SELECT household_id, municipality_id FROM cases_case WHERE id IN (
    SELECT case_id FROM cases_transition WHERE recorded_at > %(since)s
    UNION SELECT case_id FROM cases_casestay WHERE recorded_at > %(since)s
    UNION SELECT of_person.case_id FROM cases_caseperson fact
        JOIN cases_caseperson of_person ON of_person.person_id = fact.person_id WHERE fact.recorded_at > %(since)s
    UNION SELECT of_person.case_id FROM contacts_personbirth birth
        JOIN cases_caseperson of_person ON of_person.person_id = birth.person_id WHERE birth.recorded_at > %(since)s)
UNION SELECT id, municipality_id FROM contacts_household WHERE id IN (
    SELECT household_id FROM contacts_householdmember WHERE recorded_at > %(since)s
    UNION SELECT household_id FROM contacts_restriction WHERE recorded_at > %(since)s)"""


def changed(since: datetime, municipalities: Collection[int] | None = None) -> set[int]:
    """The households whose rows can differ from what they were `since` then; of these municipalities (None: of all).

    Those with a fact recorded later; those where one of their people has one in another household; and those that
    share one of their people with them: whether a human counts once or twice together hangs on both.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, {"since": connection.ops.adapt_datetimefield_value(since)})
        found = _within(municipalities, cursor.fetchall())
    if found:
        identities = Person.objects.filter(household__in=found).values("identity")
        sharing = Person.objects.filter(identity__in=identities).values_list("household", "municipality")
        found |= _within(municipalities, sharing)
    return found


def _within(municipalities: Collection[int] | None, rows: Iterable[tuple[int, int]]) -> set[int]:
    return {household for household, place in rows if municipalities is None or place in municipalities}


def everyone(municipalities: Collection[int]) -> set[int]:
    """All households of these municipalities."""
    return set(Household.objects.filter(municipality__in=municipalities).values_list("pk", flat=True))


def histories(households: Iterable[int], known_at: datetime | None = None) -> Iterator[History]:
    """The history of each of these households, as known then (None: now). A statement for each `AT_ONCE` of them."""
    for some in batched(sorted(households), AT_ONCE):
        parts = [rows.order_by() for rows in _facts(some, known_at)]
        yield from _assembled(some, parts[0].union(*parts[1:], all=True))


def _assembled(households: Sequence[int], facts: Iterable[tuple]) -> Iterable[History]:
    found = {household: History(household) for household in households}
    cases: dict[int, CaseHistory] = {}
    of_cases = []  # until every case is known
    for fact in facts:
        what, household, case, _id, number, _word, _state, _reason, day, flag, identity, *_more = fact
        match what:
            case "case":
                cases[case] = found[household].cases[case] = CaseHistory(case, number, flag, day)
            case "household":
                found[household].is_named = flag
            case "member":
                found[household].people.append(identity)
                found[household].is_shared |= flag
            case _:
                of_cases.append(fact)
    for what, _household, case, id_, number, word, state, reason, day, flag, identity, born, is_first in of_cases:
        match what:
            case "change":
                cases[case].changes.append(Change(id_, number, word, state, reason, day, flag))
            case "stay":
                cases[case].stays.append((day, id_, word))
            case "person":
                cases[case].persons.append(PersonFact(number, word, day, flag, identity, born, is_first))
    return found.values()


def _facts(households: Sequence[int], known_at: datetime | None) -> tuple[QuerySet, ...]:
    def known(model) -> QuerySet:
        return model.objects.known_at(known_at)

    of_case = {"case__household__in": households}
    case = {"household": F("case__household_id"), "case": F("case_id"), "id": F("pk"), "day": F("happened_on")}
    named = known(HouseholdMember).filter(household=OuterRef("pk"), named=True)
    same = Person.objects.filter(identity=OuterRef("identity")).exclude(pk=OuterRef("pk"))
    births = known(PersonBirth).filter(person=OuterRef("person")).order_by("pk")
    earlier = known(CasePerson).filter(
        Q(happened_on__lt=OuterRef("happened_on")) | Q(happened_on=OuterRef("happened_on"), pk__lt=OuterRef("pk")),
        person=OuterRef("person"),
        kind=OuterRef("kind"),
    )
    return (
        _columns(
            Case.objects.filter(household__in=households),
            "case",
            household=F("household_id"),
            case=F("pk"),
            number=F("municipality_id"),
            flag=F("restricted"),
            day=F("opened_on"),
        ),
        _columns(Household.objects.filter(pk__in=households), "household", household=F("pk"), flag=Exists(named)),
        _columns(
            Person.objects.filter(household__in=households),
            "member",
            household=F("household_id"),
            identity=F("identity"),
            flag=Exists(same),
        ),
        _columns(
            known(Transition).filter(**of_case),
            "change",
            **case,
            number=F("sequence"),
            word=F("name"),
            state=F("to_state"),
            reason=F("reason"),
            flag=F("date_known"),
        ),
        _columns(known(CaseStay).filter(**of_case), "stay", **case, word=F("stay")),
        _columns(
            known(CasePerson).filter(**of_case, kind__in=_IN_FIGURES),
            "person",
            **case,
            number=F("person_id"),
            word=F("kind"),
            flag=F("date_known"),
            identity=F("person__identity"),
            born=Subquery(births.values("happened_on")[:1]),
            is_first=~Exists(earlier),
        ),
    )


def _columns(rows: QuerySet, what: str, **told: Any) -> QuerySet:
    return rows.values_list(*(_COLUMNS | {"what": Value(what)} | told).values())
