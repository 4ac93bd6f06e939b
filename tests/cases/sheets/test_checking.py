"""A large sheet is checked part by part: what is found is as of the whole, and the page goes on by itself."""

from __future__ import annotations

import tracemalloc
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.import_models import ImportBatch, ImportStep, ImportWord
from cases.models import Case
from cases.sheets import actions
from cases.sheets.actions import check_chunk, check_rows
from cases.sheets.undo import undo_batch
from tests.cases.sheets.test_flow import to_check
from tests.cases.sheets.test_running import HTMX
from tests.cases.test_open_cases import statements_of
from tests.factories import MunicipalityFactory, coordinator_of, scope_of
from tests.factories.sheets import Line, checked_import, csv_sheet, many_lines, run_chunk, run_import

pytestmark = pytest.mark.django_db

# The same people again and again, with non-disclosure told of them last, first, on a rejected row and by a namesake.
LINES = [
    Line(name="Kuusela, Otso", phone="040 1234567"),
    Line(name="Rautio, Hilla", email="hilla@sheet.example", note="turvakielto"),
    Line(name="Kallio, Venla", phone="040 7654321"),
    Line(name="Otso Kuusela", phone="040 1234567", note="turvakielto"),
    Line(name="Hilla Rautio", email="hilla@sheet.example"),
    Line(name="Aino Kallio", phone="040 7654321"),
    Line(name="Vuori, Pekka", on="", note="turvakielto"),
    Line(name="Vuori, Pekka"),
    Line(name="Kusela, Otso"),
    Line(name=""),
    Line(name="Lampi, Raili"),
]


@pytest.fixture
def town():
    return MunicipalityFactory(name_fi="Kemijärvi")


@pytest.fixture
def user(town):
    return coordinator_of(town)


@pytest.fixture
def desk(client, user):
    client.force_login(user)
    return client


def check_on(batch: ImportBatch) -> ImportBatch:
    """Part by part to the end, as the page does it."""
    while batch.being_checked:
        batch = check_chunk(batch=batch, seen=batch.checked_through, scope=scope_of(batch.by), at=batch.recorded_at)
    return batch


def found(batch: ImportBatch) -> list[tuple]:
    return list(batch.rows.order_by("number").values_list("number", *(name for name in actions._PLANNED)))


@pytest.mark.parametrize("part", [1, 3, 4, 10])
def test_in_parts_is_found_what_is_found_at_once(town, user, monkeypatch, part):
    run_import(checked_import(town, user, csv_sheet(LINES[2:6])))
    batch = checked_import(town, user, csv_sheet(LINES))
    assert not batch.being_checked
    at_once = found(batch)
    assert len({row[-1] for row in at_once}) > 3  # non-disclosure spreads
    monkeypatch.setattr(actions, "CHECKED", part)
    for _again in range(2):
        batch = check_rows(batch=batch, scope=scope_of(user), at=batch.recorded_at)
        assert batch.rows_checked == part
        batch = check_on(batch)
        assert batch.rows_checked == len(LINES)
        assert found(batch) == at_once


def test_the_page_of_the_check_goes_on_by_itself_and_by_its_button(desk, monkeypatch):
    monkeypatch.setattr(actions, "CHECKED", 4)
    batch = to_check(desk, csv_sheet(many_lines(10)))
    address = reverse("import_check", args=[batch.token])
    page = desk.get(address).text
    assert "Rivejä tarkistettu: 4/10." in page
    assert 'hx-trigger="load, submit"' in page
    assert desk.post(address, {"seen": batch.checked_through}).url == address
    batch.refresh_from_db()
    assert batch.rows_checked == 8
    desk.post(address, {"seen": 0})  # an older page's button
    assert ImportBatch.objects.get().rows_checked == 8
    again = desk.post(address, headers=HTMX)
    assert again.text.lstrip().startswith('<div class="card" id="import-progress"')
    for seen in ImportBatch.objects.values_list("checked_through", flat=True):
        fragment = desk.post(address, {"seen": seen}, headers=HTMX)
    assert "Rivejä tarkistettu: 8/10." in fragment.text
    last = desk.post(address, {"seen": ImportBatch.objects.get().checked_through}, headers=HTMX)
    assert last.status_code == 204
    assert address in last.headers["HX-Location"]
    assert "10 riviä tuodaan" in desk.get(address).text


