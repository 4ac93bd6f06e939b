"""What can be told of people: every field, what is refused and how it is said."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import QueryDict

from contacts.actions import PersonData, fill_person
from contacts.forms import EditPersonForm, HouseholdForm, PersonForm, PersonFormSet, initial_of
from contacts.models import Declinable, HouseholdMember, Person, Relation
from crm.fields import has_identity_code
from crm.models import Municipality

TODAY = date(2026, 11, 24)
EVERYTHING = {
    "given_name": "Amina",
    "family_name": "Haddad",
    "relation": "contact",
    "phone": "040 123 4567",
    "email": "amina@example.fi",
    "service_language": "en",
    "birth": "1.12.1990",
    "gender": "woman",
    "languages_0": ["fi", "ar"],
    "languages_1": "kurdi, English",
    "citizenships_0": ["IQ"],
    "citizenships_1": "Syyria",
    "education": "6",
    "labour_status": "employed",
    "occupation": "sairaanhoitaja",
}
TOLD = PersonData(
    given_name="Amina",
    family_name="Haddad",
    birth_date=date(1990, 12, 1),
    birth_year=1990,
    gender="woman",
    citizenships=("IQ", "SY"),
    languages=("fi", "ar", "ku", "en"),
    service_language="en",
    education="6",
    labour_status="employed",
    occupation="sairaanhoitaja",
    phone="040 123 4567",
    email="amina@example.fi",
)


def query(values: dict) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def form_of(form_class=PersonForm, **values) -> PersonForm:
    return form_class(query({"relation": "other", **values}), today=TODAY)


def test_everything_told_reaches_the_actions() -> None:
    form = form_of(**EVERYTHING)
    assert form.is_valid(), form.errors
    assert form.told() == TOLD


def test_a_stored_person_fills_the_form_and_comes_back_unchanged() -> None:
    person = fill_person(Person(), TOLD)
    form = PersonForm(initial=initial_of(person, HouseholdMember(relation=Relation.PARTNER)), today=TODAY)
    page = form.as_p()
    assert 'value="kurdi"' in page
    assert 'value="Syyria"' in page
    assert 'value="1.12.1990"' in page
    assert all(
        f'value="{code}" id="id_languages_0_{at}" checked' in page for code, at in [("fi", 0), ("en", 2), ("ar", 6)]
    )
    assert form.more_open


def test_not_asked_and_does_not_want_to_tell_are_two_things() -> None:
    nothing, declined = form_of(), form_of(gender="declined", declined=list(Declinable.values))
    assert nothing.is_valid()
    assert declined.is_valid()
    assert nothing.told() == PersonData()
    assert declined.told() == PersonData(gender="declined", declined=tuple(Declinable.values))
    assert declined.more_open
    assert not nothing.more_open


@pytest.mark.parametrize(
    ("declined", "told"),
    [
        ("birth", {"birth": "1990"}),
        ("citizenships", {"citizenships_0": ["FI"]}),
        ("languages", {"languages_1": "suomi"}),
        ("phone", {"phone": "040 123 4567"}),
        ("email", {"email": "a@example.fi"}),
    ],
)
def test_what_is_told_cannot_be_declined_as_well(declined, told) -> None:
    form = form_of(declined=[declined], **told)
    assert form.errors[declined] == [
        "Tähän on kirjoitettu tieto, mutta samalla on valittu ”ei halua kertoa”. Jätä vain toinen."
    ]


@pytest.mark.parametrize(
    ("text", "born", "year"),
    [("1990", None, 1990), ("1.12.1990", date(1990, 12, 1), 1990), ("1990-12-01", date(1990, 12, 1), 1990)],
)
def test_a_birth_is_a_date_or_a_year(text, born, year) -> None:
    form = form_of(birth=text, age_group="child")
    assert form.is_valid()
    told = form.told()
    assert (told.birth_date, told.birth_year, told.age_group) == (born, year, "")


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("birth", "25.11.2026", "Päivä on tulevaisuudessa. Kirjoita syntymävuosi neljällä numerolla."),
        ("birth", "2027", "Päivä on tulevaisuudessa. Kirjoita syntymävuosi neljällä numerolla."),
        ("birth", "1896", "Kukaan ei ole yli 120-vuotias. Tarkista vuosi."),
        ("birth", "31.2.1990", "Sellaista päivää ei ole. Tarkista päivä ja kuukausi."),
        ("birth", "31-2-90", "Kirjoita syntymäpäivä muodossa 1.12.1990 tai pelkkä vuosi, esimerkiksi 1990."),
        ("service_language", "qqq", "Nimeä ”qqq” ei tunnisteta. Valitse luettelosta tai kirjoita koko nimi."),
        ("phone", "puh", "Tämä ei ole puhelinnumero. Kirjoita se muodossa 040 123 4567 tai +46 70 123 45 67."),
        ("email", "amina(at)example.fi", "Tämä ei ole sähköpostiosoite. Kirjoita se muodossa nimi@example.fi."),
        ("languages_1", "suomi, qqq", "Nimeä ”qqq” ei tunnisteta. Kirjoita koko nimi ja erota useat pilkuilla."),
        ("citizenships_1", "Narnia", "Nimeä ”Narnia” ei tunnisteta. Kirjoita koko nimi ja erota useat pilkuilla."),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence_and_stays_in_the_field(field, text, sentence) -> None:
    form = form_of(**{field: text})
    assert form.errors == {field.removesuffix("_1"): [sentence]}
    assert f'value="{text}"' in str(form)


@pytest.mark.parametrize("field", ["given_name", "family_name", "phone", "occupation", "birth", "languages_1"])
@pytest.mark.parametrize("code", ["131052-308T", "131052 -308T 131052-308T", "010101Y981K", "131052a308t"])
def test_no_personal_identity_code_is_taken_anywhere(field, code) -> None:
    errors = form_of(**{field: code}).errors[field.removesuffix("_1")]
    assert errors[0].startswith("Tämä näyttää henkilötunnukselta.")


@pytest.mark.parametrize(
    "text", ["040123-4567", "0400-128465", "+358401234567", "12.3.2024-131", "399999-308T", "A-123"]
)
def test_what_only_resembles_an_identity_code_passes(text) -> None:
    assert not has_identity_code(text)


def test_a_member_has_a_name_or_is_an_adult_or_a_child() -> None:
    assert form_of(EditPersonForm).errors == {
        "given_name": ["Kirjoita nimi tai valitse lisätiedoista, onko kyseessä aikuinen vai lapsi."]
    }
    for told in ({"given_name": "Aino"}, {"family_name": "Salo"}, {"age_group": "child"}, {"birth": "2015"}):
        assert form_of(EditPersonForm, **told).is_valid()


def people_of(*rows: dict) -> QueryDict:
    data = {"people-TOTAL_FORMS": str(len(rows)), "people-INITIAL_FORMS": "0"}
    return query(data | {f"people-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()})


def test_a_household_is_its_contact_person_and_whoever_is_told_of() -> None:
    rows = (
        {"given_name": "Aino", "relation": "child"},
        {"relation": ""},
        {"age_group": "child", "relation": "child"},
    )
    people = PersonFormSet(people_of(*rows), today=TODAY)
    assert people.is_valid(), people.errors
    assert people.told() == [
        (PersonData(given_name="Aino"), Relation.CONTACT),
        (PersonData(age_group="child"), Relation.CHILD),
    ]


def test_where_no_place_in_the_household_is_chosen_age_tells_a_child() -> None:
    rows = ({}, {"birth": str(TODAY.year - 5)}, {"age_group": "child"}, {"birth": "1980"}, {"given_name": "Aino"})
    people = PersonFormSet(people_of(*rows), today=TODAY)
    assert people.is_valid(), people.errors
    relations = [relation for _person, relation in people.told()]
    assert relations == [Relation.CONTACT, Relation.CHILD, Relation.CHILD, Relation.OTHER, Relation.OTHER]


def test_nobody_need_be_named_at_first_contact() -> None:
    people = PersonFormSet(people_of({}), today=TODAY)
    assert people.is_valid()
    assert people.told() == [(PersonData(), Relation.CONTACT)]


def test_one_more_member_keeps_what_was_typed() -> None:
    people = PersonFormSet.with_one_more(people_of({"given_name": "Aino", "phone": "puh"}), today=TODAY)
    assert [form["given_name"].value() for form in people] == ["Aino", None]
    assert people.forms[0]["phone"].value() == "puh"


def test_one_more_member_is_nobody_in_particular_until_told() -> None:
    people = PersonFormSet.with_one_more(people_of({"given_name": "Aino"}), today=TODAY)
    assert not people.forms[1]["relation"].value()
    assert people.filled == people.forms[:1]


@pytest.mark.parametrize("total", ["", "x", "999999", "-1"])
def test_a_broken_number_of_members_is_no_fault_of_the_server(total) -> None:
    data = people_of({"given_name": "Aino"})
    data["people-TOTAL_FORMS"] = total
    assert 1 <= len(PersonFormSet.with_one_more(data, today=TODAY).forms) <= 15


def test_the_register_is_asked_for_only_where_there_are_several() -> None:
    posio, pello = (Municipality(pk=pk, name_fi=name) for pk, name in [(1, "Posio"), (2, "Pello")])
    one = HouseholdForm({}, places=[posio])
    assert one.is_valid()
    assert one.register == posio
    two = HouseholdForm({"municipality": "2", "restricted": "on"}, places=[posio, pello])
    assert next(iter(two.fields)) == "municipality"
    assert two.errors == {"restricted_reason": ["Kerro turvakiellon peruste: taloudelle nimetyt näkevät sen."]}
    assert two.register == pello
