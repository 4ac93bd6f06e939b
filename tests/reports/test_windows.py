"""A window is answered by months and by what remains at their edges: each row in one of them, and once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reports.rows import ALWAYS, NEVER, NO_DAY, Row, RowKind
from reports.windows import Box, Window, in_months

TODAY = date(2026, 11, 24)
days = st.dates(date(2025, 10, 1), TODAY)


@st.composite
def rows(draw) -> Row:
    """A row that is summed: none of its dates is after today."""
    day = draw(days | st.just(NO_DAY))
    since = max(day, draw(days | st.just(ALWAYS)))
    until = draw(st.just(NEVER) | st.dates(since + timedelta(days=1), TODAY) if since < TODAY else st.just(NEVER))
    return Row(1, False, 1, 1, RowKind.OPENED, "", day, since, until, 0, ())


@st.composite
def windows(draw) -> Window:
    first, last, end = sorted(draw(st.tuples(days, days, st.dates(date(2025, 10, 1), date(2027, 2, 1)))))
    if draw(st.booleans()):
        first = last = NO_DAY
    return Window(1, RowKind.OPENED, first, last, end)


def within(row: Row, box: Box, day=lambda day: day) -> bool:
    a, b, c, d, e, f = box
    return a <= day(row.day) <= b and c <= day(row.since) <= d and e <= day(row.until) <= f


def month(day: date) -> date:
    return day.replace(day=1)


def whole(first: date, last: date) -> Window:
    return Window(1, RowKind.OPENED, first, last, last)


@given(rows(), windows())
@example(
    Row(1, False, 1, 1, RowKind.LOST, "", date(2026, 3, 2), date(2026, 3, 2), date(2026, 5, 9), 0, ()),
    whole(date(2026, 1, 1), date(2026, 5, 8)),
)
def test_each_row_is_counted_once_or_not_at_all(row, window) -> None:
    months, edges = in_months(window, TODAY)
    counted = sum(within(row, box, month) for box in months) + sum(within(row, box) for box in edges)
    assert counted == window.has(row)
    assert window.has(row) is within(row, window.whole)
    # What months hold of a row is taken out of them by its days.
    assert [within(row, box) for box in months] == [within(row, box, month) for box in months]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 1, 1), TODAY),  # the year so far: no summed row is of a later day
        (date(2025, 7, 1), date(2025, 9, 30)),
        (date(2026, 11, 1), TODAY),
    ],
)
def test_whole_months_are_read_from_months_alone(first, last) -> None:
    months, edges = in_months(whole(first, last), TODAY)
    assert len(months) == 1
    assert edges == []
