"""From first contact to settled."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reports.counting import Counted
from reports.indicator import Indicator, Line
from reports.rows import RowKind
from reports.table import Unit


def lines(coarse: bool) -> tuple[Line, ...]:
    return (Line("median", _("Days, median"), Counted(RowKind.SETTLING), is_total=True),)


TIME_TO_SETTLED = Indicator(
    id="time_to_settled",
    title=_("From first contact to settled"),
    definition=_(
        "The median of days from the first contact to settling, among the cases that settled in the period. Who "
        "lived in the municipality before the first contact is not counted, nor are cases without both dates."
    ),
    unit=Unit.DAYS,
    lines=lines,
)
