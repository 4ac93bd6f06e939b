"""How far the cases opened in the period have come."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases import lifecycle
from cases.lifecycle import PATH, State
from reports.indicator import Indicator, Line
from reports.sources import COHORT
from reports.table import Unit


def _without_those_here(count: int) -> str:
    return ngettext(
        "Of the cases opened, %(count)d is not in this: they lived in the municipality before the first contact.",
        "Of the cases opened, %(count)d are not in this: they lived in the municipality before the first contact.",
        count,
    ) % {"count": count}


def lines(coarse: bool) -> tuple[Line, ...]:
    later = tuple(Line(state.value, state.label, Q(to_state__in=PATH[n:])) for n, state in enumerate(PATH) if n)
    return (
        Line(State.CONTACT.value, State.CONTACT.label, Q(here=False)),
        *later,
        # Told by the difference to the cases opened.
        Line("here", _("Already here"), Q(here=True, name=lifecycle.OPENED), is_shown=False, note=_without_those_here),
    )


FUNNEL = Indicator(
    id="funnel",
    title=_("Progress step by step"),
    definition=_(
        "Of the cases opened in the period, the share that reached each state or a later one by the end of the "
        "period. Who lived in the municipality before the first contact is not counted."
    ),
    unit=Unit.PERCENT,
    source=COHORT,
    lines=lines,
    is_share=True,
)
