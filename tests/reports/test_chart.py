"""The picture: scales, bars and lines, and how a page draws them."""

from __future__ import annotations

import itertools
from html import unescape

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from reports.chart import LETTER, NARROW, Bar, Label, Path, Rect, Series, Style, bars, lines, scale
from reports.pictures import over_time, picture
from reports.svg import svg
from reports.table import Cell, Column, Row, Table, Unit


@given(st.integers(0, 10**6))
def test_a_scale_is_round_whole_and_reaches_the_greatest(greatest) -> None:
    ticks = scale(greatest)
    assert ticks[0] == 0
    assert ticks[-1] >= greatest
    assert 2 <= len(ticks) <= 6
    assert len({after - before for before, after in itertools.pairwise(ticks)}) == 1


@given(
    st.lists(
        st.builds(Bar, st.text(max_size=40), st.integers(0, 10**5), st.text(max_size=12), st.booleans()), max_size=14
    )
)
def test_bars_stay_within_the_picture(rows) -> None:
    for width in (560, NARROW):
        chart = bars("title", rows, width=width)
        for primitive in chart.primitives:
            if isinstance(primitive, Rect):
                assert primitive.x >= 0
                assert primitive.width > 0
                assert primitive.x + primitive.width <= width
                assert primitive.y + primitive.height <= chart.height


def test_bars_have_their_names_and_figures_beside_them() -> None:
    chart = bars("Muuttaneet", [Bar("Posio", 10, "10"), Bar("Posio 2025", 5, "5", is_before=True)])
    texts = [primitive.text for primitive in chart.primitives if isinstance(primitive, Label)]
    assert texts == ["Posio", "10", "Posio 2025", "5"]
    now, before = (primitive for primitive in chart.primitives if isinstance(primitive, Rect))
    assert now.width == pytest.approx(2 * before.width)
    assert (now.style, before.style) == (Style.BAR, Style.BAR_BEFORE)
    assert chart.description == "Muuttaneet: Posio 10, Posio 2025 5"


def test_nil_has_no_bar_and_little_has_one_that_can_be_seen() -> None:
    chart = bars("t", [Bar("Posio", 10_000, "10 000"), Bar("Pello", 1, "1"), Bar("Salla", 0, "0")])
    widths = [primitive.width for primitive in chart.primitives if isinstance(primitive, Rect)]
    assert len(widths) == 2
    assert min(widths) == 1.5


def test_long_names_stand_above_their_bars() -> None:
    name = "Asunto, työ, palvelu tai lupa puuttui"
    label, bar, _figure = bars("t", [Bar(name, 10, "10")], width=NARROW).primitives
    assert bar.x == 0
    assert label.y < bar.y


def test_a_line_rises_with_its_values_and_leaves_out_what_is_not_known() -> None:
    chart = lines("t", ["a", "b", "c"], [Series("2026", (0, 5, None)), Series("2025", (4, 4, 4), is_before=True)])
    line = next(p for p in chart.primitives if isinstance(p, Path) and p.style is Style.LINE)
    (_x, low), (_x2, high) = line.points
    assert high < low
    before = next(p for p in chart.primitives if isinstance(p, Path) and p.style is Style.LINE_BEFORE)
    assert len(before.points) == 3


def test_names_on_a_narrow_axis_do_not_run_together() -> None:
    labels = [f"kuukausi {n}" for n in range(12)]
    chart = lines("t", labels, [Series("2026", tuple(range(12)))], width=NARROW)
    drawn = [p for p in chart.primitives if isinstance(p, Label) and p.text.startswith("kuukausi")]
    assert 1 < len(drawn) < 6


@pytest.mark.parametrize("width", [560, NARROW])
@pytest.mark.parametrize("label", ["{n}. nelj. 2026", "loka", "11/25–{n}/26"])
@pytest.mark.parametrize("count", [1, 3, 4, 5, 8, 12])
def test_names_on_the_axis_stay_within_the_picture_and_apart(width, label, count) -> None:
    labels = [label.format(n=n + 1) for n in range(count)]
    chart = lines("t", labels, [Series("2026", tuple(range(count)))], width=width)
    ends = 0.0
    for drawn in (p for p in chart.primitives if isinstance(p, Label) and p.text in labels):
        length = len(drawn.text) * LETTER
        start = drawn.x - {"start": 0, "middle": length / 2, "end": length}[drawn.anchor]
        assert ends <= start
        ends = start + length + 1
        assert ends - 1 <= width + 0.01


def test_a_page_draws_it_without_a_style_attribute_and_with_a_name() -> None:
    chart = bars('Nimi <b> & "lainaus"', [Bar("Posio", 10, "10")])
    drawn = svg(chart, "wide")
    element = ElementTree.fromstring(drawn)
    assert element.attrib["role"] == "img"
    assert unescape(element.attrib["aria-label"]) == 'Nimi <b> & "lainaus": Posio 10'
    assert element.attrib["class"] == "chart wide"
    assert not any("style" in node.attrib for node in element.iter())


# Which picture a table gets


def table_of(*rows: Row, columns: int = 1, unit: Unit = Unit.PERSONS) -> Table:
    return Table("id", "Muuttaneet", "", unit, tuple(Column(str(n), f"Kunta {n}") for n in range(columns)), rows)


def bars_of(chart) -> list[str]:
    return [primitive.text for primitive in chart.primitives if isinstance(primitive, Label)]


def test_rows_become_bars_but_for_the_total_and_what_is_nil() -> None:
    table = table_of(
        Row("a", "Alle 16", (Cell(3),)), Row("b", "65+", (Cell(0),)), Row("t", "Yhteensä", (Cell(3),), is_total=True)
    )
    assert bars_of(picture(table)) == ["Alle 16", "3"]


def test_a_single_row_becomes_a_bar_a_municipality_with_the_year_before() -> None:
    now = table_of(Row("t", "Muuttaneet", (Cell(3), Cell(4), Cell(7)), is_total=True), columns=3)
    before = table_of(Row("t", "Muuttaneet", (Cell(1), Cell(2), Cell(3)), is_total=True), columns=3)
    assert bars_of(picture(now, before, name_before="2025")) == [
        *("Kunta 0", "3", "Kunta 0 2025", "1", "Kunta 1", "4", "Kunta 1 2025", "2"),
    ]
    assert bars_of(picture(now, before.hide(), name_before="2025")) == ["Kunta 0", "3", "Kunta 1", "4"]


def test_what_is_hidden_or_empty_has_no_picture() -> None:
    table = table_of(Row("a", "Alle 16", (Cell(3),)))
    assert picture(table.hide()) is None
    assert picture(table_of(Row("a", "Alle 16", (Cell(0),)))) is None
    assert over_time(table.hide(), None, ("", "")) is None
    assert over_time(table, None, ("", "")) is None


def test_the_year_before_is_left_out_of_the_line_where_it_is_hidden() -> None:
    rows = [Row(str(n), f"Q{n}", (Cell(n),)) for n in range(4)]
    now = table_of(*rows)
    assert "2025" in over_time(now, now, ("2026", "2025")).description
    assert "2025" not in over_time(now, now.hide(), ("2026", "2025")).description
