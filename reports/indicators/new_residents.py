"""Persons who arrived in the period to stay, by age."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Stay
from reports.indicator import Indicator, Line
from reports.indicators.arrivals import ARRIVED
from reports.sources import PERSONS
from reports.table import Unit

STAYS = ARRIVED & Q(stay=Stay.PERMANENT)
AGE_UNKNOWN = Q(age__isnull=True)


def aged(first: int, last: int | None = None) -> Q:
    """Who is at least `first` and at most `last` years old on the day of arrival."""
    age = Q(age__gte=first * 10_000)
    return age & Q(age__lt=(last + 1) * 10_000) if last is not None else age


def lines(coarse: bool) -> tuple[Line, ...]:
    if coarse:
        ages: tuple[Line, ...] = (
            Line("0-15", _("Under 16"), STAYS & aged(0, 15)),
            Line("16-", _("16 or over, or age not known"), STAYS & (aged(16) | AGE_UNKNOWN)),
        )
    else:
        ages = (
            Line("0-6", _("0–6 years"), STAYS & aged(0, 6)),
            Line("7-15", _("7–15 years"), STAYS & aged(7, 15)),
            Line("16-64", _("16–64 years"), STAYS & aged(16, 64)),
            Line("65-", _("65 years or over"), STAYS & aged(65)),
            Line("unknown", _("Age not known"), STAYS & AGE_UNKNOWN),
        )
    return (
        *ages,
        Line("total", _("New residents"), STAYS, is_total=True),
        # Told by the difference to the persons arrived.
        Line("others", _("Other stay"), ARRIVED & ~Q(stay=Stay.PERMANENT), is_shown=False),
    )


NEW_RESIDENTS = Indicator(
    id="new_residents",
    title=_("New residents by age"),
    definition=_(
        "Persons who arrived in the period and at its end were there to stay permanently, by their age on the day of "
        "arrival."
    ),
    unit=Unit.PERSONS,
    source=PERSONS,
    lines=lines,
)
