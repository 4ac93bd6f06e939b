"""Cases opened in the period."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases import lifecycle
from reports.indicator import Indicator, Line
from reports.sources import CHANGES
from reports.table import Unit

OPENED = Q(name=lifecycle.OPENED)
NAMED = Q(named=True)


def lines(coarse: bool) -> tuple[Line, ...]:
    total = Line("opened", _("Cases opened"), OPENED, is_total=True)
    if coarse:
        return (total,)
    return (
        Line("named", _("Somebody's name is known"), OPENED & NAMED),
        Line("anonymous", _("Nobody's name is known"), OPENED & ~NAMED),
        total,
    )


CONTACTS = Indicator(
    id="contacts",
    title=_("Cases opened"),
    definition=_("Cases whose first contact was in the period. Advice without a case is not counted."),
    unit=Unit.CASES,
    source=CHANGES,
    lines=lines,
    undated=OPENED,
    undated_note=lambda count: (
        ngettext(
            "The date of first contact of %(count)d case is not known; it is in no period.",
            "The date of first contact of %(count)d cases is not known; they are in no period.",
            count,
        )
        % {"count": count}
    ),
)
