"""Asiakkuudet as a file: the rows of the screen, all of them, in its order; and who took them is known."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.lifecycle import State
from contacts.actions import PersonData, give_access
from contacts.models import AccessKind, Relation
from crm import exports, paging
from crm.models import Export, FileFormat
from tests.factories import MunicipalityFactory, case_of, coordinator_of

pytestmark = pytest.mark.django_db


def person(given_name: str, family_name: str):
    return ((PersonData(given_name=given_name, family_name=family_name), Relation.CONTACT),)


def content(response) -> bytes:
    return b"".join(response.streaming_content)


def table(response) -> list[dict[str, str]]:
    """The rows of a CSV file, by heading."""
    return list(csv.DictReader(io.StringIO(content(response).decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.fixture
def take(client, marja):
    """The list as a file as Marja takes it: `take("state=all")`."""
    client.force_login(marja)

    def post(query: str = "", file_format: str = FileFormat.CSV):
        return client.post(f"{reverse('case_list_export')}?{query}", {"format": file_format})

    return post


@pytest.fixture
def names(take):
    return lambda query="": [row["Talouden nimi"] for row in table(take(query))]


@pytest.fixture
def several(town, marja, monkeypatch):
    """More cases than a page, a chunk and a batch hold."""
    monkeypatch.setattr(paging, "PAGE", 2)
    monkeypatch.setattr(exports, "CHUNK", 3)
    monkeypatch.setattr(exports, "BATCH", 2)
    states = [State.CONTACT, State.PLAN, State.ARRIVED, State.CLOSED]
    return [case_of(town, marja, state=states[n % 4], people=person("Eka", f"Suku{9 - n}")) for n in range(8)]


@pytest.mark.parametrize("query", ["", "state=all", "state=all&sort=name", "sort=-name", "state=closed", "sort=state"])
def test_has_the_rows_of_all_pages_in_the_order_of_the_screen(query, several, names, client) -> None:
    on_screen, address = [], f"{reverse('case_list')}?{query}"
    while address:
        page = client.get(address).context["page"]
        on_screen += [case.household.name for case in page]
        address = f"{reverse('case_list')}?{query}&after={page.next}" if page.next else ""
    assert names(query) == on_screen
    assert len(on_screen) >= 2


def test_says_in_words_what_the_screen_says(town, marja, take) -> None:
    case = case_of(town, marja, state=State.MOVING, people=person("Aino", "Virtanen"), move_reason="work")
    [row] = table(take())
    assert "Turvakielto" not in row
    assert row | {} == row | {
        "Talouden nimi": "Aino Virtanen",
        "Tunnus": case.reference,
        "Henkilöitä": "1",
        "Vaihe": "Muuttamassa",
        "Suunniteltu muutto": case.planned_move_on.isoformat(),
        "Koordinaattori": marja.name,
        "Muuton syy": "Työ",
        "Kunta": town.name,
    }


def test_a_workbook_has_the_same_rows_with_real_dates(town, marja, take) -> None:
    case = case_of(town, marja, state=State.MOVING, people=person("=cmd()", "Virtanen"))
    response = take(file_format=FileFormat.XLSX)
    heading, row = openpyxl.load_workbook(io.BytesIO(content(response))).active.iter_rows()
    cells = {label.value: cell for label, cell in zip(heading, row, strict=True)}
    assert (cells["Talouden nimi"].value, cells["Talouden nimi"].data_type) == ("=cmd() Virtanen", "s")
    assert cells["Suunniteltu muutto"].value.date() == case.planned_move_on
    assert cells["Henkilöitä"].value == 1


def test_is_a_file_that_nobody_keeps_on_the_way(town, marja, take) -> None:
    case_of(town, marja)
    response = take(file_format=FileFormat.XLSX)
    name = f"asiakkuudet-{timezone.localdate().isoformat()}.xlsx"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Content-Type"].startswith("application/vnd.openxmlformats")


def test_speaks_the_language_of_its_reader_to_the_end(several, take, client, settings) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    states = {row["State"] for row in table(take("state=all"))}
    assert states == {"First contact", "Plan", "Arrived", "Closed"}


def test_a_list_without_phone_numbers_says_nothing_of_them(town, marja, client) -> None:
    case_of(town, marja)
    client.force_login(marja)
    assert "puhelinnumero" not in client.get(reverse("case_list_export")).content.decode()
    assert "puhelinnumero" in client.get(reverse("people_export")).content.decode()


# Who may be in it.


def test_a_foreign_municipality_is_not_in_it_whatever_the_address_says(town, marja, names) -> None:
    elsewhere = MunicipalityFactory()
    case_of(town, marja, people=person("Oma", "Oma"))
    case_of(elsewhere, coordinator_of(elsewhere), people=person("Vieras", "Vieras"))
    assert names(f"municipality={elsewhere.code}") == ["Oma Oma"]


def test_restricted_households_are_in_the_file_of_those_named_on_them_alone(town, marja, take, client) -> None:
    case_of(town, marja, people=person("Salattu", "Salattu"), restricted=True)
    case_of(town, marja, people=person("Avoin", "Avoin"))
    assert {row["Talouden nimi"]: row["Turvakielto"] for row in table(take())} == {
        "Salattu Salattu": "Turvakielto",
        "Avoin Avoin": "",
    }
    asked = client.get(reverse("case_list_export"))
    assert asked.context["export"].secret
    client.force_login(coordinator_of(town))
    [row] = table(take())
    assert (row["Talouden nimi"], row.get("Turvakielto")) == ("Avoin Avoin", None)
    assert not client.get(reverse("case_list_export")).context["export"].secret


def test_the_barred_do_not_get_the_household(town, marja, names) -> None:
    case = case_of(town, marja, people=person("Estetty", "Estetty"))
    today = timezone.localdate()
    give_access(
        household=case.household,
        user=marja,
        kind=AccessKind.BARRED,
        reason="sukulainen",
        starts=today - timedelta(days=1),
        by=coordinator_of(town),
        at=timezone.now(),
    )
    case_of(town, marja, people=person("Avoin", "Avoin"))
    assert names() == ["Avoin Avoin"]


def test_what_goes_out_of_sight_on_the_way_is_left_out(several, take) -> None:
    response = take("state=all&sort=name")
    parts = iter(response.streaming_content)
    head = next(parts)
    last = several[0].household  # Suku9: the last by name
    type(several[0]).objects.filter(household=last).update(restricted=True)
    assert b"Suku9" not in head + b"".join(parts)


# The record.


def test_who_took_what_is_recorded(several, town, marja, take) -> None:
    content(take("state=all&q=suku"))
    [row] = Export.objects.all()
    assert (row.by, row.what, row.file_format, row.rows) == (marja, "cases", "csv", 8)
    assert list(row.municipalities.order_by("pk")) == [town]
    assert row.words.endswith("Nimi, puhelin, sähköposti tai tunnus: suku")


def test_is_recorded_before_the_first_byte_and_also_where_the_reader_goes_away(several, take) -> None:
    response = take("state=all")
    assert Export.objects.get().rows == 8
    next(iter(response.streaming_content))
    response._iterator.close()  # what the server does when nobody listens any more
    assert Export.objects.get().rows == 8


def test_asking_records_nothing_and_says_how_much_there_is(several, client, marja) -> None:
    client.force_login(marja)
    page = client.get(f"{reverse('case_list_export')}?state=all").content.decode()
    assert "Tiedostoon tulee 8 riviä" in page
    assert "henkilötietoja" in page
    assert not Export.objects.exists()


def test_a_format_that_there_is_not_asks_again(several, take) -> None:
    response = take(file_format="exe")
    assert response.status_code == 422
    assert not Export.objects.exists()


def test_more_than_a_workbook_holds_is_told_and_offered_as_csv(several, take, monkeypatch) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 7)
    response = take("state=all", FileFormat.XLSX)
    assert response.status_code == 422
    assert "Excel-työkirjaan mahtuu enintään 7 riviä" in response.content.decode()
    assert not Export.objects.exists()
    assert len(table(take("state=all"))) == 8


def test_an_empty_list_has_nothing_to_take(client, marja) -> None:
    client.force_login(marja)
    assert reverse("case_list_export") not in client.get(reverse("case_list")).content.decode()
    assert "Luettelossa ei ole nyt rivejä" in client.get(reverse("case_list_export")).content.decode()


def test_the_way_to_the_file_keeps_what_the_list_is_narrowed_by(several, client, marja) -> None:
    client.force_login(marja)
    page = client.get(f"{reverse('case_list')}?state=all&sort=name&after={several[-1].pk}").content.decode()
    assert f'href="{reverse("case_list_export")}?state=all&amp;sort=name"' in page


# What it costs.


def test_twice_the_rows_take_as_many_statements(town, marja, take) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            content(take())
        return len(captured)

    for name in ("Yksi", "Kaksi"):
        case_of(town, marja, people=person(name, name))
    few = statements()
    for name in ("Kolme", "Neljä", "Viisi"):
        case_of(town, marja, people=person(name, name))
    assert statements() == few
