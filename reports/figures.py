"""From what is asked for to tables that may be shown: counts, tabulates, clears."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from reports.counting import Tallies, cases_behind, tally
from reports.disclosure import cleared
from reports.indicator import Indicator, Line, column_of
from reports.period import Kind, Period
from reports.selection import NEVER, Selection
from reports.table import Column, Table, Text, Unit


@dataclass(frozen=True)
class Ask:
    """One table: an indicator in a period."""

    indicator: Indicator
    period: Period


def tables(selection: Selection, asks: Sequence[Ask]) -> list[Table]:
    """The tables asked for, in order, as this user may see them."""
    asked = {
        (number, key): one
        for number, ask in enumerate(asks)
        for key, one in ask.indicator.asked(selection, ask.period).items()
    }
    own: list[Tallies] = [{} for _ask in asks]
    for (place, (number, key)), found in tally(selection, asked).items():
        own[number][place, key] = found
    return [
        _shown(ask, selection, tallies, _late_joiners(selection, ask.period))
        for ask, tallies in zip(asks, own, strict=True)
    ]


def cases_of(indicator: Indicator, line: Line, selection: Selection) -> dict[int, int]:
    """The ids of the cases behind one figure of an exact selection, the newest first, with how many persons of each
    it counts; of figures of cases, nought.
    """
    cases = cases_behind(selection, indicator.asked_of(line, selection.period))
    return cases if indicator.unit is Unit.PERSONS else dict.fromkeys(cases, 0)


def _shown(ask: Ask, selection: Selection, tallies: Tallies, notes: Sequence[str]) -> Table:
    if selection.is_exact:
        return ask.indicator.table(selection, tallies).with_notes(*notes)

    def read(*columns: Column) -> Table:
        return cleared(ask.indicator.table(selection, tallies, columns))

    table = read()
    if not table.hidden:
        return table.with_notes(*notes)
    alone = [place.name for place in selection.municipalities if not read(column_of(place)).hidden]
    return table.with_advice(*_advice(ask.period, alone))


def _advice(period: Period, alone: Sequence[str]) -> list[Text]:
    """What else may be asked for where a table is hidden: only what can help. `alone` would be shown by themselves."""
    advice: list[Text] = []
    if period.kind in (Kind.MONTH, Kind.QUARTER) or not period.is_over:
        advice.append(_("A longer period may have enough people in it."))
    if alone:
        advice.append(_("Enough people when chosen alone: %(municipalities)s.") % {"municipalities": ", ".join(alone)})
    return advice


def _late_joiners(selection: Selection, period: Period) -> list[str]:
    return [_late_joiner(place.name, day) for place, day in selection.late_joiners(period)]


def _late_joiner(name: str, joined: date) -> str:
    if joined == NEVER:
        return _("%(municipality)s is not counted: it was not yet known to take part in the project.") % {
            "municipality": name
        }
    return _("%(municipality)s is counted from %(date)s, the day it joined the project.") % {
        "municipality": name,
        "date": formats.date_format(joined, "SHORT_DATE_FORMAT"),
    }