def test_numbers_of_a_large_sheet_can_be_read(desk, town, user):
    batch = checked_import(town, user, csv_sheet([Line()]))
    ImportBatch.objects.update(rows_total=20_000, rows_checked=2_500)
    assert "Rivejä tarkistettu: 2\xa0500/20\xa0000." in desk.get(reverse("import_check", args=[batch.token])).text
    ImportBatch.objects.update(step=ImportStep.RUNNING, rows_checked=20_000, rows_done=1_500)
    assert "1\xa0500/20\xa0000" in desk.get(reverse("import_list")).text
    page = desk.get(reverse("import_running", args=[batch.token])).text
    assert "Kemijärvi, 20\xa0000 riviä" in page
    assert "1\xa0500/20\xa0000" in page


def test_words_are_remembered_for_the_answers_and_not_for_a_check_made_again(town, user, monkeypatch):
    monkeypatch.setattr(actions, "CHECKED", 4)
    batch = check_on(checked_import(town, user, csv_sheet(many_lines(10))))
    words = ImportWord.objects.all()
    assert words.exists()
    words.update(used_on=date(2024, 1, 1))
    batch = check_on(check_rows(batch=batch, scope=scope_of(user), at=timezone.now()))
    run_import(batch)
    batch.refresh_from_db()
    check_on(undo_batch(batch=batch, scope=scope_of(user), by=user, at=timezone.now()))
    assert {word.used_on for word in words.all()} == {date(2024, 1, 1)}
    answers = dict.fromkeys(("notice_version", "notice_language", "stay", "criteria_reason", "goal"), "")
    answered = actions.save_answers(
        batch=batch, coordinator=user, notice_on=None, scope=scope_of(user), at=timezone.now(), **answers
    )
    assert {word.used_on for word in words.all()} == {date(2024, 1, 1)}  # not before every row is checked
    check_on(answered)
    assert {word.used_on for word in words.all()} == {timezone.localdate(batch.recorded_at)}


def test_nothing_is_written_before_every_row_is_checked(desk, user, monkeypatch):
    monkeypatch.setattr(actions, "CHECKED", 4)
    batch = to_check(desk, csv_sheet(many_lines(10)))
    response = desk.post(reverse("import_running", args=[batch.token]), {"seen": 0}, headers=HTMX)
    assert reverse("import_check", args=[batch.token]) in response.headers["HX-Location"]
    assert run_chunk(batch).step == ImportStep.CHECK
    assert desk.post(reverse("import_rows_export", args=[batch.token])).status_code == 302
    assert not Case.objects.exists()


def test_after_an_undo_a_large_sheet_is_checked_in_parts_again(town, user, monkeypatch):
    batch = run_import(checked_import(town, user, csv_sheet(many_lines(10))))
    monkeypatch.setattr(actions, "CHECKED", 4)
    batch = undo_batch(batch=batch, scope=scope_of(user), by=user, at=batch.recorded_at)
    assert batch.rows_checked == 4
    run_import(check_on(batch))
    assert Case.objects.count() == 10


def test_a_part_takes_as_many_statements_late_in_the_sheet_as_early(town, user, monkeypatch):
    monkeypatch.setattr(actions, "CHECKED", 20)
    batch = checked_import(town, user, csv_sheet(many_lines(100)))
    counts = []

    def check_next():
        nonlocal batch
        batch = check_chunk(batch=batch, seen=batch.checked_through, scope=scope_of(user), at=batch.recorded_at)

    while batch.being_checked:
        counts.append(statements_of(check_next))
    assert len(set(counts[:-1])) == 1
    assert counts[0] <= 16
    assert counts[-1] <= counts[0] + 8  # what holds for the whole sheet, and what is remembered


def test_a_chunk_of_the_import_takes_as_many_statements_late_as_early(town, user, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 20)
    batch = checked_import(town, user, csv_sheet(many_lines(100)))
    counts = []

    def write_next():
        nonlocal batch
        batch = run_chunk(batch)

    while batch.step != ImportStep.DONE:
        counts.append(statements_of(write_next))
    assert max(counts[1:]) <= min(counts[1:]) + 4 <= 60


def test_the_memory_of_a_part_does_not_grow_with_the_sheet(town, user, monkeypatch):
    monkeypatch.setattr(actions, "CHECKED", 50)
    batch = checked_import(town, user, csv_sheet(many_lines(400)))
    peaks = []
    while batch.being_checked:
        tracemalloc.start()
        batch = check_chunk(batch=batch, seen=batch.checked_through, scope=scope_of(user), at=batch.recorded_at)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    per_row = (peaks[-2] - peaks[1]) / 250
    assert per_row < 6_000  # bytes of each row before: who is on it
