"""Cases that closed in the period without anybody arriving, by reason."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cases.lifecycle import CloseReason
from reports.counting import Counted
from reports.indicator import Indicator, Line
from reports.rows import RowKind
from reports.table import Unit

OWN_CHOICE = (CloseReason.ADVICE, CloseReason.STAYS, CloseReason.OTHER_PLACE)
SOMETHING_MISSING = (CloseReason.NO_HOUSING, CloseReason.NO_WORK, CloseReason.NO_SERVICE, CloseReason.NO_PERMIT)
# A case closed as a duplicate was never a chance to lose.
COUNTED = frozenset(CloseReason) - {CloseReason.DUPLICATE}


def lost(*reasons: str) -> Counted:
    return Counted(RowKind.LOST, frozenset(reasons).__contains__)


def lines(coarse: bool) -> tuple[Line, ...]:
    total = Line("lost", _("Closed without arrival"), lost(*COUNTED), is_total=True)
    if coarse:
        return (
            Line("missing", _("Housing, work, service or permit missing"), lost(*SOMETHING_MISSING)),
            Line("choice", _("Own choice, or need met by advice"), lost(*OWN_CHOICE)),
            Line("other", _("Other reason"), lost(*COUNTED.difference(SOMETHING_MISSING, OWN_CHOICE))),
            total,
        )
    reasons = [reason for reason in CloseReason if reason is not CloseReason.DUPLICATE]
    return (*(Line(reason.value, reason.label, lost(reason)) for reason in reasons), total)


LOST_BY_REASON = Indicator(
    id="lost_by_reason",
    title=_("Closed without arrival"),
    definition=_(
        "Cases closed in the period, and still closed at its end, from which nobody had arrived, by the reason for "
        "closing. Duplicates are not counted."
    ),
    unit=Unit.CASES,
    lines=lines,
    is_sparse=True,
)
