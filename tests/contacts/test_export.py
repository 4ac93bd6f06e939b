"""Muuttajat as a file: as on the page, and such that our own import reads it back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cases.sheets.columns import Meaning, guess_columns
from cases.sheets.reading import Table, read_tables
from contacts.actions import PersonData
from contacts.models import Relation
from crm import exports, paging
from crm.models import Export, FileFormat
from crm.roles import Role
from tests.factories import MunicipalityFactory, coordinator_of, give, household_of

pytestmark = pytest.mark.django_db


def person(given_name: str, family_name: str, **told):
    return ((PersonData(given_name=given_name, family_name=family_name, **told), Relation.CONTACT),)


@pytest.fixture
def town():
    return MunicipalityFactory(name_fi="Kemijärvi")


@pytest.fixture
def marja(town):
    return coordinator_of(town)


@pytest.fixture
def take(client, marja):
    """The list as our own import reads it from the file: `take("sort=-name")`."""
    client.force_login(marja)

    def table(query: str = "", file_format: str = FileFormat.CSV) -> Table:
        response = client.post(f"{reverse('people_export')}?{query}", {"format": file_format})
        [found] = read_tables(b"".join(response.streaming_content))
        return found

    return table


def column(table: Table, heading: str) -> list[str]:
    return [cells[table.headings.index(heading)] for _number, cells in table.rows]


@pytest.mark.parametrize("file_format", FileFormat)
def test_what_was_exported_can_be_imported(town, marja, take, file_format) -> None:
    people = person("=Aino", "-Virtanen", phone="+358 40 123 4567", email="aino@example.fi")
    household_of(town, marja, people=people, moves_from="@Oulu")
    table = take(file_format=file_format)
    meanings = dict(zip(guess_columns(table.headings, {}), table.rows[0][1], strict=True))
    assert (
        meanings.items()
        >= {
            Meaning.GIVEN_NAME: "=Aino",
            Meaning.FAMILY_NAME: "-Virtanen",
            Meaning.PHONE: "+358 40 123 4567",
            Meaning.EMAIL: "aino@example.fi",
            Meaning.MOVES_FROM: "@Oulu",
            Meaning.SIZE: "1",
            Meaning.MUNICIPALITY: "Kemijärvi",
        }.items()
    )


@pytest.mark.parametrize("sort", ["name", "-name", "recorded", "-recorded"])
def test_has_all_pages_in_the_order_of_the_screen(town, marja, take, client, monkeypatch, sort) -> None:
    monkeypatch.setattr(paging, "PAGE", 2)
    monkeypatch.setattr(exports, "CHUNK", 2)
    for name in ("Cee", "Aa", "Bee", "Aa", "Dee"):
        household_of(town, marja, people=person(f"Etu{name}", name))
    on_screen, address = [], f"{reverse('people')}?sort={sort}"
    while address:
        page = client.get(address).context["page"]
        on_screen += [person.family_name for person in page]
        address = f"{reverse('people')}?sort={sort}&after={page.next}" if page.next else ""
    assert column(take(f"sort={sort}"), "Sukunimi") == on_screen
    assert len(on_screen) == 5


def test_similar_names_are_told_as_on_the_page(town, marja, take, client) -> None:
    household_of(town, marja, people=person("Matti", "Virtanen"))
    asked = client.get(f"{reverse('people_export')}?q=Vyrtanen").content.decode()
    assert "Nämä nimet" in asked
    assert column(take("q=Vyrtanen"), "Sukunimi") == ["Virtanen"]
    assert Export.objects.get().words.endswith(": Vyrtanen")


def test_restricted_and_foreign_people_are_not_in_the_file_of_others(town, marja, take) -> None:
    elsewhere = MunicipalityFactory()
    household_of(elsewhere, coordinator_of(elsewhere), people=person("Vieras", "Vieras"))
    household_of(town, coordinator_of(town), people=person("Salattu", "Salattu"), restricted=True)
    household_of(town, marja, people=person("Avoin", "Avoin"))
    table = take(f"municipality={elsewhere.pk}&restricted=on")
    assert column(table, "Sukunimi") == ["Avoin"]
    assert "Turvakielto" not in table.headings


def test_the_words_of_the_record_are_those_of_the_filters(town, marja, take, client) -> None:
    household_of(town, marja, people=person("Aino", "Aalto"))
    take("unnamed=on&q=aalto")
    assert Export.objects.get().words.split("; ")[1:] == ["Myös nimettömät: kyllä"]


def test_the_words_of_the_record_are_in_one_language_whoever_exports(town, marja, take, client, settings) -> None:
    household_of(town, marja, people=person("Aino", "Aalto"))
    second = MunicipalityFactory(name_fi="Pedersören kunta", name_en="Pedersöre")
    give(marja, Role.COORDINATOR, second)
    for language in settings.STAFF_LANGUAGES:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        household_of(second, marja, people=person("Aino", "Aalto"))
        take(f"unnamed=on&municipality={second.pk}")
    assert {row.words for row in Export.objects.all()} == {"Kunta: Pedersören kunta; Myös nimettömät: kyllä"}


def test_a_personal_identity_code_that_was_searched_for_is_not_kept(town, marja, take, client) -> None:
    client.force_login(marja)
    client.post(f"{reverse('people_export')}?q=131052-308T", {"format": "csv"})
    assert Export.objects.get().words.endswith(": ******-****")
