"""Households and their stories, told without a database: the same every time, and in an order that makes sense."""

import json
import re
from datetime import date
from random import Random
from statistics import median

import pytest
from django.conf import settings

from cases.lifecycle import RULES, State
from crm.management.demo.casting import SHOWN, SHOWN_ONCE, cast
from crm.management.demo.places import FIRST_CONTACT, KEMIJARVI, POSIO, TOWNS, contact_days, origins, workday
from crm.management.demo.sketches import Artist

TODAY = date(2026, 11, 24)
SATURDAY = date(2026, 11, 28)


@pytest.fixture(scope="module")
def parts():
    return cast(KEMIJARVI, Random("any"), TODAY, 1)


def test_the_same_seed_tells_the_same_stories(parts):
    assert cast(KEMIJARVI, Random("any"), TODAY, 1) == parts
    assert cast(KEMIJARVI, Random("another"), TODAY, 1) != parts


def test_a_town_has_as_many_households_as_it_says(parts):
    assert len(parts) == KEMIJARVI.households
    assert len(cast(POSIO, Random("any"), TODAY, 0)) == 2 * len(SHOWN) + len(SHOWN_ONCE)


def test_nothing_happens_before_the_service_began_after_today_or_on_a_weekend(parts):
    days = {told.day for part in parts for told in part.happenings}
    assert min(days) >= FIRST_CONTACT
    assert max(days) <= TODAY
    assert all(day.weekday() < 5 for day in days)


def test_a_story_opens_first_and_goes_on_in_order(parts):
    for part in parts:
        days = [told.day for told in part.happenings]
        assert part.happenings[0].what == "open"
        assert days == sorted(days)


def test_every_step_of_a_story_is_one_of_the_lifecycle(parts):
    for part in parts:
        state = State.CONTACT
        for told in part.happenings:
            if told.what == "step":
                rule = RULES[told.details["rule"]]
                assert state in rule.sources
                assert told.details["to"] in rule.targets
                state = told.details["to"]


def test_states_are_shown_on_a_weekend_too():
    assert {told.day.weekday() for part in cast(POSIO, Random("any"), SATURDAY, 0) for told in part.happenings} <= {
        0, 1, 2, 3, 4,
    }  # fmt: skip
    assert workday(SATURDAY) == date(2026, 11, 27)


def test_children_are_younger_than_their_parents_and_born(parts):
    for part in parts:
        adults = [data for data, _relation in part.sketch.people[: part.sketch.adults] if data.birth_date]
        for child, _relation in part.sketch.people[part.sketch.adults :]:
            assert child.birth_date <= TODAY
            assert all((child.birth_date - adult.birth_date).days > 15 * 365 for adult in adults[:1])


def test_addresses_and_numbers_lead_nowhere(parts):
    people = [data for part in parts for data, _relation in part.sketch.people]
    emails = [data.email for data in people if data.email]
    assert all(re.fullmatch(r"[a-z.]+\d+@example\.com", email) for email in emails)
    assert len(set(emails)) == len(emails)
    assert all(data.phone.startswith("049 ") for data in people if data.phone)


def test_people_come_from_where_the_statistics_say():
    artist = Artist(Random("any"), KEMIJARVI, origins()[KEMIJARVI.code])
    drawn = [artist.household(TODAY) for _number in range(600)]
    places = [sketch.moves_from for sketch in drawn]
    assert max(set(places), key=places.count) == "Rovaniemi"
    assert 0.12 < sum(sketch.foreign for sketch in drawn) / len(drawn) < 0.35


def test_people_of_a_household_have_names_of_their_own(parts):
    for part in parts:
        people = [(data.given_name, data.family_name) for data, _relation in part.sketch.people]
        assert len(set(people)) == len(people)


def test_no_one_comes_from_the_town_itself():
    for town, (places, weights) in origins().items():
        assert len(places) == len(weights) == 307, town


def test_contacts_grow_in_number_and_avoid_weekends():
    days = contact_days(Random("any"), 2000, TODAY)
    middle = FIRST_CONTACT + (TODAY - FIRST_CONTACT) / 2
    assert days == sorted(days)
    assert sum(day > middle for day in days) > sum(day <= middle for day in days)
    assert all(day.weekday() < 5 for day in days)


@pytest.fixture(scope="module")
def histories():
    """By town: for each household whose contact is over a year old, the day of each state it came to."""
    return {
        town: [
            {State.CONTACT: part.happenings[0].day}
            | {told.details["to"]: told.day for told in part.happenings if told.what == "step"}
            for part in cast(town, Random("any"), TODAY, 1)
            if part.happenings[0].day < date(2025, 11, 24)
        ]
        for town in TOWNS
    }


def test_figures_are_as_one_may_expect_of_such_a_service(histories):
    every = [days for town in TOWNS for days in histories[town]]
    arrived = [days for days in every if State.ARRIVED in days]
    settled = [days for days in arrived if State.SETTLED in days]
    waited = [(days[State.SETTLED] - days[State.CONTACT]).days for days in settled]
    assert 0.4 < len(arrived) / len(every) < 0.75
    assert 0.7 < len(settled) / len(arrived) < 0.95
    assert 120 < median(waited) < 260


def test_fewer_come_through_the_service_than_move_to_the_town(histories):
    stored = json.loads((settings.BASE_DIR / "fixtures" / "demo_origins.json").read_text(encoding="utf-8"))
    for town in TOWNS:
        arrivals = [days[State.ARRIVED].year for days in histories[town] if State.ARRIVED in days]
        busiest = max(arrivals.count(year) for year in set(arrivals))
        assert 0 < busiest < stored[town.code]["moves_a_year"] / 4, town


def test_the_four_towns_are_those_of_the_project():
    assert [town.code for town in TOWNS] == ["614", "320", "241", "854"]
