"""Periods: read from an address, named, sliced, compared with the year before."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.period import Kind, month, offered, parse, quarter, rolling_year, year

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2026", date(2026, 1, 1), TODAY),
        ("2026Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026Q4", date(2026, 10, 1), TODAY),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("12m", date(2025, 11, 1), date(2026, 10, 31)),
        ("2026-01-05..2026-02-11", date(2026, 1, 5), date(2026, 2, 11)),
        ("2026-11-01..2026-12-31", date(2026, 11, 1), TODAY),
    ],
)
def test_an_address_names_a_period(text, start, end) -> None:
    period = parse(text, TODAY)
    assert (period.start, period.end) == (start, end)
    assert period.is_over is (end < TODAY or period.kind is Kind.DAYS)


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "2027", "2026-12", "2026-13", "2026Q5", "1989", "0000", "２０２６", "..", "2026-03-01.."),
        *("2026-02-30..2026-03-01", "2026-03-02..2026-03-01", "2026-12-01..2026-12-31", "2026-01-01..9999-99-99"),
    ],
)
def test_what_names_no_period_gives_none(text) -> None:
    assert parse(text, TODAY) is None


@given(st.text(max_size=30))
def test_no_text_breaks_it(text) -> None:
    period = parse(text, TODAY)
    assert period is None or period.start <= period.end <= TODAY


@given(st.dates(date(2020, 1, 1), date(2100, 1, 1)))
def test_what_is_offered_can_be_asked_for(today) -> None:
    for period in offered(today):
        assert parse(period.key, today) == period
        assert period.start <= period.end


@given(st.integers(2000, 2026), st.integers(1, 4))
def test_slices_cover_the_period_without_gaps(number, which) -> None:
    for period in (year(number, TODAY), quarter(number, which, TODAY), rolling_year(TODAY)):
        if period.start > TODAY:
            continue
        for slices in (period.months(), period.quarters()):
            assert slices[0].start == period.start
            assert slices[-1].end == period.end
            for before, after in itertools.pairwise(slices):
                assert after.start == before.end + timedelta(days=1)


def test_a_year_that_is_not_over_is_compared_like_with_like_or_whole() -> None:
    this_year = year(2026, TODAY)
    assert this_year.year_before().end == date(2025, 11, 24)
    assert this_year.whole_year_before().end == date(2025, 12, 31)


def test_the_year_before_february_has_its_own_last_day() -> None:
    assert month(2025, 2, TODAY).year_before().end == date(2024, 2, 29)
    assert month(2024, 2, TODAY).year_before().end == date(2023, 2, 28)


def test_days_longer_than_a_year_have_no_year_before() -> None:
    assert parse("2024-01-01..2025-06-30", TODAY).year_before() is None
    assert parse("2025-03-01..2025-06-30", TODAY).year_before().start == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("text", "name", "short"),
    [
        ("2026", "2026", "1/26–11/26"),
        ("2026Q3", "3. neljännes 2026", "3. nelj. 2026"),
        ("2026-10", "10/2026", "loka"),
        ("12m", "12 kuukautta, viimeisenä 10/2026", "11/25–10/26"),
        ("2026-01-05..2026-02-11", "5.1.–11.2.2026", "1/26–2/26"),
    ],
)
def test_periods_have_names(text, name, short) -> None:
    period = parse(text, TODAY)
    assert (period.name, period.short) == (name, short)


def test_quarters_of_a_rolling_year_are_threes_of_months() -> None:
    assert [part.short for part in rolling_year(TODAY).quarters()][:2] == ["11/25–1/26", "2/26–4/26"]
