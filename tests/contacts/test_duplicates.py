"""Likely duplicates: which names and facts make two rows one person, and whom the search stays silent about."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.actions import PersonData, fill_person, give_access
from contacts.duplicates import Seen, compare, likely_duplicates, likely_duplicates_bulk, name_likeness
from contacts.models import AccessKind, Person, Relation
from contacts.names import name_words, sound_keys, wanted_sound_keys
from tests.factories import MunicipalityFactory, coordinator_of, scope_of
from tests.factories.cases import household_of


def told(name: str = "", **more) -> PersonData:
    given_name, _space, family_name = name.partition(" ")
    return PersonData(given_name=given_name, family_name=family_name, **more)


def named(name: str = "", **more) -> Person:
    """A person who is not saved."""
    return fill_person(Person(), told(name, **more))


def in_register(municipality, by, *people: PersonData, restricted: bool = False) -> list[Person]:
    """A household of each person; returns the persons."""
    households = [
        household_of(municipality, by, people=[(data, Relation.CONTACT)], restricted=restricted) for data in people
    ]
    return [household.people.get() for household in households]


LIKE = [
    ("Otso Järvinen", "Järvinen Otso"),
    ("Otso Järvinen", "Otso Jarvine n"),
    ("Riikka Lappalainen", "Lappalaine n Riikka"),
    ("Otso Järvinen", "Jär vinen Otso"),
    ("Otso Järvinen", "OTSO JARVINEN"),
    ("Johanna Tuominen", "Johana Tuominen"),
    ("Johanna Tuominen", "Johanna Tuomninen"),
    ("Johanna Tuominen", "Johanna Touminen"),
    ("Anne-Sofie Øvrebø", "Anne Sofie Ovrebo"),
    ("Anne Øvrebø", "Anne-Sofie Øvrebø"),
    ("Aylin Yıldız", "Aylin Y?ld?z"),
    ("Łukasz Wiśniewski", "?ukasz Wi?niewski"),
    ("Mohammad Rahimi", "Muhammed Rahimi"),
    ("Aleksandr Popov", "Alexander Popov"),
    ("Sergei Ivanov", "Sergey Ivanoff"),
    ("Jelena Petrova", "Elena Petrova"),
    ("Håkan Müller", "Haakan Mueller"),
    ("Siobhán O'Neill", "Siobhan ONeill"),
    ("Nguyen Thi Mai", "Thi Mai Nguyen"),
    ("José Nuñez García", "Jose Nunez Garcia"),
    ("Christian Ahmed", "Kristian Ahmet"),
]
UNLIKE = [
    ("Matti Virtanen", "Maija Virtanen"),
    ("Matti Virtanen", "Matti Korhonen"),
    ("Anna Mäkinen", "Anna Mäkelä"),
    ("Hanna Mäkinen", "Anna Mäkinen"),
    ("Jari Laine", "Jarmo Laine"),
    ("Mohammad Rahimi", "Mariam Rahimi"),
    ("Matti", "Matti Virtanen"),
]


@pytest.mark.parametrize(("stored", "typed"), LIKE)
def test_a_like_name_is_met_under_its_keys_and_recognised(stored, typed) -> None:
    assert wanted_sound_keys(typed) & set(sound_keys(stored))
    match = compare(named(typed), named(stored))
    assert match.score >= 65
    assert len(match.signs) == 1


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_another_persons_name_is_none(one, other) -> None:
    assert compare(named(one), named(other)) is None


BORN = date(1990, 1, 2)


@pytest.mark.parametrize(
    ("one", "other", "score", "reasons"),
    [
        (told("Otso Järvinen", email="o@example.fi"), told("Otso Järvinen"), 80, ["sama nimi"]),
        (told("Aylin Yıldız"), told("Aylin Y?ld?z"), 76, ["samankaltainen nimi"]),
        (told(email="O@example.fi "), told("Otso Järvinen", email="o@example.fi"), 90, ["sama sähköposti"]),
        (
            told("Otso Järvinen", phone="040 123 4567"),
            told("Otso Jarvine n", phone="+358401234567"),
            90,
            ["sama puhelinnumero", "sama nimi"],
        ),
        (told("Aino Salo", phone="0401234567"), told("Teemu Salo", phone="0401234567"), 70, ["sama puhelinnumero"]),
        (
            told("Mari Salo", birth_date=BORN),
            told("Maria Salo", birth_date=BORN),
            90,
            ["sama syntymäpäivä ja samankaltainen nimi"],
        ),
    ],
)
def test_scores_and_reasons(one, other, score, reasons) -> None:
    one, other = fill_person(Person(), one), fill_person(Person(), other)
    for match in (compare(one, other), compare(other, one)):
        assert (match.score, match.reasons, match.likely) == (score, reasons, True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (told("Matti Salo", birth_date=BORN), told("Maija Salo", birth_date=BORN)),
        (told("Otso Salo", birth_date=BORN), told("Otso Salo", birth_date=date(1991, 1, 2))),
        (told("Otso Salo", birth_year=1990), told("Otso Salo", birth_date=date(1993, 1, 2))),
        (told(phone="ks. sähköposti"), told(phone="ks. sähköposti")),
        (told("Otso"), told("Otso")),
        (told(), told()),
    ],
)
def test_what_does_not_make_two_people_one(one, other) -> None:
    assert compare(fill_person(Person(), one), fill_person(Person(), other)) is None


def test_a_year_told_by_itself_may_be_off_by_one() -> None:
    assert compare(named("Otso Salo", birth_year=1990), named("Otso Salo", birth_date=date(1991, 1, 2))).likely


def test_a_family_shares_its_phone_and_address() -> None:
    mother = named("Aino Salo", phone="0401234567", email="salot@example.fi")
    child = named("Eino Salo", phone="0401234567", email="salot@example.fi")
    assert compare(mother, child, share_contacts=True) is None
    assert compare(mother, mother, share_contacts=True).reasons == ["sama nimi"]


words = st.text(alphabet=st.characters(categories=["L", "M", "P", "Zs"]), max_size=30)


@given(words, words)
def test_likeness_does_not_depend_on_who_is_asked_first(one, other) -> None:
    there, back = name_likeness(named(one), named(other)), name_likeness(named(other), named(one))
    assert there == back
    assert there is None or 0 <= there <= 1


@given(st.lists(st.text("aeiklmnrstvjöä", min_size=2, max_size=9), min_size=2, max_size=4), st.randoms())
def test_the_same_words_in_any_order_are_the_same_name_and_met(parts, chance) -> None:
    turned = list(parts)
    chance.shuffle(turned)
    assert name_likeness(named(" ".join(parts)), named(" ".join(turned))) == 1
    assert set(sound_keys(*parts)) <= wanted_sound_keys(*turned)


@given(st.text(max_size=120))
def test_no_name_is_too_odd_for_its_keys(text) -> None:
    assert len(name_words(text)) <= 6
    assert len(wanted_sound_keys(text)) <= 400
    assert all(len(key) <= 40 for key in sound_keys(text))


@pytest.fixture
def place(db):
    return MunicipalityFactory()


@pytest.fixture
def coordinator(place):
    return coordinator_of(place)


def asked(person: Person, user, place, **more) -> list[Person]:
    matches = likely_duplicates(scope=scope_of(user), municipality_id=place.pk, person=person, **more)
    return [match.person for match in matches]


def test_duplicates_come_the_likeliest_first_in_one_statement(place, coordinator, django_assert_num_queries) -> None:
    _other, same_name, same_mail = in_register(
        place,
        coordinator,
        told("Maija Korhonen"),
        told("Otso Jarvinen"),
        told("Otto Jarvinen", email="otso@example.fi"),
    )
    scope, typed = scope_of(coordinator), named("Järvinen Otso", email="Otso@example.fi")
    with django_assert_num_queries(1):
        found = likely_duplicates(scope=scope, municipality_id=place.pk, person=typed)
        assert [match.person.household.name for match in found] == ["Otto Jarvinen", "Otso Jarvinen"]
    assert [match.person for match in found] == [same_mail, same_name]
    assert found[0].reasons == ["sama sähköposti"]


def test_nothing_told_asks_nothing(place, coordinator, django_assert_num_queries) -> None:
    scope = scope_of(coordinator)
    with django_assert_num_queries(0):
        assert likely_duplicates(scope=scope, municipality_id=place.pk, person=named()) == []


def test_the_row_being_edited_and_another_register_are_left_out(place, coordinator) -> None:
    (own,) = in_register(place, coordinator, told("Otso Järvinen"))
    elsewhere = MunicipalityFactory()
    in_register(elsewhere, coordinator_of(elsewhere), told("Otso Järvinen"))
    assert asked(named("Otso Järvinen"), coordinator, place) == [own]
    assert asked(own, coordinator, place) == []
    assert asked(named("Otso Järvinen"), coordinator, elsewhere) == []


def test_a_restricted_person_is_told_of_only_to_those_named(place, coordinator) -> None:
    colleague = coordinator_of(place)
    everything = told("Otso Järvinen", email="otso@example.fi", phone="0401234567", birth_date=BORN)
    (person,) = in_register(place, coordinator, everything, restricted=True)
    again = fill_person(Person(), everything)
    assert asked(again, coordinator, place) == [person]
    assert asked(again, colleague, place) == []
    bulk = likely_duplicates_bulk(scope=scope_of(colleague), municipality_id=place.pk, people=[again, again])
    assert bulk == [None, None]


def test_who_is_barred_is_told_nothing(place, coordinator, today) -> None:
    colleague = coordinator_of(place)
    (person,) = in_register(place, coordinator, told("Otso Järvinen"))
    give_access(
        household=person.household,
        user=colleague,
        kind=AccessKind.BARRED,
        reason="naapuri",
        starts=today,
        by=coordinator,
        at=person.recorded_at,
    )
    assert asked(named("Otso Järvinen"), colleague, place) == []


def test_a_sheet_is_compared_500_rows_a_statement_and_each_row_gets_its_own(
    place, coordinator, django_assert_num_queries
) -> None:
    otso, maija = in_register(place, coordinator, told("Otso Järvinen"), told("Maija Salo", phone="0401234567"))
    rows = [named("Nobody Known"), named("Jarvine n Otso"), named(), named("Salo M", phone="040-1234567")]
    scope = scope_of(coordinator)
    with django_assert_num_queries(2):
        found = likely_duplicates_bulk(scope=scope, municipality_id=place.pk, people=rows * 150)
    assert [match and match.person for match in found] == [None, otso, None, maija] * 150


def test_rows_of_one_sheet_that_repeat_an_earlier_one() -> None:
    rows = [
        named("Riikka Lappalainen", phone="+358507544460"),
        named("Otso Järvinen"),
        named(),
        named("Lappalaine n Riikka", phone="0507544460"),
        named(),
        named("JÄRVINEN OTSO"),
    ]
    seen, found = Seen(), {}
    for number, person in enumerate(rows):
        if earlier := seen.earlier(person):
            found[number] = earlier[0], earlier[1].reasons
        seen.add(number, person)
    assert found == {3: (0, ["sama puhelinnumero", "sama nimi"]), 5: (1, ["sama nimi"])}
