"""The interim rule: what is shown to who may not see the people, as properties and on histories."""

from __future__ import annotations

from datetime import date
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.models import Person
from crm.models import Municipality
from crm.roles import Role
from projects.actions import join_partner
from reports.disclosure import MIN_HOUSEHOLDS, MIN_PERSONS, cleared, is_large_enough
from reports.figures import Ask, tables
from reports.indicators import INDICATORS
from reports.period import parse
from reports.table import Cell, Column, Row, Table, Unit
from tests.factories import (
    FAMILY,
    SINGLE,
    MunicipalityFactory,
    ProjectFactory,
    coordinator_of,
    give,
    joint_project,
    member,
)
from tests.reports.histories import NOW, TODAY, mover, selection_of, table, values

# The rule itself


@st.composite
def cells(draw) -> Cell:
    """A figure of people: each household has at least one person, and nobody lives in no household."""
    households = draw(st.integers(0, 8))
    persons = draw(st.integers(households, 3 * households))
    return Cell(persons, persons, households)


@st.composite
def drawn_tables(draw) -> Table:
    columns = draw(st.integers(1, 3))
    rows = draw(st.lists(st.lists(cells(), min_size=columns, max_size=columns), min_size=1, max_size=4))
    return _table(rows, draw(st.lists(cells(), max_size=2)))


def _table(rows, implied) -> Table:
    columns = tuple(Column(str(n), str(n)) for n in range(len(rows[0])))
    drawn = tuple(Row(str(n), str(n), tuple(row)) for n, row in enumerate(rows))
    return Table("id", "title", "definition", Unit.PERSONS, columns, drawn, implied=tuple(implied))


@given(drawn_tables())
def test_each_figure_that_is_shown_stands_for_enough_people_or_nobody(table) -> None:
    for cell in cleared(table).cells:
        assert (cell.persons, cell.households) == (0, 0) or (
            cell.persons >= MIN_PERSONS and cell.households >= MIN_HOUSEHOLDS
        )


@given(drawn_tables())
def test_one_figure_below_the_bar_hides_the_whole_table(table) -> None:
    shown = cleared(table)
    assert shown.hidden is not all(map(is_large_enough, table.cells))
    assert shown == table or (shown.rows, shown.implied, shown.notes) == ((), (), ())


@pytest.mark.parametrize(
    ("persons", "households", "enough"),
    [(0, 0, True), (4, 4, False), (5, 2, False), (5, 3, True), (12, 3, True), (1, 1, False), (5, 0, False)],
)
def test_the_bar(persons, households, enough) -> None:
    assert is_large_enough(Cell(persons, persons, households)) is enough


# On histories, as a manager and a project lead see them


@pytest.fixture
def posio(db) -> Municipality:
    return MunicipalityFactory(name_fi="Posio")


@pytest.fixture
def maija(posio):
    return coordinator_of(posio)


@pytest.fixture
def manager(posio):
    return member(Role.MANAGER, posio)


_days = count(1)


def settle(municipality, by, households: int, people=SINGLE, **changes) -> None:
    """So many households that settle in 2025, a different day each."""
    for _number in range(households):
        settled = date(2025, 6, 1 + next(_days) % 28)
        dates = {"opened": date(2025, 1, 10), "arrived": date(2025, 2, 1), "settled": settled}
        mover(municipality, by, people=people, stay="permanent", **dates | changes)


@pytest.mark.parametrize(("families", "shown"), [(1, None), (2, None), (3, 9)])
def test_a_manager_sees_figures_of_three_households_and_five_persons(posio, maija, manager, families, shown) -> None:
    settle(posio, maija, families, FAMILY)
    for indicator in ("arrivals", "settled"):
        found = table(indicator, selection_of(manager))
        assert (found.rows[0].cells[0].value if found.rows else None) == shown


@pytest.mark.parametrize(("families", "shown"), [(1, False), (3, False), (4, False), (5, True), (6, True)])
def test_a_manager_sees_a_median_of_five_households(posio, maija, manager, families, shown) -> None:
    settle(posio, maija, families, FAMILY)
    found = table("time_to_settled", selection_of(manager))
    assert found.hidden is not shown
    assert bool(found.rows) is shown


