"""What may be shown to someone who may not see the people behind a figure (DOMAIN: Disclosure control).

The interim rule: a figure stands for at least five persons and three households, or for nobody. A table with any
figure below the bar, shown or following from what is shown, is hidden whole, and with it everything made from it:
chart, key figure, comparison. Tables have a column for each chosen municipality, so choosing municipalities one
after another gives nothing that each of them alone would not.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reports.table import Cell, Table, Unit

MIN_PERSONS = 5
MIN_HOUSEHOLDS = 3
# A count tells of no household in it how large it is. A median is the days of one household (or lies halfway between
# those of two): of three, whoever knows the shortest and the longest reads the third. So five households take the
# place of five persons.
MIN_HOUSEHOLDS_OF_A_MEDIAN = 5

HIDDEN = _("Hidden: some of these figures stand for so few people that they could be recognised.")
RULE = _(
    "Figures for those who do not see the people behind them: each stands for at least five persons and three "
    "households, a median for at least five households, or for nobody. A table in which any figure falls short is "
    "hidden. Households under non-disclosure are not counted."
)


def is_large_enough(cell: Cell, min_households: int = MIN_HOUSEHOLDS) -> bool:
    """Whether the figure stands for enough people to hide each of them, or for nobody."""
    nobody = cell.persons == 0 and cell.households == 0
    return nobody or (cell.persons >= MIN_PERSONS and cell.households >= min_households)


def passes(table: Table) -> bool:
    return all(is_large_enough(cell, _min_households(table)) for cell in table.cells)


def _min_households(table: Table) -> int:
    return MIN_HOUSEHOLDS_OF_A_MEDIAN if table.unit is Unit.DAYS else MIN_HOUSEHOLDS


def cleared(table: Table) -> Table:
    """The table as it may be shown: itself or a hidden one. It counts no restricted households (docs/adr/0010)."""
    return table if passes(table) else table.hide()
