"""Omat tuonnit as a file: one's own imports, as the list shows them."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import Export, ExportedList
from crm.roles import Role
from tests.factories import MunicipalityFactory, coordinator_of
from tests.factories.sheets import Line, checked_import, csv_sheet, run_import
from tests.taken import answers_to_others, taken

pytestmark = pytest.mark.django_db


def test_for_those_who_import() -> None:
    assert answers_to_others("import_list_export", but=Role.COORDINATOR) == {403}


def test_ones_own_imports_the_latest_first(client) -> None:
    town = MunicipalityFactory(name_fi="Kemijärvi", prefix="KMJ")
    marja, colleague = coordinator_of(town), coordinator_of(town)
    done = run_import(checked_import(town, marja, csv_sheet([Line(name="Aino Virtanen")])))
    checked = checked_import(town, marja, csv_sheet([Line(name="Eero Mäki"), Line(name="Iida Koski")]))
    checked_import(town, colleague, csv_sheet([Line(name="Vieras Vieras")]))
    done.rows_deleted_at = timezone.now()
    done.save(update_fields=["rows_deleted_at"])
    client.force_login(marja)
    page = client.get(reverse("import_list"))
    assert f'href="{reverse("import_list_export")}"' in page.content.decode()
    assert list(page.context["batches"]) == [checked, done]
    told = [
        ("Tiedosto", [batch.file_name for batch in (checked, done)]),
        ("Kunta", ["Kemijärvi"] * 2),
        ("Lähetetty", [timezone.localdate(batch.recorded_at).isoformat() for batch in (checked, done)]),
        ("Rivit", ["2", "1"]),
        ("Käsiteltyjä rivejä", ["0", "1"]),
        ("Vaihe", [batch.get_step_display() for batch in (checked, done)]),
        ("Rivit poistettu", ["", "Rivit poistettu"]),
    ]
    rows = taken(client, "import_list_export")
    assert [(heading, [row[heading] for row in rows]) for heading in rows[0]] == told
    export = Export.objects.get()
    assert (export.what, export.rows, export.municipalities.get()) == (ExportedList.IMPORTS, 2, town)
