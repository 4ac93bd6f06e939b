"""Counts that stop: beyond a thousand nobody reads the number, and the database need not go on counting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery
from django.utils.formats import number_format

from crm.models import User

LIMIT = 1000


class CappedCount(Subquery):
    """How many rows a queryset has, at most LIMIT + 1; several can be asked for in one statement."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) capped)"
    output_field = IntegerField()
    empty_result_set_value = 0  # where the filters rule out every row, the database is not asked

    def __init__(self, rows: QuerySet) -> None:
        # Which rows are counted does not matter, so they are taken as they come: an order would read them all.
        some = rows.order_by().values("pk")
        some.query.set_limits(high=LIMIT + 1)
        super().__init__(some)


def count_each(user_id: int | None, rows: Mapping[str, QuerySet]) -> dict[str, int]:
    """How many rows each of several querysets has, at most LIMIT + 1, in one statement (it reads the user's row)."""
    user = User.objects.filter(pk__in=[user_id])
    counts: Any = user.values(**{name: CappedCount(some) for name, some in rows.items()}).get()
    return counts


def told(count: int) -> str:
    """The count as people read it: «48», «1 000+»."""
    return f"{number_format(LIMIT, force_grouping=True)}+" if count > LIMIT else str(count)
