"""From what is asked for to tables that may be shown: counts, tabulates, clears."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.utils import formats
from django.utils.translation import gettext as _

from reports.counting import Asked, Reading, Tallies, tally
from reports.disclosure import cleared
from reports.indicator import Indicator, Line, column_of
from reports.period import Kind, Period
from reports.selection import NEVER, Selection
from reports.sources import Source
from reports.table import Column, Table, Text, Unit


@dataclass(frozen=True)
class Ask:
    """One table: an indicator in a period."""

    indicator: Indicator
    period: Period


def tables(selection: Selection, asks: Sequence[Ask]) -> list[Table]:
    """The tables asked for, in order, as this user may see them: one statement for each source among them.

    The periods asked of one source must not overlap.
    """
    by_source: dict[Source, dict[str, Asked]] = defaultdict(dict)
    for n, ask in enumerate(asks):
        for key, asked in ask.indicator.asked(selection, ask.period).items():
            by_source[ask.indicator.source][f"{n} {key}"] = asked
    tallies = {source: tally(source, selection, asked) for source, asked in by_source.items()}
    return [
        _shown(ask, selection, _own(tallies[ask.indicator.source], n), _late_joiners(selection, ask.period))
        for n, ask in enumerate(asks)
    ]


def rows_behind(indicator: Indicator, line: Line, selection: Selection) -> QuerySet:
    """The ids of the cases behind one figure of an exact selection, for a subquery."""
    return _rows(indicator, line, selection).values("case")


def persons_behind(indicator: Indicator, line: Line, selection: Selection) -> dict[int, int]:
    """How many persons of each case a figure of persons counts, by the id of the case; nothing of other figures."""
    if indicator.unit is not Unit.PERSONS:
        return {}
    counted = Count(indicator.source.counted, distinct=True)
    return dict(_rows(indicator, line, selection).values_list("case").annotate(counted))


def _rows(indicator: Indicator, line: Line, selection: Selection) -> QuerySet:
    asked = indicator.asked_of(line, selection.period)
    rows = indicator.source.rows(selection, [selection.period])
    return rows.filter(asked.condition).order_by()


def _own(tallies: Tallies, number: int) -> Tallies:
    """The tallies of one ask, by the keys of its own lines."""
    own = tallies.copy()  # a mapping that answers for what was not found
    own.clear()
    for (reading, place, key), found in tallies.items():
        n, line = key.split(" ", 1)
        if int(n) == number:
            own[reading, place, line] = found
    return own


def _shown(ask: Ask, selection: Selection, tallies: Tallies, notes: Sequence[str]) -> Table:
    if selection.is_exact:
        return ask.indicator.table(selection, tallies, Reading.EVERYONE).with_notes(*notes)

    def read(*columns: Column) -> tuple[Table, Table]:
        everyone, unrestricted = (ask.indicator.table(selection, tallies, reading, columns) for reading in Reading)
        return everyone, unrestricted

    table = cleared(*read())
    if not table.hidden:
        return table.with_notes(*notes)
    alone = [place.name for place in selection.municipalities if not cleared(*read(column_of(place))).hidden]
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
