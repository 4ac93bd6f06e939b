"""Each indicator on histories built by hand, as a coordinator sees it: exact."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cases import lifecycle
from cases.actions import correct_step_date, record_person_fact, take_back_last
from cases.lifecycle import State
from cases.models import PersonFactKind
from contacts.actions import PersonData, give_access
from contacts.models import Relation
from crm.roles import Role
from reports.counting import median
from reports.figures import Ask, tables
from reports.indicators import INDICATORS
from reports.indicators.settled import settled_by
from reports.period import year
from tests.factories import ANONYMOUS, FAMILY, MunicipalityFactory, case_of, coordinator_of, give
from tests.reports.histories import NOW, TODAY, mover, nonzero, selection_of, step, table, values

pytestmark = pytest.mark.django_db


@pytest.fixture
def posio():
    return MunicipalityFactory(name_fi="Posio")


@pytest.fixture
def maija(posio):
    return coordinator_of(posio)


# Contacts and open cases


def test_contacts_are_cases_opened_in_the_period(posio, maija):
    for day in (date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1)):
        mover(posio, maija, opened=day, people=FAMILY)
    mover(posio, maija, opened=date(2025, 6, 1), people=ANONYMOUS)
    assert values(table("contacts", selection_of(maija))) == {"named": 2, "anonymous": 1, "opened": 3}


def test_a_contact_moves_with_its_corrected_date(posio, maija):
    case = mover(posio, maija, opened=date(2025, 1, 2))
    correct_step_date(transition=case.transitions.get(), on=date(2024, 12, 30), why="väärin", by=maija, at=NOW)
    assert values(table("contacts", selection_of(maija)))["opened"] == 0
    assert values(table("contacts", selection_of(maija, period=year(2024, TODAY))))["opened"] == 1


def test_active_is_as_it_was_on_the_last_day(posio, maija):
    opened = date(2025, 12, 20)
    step(mover(posio, maija, opened=opened), lifecycle.PAUSE, date(2025, 12, 31), maija)
    step(mover(posio, maija, opened=opened), lifecycle.PAUSE, date(2026, 1, 1), maija)
    mover(posio, maija, opened=opened, lost=date(2025, 12, 31))
    mover(posio, maija, opened=opened, lost=date(2026, 1, 1))
    mover(posio, maija, opened=date(2026, 1, 1))
    mover(posio, maija, opened=opened, arrived=date(2025, 12, 28), settled=date(2025, 12, 30))
    assert values(table("active", selection_of(maija))) == {"active": 2, "paused": 1, "open": 3}


# Persons who arrive


def test_arrivals_count_each_person_on_their_own_day(posio, maija):
    """A family arrives in two parts: two before the turn of the year, one after it."""
    case = mover(posio, maija, opened=date(2025, 10, 1), people=FAMILY)
    first, second, third = case.household.people.order_by("pk").values_list("pk", flat=True)
    step(case, lifecycle.REGISTER_ARRIVAL, date(2025, 12, 1), maija, persons=frozenset({first, second}))
    record_person_fact(case=case, kind=PersonFactKind.ARRIVED, persons=[third], on=date(2026, 1, 15), by=maija, at=NOW)
    assert values(table("arrivals", selection_of(maija))) == {"arrived": 2}
    assert values(table("arrivals", selection_of(maija, period=year(2026, TODAY)))) == {"arrived": 1}


def test_who_lived_here_already_is_no_arrival_but_settles(posio, maija):
    mover(posio, maija, opened=date(2025, 3, 1), arrived=date(2025, 2, 1), settled=date(2025, 5, 1), people=FAMILY)
    selection = selection_of(maija)
    assert values(table("arrivals", selection)) == {"arrived": 0}
    assert values(table("settled", selection)) == {"settled": 3}
    assert values(table("funnel", selection))["contact"] is None
    assert values(table("time_to_settled", selection)) == {"median": None}


def test_who_comes_back_counts_once(posio, maija):
    """At the first entry: in the year of the first arrival, in no later one."""
    case = mover(posio, maija, opened=date(2024, 1, 1), arrived=date(2024, 2, 1), settled=date(2024, 3, 1))
    step(case, lifecycle.MOVE_AWAY, date(2024, 9, 1), maija)
    mover(posio, maija, opened=date(2025, 1, 1), arrived=date(2025, 2, 1), household=case.household)
    assert values(table("arrivals", selection_of(maija, period=year(2024, TODAY)))) == {"arrived": 1}
    assert values(table("arrivals", selection_of(maija))) == {"arrived": 0}


def test_an_arrival_taken_back_never_was(posio, maija):
    case = mover(posio, maija, opened=date(2025, 1, 1), arrived=date(2025, 2, 1), people=FAMILY)
    take_back_last(case=case, why="väärä asiakkuus", by=maija, at=NOW + timedelta(hours=1))
    assert values(table("arrivals", selection_of(maija))) == {"arrived": 0}
    assert values(table("arrivals", selection_of(maija, known_at=NOW))) == {"arrived": 3}


def test_new_residents_stay_permanently_and_have_an_age(posio, maija):
    def born(**told):
        return ((PersonData(given_name="Muuttaja", **told), Relation.CONTACT),)

    for people in (
        born(birth_date=date(2018, 5, 2)),  # six, seven tomorrow
        born(birth_date=date(2018, 5, 1)),  # seven today
        born(birth_date=date(2009, 5, 2)),  # fifteen
        born(birth_year=2009),  # sixteen by the year
        born(birth_date=date(1960, 5, 2)),  # sixty-four
        born(birth_date=date(1960, 5, 1)),  # sixty-five
        born(age_group="adult"),
    ):
        mover(posio, maija, opened=date(2025, 1, 1), arrived=date(2025, 5, 1), people=people, stay="permanent")
    mover(posio, maija, opened=date(2025, 1, 1), arrived=date(2025, 5, 1), stay="seasonal")
    assert values(table("new_residents", selection_of(maija))) == {
        "0-6": 1,
        "7-15": 2,
        "16-64": 2,
        "65-": 1,
        "unknown": 1,
        "total": 7,
    }


# Persons who settle


def test_who_left_by_the_end_of_the_period_has_not_settled(posio, maija):
    dates = {"opened": date(2025, 1, 1), "arrived": date(2025, 2, 1), "settled": date(2025, 3, 1)}
    mover(posio, maija, people=FAMILY, **dates)
    step(mover(posio, maija, **dates), lifecycle.MOVE_AWAY, date(2025, 12, 31), maija)
    step(mover(posio, maija, **dates), lifecycle.MOVE_AWAY, date(2026, 1, 1), maija)
    assert values(table("settled", selection_of(maija))) == {"settled": 4}


def test_settling_taken_back_by_reopening_counts_when_it_is_done_again(posio, maija):
    case = mover(posio, maija, opened=date(2024, 9, 1), arrived=date(2024, 10, 1), settled=date(2024, 11, 1))
    case = step(case, lifecycle.REOPEN, date(2025, 1, 1), maija)
    assert values(table("settled", selection_of(maija, period=year(2024, TODAY)))) == {"settled": 0}
    step(case, lifecycle.CONFIRM_SETTLED, date(2025, 2, 1), maija)
    assert values(table("settled", selection_of(maija))) == {"settled": 1}
    assert values(table("time_to_settled", selection_of(maija, period=year(2024, TODAY)))) == {"median": None}
    assert values(table("time_to_settled", selection_of(maija))) == {"median": 153}


def test_settled_over_time_has_the_months_of_the_period(posio, maija):
    for month in (3, 3, 11):
        mover(posio, maija, opened=date(2025, 1, 1), arrived=date(2025, 2, 1), settled=date(2025, month, 28))
    selection = selection_of(maija)
    (by_month,) = tables(selection, [Ask(settled_by(selection.period.months()), selection.period)])
    assert len(by_month.rows) == 12
    assert nonzero(by_month) == {"2025-03-01": 2, "2025-11-01": 1}


def test_median_of_days_from_contact_to_settled(posio, maija):
    for days in (10, 20, 90):
        opened = date(2025, 1, 1)
        mover(posio, maija, opened=opened, arrived=opened + timedelta(5), settled=opened + timedelta(days))
    mover(posio, maija, opened=date(2025, 11, 1), arrived=date(2025, 12, 1), settled=date(2026, 1, 1))
    assert values(table("time_to_settled", selection_of(maija))) == {"median": 20}


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [({}, None), ({7: 1}, 7), ({7: 1, 8: 1}, 7.5), ({1: 2, 9: 1}, 1), ({1: 2, 9: 2}, 5), ({3: 5, 4: 1}, 3)],
)
def test_median_of_lengths(lengths, expected):
    assert median(lengths) == expected


# The way


def test_funnel_says_how_far_the_cases_opened_in_the_period_came(posio, maija):
    opened = date(2025, 5, 1)
    for state in (State.CONTACT, State.ASSESSMENT, State.PLAN, State.SETTLED):
        case_of(posio, maija, state=state, opened_on=opened)
    mover(posio, maija, opened=opened, arrived=date(2025, 6, 1))  # straight from contact: all before it reached
    case_of(posio, maija, state=State.SETTLED, opened_on=date(2024, 12, 1))
    found = table("funnel", selection_of(maija))
    assert values(found) == {
        "contact": 100,
        "assessment": 80,
        "plan": 60,
        "moving": 40,
        "arrived": 40,
        "settled": 20,
    }
    assert [row.cells[0].count for row in found.rows] == [5, 4, 3, 2, 2, 1]


def test_funnel_does_not_look_past_the_period_and_keeps_what_was_reached(posio, maija):
    mover(posio, maija, opened=date(2025, 12, 1), arrived=date(2026, 1, 2))
    fallen = case_of(posio, maija, state=State.PLAN, opened_on=date(2025, 5, 1))
    step(fallen, lifecycle.FALL_BACK, date(2025, 6, 1), maija)
    found = table("funnel", selection_of(maija))
    assert [row.cells[0].count for row in found.rows] == [2, 1, 1, 0, 0, 0]


def test_lost_are_closed_without_arrival_and_stay_closed(posio, maija):
    opened = date(2025, 2, 1)
    mover(posio, maija, opened=opened, lost=date(2025, 3, 1), reason="no_housing")
    mover(posio, maija, opened=opened, lost=date(2025, 3, 1), reason="duplicate")
    mover(posio, maija, opened=opened, arrived=date(2025, 2, 20), lost=date(2025, 3, 1), reason="no_work")
    mover(posio, maija, opened=opened, lost=date(2026, 3, 1), reason="no_work")
    again = mover(posio, maija, opened=opened, lost=date(2025, 3, 1), reason="stays")
    step(again, lifecycle.REOPEN, date(2025, 4, 1), maija)
    assert nonzero(table("lost_by_reason", selection_of(maija))) == {"no_housing": 1, "lost": 1}


# What every figure has in common


def test_rows_without_a_date_are_told_apart(posio, maija):
    case = mover(posio, maija, opened=date(2025, 1, 1), people=FAMILY)
    step(case, lifecycle.REGISTER_ARRIVAL, date(2025, 1, 1), maija, on_known=False)
    found = table("arrivals", selection_of(maija))
    assert values(found) == {"arrived": 0}
    assert [str(note) for note in found.notes] == [
        "Muuttopäivä puuttuu 3 henkilöltä. He eivät ole mukana missään jaksossa."
    ]


def test_each_municipality_has_a_column_and_a_human_in_two_counts_once_together(posio, maija):
    kuusamo = MunicipalityFactory(name_fi="Kuusamo")
    give(maija, Role.COORDINATOR, kuusamo)
    first = mover(posio, maija, opened=date(2025, 1, 1), arrived=date(2025, 2, 1))
    second = mover(kuusamo, maija, opened=date(2025, 5, 1), arrived=date(2025, 6, 1), people=FAMILY)
    same = first.household.people.get().identity
    second.household.people.filter(given_name="Testi").update(identity=same)
    (row,) = table("arrivals", selection_of(maija)).rows
    assert [cell.value for cell in row.cells] == [1, 3, 3]


def test_barred_households_and_restricted_ones_are_not_in_exact_figures(posio, maija):
    hidden = mover(posio, maija, opened=date(2025, 1, 1), arrived=date(2025, 2, 1), restricted=True)
    barred = mover(posio, maija, opened=date(2025, 1, 1), arrived=date(2025, 2, 1))
    other = coordinator_of(posio)
    give_access(
        household=barred.household,
        user=other,
        kind="barred",
        starts=date(2025, 1, 1),
        reason="sukulainen",
        by=maija,
        at=NOW,
    )
    assert hidden.restricted
    assert values(table("arrivals", selection_of(other))) == {"arrived": 0}
    assert values(table("arrivals", selection_of(maija))) == {"arrived": 2}  # she recorded it and is named on it


def test_all_indicators_take_three_statements(posio, maija, django_assert_num_queries):
    mover(posio, maija, opened=date(2025, 1, 1), arrived=date(2025, 2, 1), settled=date(2025, 3, 1))
    mover(posio, maija, opened=date(2025, 1, 1), lost=date(2025, 2, 1))
    selection = selection_of(maija)
    with django_assert_num_queries(3):
        found = tables(selection, [Ask(indicator, selection.period) for indicator in INDICATORS.values()])
    assert [str(found_table.id) for found_table in found] == list(INDICATORS)
    assert all(found_table.rows for found_table in found)
