"""Persons who arrived in the period."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reports.counting import Counted
from reports.indicator import Indicator, Line
from reports.rows import RowKind
from reports.table import Unit

ARRIVED = Counted(RowKind.ARRIVED)


def lines(coarse: bool) -> tuple[Line, ...]:
    return (Line("arrived", _("Persons arrived"), ARRIVED, is_total=True),)


ARRIVALS = Indicator(
    id="arrivals",
    title=_("Persons arrived"),
    definition=_(
        "Persons who moved to the municipality in the period, after the first contact. Who lived there already is "
        "not counted. Each person counts once in a municipality, on first arriving."
    ),
    unit=Unit.PERSONS,
    lines=lines,
    undated=ARRIVED,
    undated_note=lambda count: (
        ngettext(
            "The date of arrival of %(count)d person is not known; they are in no period.",
            "The date of arrival of %(count)d persons is not known; they are in no period.",
            count,
        )
        % {"count": count}
    ),
)
