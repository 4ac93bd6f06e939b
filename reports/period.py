"""The period that figures are about: read from an address, named, compared with the year before."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils import formats
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _


class Kind(StrEnum):
    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    ROLLING = "rolling"  # the twelve whole months before this one
    DAYS = "days"  # chosen freely; only for who sees the people


FIRST_YEAR = 1990


@dataclass(frozen=True, order=True)
class Period:
    """From `start` to `end`, both days included (Helsinki dates). `whole_end` is later where it is not over yet."""

    start: date
    end: date
    kind: Kind
    whole_end: date

    @property
    def is_over(self) -> bool:
        return self.end == self.whole_end

    @property
    def key(self) -> str:
        """How the period is written in an address: 2026, 2026Q3, 2026-10, 12m or 2026-01-05..2026-02-11."""
        match self.kind:
            case Kind.YEAR:
                return f"{self.start.year}"
            case Kind.QUARTER:
                return f"{self.start.year}Q{_quarter(self.start)}"
            case Kind.MONTH:
                return f"{self.start:%Y-%m}"
            case Kind.ROLLING:
                return "12m"
        return f"{self.start.isoformat()}..{self.end.isoformat()}"

    @property
    def name(self) -> str:
        """What people call it: «2026», «3. neljännes 2026», «10/2026»; the days themselves where it has no name."""
        match self.kind:
            case Kind.YEAR:
                return f"{self.start.year}"
            case Kind.QUARTER:
                return _("quarter %(quarter)d of %(year)d") % {
                    "quarter": _quarter(self.start),
                    "year": self.start.year,
                }
            case Kind.MONTH:
                return f"{self.start.month}/{self.start.year}"
            case Kind.ROLLING:
                return _("12 months to %(month)s") % {"month": f"{self.end.month}/{self.end.year}"}
        return self.days

    @property
    def extent(self) -> str:
        """The name with how far it goes, where two periods are compared: «koko vuosi 2025», «1.1.–24.11.2025»."""
        match self.kind:
            case Kind.YEAR if self.end == date(self.start.year, 12, 31):
                return _("whole year %(year)d") % {"year": self.start.year}
            case Kind.QUARTER if self.end == _month_end(_add_months(self.start, 2)):
                return _("whole quarter %(quarter)d of %(year)d") % {
                    "quarter": _quarter(self.start),
                    "year": self.start.year,
                }
            case Kind.MONTH if self.end == _month_end(self.start):
                return _("whole month %(month)s") % {"month": self.name}
            case Kind.ROLLING:
                return self.name
        return self.days

    @property
    def short(self) -> str:
        """The name on the axis of a chart: «loka», «3. nelj. 2026», «11/25–1/26»."""
        if self.kind is Kind.MONTH:
            return formats.date_format(self.start, "N")
        if self.kind is Kind.QUARTER and self.start.month % 3 == 1:
            return _("Q%(quarter)d %(year)d") % {"quarter": _quarter(self.start), "year": self.start.year}
        return f"{self.start.month}/{self.start:%y}–{self.end.month}/{self.end:%y}"

    @property
    def days(self) -> str:
        """First and last day: «1.1.–23.11.2026»."""
        style = "MONTH_DAY_FORMAT" if self.start.year == self.end.year else "SHORT_DATE_FORMAT"
        return f"{formats.date_format(self.start, style)}–{formats.date_format(self.end, 'SHORT_DATE_FORMAT')}"

    def year_before(self) -> Period | None:
        """The same days a year earlier; None where the two would overlap."""
        start, end = _year_earlier(self.start), _year_earlier(self.end)
        if end >= self.start:
            return None
        if self.end == _month_end(self.end):
            end = _month_end(end)
        return Period(start, end, self.kind, whole_end=end)

    def whole_year_before(self) -> Period | None:
        """The whole period of the same kind a year earlier, also where this one is not over yet."""
        return Period(self.start, self.whole_end, self.kind, self.whole_end).year_before()

    def months(self) -> list[Period]:
        """The months of the period, the last one only so far as the period goes."""
        return self._slices(Kind.MONTH)

    def quarters(self) -> list[Period]:
        """The quarters of the period. A rolling year is cut in threes of months from its own beginning."""
        return self._slices(Kind.QUARTER)

    def _slices(self, kind: Kind) -> list[Period]:
        slices, start = [], self.start
        while start <= self.end:
            whole_end = _month_end(_add_months(start, 2 if kind is Kind.QUARTER else 0))
            end = min(whole_end, self.end)
            slices.append(Period(start, end, kind, whole_end=min(whole_end, self.whole_end)))
            start = whole_end + timedelta(days=1)
        return slices


def year(number: int, today: date) -> Period:
    return _so_far(date(number, 1, 1), date(number, 12, 31), Kind.YEAR, today)


def quarter(year: int, number: int, today: date) -> Period:
    start = date(year, 3 * number - 2, 1)
    return _so_far(start, _month_end(_add_months(start, 2)), Kind.QUARTER, today)


def month(year: int, number: int, today: date) -> Period:
    start = date(year, number, 1)
    return _so_far(start, _month_end(start), Kind.MONTH, today)


def rolling_year(today: date) -> Period:
    """The twelve whole months before the month of `today`."""
    end = today.replace(day=1) - timedelta(days=1)
    return Period(_add_months(end.replace(day=1), -11), end, Kind.ROLLING, whole_end=end)


def offered(today: date, years: int = 5) -> list[Period]:
    """The fixed periods a list offers, the nearest first: years, then the quarters and months of two years."""
    quarters = [quarter(y, q, today) for y in (today.year, today.year - 1) for q in (4, 3, 2, 1)]
    months = [month(y, m, today) for y in (today.year, today.year - 1) for m in range(12, 0, -1)]
    begun = [period for period in (*quarters, *months) if period.start <= today]
    return [
        year(today.year, today),
        rolling_year(today),
        *(year(today.year - n, today) for n in range(1, years)),
        *begun,
    ]


def parse(text: str, today: date) -> Period | None:
    """The period an address asks for; None where the text means none, or one that has not begun or is too far back."""
    if text == "12m":
        return rolling_year(today)
    if found := re.fullmatch(r"([0-9]{4})(?:Q([1-4])|-(0[1-9]|1[0-2]))?", text):
        number, q, m = int(found[1]), found[2], found[3]
        if not FIRST_YEAR <= number <= today.year:
            return None
        period = quarter(number, int(q), today) if q else month(number, int(m), today) if m else year(number, today)
        return period if period.start <= today else None
    first, _dots, last = text.partition("..")
    return between(_date(first), _date(last), today)


def between(start: date | None, end: date | None, today: date) -> Period | None:
    """Freely chosen days, so far as they have been; None where they make no period."""
    if start is None or end is None or start > end or start.year < FIRST_YEAR or start > today:
        return None
    end = min(end, today)
    return Period(start, end, Kind.DAYS, whole_end=end)


def _date(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:  # well formed, and not a day: 2026-02-30
        return None


def _so_far(start: date, whole_end: date, kind: Kind, today: date) -> Period:
    return Period(start, max(start, min(whole_end, today)), kind, whole_end)


def _quarter(day: date) -> int:
    return (day.month + 2) // 3


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _add_months(day: date, count: int) -> date:
    """The first day of the month `count` months on."""
    number = day.year * 12 + day.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


def _year_earlier(day: date) -> date:
    """The same day a year before; for 29.2. the last of February."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
