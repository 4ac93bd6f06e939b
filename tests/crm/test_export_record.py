"""Viennit: administrators see who took which list out as a file, and nothing of what was in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.actions import record_export
from crm.models import ExportedList, FileFormat
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
