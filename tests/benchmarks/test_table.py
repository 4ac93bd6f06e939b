"""What the measured lines are held to."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from django.urls import reverse

from benchmarks.files import MOST_EXPORT_MS, MOST_PDF_MS
from benchmarks.floor import Floor
from benchmarks.importing import MOST_MB, MOST_SECONDS, ROWS, Step
from benchmarks.importing import told as told_of_import
from benchmarks.measure import Line, LineAlone, _line_alone
from benchmarks.pages import Page
from benchmarks.table import MOST_ON_SQLITE_MS, as_table, as_table_of_sqlite
from tests.factories import MunicipalityFactory, coordinator_of


def line(**told) -> dict:
    times = {"median_ms": 20.0, "p95_ms": 25.0, "floor_ms": 10.0, "ratio": 2.0}
    sizes = {"statements": 9, "floor_statements": 7, "bytes": 1000, "floor_bytes": 1000}
    common = {"name": "case page", "cases": 10_000, "municipality": "Kemijärvi"}
    return asdict(Line(**{**common, **times, **sizes, **told}))


BEFORE = line()


class TestTable:
    def test_what_holds(self):
        text, reached = as_table([BEFORE, line(cases=1_000_000, median_ms=29.0)])
        assert reached
        assert "!" not in text
        assert "| 1 000 000 | 29.0" in text

    @pytest.mark.parametrize(
        ("bad", "told"),
        [
            (line(cases=1_000_000, ratio=3.1), "3.10 !"),
            (line(cases=1_000_000, median_ms=31.0), "1.55 !"),
            (line(cases=1_000_000, statements=10), "10/7 !"),
            (line(name="report as PDF", median_ms=5001.0, most_ms=MOST_PDF_MS), "5001.0 !"),
        ],
        ids=["far from its floor", "grows", "more statements", "too long in any case"],
    )
    def test_what_does_not(self, bad, told):
        text, reached = as_table([BEFORE, bad])
        assert not reached
        assert text.count("!") == 1
        assert told in text

    def test_statements_are_those_of_the_fullest_municipality(self):
        """Where a small one had nothing to read among few cases, it may read later what the largest read then."""
        small = line(municipality="Pelkosenniemi", statements=8)
        lines = [BEFORE, small, line(cases=1_000_000, municipality="Pelkosenniemi", statements=9)]
        assert as_table(lines)[1]
        assert not as_table([*lines, line(cases=1_000_000, municipality="Pelkosenniemi", statements=10)])[1]

    def test_what_is_measured_with_many_cases_alone(self):
        text, reached = as_table([BEFORE, line(name="export of 10000 cases", cases=1_000_000, statements=35)])
        assert reached
        assert "35/7" in text

    def test_bounds_are_those_promised(self):
        assert (MOST_EXPORT_MS, MOST_PDF_MS) == (1000, 5000)
        assert (ROWS, MOST_SECONDS, MOST_MB) == (20_000, 60, 300)


def alone(**told) -> dict:
    common = {"name": "case page", "cases": 50_000, "municipality": "Kemijärvi", "p95_ms": 190.0, "statements": 9}
    return asdict(LineAlone(**{**common, "median_ms": 150.0, "most_ms": None, **told}))


class TestTableOfSqlite:
    def test_what_holds(self):
        assert as_table_of_sqlite([alone(), alone(name="report as PDF", median_ms=900.0, most_ms=MOST_PDF_MS)])[1]

    def test_what_does_not(self):
        text, reached = as_table_of_sqlite([alone(), alone(name="my day", median_ms=MOST_ON_SQLITE_MS + 1)])
        assert not reached
        assert "201.0 !" in text

    @pytest.mark.django_db
    def test_a_page_is_measured_without_a_floor(self, client):
        town = MunicipalityFactory()
        client.force_login(coordinator_of(town))
        page = Page("case list", reverse("case_list"), Floor([], lambda request: {}), turns=2, most_ms=60_000)
        found = _line_alone(page, client, 50_000, town)
        assert found.median_ms > 0
        assert 0 < found.statements <= 12
        assert as_table_of_sqlite([asdict(found)])[1]


def step(**told) -> Step:
    return Step(**{"name": "import", "requests": 40, "cpu": 9.0, "longest": 0.9, "statements": 800, **told})


class TestImport:
    def test_what_holds(self):
        text, reached = told_of_import([step(seconds=20.0, peak_mb=200.0), step(seconds=39.0, peak_mb=290.0)])
        assert reached
        assert "| all of it | 80       | 59.00 | 18.00 | 0.90      | 1600 | 290.0" in text

    @pytest.mark.parametrize("bad", [{"seconds": 41.0, "peak_mb": 200.0}, {"seconds": 1.0, "peak_mb": 301.0}])
    def test_what_does_not(self, bad):
        assert not told_of_import([step(seconds=20.0, peak_mb=200.0), step(**bad)])[1]
