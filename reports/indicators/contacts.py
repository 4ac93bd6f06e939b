"""Cases opened in the period."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reports.counting import Counted
from reports.indicator import Indicator, Line
from reports.rows import ANONYMOUS, NAMED, RowKind
from reports.table import Unit

OPENED = Counted(RowKind.OPENED)


def lines(coarse: bool) -> tuple[Line, ...]:
    total = Line("opened", _("Cases opened"), OPENED, is_total=True)
    if coarse:
        return (total,)
    return (
        Line("named", _("Somebody's name is known"), Counted(RowKind.OPENED, lambda detail: NAMED in detail)),
        Line("anonymous", _("Nobody's name is known"), Counted(RowKind.OPENED, lambda detail: ANONYMOUS in detail)),
        total,
    )


CONTACTS = Indicator(
    id="contacts",
    title=_("Cases opened"),
    definition=_("Cases whose first contact was in the period. Advice without a case is not counted."),
    unit=Unit.CASES,
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
