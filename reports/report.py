"""The report as told: what page and paper both draw. Made of cleared tables; plain text in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reports.chart import Chart
from reports.table import Table


@dataclass(frozen=True)
class KeyFigure:
    """One figure of the summary: the row `row` of the table `table`.

    `change` is how it moved from the year before, for the better or not. `advice` says what else to ask for where it
    is hidden; not for paper.
    """

    table: str
    row: str
    title: str
    figure: str
    comparison: str = ""
    change: str = ""
    is_better: bool = False
    is_hidden: bool = False
    advice: str = ""

    @property
    def trend(self) -> str:
        return "up" if self.is_better else "down"


@dataclass(frozen=True)
class Section:
    """A table and its picture, once for a wide page and paper, once for a narrow window."""

    table: Table
    chart: Chart | None = None
    narrow: Chart | None = None


@dataclass(frozen=True)
class Report:
    """`rule` says which figures these are: exact ones, or cleared by which rule. `caution` says what of the
    comparison with the year before to mind, if anything. `whose` says of which cases alone they are, if not of all.
    """

    title: str
    municipalities: tuple[str, ...]
    period: str
    days: str
    made_on: date
    audience: str
    rule: str
    summary: tuple[KeyFigure, ...]
    sections: tuple[Section, ...]
    language: str
    caution: str = ""
    whose: str = ""