def test_a_restricted_household_is_not_the_fifth_of_a_median(posio, maija, manager) -> None:
    settle(posio, maija, 4, FAMILY)
    settle(posio, maija, 1, FAMILY, restricted=True)
    assert table("time_to_settled", selection_of(manager)).hidden


def test_what_would_be_shown_alone_is_named_where_a_table_is_hidden(maija, posio) -> None:
    pello = MunicipalityFactory(name_fi="Pello")
    lead = member(Role.PROJECT_LEAD, joint_project(posio, pello))
    settle(posio, maija, 5)
    settle(pello, coordinator_of(pello), 2)
    settle(pello, coordinator_of(pello), 3, restricted=True)
    found = table("settled", selection_of(lead))
    assert found.hidden
    (advice,) = map(str, found.advice)
    assert "Posio" in advice
    assert "Pello" not in advice
    assert not table("settled", selection_of(lead, posio)).hidden
    assert table("settled", selection_of(lead, pello)).advice == ()


def test_four_persons_in_four_households_are_too_few(posio, maija, manager) -> None:
    settle(posio, maija, 4)
    assert table("settled", selection_of(manager)).hidden
    settle(posio, maija, 1)
    assert values(table("settled", selection_of(manager))) == {"settled": 5}


def test_nobody_is_no_secret(posio, manager) -> None:
    assert values(table("settled", selection_of(manager))) == {"settled": 0}


def test_a_small_age_group_hides_the_table_of_new_residents(posio, maija, manager) -> None:
    settle(posio, maija, 5)
    assert values(table("new_residents", selection_of(manager))) == {"0-15": 0, "16-": 5, "total": 5}
    settle(posio, maija, 1, FAMILY)
    assert table("new_residents", selection_of(manager)).hidden
    assert values(table("arrivals", selection_of(manager))) == {"arrived": 8}


def test_new_residents_are_hidden_where_the_others_follow_from_the_arrivals(posio, maija, manager) -> None:
    settle(posio, maija, 5)
    mover(posio, maija, opened=date(2025, 1, 10), arrived=date(2025, 2, 1), stay="seasonal")
    assert values(table("arrivals", selection_of(manager))) == {"arrived": 6}
    assert table("new_residents", selection_of(manager)).hidden


def test_steps_between_which_few_stopped_are_hidden(posio, maija, manager) -> None:
    settle(posio, maija, 6)
    assert values(table("funnel", selection_of(manager)))["settled"] == 100
    mover(posio, maija, opened=date(2025, 1, 10), arrived=date(2025, 2, 1))  # one of seven has not settled
    assert table("funnel", selection_of(manager)).hidden
    assert not table("funnel", selection_of(maija)).hidden


def test_steps_are_hidden_where_those_already_here_follow_from_the_contacts(posio, maija, manager) -> None:
    settle(posio, maija, 6)
    mover(posio, maija, opened=date(2025, 3, 1), arrived=date(2025, 1, 1), settled=date(2025, 4, 1))
    assert values(table("contacts", selection_of(manager))) == {"opened": 7}
    assert table("funnel", selection_of(manager)).hidden


def test_reasons_come_in_coarse_groups(posio, maija, manager) -> None:
    for reason in ("no_housing", "no_work", "no_permit", "no_service", "no_work"):
        mover(posio, maija, opened=date(2025, 1, 10), lost=date(2025, 2, 1), reason=reason)
    assert values(table("lost_by_reason", selection_of(manager))) == {"missing": 5, "choice": 0, "other": 0, "lost": 5}


@pytest.mark.parametrize("households", [1, 3, 6])
def test_restricted_households_are_in_no_figure_of_those_who_do_not_see_them(posio, maija, manager, households) -> None:
    settle(posio, maija, 5)
    settle(posio, maija, households, FAMILY, restricted=True)
    lead = member(Role.PROJECT_LEAD, joint_project(posio, MunicipalityFactory()))
    for user in (manager, coordinator_of(posio)):
        assert values(table("settled", selection_of(user))) == {"settled": 5}
    assert values(table("settled", selection_of(lead, posio))) == {"settled": 5}
    assert values(table("settled", selection_of(maija))) == {"settled": 5 + 3 * households}  # named on them


