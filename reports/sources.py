"""The rows that indicators count: standing facts of history, each kind read once for all that ask for it.

A source gives rows of the municipalities and periods asked for; what of them counts is said by an indicator.
Rows whose date is not known stay out of every period; who sees the people is told how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Case as SqlCase
from django.db.models import (
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import ExtractDay, ExtractMonth, ExtractYear

from cases import lifecycle
from cases.models import ARRIVALS, CasePerson, CaseStay, PersonFactKind, Transition
from contacts.models import HouseholdMember, PersonBirth
from reports.period import Period
from reports.selection import Selection


@dataclass(frozen=True)
class Source:
    """Rows and what is counted of them: `counted` makes the value, `persons` the people behind it.

    With `counted` "days" the value is the median of that column instead.
    """

    rows: Callable[[Selection, Sequence[Period]], QuerySet]
    counted: str
    persons: str
    by_date: bool = True  # a row belongs to a period by its own date


def dated(period: Period) -> Q:
    """The rows of one period among those of a source."""
    return Q(date_known=True, happened_on__range=(period.start, period.end))


UNDATED = Q(date_known=False)


def _asked(selection: Selection, periods: Sequence[Period]) -> Q:
    asked = selection.of_days(periods) & Q(date_known=True)
    return asked | UNDATED if selection.is_exact else asked


def _end(periods: Sequence[Period]) -> SqlCase:
    """The last day of the period a row belongs to; of the last one for rows without a date."""
    return SqlCase(
        *(When(happened_on__range=(p.start, p.end), then=Value(p.end)) for p in periods),
        default=Value(max(p.end for p in periods)),
        output_field=DateField(),
    )


def _known(model, selection: Selection) -> QuerySet:
    return model.objects.known_at(selection.known_at)


def _changes(selection: Selection, periods: Sequence[Period]) -> QuerySet:
    """First contacts (`named`: of somebody by name), and closings of cases that nobody arrived from.

    A case open again at the period's end has not closed.
    """
    arrived = _known(CasePerson, selection).filter(case=OuterRef("case"), kind__in=ARRIVALS)
    later = _known(Transition, selection).filter(
        case=OuterRef("case"), sequence__gt=OuterRef("sequence"), happened_on__lte=OuterRef("end")
    )
    named = _known(HouseholdMember, selection).filter(household=OuterRef("case__household"), named=True)
    lost = Q(name=lifecycle.CLOSE.name) & ~Exists(arrived) & ~Exists(later)
    return (
        _known(Transition, selection)
        .filter(_asked(selection, periods), case__in=selection.cases())
        .annotate(end=_end(periods), named=Exists(named))
        .filter(Q(name=lifecycle.OPENED) | lost)
    )


def _standing_at_end(selection: Selection, periods: Sequence[Period]) -> QuerySet:
    """The last change of state of each case by the end of the one period, where it left the case open."""
    (period,) = periods
    later = _known(Transition, selection).filter(
        case=OuterRef("case"), sequence__gt=OuterRef("sequence"), happened_on__lte=period.end
    )
    joined = Q()
    for municipality, day in selection.since.items():
        if day > period.end:
            joined &= ~Q(case__municipality_id=municipality)
    return _known(Transition, selection).filter(
        joined,
        ~Exists(later),
        case__in=selection.cases().filter(opened_on__lte=period.end),
        happened_on__lte=period.end,
        to_state__in=lifecycle.OPEN,
    )


def _cohort(selection: Selection, periods: Sequence[Period]) -> QuerySet:
    """Every change of state by the period's end of the cases opened in it.

    Of a case of people who were `here` before the first contact only the opening: it is not on its way.
    """
    (period,) = periods
    opened = _known(Transition, selection).filter(
        selection.of_days(periods), date_known=True, name=lifecycle.OPENED, case__in=selection.cases()
    )
    already_here = _known(CasePerson, selection).filter(case=OuterRef("case"), kind=PersonFactKind.ALREADY_HERE)
    return (
        _known(Transition, selection)
        .filter(case__in=opened.values("case"), happened_on__lte=period.end)
        .annotate(here=Exists(already_here))
        .filter(Q(here=False) | Q(name=lifecycle.OPENED))
    )


def _settlings(selection: Selection, periods: Sequence[Period]) -> QuerySet:
    """The settling of households not here before the first contact, each once, with the `days` since the contact.

    Both dates are known. A settling that was taken back by reopening the case is none.
    """
    known = _known(Transition, selection)
    settled = known.filter(name=lifecycle.CONFIRM_SETTLED.name)
    opened = known.filter(case=OuterRef("case"), name=lifecycle.OPENED, date_known=True)
    reopened = known.filter(case=OuterRef("case"), sequence__gt=OuterRef("sequence"), name=lifecycle.REOPEN.name)
    earlier = settled.filter(
        case__household=OuterRef("case__household"), case__opened_on__lt=OuterRef("case__opened_on")
    )
    already_here = _known(CasePerson, selection).filter(case=OuterRef("case"), kind=PersonFactKind.ALREADY_HERE)
    return (
        settled.filter(
            ~Exists(reopened),
            ~Exists(earlier),
            ~Exists(already_here),
            selection.of_days(periods),
            date_known=True,
            case__in=selection.cases(),
        )
        .annotate(
            opened=Subquery(opened.order_by("pk").values("happened_on")[:1]),
            days=ExpressionWrapper(F("happened_on") - F("opened"), DurationField()),
        )
        .filter(opened__isnull=False)
    )


def _persons(selection: Selection, periods: Sequence[Period]) -> QuerySet:
    """Persons arriving and settling, each once in a municipality: at the first time.

    Who had left by the period's end has not settled. `stay` is the stay at the period's end; `age` the age on the
    day, in full years × 10 000, nothing where the birth is not told.
    """
    known = _known(CasePerson, selection)
    earlier = known.filter(
        Q(happened_on__lt=OuterRef("happened_on")) | Q(happened_on=OuterRef("happened_on"), pk__lt=OuterRef("pk")),
        person=OuterRef("person"),
        kind=OuterRef("kind"),
    )
    left = known.filter(
        case=OuterRef("case"), person=OuterRef("person"), kind=PersonFactKind.LEFT, happened_on__lte=OuterRef("end")
    )
    settled = Q(kind=PersonFactKind.SETTLED) & ~Exists(left)
    stays = _known(CaseStay, selection).filter(case=OuterRef("case"), happened_on__lte=OuterRef("end"))
    births = _known(PersonBirth, selection).filter(person=OuterRef("person")).order_by("pk")
    return (
        known.filter(_asked(selection, periods), case__in=selection.cases())
        .annotate(end=_end(periods))
        .filter(Q(kind=PersonFactKind.ARRIVED) | settled, ~Exists(earlier))
        .annotate(
            stay=Subquery(stays.order_by("-happened_on", "-pk").values("stay")[:1]),
            age=_day_number(F("happened_on")) - Subquery(births.values(number=_day_number(F("happened_on")))[:1]),
        )
    )


def _day_number(day: F):
    """A date written as a number, 20261124. The difference of two counts full years in the tens of thousands."""
    return ExtractYear(day) * 10_000 + ExtractMonth(day) * 100 + ExtractDay(day)


MEMBERS = "case__household__people__identity"

CHANGES = Source(_changes, counted="case", persons=MEMBERS)
STANDING = Source(_standing_at_end, counted="case", persons=MEMBERS, by_date=False)
COHORT = Source(_cohort, counted="case", persons=MEMBERS, by_date=False)
SETTLINGS = Source(_settlings, counted="days", persons=MEMBERS)
PERSONS = Source(_persons, counted="person__identity", persons="person__identity")
