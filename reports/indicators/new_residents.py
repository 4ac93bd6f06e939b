"""Persons who arrived in the period to stay, by age."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cases.models import Stay
from reports.counting import Counted
from reports.indicator import Indicator, Line
from reports.rows import AGE_UNKNOWN, RowKind, stay_of
from reports.table import Unit


def stays(detail: str) -> bool:
    return stay_of(detail) == Stay.PERMANENT


def aged(*ages: str) -> Counted:
    return Counted(RowKind.ARRIVED, stays, frozenset(ages))


STAYING = Counted(RowKind.ARRIVED, stays)
OTHERS = Counted(RowKind.ARRIVED, lambda detail: not stays(detail))


def lines(coarse: bool) -> tuple[Line, ...]:
    if coarse:
        ages: tuple[Line, ...] = (
            Line("0-15", _("Under 16"), aged("0-6", "7-15")),
            Line("16-", _("16 or over, or age not known"), aged("16-64", "65-", AGE_UNKNOWN)),
        )
    else:
        ages = (
            Line("0-6", _("0–6 years"), aged("0-6")),
            Line("7-15", _("7–15 years"), aged("7-15")),
            Line("16-64", _("16–64 years"), aged("16-64")),
            Line("65-", _("65 years or over"), aged("65-")),
            Line("unknown", _("Age not known"), aged(AGE_UNKNOWN)),
        )
    return (
        *ages,
        Line("total", _("New residents"), STAYING, is_total=True),
        # Told by the difference to the persons arrived.
        Line("others", _("Other stay"), OTHERS, is_shown=False),
    )


NEW_RESIDENTS = Indicator(
    id="new_residents",
    title=_("New residents by age"),
    definition=_(
        "Persons who arrived in the period and at its end were there to stay permanently, by their age on the day of "
        "arrival."
    ),
    unit=Unit.PERSONS,
    lines=lines,
)
