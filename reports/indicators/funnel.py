"""How far the cases opened in the period have come."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases.lifecycle import State
from reports.counting import Counted
from reports.indicator import Indicator, Line
from reports.rows import HERE, REACHED, RowKind
from reports.table import Unit

ALREADY_HERE = Counted(RowKind.OPENED, lambda detail: HERE in detail)
ON_THE_WAY = Counted(RowKind.OPENED, lambda detail: HERE not in detail)


def _without_those_here(count: int) -> str:
    return ngettext(
        "Of the cases opened, %(count)d is not in this: they lived in the municipality before the first contact.",
        "Of the cases opened, %(count)d are not in this: they lived in the municipality before the first contact.",
        count,
    ) % {"count": count}


def lines(coarse: bool) -> tuple[Line, ...]:
    later = tuple(Line(state.value, state.label, Counted(kind)) for state, kind in REACHED.items())
    return (
        Line(State.CONTACT.value, State.CONTACT.label, ON_THE_WAY),
        *later,
        # Told by the difference to the cases opened.
        Line("here", _("Already here"), ALREADY_HERE, is_shown=False, note=_without_those_here),
    )


FUNNEL = Indicator(
    id="funnel",
    title=_("Progress step by step"),
    definition=_(
        "Of the cases opened in the period, the share that reached each state or a later one by the end of the "
        "period. Who lived in the municipality before the first contact is not counted."
    ),
    unit=Unit.PERCENT,
    lines=lines,
    is_share=True,
)
