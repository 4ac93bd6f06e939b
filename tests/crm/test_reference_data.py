"""The reference data is whole, and loading it again changes nothing that a municipality decided."""

import json
import re

import pytest
from django.conf import settings
from django.core.management import call_command

from cases.models import Service
from contacts.names import fold
from crm.models import Municipality


def fixture(name):
    return json.loads((settings.BASE_DIR / "fixtures" / name).read_text(encoding="utf-8"))


def test_all_308_municipalities_are_there_once_each():
    rows = fixture("municipalities.json")
    assert len(rows) == 308
    assert len({row["code"] for row in rows}) == 308
    assert len({row["prefix"] for row in rows}) == 308


def test_prefixes_are_three_letters_of_the_finnish_name_in_their_order():
    for row in fixture("municipalities.json"):
        prefix = row["prefix"]
        assert re.fullmatch("[A-Z]{3}", prefix), row
        if prefix == "IIK":  # Ii is too short: Iin kunta
            continue
        letters = fold(row["name_fi"]).replace(" ", "").upper()
        assert letters[0] == prefix[0], row
        assert re.search(".*".join(prefix), letters), row


def test_the_similar_names_of_the_north_have_their_agreed_prefixes():
    prefixes = {row["name_fi"]: row["prefix"] for row in fixture("municipalities.json")}
    agreed = {"Posio": "POS", "Kemijärvi": "KMJ", "Keminmaa": "KMM", "Pello": "PEL", "Kemi": "KEM", "Ii": "IIK"}
    assert {name: prefixes[name] for name in agreed} == agreed


def test_every_municipality_has_its_facts():
    for row in fixture("municipalities.json"):
        assert re.fullmatch(r"\d{3}", row["code"]), row
        assert all(row[name] for name in ("name_fi", "name_sv", "name_en", "region_fi")), row
        assert row["population"] > 50, row


def test_the_41_services_have_names_in_both_languages_a_provider_and_a_time():
    rows = fixture("services.json")
    assert len({row["key"] for row in rows}) == len(rows) == 41
    assert all(all(row.values()) for row in rows)


def test_origins_of_the_demo_name_known_municipalities():
    codes = {row["code"]: row["name_fi"] for row in fixture("municipalities.json")}
    for town, moves in fixture("demo_origins.json").items():
        assert codes[town]
        assert moves["moves_a_year"] > 100
        for origin in moves["origins"]:
            assert codes[origin["code"]] == origin["name"]


@pytest.mark.django_db
def test_loading_twice_keeps_rows_and_what_a_municipality_decided():
    call_command("reference_data", verbosity=0)
    posio = Municipality.objects.get(code="614")
    assert (posio.prefix, posio.name_sv, posio.population) == ("POS", "Posio", 2999)
    Municipality.objects.filter(code="614").update(settled_criteria=["home"], population=1, name_en="Typo")
    Service.objects.filter(key="hetu").update(name_fi="Kirjoitusvirhe")

    call_command("reference_data", verbosity=0)

    assert Municipality.objects.count() == 308
    assert Service.objects.count() == 41
    again = Municipality.objects.get(code="614")
    assert (again.pk, again.settled_criteria, again.population) == (posio.pk, ["home"], 2999)
    assert again.name_en == "Posio"
    assert Service.objects.get(key="hetu").name_fi == "Henkilötunnus"
