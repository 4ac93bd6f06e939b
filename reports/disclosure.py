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
    "hidden. Households known only to those named to work with them are counted only where that many of them, too, "
    "stand behind a figure."
)


def is_large_enough(cell: Cell, min_households: int = MIN_HOUSEHOLDS) -> bool:
    """Whether the figure stands for enough people to hide each of them, or for nobody."""
    nobody = cell.persons == 0 and cell.households == 0
    return nobody or (cell.persons >= MIN_PERSONS and cell.households >= min_households)


def passes(table: Table) -> bool:
    return all(is_large_enough(cell, _min_households(table)) for cell in table.cells)


def _min_households(table: Table) -> int:
    return MIN_HOUSEHOLDS_OF_A_MEDIAN if table.unit is Unit.DAYS else MIN_HOUSEHOLDS


def cleared(everyone: Table, unrestricted: Table) -> Table:
    """The table that may be shown: `everyone`, `unrestricted` or a hidden one.

    Restricted households count only inside figures that would be large enough without them, and only where they meet
    the bar among themselves: others have the exact figure without them (a coordinator who is not named on them, or
    the months of a year in which they are not counted), and what is left after subtracting must not tell of one
    household either. Whether the table is hidden is decided without them, so that its being hidden says nothing of
    them.
    """
    if not passes(unrestricted):
        return unrestricted.hide()
    bar = _min_households(unrestricted)
    if all(_hides(all_of, others, bar) for all_of, others in zip(everyone.cells, unrestricted.cells, strict=True)):
        return everyone
    return unrestricted


def _hides(everyone: Cell, unrestricted: Cell, bar: int) -> bool:
    """Whether those in `everyone` alone are hidden among enough others and each other, or there are none of them."""
    alone = everyone - unrestricted
    if (alone.persons, alone.households) == (0, 0):
        return everyone.value == unrestricted.value
    return unrestricted.persons > 0 and is_large_enough(everyone, bar) and is_large_enough(alone, bar)
