"""Draws tables and charts in templates."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from reports.chart import Chart
from reports.svg import svg
from reports.table import Cell, Table

register = template.Library()


@register.filter
def written(cell: Cell, table: Table) -> str:
    """A cell's figure as its table writes it."""
    return table.written(cell)


@register.filter
def drawn(chart: Chart, name: str = "") -> SafeString:
    """A chart as inline SVG; `name` is one more class."""
    return svg(chart, name)
