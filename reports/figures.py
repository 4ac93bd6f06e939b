"""From what is asked for to tables that may be shown: counts, tabulates, clears."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import formats
from django.utils.translation import gettext as _

from reports.counting import Asked, Reading, Tallies, tally
from reports.disclosure import cleared
from reports.indicator import Indicator, Line
from reports.period import Period
from reports.selection import NEVER, Selection
from reports.sources import Source
from reports.table import Table


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
    asked = indicator.asked_of(line, selection.period)
    rows = indicator.source.rows(selection, [selection.period])
    return rows.filter(asked.condition).order_by().values("case")


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
    everyone = ask.indicator.table(selection, tallies, Reading.EVERYONE)
    if selection.is_exact:
        return everyone.with_notes(*notes)
    unrestricted = ask.indicator.table(selection, tallies, Reading.UNRESTRICTED)
    table = cleared(everyone, unrestricted)
    return table if table.hidden else table.with_notes(*notes)


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
