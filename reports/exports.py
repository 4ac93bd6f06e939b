"""A table of the report as a file: made as the page makes it, of the same figures, cleared where the page's is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.exports import case_columns, read_cases
from cases.models import Case
from crm.exports import Chosen, Column, Export, Given
from crm.models import ExportedList
from crm.spreadsheets import Cell
from reports import telling
from reports.choosing import Choice
from reports.table import Row, Table, Unit


def table_export(table: Table, choice: Choice) -> Export:
    """The rows of a table of the report, which is not hidden; a share has its number of cases beside it."""
    selection = choice.selection
    columns = [Column(table.title, lambda row: str(row.label), 40)]
    for place, column in enumerate(table.columns):
        if any(row.cells[place].count is not None for row in table.rows):
            columns.append(Column(f"{column.label}: {Unit.CASES.label}", _count(place)))
        columns.append(Column(f"{column.label}: {table.unit.label}", _value(place)))
    return Export(
        what=ExportedList.FIGURES,
        title=table.title,
        columns=columns,
        source=Given(table.rows, [municipality.pk for municipality in selection.municipalities]),
        back=f"{reverse('report')}?{choice.query}",
        words=lambda: f"{table.title}; {selection.period.days}",
        notes=[telling.rule_on_paper(selection), telling.audience(selection)],
        personal=False,
    )


def side_by_side_export(told: telling.Told, choice: Choice) -> Export:
    """The municipalities side by side, as on the page of results."""
    selection, rows = told.selection, told.figures_side_by_side()
    title = _("Municipalities side by side")
    columns = [Column(_("Municipality"), lambda row: row[0], 24)]
    for place, indicator in enumerate(telling.SIDE_BY_SIDE):
        columns.append(Column(f"{indicator.title}: {indicator.unit.label}", _at(place)))
    return Export(
        what=ExportedList.FIGURES,
        title=title,
        columns=columns,
        source=Given(rows, [municipality.pk for municipality in selection.municipalities]),
        back=f"{reverse('results')}?{choice.query}",
        words=lambda: f"{title}; {selection.period.days}",
        notes=[telling.rule_on_paper(selection), telling.audience(selection)],
        personal=False,
    )


def _at(place: int) -> Callable[[tuple[str, Sequence[float | str | None]]], Cell]:
    return lambda row: _whole(row[1][place])


def figure_export(persons: Mapping[int, int], choice: Choice, *, title: Callable[[], str], back: str) -> Export:
    """The cases behind a figure that its reader may open, with how many persons of each stand in it.

    `persons` gives the number by case; 0 where the figure counts cases.
    """
    selection = choice.selection
    restricted = Case.objects.visible_to(selection.scope).filter(restricted=True).order_by("pk")
    columns = case_columns(selection.scope, selection.municipalities)
    if any(persons.values()):
        columns.append(Column(_("Persons in the figure"), lambda row: persons[row.pk]))
    return Export(
        what=ExportedList.CASES,
        title=_("Cases"),
        columns=columns,
        source=Chosen(list(persons), partial(read_cases, selection.scope), [p.pk for p in selection.municipalities]),
        back=back,
        words=lambda: f"{title()}; {selection.period.days}",
        secret=not persons.keys().isdisjoint(restricted.values_list("pk", flat=True)),
    )


def _count(place: int) -> Callable[[Row], Cell]:
    return lambda row: row.cells[place].count


def _value(place: int) -> Callable[[Row], Cell]:
    return lambda row: _whole(row.cells[place].value)


def _whole(value: float | str | None) -> Cell:
    """Whole numbers as such: «77», not «77,0»."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
