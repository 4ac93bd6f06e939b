"""The administrator's lists as files: as on the page, for administrators alone, without the words of others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm import exports, paging
from crm.actions import record_export
from crm.models import Export, ExportedList, FileFormat
from crm.roles import Role
from tests.factories import MunicipalityFactory, UserFactory, coordinator_of, joint_project, member
from tests.taken import answers_to_others, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(member(Role.ADMINISTRATOR, name="Anna Ylläpitäjä"))
    return client


@pytest.mark.parametrize("name", ["accounts_export", "exports_export", "municipalities_export"])
def test_for_administrators_alone(name) -> None:
    assert answers_to_others(name, but=Role.ADMINISTRATOR) == {403}


# Accounts


def test_accounts_are_told_as_on_the_page(desk) -> None:
    town = MunicipalityFactory(name_fi="Kemijärvi")
    marja = coordinator_of(town, name="Marja Muutto", email="marja@example.fi", last_login=timezone.now())
    project = joint_project(town)
    lead = member(Role.PROJECT_LEAD, project, name="Heli Hanke")
    UserFactory(name="Suljettu Tunnus", is_active=False)
    rows = {row["Nimi"]: row for row in taken(desk, "accounts_export")}
    assert "Suljettu Tunnus" not in rows
    assert rows[marja.name] == {
        "Nimi": "Marja Muutto",
        "Sähköposti": "marja@example.fi",
        "Tunnus suljettu": "",
        "Roolit": "Koordinaattori: Kemijärvi",
        "Viimeksi kirjautunut": timezone.localdate().isoformat(),
    }
    assert rows[lead.name]["Roolit"] == f"Projektipäällikkö: {project.name}"
    assert rows[lead.name]["Viimeksi kirjautunut"] == ""


def test_all_pages_of_accounts_in_their_order(desk, monkeypatch) -> None:
    monkeypatch.setattr(paging, "PAGE", 2)
    monkeypatch.setattr(exports, "CHUNK", 2)
    for name in ("Cee", "Aa", "Bee", "Aa"):
        UserFactory(name=name)
    on_screen, address = [], reverse("administration")
    while address:
        page = desk.get(address).context["page"]
        on_screen += [user.email for user in page]
        address = f"{reverse('administration')}?after={page.next}" if page.next else ""
    assert [row["Sähköposti"] for row in taken(desk, "accounts_export")] == on_screen
    assert len(on_screen) == 5


def test_accounts_as_the_list_was_narrowed_and_the_words_are_recorded(desk) -> None:
    for name, is_active in (("Kalle Kunta", True), ("Kaisa Kunta", False), ("Joku Muu", True)):
        UserFactory(name=name, is_active=is_active)
    assert [row["Nimi"] for row in taken(desk, "accounts_export", "?q=kunta")] == ["Kalle Kunta"]
    both = taken(desk, "accounts_export", "?q=kunta&closed=on")
    assert [(row["Nimi"], row["Tunnus suljettu"]) for row in both] == [
        ("Kaisa Kunta", "suljettu"),
        ("Kalle Kunta", ""),
    ]
    taken(desk, "accounts_export")
    recorded = Export.objects.order_by("pk")
    assert [(row.what, row.rows, row.words) for row in recorded] == [
        (ExportedList.ACCOUNTS, 1, "Nimi tai sähköposti: kunta"),
        (ExportedList.ACCOUNTS, 2, "Nimi tai sähköposti: kunta; Myös suljetut tunnukset: kyllä"),
        (ExportedList.ACCOUNTS, 3, ""),
    ]
    assert not recorded[0].municipalities.exists()


@pytest.mark.parametrize(
    ("page", "name", "query"),
    [
        ("administration", "accounts_export", "?q=kunta&closed=on"),
        ("municipalities", "municipalities_export", "?q=kunta"),
        ("exports", "exports_export", ""),
    ],
)
def test_the_button_keeps_what_the_list_was_narrowed_to(desk, page, name, query) -> None:
    UserFactory(name="Kalle Kunta")
    MunicipalityFactory(name_fi="Kunta")
    taken(desk, "accounts_export")
    address = (reverse(name) + query).replace("&", "&amp;")
    assert f'href="{address}"' in desk.get(reverse(page) + query).content.decode()


# Exports


def test_exports_are_told_without_the_words(desk) -> None:
    towns = [MunicipalityFactory(name_fi=f"{name}kunta") for name in ("Aa", "Bee", "Cee", "Dee")]
    who, at = UserFactory(name="Viljo Viejä"), timezone.now()
    for rows, days, places in ((7, 2, towns[:2]), (1234, 1, towns)):
        record_export(
            by=who,
            at=at - timedelta(days=days),
            what=ExportedList.PEOPLE,
            file_format=FileFormat.CSV,
            rows=rows,
            municipalities=[town.pk for town in places],
            words="Nimi: Salainen",
        )
    rows = taken(desk, "exports_export")
    assert [row["Rivejä"] for row in rows] == ["1234", "7"]
    assert rows[1] == {
        "Milloin": timezone.localtime(at - timedelta(days=2)).strftime("%Y-%m-%d %H:%M"),
        "Kuka": "Viljo Viejä",
        "Luettelo": "Muuttajat",
        "Kunta": "Aakunta, Beekunta",
        "Tiedosto": "CSV",
        "Rivejä": "7",
    }
    assert rows[0]["Kunta"] == "4 kuntaa"
    assert not any("Salainen" in value for row in rows for value in row.values())


def test_taking_the_exports_is_one_of_them(desk) -> None:
    taken(desk, "accounts_export", "?q=salainen")
    assert len(taken(desk, "exports_export")) == 1
    assert [row["Luettelo"] for row in taken(desk, "exports_export")] == ["Viennit", "Käyttäjät"]


# Municipalities


def test_municipalities_as_the_list_shows_them(desk) -> None:
    town = MunicipalityFactory(name_fi="Kemijärvi", prefix="KMJ", stale_after_days=21, settled_criteria=["home"])
    MunicipalityFactory(name_fi="Pello", prefix="PEL")
    coordinator_of(town)
    on_screen = [place.name for place in desk.get(reverse("municipalities")).context["page"]]
    rows = taken(desk, "municipalities_export")
    assert [row["Nimi"] for row in rows] == on_screen
    assert rows[0] == {
        "Nimi": "Kemijärvi",
        "Etuliite": "KMJ",
        "Maakunta": "Lappi",
        "Henkilöstöä": "1",
        "Asettumisen ehtoja": "1",
        "Hiljainen (pv)": "21",
    }
    assert [row["Nimi"] for row in taken(desk, "municipalities_export", "?q=pel")] == ["Pello"]
    narrowed = Export.objects.get(rows=1)
    assert narrowed.words == "Nimi, numero tai etuliite: pel"
    assert [place.name for place in narrowed.municipalities.order_by("pk")] == ["Pello"]
