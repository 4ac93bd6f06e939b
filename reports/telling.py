"""Tells a selection: its key figures, pictures and tables, for the results page and for the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports.chart import NARROW, WIDE, Chart
from reports.disclosure import RULE
from reports.figures import Ask, tables
from reports.indicator import Indicator, columns_of
from reports.indicators import INDICATORS
from reports.indicators.arrivals import ARRIVALS
from reports.indicators.contacts import CONTACTS
from reports.indicators.funnel import FUNNEL
from reports.indicators.settled import SETTLED, settled_by
from reports.indicators.time_to_settled import TIME_TO_SETTLED
from reports.period import Period
from reports.pictures import over_time, picture
from reports.report import KeyFigure, Report, Section
from reports.selection import Selection
from reports.table import Cell, Column, Table, Text, Unit, show

KEY = (SETTLED, TIME_TO_SETTLED, ARRIVALS, CONTACTS)  # of these the results page shows the year before, too


@dataclass(frozen=True)
class Told:
    """The tables of a selection, and the same figures a year before where there is such a period.

    `is_like` says whether the two are of the same length: a year that is not over is compared like with like only
    for who sees the people. For others the days of the year before would tell single days apart.
    """

    selection: Selection
    now: dict[str, Table]
    before: dict[str, Table]
    period_before: Period | None
    is_like: bool

    @cached_property
    def key_figures(self) -> tuple[KeyFigure, ...]:
        return tuple(self._key_figure(self.now[one.id], self.before.get(one.id)) for one in KEY)

    def _key_figure(self, table: Table, before: Table | None) -> KeyFigure:
        if table.hidden:
            advice = " ".join(map(str, table.advice))
            return KeyFigure(table.id, "", str(table.title), _("Hidden"), is_hidden=True, advice=advice)
        row = table.rows[-1]
        value = row.cells[-1].value
        alone = KeyFigure(table.id, row.key, str(table.title), show(value, table.unit))
        earlier = before.rows[-1].cells[-1].value if before and not before.hidden else None
        if earlier is None or self.period_before is None:
            return alone
        told = _("%(period)s: %(figure)s") % {"figure": show(earlier, table.unit), "period": self.period_before.extent}
        if value is None or value == earlier or not self.is_like:
            return replace(alone, comparison=told)
        is_better = (value > earlier) is not (table.unit is Unit.DAYS)
        return replace(alone, comparison=told, change=_change(value, earlier, table), is_better=is_better)

    @property
    def unlike(self) -> str:
        """Why two periods that stand side by side are not reckoned against each other; "" where they are."""
        if self.is_like or self.period_before is None:
            return ""
        return _(
            "This period is not over, and beside it stands the %(period)s, so no change is reckoned; figures of the "
            "same days a year ago could tell of single people."
        ) % {"period": self.period_before.extent}

    @property
    def over_time(self) -> Table:
        return self.now[OVER_TIME]

    @property
    def over_time_before(self) -> Table | None:
        """The same of the year before; None where there is none to show."""
        table = self.before.get(OVER_TIME)
        return None if table is None or table.hidden or self.over_time.hidden else table

    def side_by_side(self) -> tuple[SideBySide, ...]:
        """A row a municipality and one for all, a column a key figure; none for a single municipality."""
        if len(self.selection.municipalities) < 2:
            return ()
        tables = [self.now[one.id] for one in SIDE_BY_SIDE]
        return tuple(
            SideBySide(str(column.label), tuple((t.title, _figure(t, column)) for t in tables))
            for column in columns_of(self.selection)
        )

    def figures_side_by_side(self) -> tuple[tuple[str, tuple[float | str | None, ...]], ...]:
        """The same rows for a file: each with the figures themselves, None where there is none, a word where hidden."""
        tables = [self.now[one.id] for one in SIDE_BY_SIDE]
        return tuple(
            (str(column.label), tuple(_value(t, column) for t in tables)) for column in columns_of(self.selection)
        )

    def chart(self, indicator: str, width: float = WIDE) -> Chart | None:
        """Bars; with the year before where it is as long: beside a whole year an unfinished one looks fallen."""
        before = self.before.get(indicator) if self.is_like else None
        name = self.period_before.extent if self.period_before else ""
        return picture(self.now[indicator], before, name_before=name, width=width)

    def settled_chart(self, width: float = WIDE) -> Chart | None:
        names = (self.selection.period.extent, self.period_before.extent if self.period_before else "")
        return over_time(self.over_time, self.over_time_before, names, width=width)


OVER_TIME = "settled_by_slice"
SIDE_BY_SIDE = (CONTACTS, ARRIVALS, SETTLED, TIME_TO_SETTLED)


@dataclass(frozen=True)
class SideBySide:
    """One municipality, or all together: each key figure with its title, "" where hidden."""

    name: str
    figures: tuple[tuple[Text, str], ...]


def _cell(table: Table, column: Column) -> Cell | None:
    """The total of a table for a municipality or for all; None where hidden."""
    shown = not table.hidden and column in table.columns
    return table.rows[-1].cells[table.columns.index(column)] if shown else None


def _figure(table: Table, column: Column) -> str:
    cell = _cell(table, column)
    return table.show(cell) if cell else ""


def _value(table: Table, column: Column) -> float | str | None:
    cell = _cell(table, column)
    return cell.value if cell else _("Hidden")


def side_by_side(selection: Selection) -> Told:
    """The figures of the municipalities side by side alone."""
    found = tables(selection, [Ask(one, selection.period) for one in SIDE_BY_SIDE])
    return Told(selection, {t.id: t for t in found}, {}, None, False)


def _change(value: float, earlier: float, table: Table) -> str:
    """«+34 %», or where a share would say little, the difference itself: «−11 days»."""
    sign = "+" if value > earlier else "−"
    if table.unit is Unit.DAYS or not earlier:
        return sign + show(abs(value - earlier), table.unit)
    return sign + show(round(100 * abs(value - earlier) / earlier), Unit.PERCENT)


def tell(selection: Selection, indicators: Sequence[Indicator] = (), *, over_time: bool = False) -> Told:
    """The tables of `indicators` and of the key figures."""
    period = selection.period
    is_like = selection.is_exact or period.is_over
    before = period.year_before() if is_like else period.whole_year_before()
    wanted = list(dict.fromkeys((*indicators, *KEY)))
    asks = [Ask(indicator, period) for indicator in wanted]
    if over_time:
        asks.append(Ask(settled_by(_slices(selection, period)), period))
    count_now = len(asks)
    if before:
        asks += [Ask(indicator, before) for indicator in KEY]
        if over_time:
            asks.append(Ask(settled_by(_slices(selection, before)), before))
    found = tables(selection, asks)
    now, then = found[:count_now], found[count_now:]
    return Told(selection, {t.id: t for t in now}, {t.id: t for t in then}, before, is_like)


def _slices(selection: Selection, period: Period) -> list[Period]:
    """Months for who sees the people; for others quarters, in which more people hide."""
    return period.months() if selection.is_exact else period.quarters()


def results(selection: Selection) -> Told:
    return tell(selection, (FUNNEL,), over_time=True)


def report(selection: Selection, *, made_on: date) -> Report:
    """The whole report in the active language."""
    told = tell(selection, tuple(INDICATORS.values()))
    return Report(
        title=_("Settling in: report"),
        municipalities=tuple(place.name for place in selection.municipalities),
        period=selection.period.name,
        days=selection.period.days,
        made_on=made_on,
        audience=audience(selection),
        rule=rule_on_paper(selection),
        whose=_("Of the cases that the maker of the report may see") if selection.is_exact else "",
        summary=told.key_figures,
        caution=told.unlike,
        sections=tuple(Section(told.now[id], told.chart(id), told.chart(id, NARROW)) for id in INDICATORS),
        language=get_language() or "fi",
    )


def table(indicator: Indicator, selection: Selection) -> Table:
    """One table of the report, made alone: the same figures, cleared by the same rule."""
    [found] = tables(selection, [Ask(indicator, selection.period)])
    return found


def audience(selection: Selection) -> str:
    if selection.is_exact:
        return _("Those who work the cases. Do not pass on: small figures can tell who somebody is.")
    return _("Management, partners and funders")


def rule(selection: Selection) -> str:
    """Which figures these are, told to who looks at them."""
    if selection.is_exact:
        return _(
            "Exact figures of the cases that you may see. Figures made for management, partners and funders can "
            "differ from these a little: their cases are counted by other rules."
        )
    return str(RULE)


def rule_on_paper(selection: Selection) -> str:
    """The same to who gets it from its maker."""
    if selection.is_exact:
        return _("Exact figures of the cases that the maker of the report may see.")
    return str(RULE)
