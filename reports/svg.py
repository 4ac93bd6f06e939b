"""Draws a chart on a page: inline SVG with classes alone, since the security policy allows no style attribute."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from reports.chart import Chart, Dot, Label, Path, Primitive, Rect


def svg(chart: Chart, name: str = "") -> SafeString:
    """The picture with its description as its name; `name` is one more class, such as wide or narrow."""
    return format_html(
        '<svg class="chart {}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        name,
        _number(chart.width),
        _number(chart.height),
        chart.description,
        format_html_join("", "{}", ((_drawn(primitive),) for primitive in chart.primitives)),
    )


def _drawn(primitive: Primitive) -> SafeString:
    match primitive:
        case Rect(x, y, width, height, style):
            return format_html(
                '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="4"/>',
                style.value,
                *map(_number, (x, y, width, height)),
            )
        case Path(points, style, is_closed):
            return format_html(
                '<{} class="{}" points="{}"/>',
                "polygon" if is_closed else "polyline",
                style.value,
                " ".join(f"{_number(x)},{_number(y)}" for x, y in points),
            )
        case Dot(x, y, radius, style):
            return format_html(
                '<circle class="{}" cx="{}" cy="{}" r="{}"/>', style.value, *map(_number, (x, y, radius))
            )
        case Label(x, y, text, anchor, style):
            return format_html(
                '<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>',
                style.value,
                _number(x),
                _number(y),
                anchor,
                text,
            )


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
