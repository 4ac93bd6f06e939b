"""Persons who settled in the period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reports.counting import Counted
from reports.indicator import Indicator, Line
from reports.period import Period
from reports.rows import RowKind
from reports.table import Unit

SETTLED_THEN = Counted(RowKind.SETTLED)


def lines(coarse: bool) -> tuple[Line, ...]:
    return (Line("settled", _("Persons settled"), SETTLED_THEN, is_total=True),)


SETTLED = Indicator(
    id="settled",
    title=_("Persons settled"),
    definition=_(
        "Persons who settled in the period and had not left by its end: they live in the municipality, and its "
        "criteria are met or it is written down why they are not. Who lived there before the first contact is "
        "counted, too, and so are seasonal stays. Each person counts once in a municipality."
    ),
    unit=Unit.PERSONS,
    lines=lines,
    undated=SETTLED_THEN,
    undated_note=lambda count: (
        ngettext(
            "The date of settling of %(count)d person is not known; they are in no period.",
            "The date of settling of %(count)d persons is not known; they are in no period.",
            count,
        )
        % {"count": count}
    ),
)


def settled_by(slices: Sequence[Period]) -> Indicator:
    """The persons settled in each slice of a period, such as its months."""
    by_slice = tuple(Line(part.start.isoformat(), part.short, SETTLED_THEN, days=part) for part in slices)
    return replace(
        SETTLED,
        id="settled_by_slice",
        title=_("Persons settled over time"),
        lines=lambda coarse: by_slice,
        undated=None,
    )
