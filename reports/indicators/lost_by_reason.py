"""Cases that closed in the period without anybody arriving, by reason."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases import lifecycle
from cases.lifecycle import CloseReason
from reports.indicator import Indicator, Line
from reports.sources import CHANGES
from reports.table import Unit

LOST = Q(name=lifecycle.CLOSE.name)
OWN_CHOICE = (CloseReason.ADVICE, CloseReason.STAYS, CloseReason.OTHER_PLACE)
SOMETHING_MISSING = (CloseReason.NO_HOUSING, CloseReason.NO_WORK, CloseReason.NO_SERVICE, CloseReason.NO_PERMIT)
# A case closed as a duplicate was never a chance to lose.
COUNTED = LOST & ~Q(reason=CloseReason.DUPLICATE)


def lines(coarse: bool) -> tuple[Line, ...]:
    total = Line("lost", _("Closed without arrival"), COUNTED, is_total=True)
    if coarse:
        return (
            Line("missing", _("Housing, work, service or permit missing"), LOST & Q(reason__in=SOMETHING_MISSING)),
            Line("choice", _("Own choice, or need met by advice"), LOST & Q(reason__in=OWN_CHOICE)),
            Line("other", _("Other reason"), COUNTED & ~Q(reason__in=(*SOMETHING_MISSING, *OWN_CHOICE))),
            total,
        )
    reasons = [reason for reason in CloseReason if reason is not CloseReason.DUPLICATE]
    return (*(Line(reason.value, reason.label, LOST & Q(reason=reason)) for reason in reasons), total)


LOST_BY_REASON = Indicator(
    id="lost_by_reason",
    title=_("Closed without arrival"),
    definition=_(
        "Cases closed in the period, and still closed at its end, from which nobody had arrived, by the reason for "
        "closing. Duplicates are not counted."
    ),
    unit=Unit.CASES,
    source=CHANGES,
    lines=lines,
    is_sparse=True,
)
