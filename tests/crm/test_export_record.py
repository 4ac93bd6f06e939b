"""Viennit: administrators see who took which list out as a file, and nothing of what was in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from crm.actions import record_export
from crm.models import Export, ExportedList, FileFormat
from crm.roles import Role
from tests.factories import MunicipalityFactory, UserFactory, member

pytestmark = pytest.mark.django_db


def test_administrators_see_who_took_what_and_not_by_which_words(client) -> None:
    towns = [MunicipalityFactory(name_fi=name) for name in ("Alala", "Ylälä")]
    who, at = UserFactory(name="Viljo Viejä"), timezone.now()
    for rows, days in ((7, 2), (1234, 1)):
        record_export(
            by=who,
            at=at - timedelta(days=days),
            what=ExportedList.PEOPLE,
            file_format=FileFormat.CSV,
            rows=rows,
            municipalities=[town.pk for town in towns],
            words="Nimi: Salainen",
        )
    client.force_login(member(Role.ADMINISTRATOR))
    response = client.get(reverse("exports"))
    page = response.content.decode()
    assert [export.rows for export in response.context["page"]] == [1234, 7]
    for word in ("Viljo Viejä", "Muuttajat", "Alala", "Ylälä", "CSV", "1234"):
        assert word in page, word
    assert "Salainen" not in page


def recorded(who, towns, rows: int = 7) -> None:
    record_export(
        by=who,
        at=timezone.now(),
        what=ExportedList.PEOPLE,
        file_format=FileFormat.CSV,
        rows=rows,
        municipalities=[town.pk for town in towns],
        words="",
    )


def test_of_many_municipalities_the_number_is_told(client) -> None:
    towns = [MunicipalityFactory(name_fi=f"{name}kunta") for name in ("Aa", "Bee", "Cee", "Dee")]
    recorded(UserFactory(), towns)
    recorded(UserFactory(), towns[:3])
    client.force_login(member(Role.ADMINISTRATOR))
    page = client.get(reverse("exports")).content.decode()
    assert "4 kuntaa" in page
    assert "Aakunta, Beekunta, Ceekunta" in page
    assert "Deekunta" not in page


def test_each_sees_what_they_took_themselves_and_nobody_elses(client) -> None:
    town = MunicipalityFactory(name_fi="Alala")
    own, other = UserFactory(), UserFactory(name="Viljo Viejä")
    recorded(own, [town], rows=1234)
    recorded(other, [town], rows=4321)
    client.force_login(own)
    page = client.get(reverse("account")).content.decode()
    assert "1234" in page
    assert "4321" not in page


@pytest.mark.skipif(connection.vendor != "postgresql", reason="asks PostgreSQL how it goes about it")
def test_the_list_is_read_from_its_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    plan = Export.objects.order_by("-recorded_at", "-pk")[:50].explain()
    assert "crm_export_recorded" in plan
    assert "Sort" not in plan
