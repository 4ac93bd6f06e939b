"""The rows are written chunk by chunk: after a reload, a crash or a refusal nothing is lost or doubled."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cases.import_models import ImportBatch, ImportStep
from cases.models import Case
from cases.sheets import actions
from contacts.models import Household
from crm.refusal import Refused
from tests.cases.sheets.test_flow import run, to_check
from tests.factories import MunicipalityFactory, coordinator_of
from tests.factories.sheets import csv_sheet, many_lines

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Target": "import-progress"}


@pytest.fixture
def desk(client):
    client.force_login(coordinator_of(MunicipalityFactory(name_fi="Kemijärvi")))
    return client


def test_in_chunks_and_on_after_a_reload(desk, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 4)
    batch = to_check(desk, csv_sheet(many_lines(10)))
    address = reverse("import_running", args=[batch.token])
    desk.post(address, {"seen": 0})
    batch.refresh_from_db()
    assert (batch.step, batch.rows_done, Case.objects.count()) == (ImportStep.RUNNING, 4, 4)
    page = desk.get(address).content.decode()
    assert "Rivejä käsitelty: 4/10." in page
    assert 'hx-trigger="load, submit"' in page

    again = desk.post(address, {"seen": 0})  # the same button once more
    assert again.url == address
    assert Case.objects.count() == 4
    fragment = desk.post(address, {"seen": batch.done_through}, headers=HTMX)
    assert fragment.content.decode().lstrip().startswith('<div class="card" id="import-progress"')
    assert Case.objects.count() == 8
    last = desk.post(address, {"seen": ImportBatch.objects.get().done_through}, headers=HTMX)
    assert last.status_code == 204
    assert reverse("import_done", args=[batch.token]) in last.headers["HX-Location"]
    assert Case.objects.count() == 10


def test_who_closed_the_page_finds_the_import_on_oma_paiva_and_on_the_list(desk, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 4)
    batch = to_check(desk, csv_sheet(many_lines(10)))
    assert "on kesken" not in desk.get(reverse("my_day")).text  # nothing is in the register yet
    address = reverse("import_running", args=[batch.token])
    desk.post(address, {"seen": 0})
    day = desk.get(reverse("my_day")).text
    assert "Yksi tuonti on kesken" in day
    assert f'href="{reverse("import_list")}"' in day
    assert "Kaikki on hoidettu" not in day
    imports = desk.get(reverse("import_list")).text
    assert "4/10" in imports
    assert f'href="{address}"' in imports
    assert "40 %" in desk.get(address).text
    run(desk, batch)
    assert "on kesken" not in desk.get(reverse("my_day")).text


def test_nobody_elses_unfinished_import_is_on_oma_paiva(desk, client, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 4)
    batch = to_check(desk, csv_sheet(many_lines(10)))
    desk.post(reverse("import_running", args=[batch.token]), {"seen": 0})
    client.force_login(coordinator_of(batch.municipality))
    assert "on kesken" not in client.get(reverse("my_day")).text


def test_a_crash_in_the_middle_leaves_nothing_of_the_chunk_and_the_next_press_goes_on(desk, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 4)
    batch = to_check(desk, csv_sheet(many_lines(6)))
    address = reverse("import_running", args=[batch.token])
    desk.post(address, {"seen": 0})

    def crash(*_args, **_kwargs):
        raise RuntimeError("the machine goes down after the cases are written")

    seen = ImportBatch.objects.get().done_through
    with monkeypatch.context() as broken:
        broken.setattr(actions, "_save_rows", crash)
        with pytest.raises(RuntimeError, match="goes down"):
            desk.post(address, {"seen": seen})
    assert Case.objects.count() == 4
    assert Household.objects.count() == 4
    run(desk, batch)
    assert Case.objects.count() == 6
    assert Case.objects.values("reference").distinct().count() == 6


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_refusal_in_the_middle_is_told_and_the_import_waits(desk, monkeypatch, headers):
    monkeypatch.setattr(actions, "CHUNK", 4)
    batch = to_check(desk, csv_sheet(many_lines(6)))
    address = reverse("import_running", args=[batch.token])
    desk.post(address, {"seen": 0})
    seen = ImportBatch.objects.get().done_through

    with monkeypatch.context() as refusing:
        refusing.setattr(actions, "_save_rows", _refuse)
        response = desk.post(address, {"seen": seen}, headers=headers)
    assert response.status_code == 422
    assert "Kuntaa ei ole enää." in response.text
    assert reverse("import_undo", args=[batch.token]) in response.text
    assert 'hx-trigger="submit"' in response.text  # it does not ask again by itself
    assert Case.objects.count() == 4
    assert ImportBatch.objects.get().step == ImportStep.RUNNING

    run(desk, batch)
    assert Case.objects.count() == 6


def test_after_a_refusal_in_the_middle_what_was_imported_can_be_undone(desk, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 4)
    batch = to_check(desk, csv_sheet(many_lines(6)))
    desk.post(reverse("import_running", args=[batch.token]), {"seen": 0})
    desk.post(reverse("import_undo", args=[batch.token]))
    assert not Case.objects.exists()
    assert ImportBatch.objects.get().step == ImportStep.CHECK


def test_a_refusal_at_the_beginning_leads_back_to_the_check(desk, monkeypatch):
    batch = to_check(desk, csv_sheet(many_lines(2)))
    monkeypatch.setattr(actions, "_save_rows", _refuse)
    response = desk.post(reverse("import_running", args=[batch.token]), {"seen": 0})
    assert response.status_code == 422
    assert reverse("import_check", args=[batch.token]) in response.text
    assert ImportBatch.objects.get().step == ImportStep.CHECK
    assert not Case.objects.exists()


def test_an_upload_that_another_tab_has_deleted_is_not_found(desk, monkeypatch):
    batch = to_check(desk, csv_sheet(many_lines(2)))
    address = reverse("import_running", args=[batch.token])
    monkeypatch.setattr("cases.sheets.views._batch", lambda request, token: batch)
    actions.discard_batch(batch=batch)
    assert desk.post(address, {"seen": 0}).status_code == 404


def _refuse(*_args, **_kwargs):
    raise Refused("Kuntaa ei ole enää.")
