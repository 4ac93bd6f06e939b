"""Which rows are asked for, and how much of that saved months answer."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from reports.rows import ALWAYS, NEVER, NO_DAY, Row, RowKind

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """The rows of a kind in a municipality with a day from `first` to `last` that count on `end`."""

    municipality: int
    kind: RowKind
    first: date
    last: date
    end: date

    def has(self, row: Row) -> bool:
        return self.first <= row.day <= self.last and row.since <= self.end < row.until

    @property
    def whole(self) -> Box:
        return Box(self.first, self.last, ALWAYS, self.end, self.end + ONE_DAY, NEVER)


class Box(NamedTuple):
    """Bounds of `day`, `since` and `until`, each of them included."""

    first: date
    last: date
    since_first: date
    since_last: date
    until_first: date
    until_last: date


def in_months(window: Window, today: date) -> tuple[list[Box], list[Box]]:
    """The window in boxes of whole months, and in the boxes that remain; none has a row of another.

    No row that is summed has a date after `today`, so that a month that has come to it is as good as whole.
    """
    first, last, end = window.first, _to_month_end(window.last, today), _to_month_end(window.end, today)
    whole_first = first if first.day == 1 else month_end(first) + ONE_DAY
    whole_last = last if last == month_end(last) or last == NO_DAY else last.replace(day=1) - ONE_DAY
    by_day = (ALWAYS, end, end + ONE_DAY, NEVER)
    if whole_first > whole_last:
        return [], [Box(first, last, *by_day)]
    rest = []
    if first < whole_first:
        rest.append(Box(first, whole_first - ONE_DAY, *by_day))
    if whole_last < last:
        rest.append(Box(whole_last + ONE_DAY, last, *by_day))
    if end == month_end(end):
        return [Box(whole_first, whole_last, *by_day)], rest
    month = end.replace(day=1)
    after = month_end(end) + ONE_DAY
    rest.append(Box(whole_first, whole_last, month, end, end + ONE_DAY, NEVER))
    rest.append(Box(whole_first, whole_last, ALWAYS, month - ONE_DAY, end + ONE_DAY, after - ONE_DAY))
    return [Box(whole_first, whole_last, ALWAYS, month - ONE_DAY, after, NEVER)], rest


def _to_month_end(day: date, today: date) -> date:
    return month_end(day) if day >= today else day


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
