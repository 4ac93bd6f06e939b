"""The chart: a picture as a list of primitives, which `reports.svg` draws on a page and `reports.pdf` on paper.

A unit is a pixel on the page at full width. Nothing is told by colour alone: every bar has its name and figure
beside it, and the year before is dashed. A table stands behind each chart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """What a primitive stands for; the page gives it a CSS class of this name, paper a colour and a width."""

    GRID = "grid"
    LINE = "line"
    LINE_BEFORE = "line before"
    AREA = "area"
    POINT = "point"
    BAR = "bar"
    BAR_BEFORE = "bar before"
    LABEL = "label"
    VALUE = "value"


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    width: float
    height: float
    style: Style


@dataclass(frozen=True)
class Path:
    """A line through points, or the area they enclose where `is_closed`."""

    points: tuple[tuple[float, float], ...]
    style: Style
    is_closed: bool = False


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    radius: float
    style: Style


@dataclass(frozen=True)
class Label:
    """Text whose baseline is at `y`; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    style: Style = Style.LABEL


Primitive = Rect | Path | Dot | Label


@dataclass(frozen=True)
class Chart:
    """`description` says in words what the picture shows."""

    width: float
    height: float
    description: str
    primitives: tuple[Primitive, ...]


@dataclass(frozen=True)
class Bar:
    """One bar: `text` is its figure as written, `is_before` marks the year before."""

    label: str
    value: float
    text: str
    is_before: bool = False


@dataclass(frozen=True)
class Series:
    """One line: its name, and a figure (None: none) for each label."""

    name: str
    values: tuple[float | None, ...]
    is_before: bool = False


WIDE = 560
NARROW = 300
LETTER = 6.4  # about the width of a letter
GAP = 6
ROW, BAR_HEIGHT, ABOVE = 30, 18, 16


def bars(title: str, rows: Sequence[Bar], *, width: float = WIDE, greatest: float | None = None) -> Chart:
    """Horizontal bars, the longest for `greatest`, none for nil. Names stand beside them where they fit, else above."""
    greatest = greatest or max((row.value for row in rows), default=0) or 1
    names = max((len(row.label) for row in rows), default=0) * LETTER + 10
    is_beside = names <= width * 0.36
    left = names if is_beside else 0
    room = width - left - max((len(row.text) for row in rows), default=0) * LETTER - 16
    step = ROW if is_beside else ROW + ABOVE
    primitives: list[Primitive] = []
    for number, row in enumerate(rows):
        top = number * step + (0 if is_beside else ABOVE)
        middle = top + BAR_HEIGHT / 2 + 4
        primitives.append(Label(0, middle if is_beside else top - 4, row.label))
        length = max(room * row.value / greatest, 1.5) if row.value else 0
        if length:
            primitives.append(Rect(left, top, length, BAR_HEIGHT, Style.BAR_BEFORE if row.is_before else Style.BAR))
        primitives.append(Label(left + length + 8, middle, row.text, style=Style.VALUE))
    description = f"{title}: " + ", ".join(f"{row.label} {row.text}" for row in rows)
    return Chart(width, max(len(rows), 1) * step, description, tuple(primitives))


def lines(title: str, labels: Sequence[str], series: Sequence[Series], *, width: float = WIDE) -> Chart:
    """Lines over time on one scale from zero, the first one filled and its last point marked."""
    left, right, top, height = 34.0, width - 14.0, 10.0, 190.0
    bottom = height - 26
    ticks = scale(max((value for one in series for value in one.values if value is not None), default=0))

    def x(place: int) -> float:
        return left + (right - left) * place / max(len(labels) - 1, 1)

    def y(value: float) -> float:
        return bottom - (bottom - top) * value / ticks[-1]

    primitives: list[Primitive] = []
    for tick in ticks:
        primitives.append(Path(((left, y(tick)), (right, y(tick))), Style.GRID))
        primitives.append(Label(left - 8, y(tick) + 4, str(tick), "end"))
    for one in sorted(series, key=lambda one: not one.is_before):
        points = tuple((x(n), y(value)) for n, value in enumerate(one.values) if value is not None)
        if points and not one.is_before:
            area = (*points, (points[-1][0], bottom), (points[0][0], bottom))
            primitives.append(Path(area, Style.AREA, is_closed=True))
        primitives.append(Path(points, Style.LINE_BEFORE if one.is_before else Style.LINE))
        if points and not one.is_before:
            primitives.append(Dot(*points[-1], 4.5, Style.POINT))
    widest = max(map(len, labels), default=1) * LETTER
    room = widest + GAP + max(widest / 2 - (width - right), 0)  # the last one is moved in by so much
    every = math.ceil(room * (len(labels) - 1) / (right - left)) or 1
    for n in range(0, len(labels), every):
        primitives.append(_under(x(n), height - 6, labels[n], width))
    return Chart(width, height, _lines_in_words(title, labels, series), tuple(primitives))


def _under(x: float, y: float, text: str, width: float) -> Label:
    """A label centred at `x`; at the edge of the picture where it would run out of it."""
    half = len(text) * LETTER / 2
    if x + half > width:
        return Label(width, y, text, "end")
    return Label(0, y, text) if x < half else Label(x, y, text, "middle")


def _lines_in_words(title: str, labels: Sequence[str], series: Sequence[Series]) -> str:
    told = (
        f"{one.name}: "
        + ", ".join(f"{label} {value:g}" for label, value in zip(labels, one.values, strict=False) if value is not None)
        for one in series
    )
    return f"{title}. " + "; ".join(told)


def scale(greatest: float) -> list[int]:
    """Round whole ticks from zero to at least `greatest`, four or five of them where it is large enough."""
    step = max(greatest / 4, 1)
    power = 10 ** math.floor(math.log10(step))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step)
    return [int(step * n) for n in range(math.ceil(greatest / step) + 1 if greatest else 2)]
