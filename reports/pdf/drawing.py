"""Draws a chart on paper: the primitives of `reports.chart` as a ReportLab drawing, clear in black and white."""

from __future__ import annotations

from reportlab.graphics import shapes

from reports import chart
from reports.chart import Chart, Primitive, Style
from reports.pdf import style
from reports.pdf.tags import Place, TaggedDrawing

LINES: dict[Style, dict] = {
    Style.GRID: {"strokeColor": style.RULE, "strokeWidth": 0.5},
    Style.LINE: {"strokeColor": style.ACCENT, "strokeWidth": 2, "strokeLineJoin": 1},
    Style.LINE_BEFORE: {"strokeColor": style.GREY, "strokeWidth": 1.2, "strokeDashArray": [4, 3]},
    Style.AREA: {"fillColor": style.SOFT, "strokeColor": None},
}
BARS: dict[Style, dict] = {
    Style.BAR: {"fillColor": style.ACCENT, "strokeColor": None},
    Style.BAR_BEFORE: {"fillColor": style.PAPER, "strokeColor": style.GREY, "strokeDashArray": [3, 2]},
}


def drawing(picture: Chart, width: float, place: Place) -> TaggedDrawing:
    """The picture `width` points wide."""
    ratio = width / picture.width
    drawn = TaggedDrawing(width, picture.height * ratio, place, picture.description)
    group = shapes.Group(*[_shape(primitive, picture.height) for primitive in picture.primitives])
    group.scale(ratio, ratio)
    drawn.add(group)
    return drawn


def _shape(primitive: Primitive, height: float) -> shapes.Shape:
    """A primitive as a shape. On paper y grows upwards."""
    match primitive:
        case chart.Rect(x, y, width, tall, kind):
            return shapes.Rect(x, height - y - tall, width, tall, rx=2, ry=2, **BARS[kind])
        case chart.Path(points, kind, is_closed):
            flat = [number for x, y in points for number in (x, height - y)]
            return shapes.Polygon(flat, **LINES[kind]) if is_closed else shapes.PolyLine(flat, **LINES[kind])
        case chart.Dot(x, y, radius, _kind):
            return shapes.Circle(x, height - y, radius, fillColor=style.ACCENT, strokeColor=None)
        case chart.Label(x, y, text, anchor, kind):
            return shapes.String(
                x,
                height - y,
                text,
                textAnchor=anchor,
                fontSize=11,
                fontName=style.BOLD if kind is Style.VALUE else style.REGULAR,
                fillColor=style.INK,
            )
    raise TypeError(primitive)
