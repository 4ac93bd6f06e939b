"""The measured lines as people read them, and whether they reach what they must."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

MOST_OF_FLOOR = 3.0  # times its floor
MOST_GROWTH = 1.5  # times its own time at the smallest number of cases
MOST_ON_SQLITE_MS = 200

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
    """The table in Markdown, and whether every line is within its bounds; what is not is marked with «!».

    A line may take so many times its floor and its own time at the smallest number of cases, no more than the
    milliseconds declared with it, and no more statements than the page took at the smallest number in any municipality
    (in a small one it may have had nothing to read then).
    """
    smallest = {(line["name"], line["municipality"]): line["median_ms"] for line in reversed(lines)}
    few = [line for line in lines if line["cases"] == lines[0]["cases"]]
    rows = []
    for line in lines:
        growth = line["median_ms"] / smallest[line["name"], line["municipality"]]
        # What is measured with many cases alone has nothing to be held to.
        before = (other["statements"] for other in few if other["name"] == line["name"])
        statements = max(before, default=line["statements"])
        rows.append(
            (
                *_named(line),
                marked(f"{line['median_ms']:.1f}", line["median_ms"] <= (line["most_ms"] or float("inf"))),
                f"{line['p95_ms']:.1f}",
                f"{line['floor_ms']:.1f}",
                marked(f"{line['ratio']:.2f}", line["ratio"] <= MOST_OF_FLOOR),
                marked(f"{growth:.2f}", growth <= MOST_GROWTH),
                marked(f"{line['statements']}/{line['floor_statements']}", line["statements"] <= statements),
                f"{line['bytes']}/{line['floor_bytes']}",
            )
        )
    return in_columns(_HEADINGS, rows)


def as_table_of_sqlite(lines: Sequence[Measured]) -> tuple[str, bool]:
    """The same for SQLite, where a page may take so many milliseconds, or those declared with it."""
    rows = [
        (
            *_named(line),
            marked(f"{line['median_ms']:.1f}", line["median_ms"] <= (line["most_ms"] or MOST_ON_SQLITE_MS)),
            f"{line['p95_ms']:.1f}",
            str(line["statements"]),
        )
        for line in lines
    ]
    return in_columns(("page", "municipality", "cases", "median ms", "p95 ms", "SQL"), rows)


def in_columns(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str, bool]:
    """A table in Markdown, and whether no cell of it is marked."""
    cells = [headings, ["---"] * len(headings), *rows]
    widths = [max(len(row[place]) for row in cells) for place in range(len(headings))]
    told = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    return "\n".join(told), not any(cell.endswith(" !") for row in rows for cell in row)


def marked(cell: str, is_within: bool) -> str:
    return cell if is_within else f"{cell} !"


def _named(line: Measured) -> tuple[str, str, str]:
    return line["name"], line["municipality"], f"{line['cases']:,}".replace(",", " ")
