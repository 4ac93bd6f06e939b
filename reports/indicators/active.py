"""Open cases at the end of the period."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reports.counting import Counted
from reports.indicator import Indicator, Line
from reports.rows import ACTIVE as WORKED_ON
from reports.rows import PAUSED, RowKind
from reports.table import Unit

OPEN = Counted(RowKind.STANDING)


def lines(coarse: bool) -> tuple[Line, ...]:
    total = Line("open", _("Open cases"), OPEN, is_total=True)
    if coarse:
        return (total,)
    return (
        Line("active", _("Being worked on"), Counted(RowKind.STANDING, WORKED_ON.__eq__)),
        Line("paused", _("Paused"), Counted(RowKind.STANDING, PAUSED.__eq__)),
        total,
    )


ACTIVE = Indicator(
    id="active",
    title=_("Open cases"),
    definition=_("Cases open on the last day of the period: from first contact to arrived, and those on pause."),
    unit=Unit.CASES,
    lines=lines,
    is_standing=True,
)
