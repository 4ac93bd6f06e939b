"""Which picture a table gets: the same on a page and on paper."""

from __future__ import annotations

from reports.chart import WIDE, Bar, Chart, Series, bars, lines
from reports.table import Table, Unit


def picture(table: Table, before: Table | None = None, *, name_before: str = "", width: float = WIDE) -> Chart | None:
    """Bars of a table: its rows that are not nil, or with one row its columns, each followed by the year `before`.

    None where the table is hidden or has nothing in it.
    """
    if table.hidden or not any(cell.value for row in table.rows for cell in row.cells):
        return None
    parts = [row for row in table.rows if not row.is_total]
    if parts:
        is_share = table.unit is Unit.PERCENT
        told = [(row.label, row.cells[-1]) for row in parts if is_share or row.cells[-1].value]
        rows = [Bar(str(label), cell.value or 0, table.written(cell)) for label, cell in told]
        return bars(str(table.title), rows, width=width, greatest=100 if is_share else None)
    return bars(str(table.title), _by_column(table, before, name_before), width=width)


def _by_column(table: Table, before: Table | None, name_before: str) -> list[Bar]:
    """One bar a municipality, without the total, which would dwarf them; and beneath it the year before."""
    now = table.rows[-1].cells
    earlier = {}
    if before and not before.hidden:
        earlier = {column.key: cell for column, cell in zip(before.columns, before.rows[-1].cells, strict=True)}
    count = max(len(now) - 1, 1)
    rows = []
    for column, cell in zip(table.columns[:count], now[:count], strict=True):
        rows.append(Bar(str(column.label), cell.value or 0, table.show(cell)))
        cell_before = earlier.get(column.key)
        if cell_before and cell_before.value is not None:
            label = f"{column.label} {name_before}"
            rows.append(Bar(label, cell_before.value, table.show(cell_before), is_before=True))
    return rows


def over_time(now: Table, before: Table | None, names: tuple[str, str], *, width: float = WIDE) -> Chart | None:
    """Lines over the slices of a period: this one, and so far as it goes the year before, where it may be shown.

    None where the table is hidden or has too few slices for a line.
    """
    if now.hidden or len(now.rows) < 3:
        return None
    series = [Series(names[0], tuple(row.cells[-1].value for row in now.rows))]
    if before and not before.hidden:
        series.append(
            Series(names[1], tuple(row.cells[-1].value for row in before.rows[: len(now.rows)]), is_before=True)
        )
    return lines(str(now.title), [str(row.label) for row in now.rows], series, width=width)
