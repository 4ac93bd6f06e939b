"""When people were born: one standing row each, replaced where it was wrong."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone

from contacts.actions import PersonData, add_member, edit_person
from contacts.models import PersonBirth, Relation
from tests.factories import FAMILY, MunicipalityFactory, coordinator_of, copies_that_differ, household_of

pytestmark = pytest.mark.django_db

BORN = date(1990, 12, 1)


@pytest.fixture
def town():
    return MunicipalityFactory()


@pytest.fixture
def marja(town):
    return coordinator_of(town)


@pytest.fixture(autouse=True)
def copies_agree(db):
    yield
    assert copies_that_differ() == []


def person_of(town, marja, **told):
    people = ((PersonData(given_name="Testi", **told), Relation.CONTACT),)
    return household_of(town, marja, people=people).people.get()


def standing(person) -> list[tuple[date, bool]]:
    return list(person.births.standing().order_by("pk").values_list("happened_on", "date_known"))


@pytest.mark.parametrize(
    ("told", "rows"),
    [
        ({"birth_date": BORN, "birth_year": 1990}, [(BORN, True)]),
        ({"birth_year": 1990}, [(date(1990, 1, 1), False)]),
        ({"age_group": "adult"}, []),
    ],
)
def test_what_is_told_of_a_birth_is_a_row(town, marja, told, rows):
    assert standing(person_of(town, marja, **told)) == rows


def test_who_joins_later_has_a_birth_too(town, marja):
    household, at = household_of(town, marja), timezone.now()
    data = PersonData(given_name="Vauva", birth_date=date(2026, 1, 2))
    child = add_member(
        household=household, data=data, relation=Relation.CHILD, on=timezone.localdate(at), by=marja, at=at
    )
    assert standing(child) == [(date(2026, 1, 2), True)]


def test_a_birth_is_learnt_corrected_taken_back_and_told_again(town, marja):
    person = person_of(town, marja)

    def edit(**told) -> list[tuple[date, bool]]:
        data = PersonData(given_name="Testi", **told)
        edit_person(person=person, data=data, by=marja, at=timezone.now())
        return standing(person)

    assert edit(birth_year=1990) == [(date(1990, 1, 1), False)]
    assert edit(birth_date=BORN, birth_year=1990) == [(BORN, True)]
    assert edit(birth_date=BORN, birth_year=1990, occupation="opettaja") == [(BORN, True)]
    assert person.births.count() == 2
    assert edit(declined=("birth",)) == []
    assert edit(birth_year=1991) == [(date(1991, 1, 1), False)]
    assert person.births.count() == 4


def test_people_from_before_the_rows_are_given_theirs(town, marja):
    household_of(town, marja, people=FAMILY)
    person_of(town, marja, birth_date=BORN)
    person_of(town, marja)
    columns = [field.attname for field in PersonBirth._meta.concrete_fields if field.name not in ("id", "recorded_at")]
    made = list(PersonBirth.objects.order_by("person").values(*columns))
    PersonBirth.objects.all().delete()
    import_module("contacts.migrations.0004_births_of_people_as_they_are").fill(None, connection.schema_editor())
    assert list(PersonBirth.objects.order_by("person").values(*columns)) == made
    assert len(made) == 4
