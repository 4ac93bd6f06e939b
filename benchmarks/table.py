"""The measured lines as people read them, and whether they reach what they must."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

MOST_OF_FLOOR = 3.0  # times its floor
MOST_GROWTH = 1.5  # times its own time at the smallest number of cases

_HEADINGS = (
    "page",
    "municipality",
    "cases",
    "median ms",
    "p95 ms",
    "floor ms",
    "× floor",
    "× smallest",
    "SQL",
    "bytes",
)

Measured = Mapping[str, Any]


def as_table(lines: Sequence[Measured]) -> tuple[str, bool]:
    """The table in Markdown, and whether every line is within both bounds; what is not is marked with «!»."""
    smallest = {(line["name"], line["municipality"]): line["median_ms"] for line in reversed(lines)}
    rows, reached = [_HEADINGS, tuple("---" for _heading in _HEADINGS)], True
    for line in lines:
        growth = line["median_ms"] / smallest[line["name"], line["municipality"]]
        within = line["ratio"] <= MOST_OF_FLOOR, growth <= MOST_GROWTH
        reached &= all(within)
        rows.append(_row(line, growth, within))
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADINGS))]
    told = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    return "\n".join(told), reached


def _row(line: Measured, growth: float, within: tuple[bool, bool]) -> tuple[str, ...]:
    floor, smallest = ("" if ok else " !" for ok in within)
    return (
        line["name"],
        line["municipality"],
        f"{line['cases']:,}".replace(",", " "),
        f"{line['median_ms']:.1f}",
        f"{line['p95_ms']:.1f}",
        f"{line['floor_ms']:.1f}",
        f"{line['ratio']:.2f}{floor}",
        f"{growth:.2f}{smallest}",
        f"{line['statements']}/{line['floor_statements']}",
        f"{line['bytes']}/{line['floor_bytes']}",
    )