def test_who_is_named_and_leads_the_project_sees_them_in_exact_figures_only(posio, maija) -> None:
    """Beside the figures of others they would be the difference to what everybody reads."""
    pello = MunicipalityFactory()
    give(maija, Role.PROJECT_LEAD, joint_project(posio, pello))
    settle(posio, maija, 5)
    settle(pello, coordinator_of(pello), 5)
    settle(posio, maija, 1, FAMILY, restricted=True)
    assert values(table("settled", selection_of(maija, posio))) == {"settled": 8}
    assert values(table("settled", selection_of(maija, posio, pello))) == {"settled": 10}


def test_a_year_and_its_quarters_do_not_tell_of_restricted_households(posio, maija, manager) -> None:
    settle(posio, maija, 5)
    settle(posio, maija, 3, FAMILY, restricted=True)
    settle(posio, maija, 1, FAMILY, restricted=True, settled=date(2025, 11, 3))
    found = {
        period: values(table("settled", selection_of(manager, period=parse(period, TODAY))))["settled"]
        for period in ("2025", "2025Q2", "2025Q4")
    }
    assert found == {"2025": 5, "2025Q2": 5, "2025Q4": 0}


def test_choosing_municipalities_one_after_another_gives_nothing_new(maija, posio) -> None:
    pello = MunicipalityFactory(name_fi="Pello")
    lead = member(Role.PROJECT_LEAD, joint_project(posio, pello))
    pekka = coordinator_of(pello)
    settle(posio, maija, 5)
    settle(pello, pekka, 2)
    assert values(table("settled", selection_of(lead, posio))) == {"settled": 5}
    assert table("settled", selection_of(lead, pello)).hidden
    assert table("settled", selection_of(lead)).hidden
    settle(pello, pekka, 3)
    (row,) = table("settled", selection_of(lead)).rows
    assert [cell.value for cell in row.cells] == [5, 5, 10]


def test_a_human_in_two_registers_does_not_follow_from_the_total(maija, posio) -> None:
    pello = MunicipalityFactory(name_fi="Pello")
    lead = member(Role.PROJECT_LEAD, joint_project(posio, pello))
    settle(posio, maija, 6)
    settle(pello, coordinator_of(pello), 6)
    mine = Person.objects.filter(municipality=posio).order_by("pk").first()
    other = Person.objects.filter(municipality=pello).order_by("pk").first()
    Person.objects.filter(pk=other.pk).update(identity=mine.identity)
    assert table("settled", selection_of(lead)).hidden
    assert values(table("contacts", selection_of(lead))) == {"opened": 12}


def test_a_lead_sees_a_partner_from_its_joining(maija, posio) -> None:
    project = ProjectFactory(lead=posio)
    join_partner(project=project, municipality=posio, joined=date(2025, 6, 15), by=maija, at=NOW)
    lead = member(Role.PROJECT_LEAD, project)
    for day in (14, 15):
        for _number in range(5):
            mover(posio, maija, opened=date(2025, 6, day))
    found = table("contacts", selection_of(lead))
    assert values(found) == {"opened": 5}
    assert [str(note) for note in found.notes] == [
        "Posio on mukana 15.6.2025 alkaen eli siitä päivästä, jona se liittyi hankkeeseen."
    ]
    assert values(table("contacts", selection_of(member(Role.MANAGER, posio)))) == {"opened": 10}


def test_every_indicator_of_a_lead_is_cleared_in_three_statements(maija, posio, django_assert_num_queries) -> None:
    pello = MunicipalityFactory(name_fi="Pello")
    lead = member(Role.PROJECT_LEAD, joint_project(posio, pello))
    settle(posio, maija, 1)
    settle(pello, coordinator_of(pello), 6)
    selection = selection_of(lead)
    with django_assert_num_queries(3):
        found = tables(selection, [Ask(indicator, selection.period) for indicator in INDICATORS.values()])
    for one in found:
        assert one.hidden or all(is_large_enough(cell) for cell in one.cells)
    assert {one.id for one in found if one.hidden} >= {"contacts", "settled", "funnel", "time_to_settled"}
