"""Open cases at the end of the period."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import OPEN, State
from reports.indicator import Indicator, Line
from reports.sources import STANDING
from reports.table import Unit


def lines(coarse: bool) -> tuple[Line, ...]:
    total = Line("open", _("Open cases"), Q(to_state__in=OPEN), is_total=True)
    if coarse:
        return (total,)
    return (
        Line("active", _("Being worked on"), ~Q(to_state=State.PAUSED)),
        Line("paused", _("Paused"), Q(to_state=State.PAUSED)),
        total,
    )


ACTIVE = Indicator(
    id="active",
    title=_("Open cases"),
    definition=_("Cases open on the last day of the period: from first contact to arrived, and those on pause."),
    unit=Unit.CASES,
    source=STANDING,
    lines=lines,
)
