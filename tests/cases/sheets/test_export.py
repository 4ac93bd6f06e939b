"""The rows of an import as a file: to mend what stops, and to import again."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.actions import restrict_household
from cases.import_models import Fate, ImportStep
from cases.models import Case
from cases.sheets.columns import Meaning, guess_columns
from cases.sheets.reading import read_tables
from crm import exports
from crm.models import Export, FileFormat
from tests.factories import MunicipalityFactory, coordinator_of
from tests.factories.sheets import Line, checked_import, csv_sheet, many_lines, run_import

pytestmark = pytest.mark.django_db

ADDED = ("Rivi", "Turvakielto", "Mitä rivistä tulee", "Miksi")


@pytest.fixture
def town():
    return MunicipalityFactory(name_fi="Kemijärvi", prefix="KMJ")


@pytest.fixture
def user(town):
    return coordinator_of(town)


@pytest.fixture
def take(client, user):
    """The rows of an import as our own import reads them from the file: `take(batch)`."""
    client.force_login(user)

    def rows(batch, query="", file_format=FileFormat.CSV):
        address = reverse("import_rows_export", args=[batch.token])
        response = client.post(f"{address}?{query}", {"format": file_format})
        [table] = read_tables(b"".join(response.streaming_content))
        return [dict(zip(table.headings, cells, strict=True)) for _number, cells in table.rows]

    return rows


LINES = [
    Line(name="Aino Virtanen", phone="+358 40 123 4567"),
    Line(name="=cmd()", email="toka@sheet.example", on="eilen"),
    Line(name="Aino Virtanen", phone="+358 40 123 4567"),
]


@pytest.mark.parametrize("file_format", FileFormat)
def test_has_the_sheet_as_it_was_and_what_becomes_of_each_row(town, user, take, file_format) -> None:
    batch = checked_import(town, user, csv_sheet(LINES))
    stored = list(batch.rows.order_by("number").values_list("number", "cells"))
    rows = take(batch, file_format=file_format)
    assert [row["Rivi"] for row in rows] == [str(number) for number, _cells in stored]
    for row, (_number, cells) in zip(rows, stored, strict=True):
        assert [row[heading] for heading in batch.headings] == list(cells)
    assert [row["Mitä rivistä tulee"] for row in rows] == [
        str(fate.label) for fate in (Fate.NEW, Fate.REJECTED, Fate.DUPLICATE)
    ]
    assert "”eilen” ei ole" in rows[1]["Miksi"]
    assert rows[2]["Miksi"].endswith(f"rivillä {stored[0][0]}. Sama puhelinnumero, sama nimi.")


def test_one_fate_alone(town, user, take) -> None:
    batch = checked_import(town, user, csv_sheet(LINES))
    assert [row["Nimi"] for row in take(batch, "fate=rejected")] == ["=cmd()"]
    assert Export.objects.get().words == f"{batch.file_name}; Ei tuoda"


def test_a_fate_that_there_is_not_is_not_there(town, user, client) -> None:
    client.force_login(user)
    batch = checked_import(town, user, csv_sheet(LINES))
    assert client.get(reverse("import_rows_export", args=[batch.token]) + "?fate=x").status_code == 404


def test_the_columns_that_are_added_mean_nothing_to_the_next_import(town, user, take) -> None:
    batch = checked_import(town, user, csv_sheet([*LINES, Line(name="Oona Salattu", note="turvakielto")]))
    [first, *_rest] = take(batch)
    guessed = dict(zip(first, guess_columns(list(first), {}), strict=True))
    assert {guessed.pop(heading) for heading in ADDED} == {Meaning.SKIP}
    assert list(guessed.values()) == guess_columns(batch.headings, {})


def test_rows_under_non_disclosure_are_marked_as_the_dialog_says(town, user, take, client) -> None:
    lines = [Line(name="Aino Virtanen", note="turvakielto"), Line(name="Oona Avoin")]
    batch = checked_import(town, user, csv_sheet(lines))
    asked = client.get(reverse("import_rows_export", args=[batch.token])).content.decode()
    assert "joilla on turvakielto" in asked
    assert [row["Turvakielto"] for row in take(batch)] == ["Turvakielto", ""]
    assert "Turvakielto" not in take(checked_import(town, user, csv_sheet(lines[1:])))[0]


def test_what_has_gone_out_of_sight_since_is_not_in_it(town, user, take) -> None:
    batch = run_import(checked_import(town, user, csv_sheet(LINES[:2])))
    assert batch.step == ImportStep.DONE
    assert len(take(batch)) == 2
    household, by, at = Case.objects.get().household, coordinator_of(town), timezone.now()
    restrict_household(household=household, reason="turvakielto", on=timezone.localdate(at), by=by, at=at)
    assert [row["Nimi"] for row in take(batch)] == ["=cmd()"]


def test_the_signs_of_who_has_gone_out_of_sight_are_not_in_it(town, user, take, client) -> None:
    """A row that repeats an earlier one tells by what it repeats that one, not who else is in the register."""
    run_import(checked_import(town, user, csv_sheet([Line(name="Aino Virtanen", phone="+358 40 123 4567")])))
    household = Case.objects.get().household
    lines = [Line(name="Aino Virtanen", email="aino@sheet.example"), Line(name="Aino Virtanen", phone="0401234567")]
    batch = checked_import(town, user, csv_sheet([*lines, Line(name="Aino Virtanen", email="aino@sheet.example")]))
    assert "Sama puhelinnumero" in take(batch)[1]["Miksi"]
    by, at = coordinator_of(town), timezone.now()
    restrict_household(household=household, reason="turvakielto", on=timezone.localdate(at), by=by, at=at)
    told = [row["Miksi"] for row in take(batch)]
    assert not [why for why in told if "puhelinnumero" in why]
    assert "Sama puhelinnumero" not in client.get(reverse("import_check", args=[batch.token])).content.decode()


def test_rows_that_are_gone_cannot_be_taken(town, user, client) -> None:
    client.force_login(user)
    batch = run_import(checked_import(town, user, csv_sheet(LINES)))
    type(batch).objects.filter(pk=batch.pk).update(rows_deleted_at=batch.finished_at)
    assert client.get(reverse("import_rows_export", args=[batch.token])).status_code == 302


def test_the_rows_of_another_user_are_not_there(town, user, client) -> None:
    batch = checked_import(town, user, csv_sheet(LINES))
    client.force_login(coordinator_of(town))
    assert client.post(reverse("import_rows_export", args=[batch.token]), {"format": "csv"}).status_code == 404


def test_many_rows_take_as_many_statements_for_each_piece(town, user, take, monkeypatch) -> None:
    def statements(lines) -> int:
        batch = checked_import(town, user, csv_sheet(lines))
        with CaptureQueriesContext(connection) as captured:
            take(batch)
        return len(captured)

    few = statements(many_lines(4))
    assert statements(many_lines(40)) == few
    monkeypatch.setattr(exports, "CHUNK", 20)
    assert statements(many_lines(40)) <= few + 4
