"""Long lists in pages by key: as fast on the thousandth page as on the first, and no row is seen twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, ExpressionWrapper, F, Q, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

PAGE = 50


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and the id after which the next page begins (None on the last)."""

    rows: list[Any]
    next: int | None
    first: bool

    def __iter__(self):
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page_after(rows: QuerySet, order: tuple[str, ...], after: str | int | None, size: int = PAGE) -> Page:
    """The `size` rows that follow the row with id `after` in `order` (names, «-» for descending; none may be null).

    The id is the last key, added here in the direction of the first, as an index is read. An id that is not among
    `rows` gives the first page. One or two statements.
    """
    order = _whole(order)
    key = _key(rows, order, after)
    if key is not None:
        rows = rows.filter(_beyond(order, key))
    found = list(rows.order_by(*order)[: size + 1])
    more = len(found) > size
    found = found[:size]
    return Page(found, found[-1].pk if more else None, first=key is None)


MOST_FOUND = 1000  # nobody looks through more, and so many ids can be handed back to the database


def newest_of(found: QuerySet, column: str) -> tuple[list[int], bool]:
    """Of what a search finds the ids in `column`, each once, the highest first: at most MOST_FOUND; whether it is more.

    They are sorted by a sum, which no index has: else PostgreSQL reads an index in that order, in the hope of meeting
    enough of them soon, and reads a million rows where they are rare.
    """
    newest = found.annotate(newest=ExpressionWrapper(F(column) + 0, BigIntegerField()))
    ids = list(newest.order_by("-newest").values_list("newest", flat=True).distinct()[: MOST_FOUND + 1])
    return ids[:MOST_FOUND], len(ids) > MOST_FOUND


def told_of_cut() -> str:
    """What to know of a search that finds more, in a whole sentence."""
    return _("The search finds more than %(most)s. These are the newest of them: write more of the name.") % {
        "most": number_format(MOST_FOUND, force_grouping=True)
    }


def in_order(rows: QuerySet, order: tuple[str, ...]) -> QuerySet:
    """All rows in the order of the pages."""
    return rows.order_by(*_whole(order))


def _whole(order: tuple[str, ...]) -> tuple[str, ...]:
    return (*order, "-pk" if order[0].startswith("-") else "pk")


def _key(rows: QuerySet, order: tuple[str, ...], after: str | int | None) -> tuple[Any, ...] | None:
    if not str(after or "").isdecimal() or len(str(after)) > 18:  # no id is longer
        return None
    return rows.filter(pk=after).order_by().values_list(*(name.lstrip("-") for name in order)).first()


def _beyond(order: tuple[str, ...], key: tuple[Any, ...]) -> Q:
    """(a, b, id) > key, spelt out, with a ≥ first: there an index on (a, b, id) begins to read."""
    beyond = Q()
    first = order[0].lstrip("-")
    begin = Q(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": key[0]})
    same: dict[str, Any] = {}
    for name, value in zip(order, key, strict=True):
        field = name.lstrip("-")
        comparison = "lt" if name.startswith("-") else "gt"
        beyond |= Q(**same, **{f"{field}__{comparison}": value})
        same[field] = value
    return begin & beyond
