"""How long a household is going to stay: what is a change, what a mistake, and what the dialog asks of it."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone

from cases.actions import edit_case
from cases.models import Case, CaseStay
from crm.refusal import Refused
from tests.cases.test_case_work import both_ways, done
from tests.cases.test_step_dialogs import day, errors_of
from tests.factories import case_of, copies_that_differ

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def opened(today):
    return today - timedelta(days=30)


@pytest.fixture
def change(marja):
    """Change the stay of a case, by Marja, now."""

    def change(case: Case, since: date | None = None, **changes) -> Case:
        return edit_case(case=case, changes=changes, stay_since=since, by=marja, at=timezone.now())

    return change


@pytest.fixture(autouse=True)
def copies_agree(db):
    yield
    assert copies_that_differ() == []


def standing(case: Case) -> list[tuple[str, date]]:
    return list(case.stays.standing().in_order().values_list("stay", "happened_on"))


def test_a_case_has_a_stay_from_its_opening_known_or_not(town, marja, opened):
    assert standing(case_of(town, marja)) == [("", opened)]
    assert standing(case_of(town, marja, stay="permanent")) == [("permanent", opened)]


def test_plans_that_change_are_a_row_from_that_day(town, marja, opened, today, change):
    case = case_of(town, marja, stay="uncertain")
    change(case, stay="permanent", since=today)
    assert standing(case) == [("uncertain", opened), ("permanent", today)]


def test_what_was_recorded_wrongly_is_replaced(town, marja, opened, change):
    case = case_of(town, marja, stay="uncertain")
    change(case, stay="permanent")
    assert standing(case) == [("permanent", opened)]
    assert case.stays.count() == 2


def test_a_mistake_in_the_change_leaves_what_was_before_it(town, marja, opened, today, change):
    case = case_of(town, marja, stay="uncertain")
    change(case, stay="permanent", since=today)
    change(case, stay="part_year")
    assert standing(case) == [("uncertain", opened), ("part_year", today)]


def test_two_changes_of_one_day_are_one(town, marja, opened, today, change):
    case = case_of(town, marja, stay="uncertain")
    change(case, stay="permanent", since=today)
    change(case, stay="seasonal", season_ends_on=today + timedelta(days=60), since=today)
    assert standing(case) == [("uncertain", opened), ("seasonal", today)]


def test_a_season_that_ends_later_is_a_change_too(town, marja, opened, today, change):
    case = case_of(town, marja, stay="seasonal", season_ends_on=today)
    change(case, season_ends_on=today + timedelta(days=30), since=today)
    ends = case.stays.standing().in_order().values_list("season_ends_on", flat=True)
    assert list(ends) == [today, today + timedelta(days=30)]


def test_other_facts_write_no_stay(town, marja, today, change):
    case = case_of(town, marja, stay="uncertain")
    change(case, stay="uncertain", move_reason="work", since=today)
    assert case.stays.count() == 1


@pytest.mark.parametrize("days", [-31, 1])
def test_a_day_before_the_last_change_or_to_come_is_refused(town, marja, today, change, days):
    case = case_of(town, marja, stay="uncertain")
    with pytest.raises(Refused):
        change(case, stay="permanent", since=today + timedelta(days=days))
    assert Case.objects.get().stay == "uncertain"
    assert case.stays.count() == 1


# The dialog.


def test_the_day_is_asked_only_of_a_stay_that_is_known(town, marja, page_of, today):
    form = page_of(case_of(town, marja, stay="uncertain")).open("case_edit").context["form"]
    assert form["stay_since"].value() == today
    assert "stay_since" not in page_of(case_of(town, marja)).open("case_edit").context["form"].fields


@both_ways
def test_the_dialog_takes_a_change_and_an_empty_day_for_a_mistake(town, marja, page_of, opened, today, htmx):
    page = page_of(case_of(town, marja, stay="uncertain"))
    since = today - timedelta(days=3)
    assert errors_of(page.send("case_edit", channel="phone", stay="permanent", stay_since="31.12.2099"))["__all__"]
    assert done(page.send("case_edit", htmx=htmx, channel="phone", stay="permanent", stay_since=day(since)), htmx)
    assert standing(page.case) == [("uncertain", opened), ("permanent", since)]
    assert done(page.send("case_edit", htmx=htmx, channel="phone", stay="second_home", stay_since=""), htmx)
    assert standing(page.case) == [("uncertain", opened), ("second_home", since)]


# What was there before there were rows.


def test_cases_from_before_the_rows_are_given_theirs(town, marja, today):
    case_of(town, marja)
    case_of(town, marja, stay="seasonal", season_ends_on=today)
    columns = [field.attname for field in CaseStay._meta.concrete_fields if field.name != "id"]
    made = list(CaseStay.objects.order_by("case").values(*columns))
    CaseStay.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(import_module("cases.migrations.0004_stay_of_cases_as_they_are").FILL)
    assert list(CaseStay.objects.order_by("case").values(*columns)) == made
