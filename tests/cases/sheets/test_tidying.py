"""The rows of a sheet have a day on which they are deleted; the cases they became stay."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from cases.import_models import ImportBatch, ImportRow, ImportStep, ImportWord
from cases.models import Case
from cases.sheets import actions
from cases.sheets.tidying import delete_old_rows, forget_words
from cases.sheets.undo import undo_batch
from crm.refusal import Refused
from tests.factories import MunicipalityFactory, coordinator_of, scope_of
from tests.factories.sheets import Line, checked_import, csv_sheet, many_lines, run_chunk, run_import

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY_BEFORE, THE_DAY = NOW + timedelta(days=29), NOW + timedelta(days=30)


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


@pytest.fixture
def checked(town, user):
    lines = [Line(name="Testinen, Tiina", stage="asuu 22.4. alk."), Line(name="Muu, Meri", note="koira")]
    return checked_import(town, user, csv_sheet(lines))


def test_thirty_days_after_the_import_its_rows_go_and_its_cases_stay(checked):
    batch = run_import(checked)
    assert batch.rows_go_on == timezone.localdate(THE_DAY)
    assert delete_old_rows(at=DAY_BEFORE) == 0
    assert ImportRow.objects.count() == 2
    assert delete_old_rows(at=THE_DAY) == 1
    assert delete_old_rows(at=THE_DAY) == 0  # a second run finds nothing
    assert not ImportRow.objects.exists()
    assert Case.objects.count() == 2
    batch.refresh_from_db()
    assert (batch.rows_deleted_at, batch.sheets, batch.columns, batch.stages) == (THE_DAY, [], [], {})


def test_the_days_are_counted_from_the_import_not_from_the_upload(checked):
    ImportBatch.objects.update(recorded_at=NOW - timedelta(days=20))
    run_import(checked)
    assert delete_old_rows(at=DAY_BEFORE) == 0
    assert delete_old_rows(at=THE_DAY) == 1


def test_an_upload_that_was_never_imported_goes_altogether(checked):
    assert delete_old_rows(at=DAY_BEFORE) == 0
    assert delete_old_rows(at=THE_DAY) == 1
    assert not ImportBatch.objects.exists()
    assert not ImportRow.objects.exists()


def test_after_an_undo_the_days_are_counted_anew(checked, user):
    run_import(checked)
    undo_batch(batch=checked, scope=scope_of(user), by=user, at=NOW + timedelta(days=10))
    assert delete_old_rows(at=THE_DAY) == 0
    assert delete_old_rows(at=NOW + timedelta(days=40)) == 1
    assert not ImportBatch.objects.exists()


def test_an_import_left_half_way_keeps_its_cases(town, user, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 2)
    batch = run_chunk(checked_import(town, user, csv_sheet(many_lines(5))))
    assert delete_old_rows(at=THE_DAY) == 1
    batch.refresh_from_db()
    assert (batch.step, Case.objects.count(), ImportRow.objects.count()) == (ImportStep.DONE, 2, 0)


def test_the_pages_tell_the_day_and_afterwards_what_is_left(desk, checked):
    day = "{0.day}.{0.month}.{0.year}".format(timezone.localdate(THE_DAY))
    assert f"keskeneräinen tuonti poistetaan {day}" in desk.get(reverse("import_check", args=[checked.token])).text
    run_import(checked)
    done = reverse("import_done", args=[checked.token])
    assert f"Taulukon rivit poistetaan {day}" in desk.get(done).text
    assert "Testinen" in desk.get(done).text
    delete_old_rows(at=THE_DAY)
    page = desk.get(done).text
    assert "Tuodut asiakkuudet säilyvät. Tuontia ei voi enää perua." in page
    assert "Testinen" not in page
    assert reverse("import_undo", args=[checked.token]) not in page
    listed = desk.get(reverse("import_list")).text
    assert reverse("import_undo", args=[checked.token]) not in listed


def test_without_its_rows_an_import_cannot_be_undone(desk, checked, user):
    batch = run_import(checked)
    delete_old_rows(at=THE_DAY)
    with pytest.raises(Refused, match="tuontia voi enää perua"):
        undo_batch(batch=batch, scope=scope_of(user), by=user, at=NOW)
    address = reverse("import_undo", args=[batch.token])
    for response in (desk.get(address), desk.post(address)):
        assert "eikä tuontia voi enää perua" in response.text
    assert Case.objects.count() == 2


def words() -> set[str]:
    return set(ImportWord.objects.filter(kind="stage").values_list("word", flat=True))


def all_meaning_contact(town, user, lines) -> ImportBatch:
    """An import brought to the check in which each word of the stage was chosen to mean first contact."""
    stages = {line.stage: "contact" for line in lines}
    return checked_import(town, user, csv_sheet(lines), stages=stages)


def test_a_word_met_once_tells_of_people_and_is_not_remembered(town, user):
    sentence = "muuttaa otso kuuselan kanssa"
    lines = [Line(stage="odottaa kotia"), Line(name="Muu, Meri", stage="odottaa kotia"), Line(stage=sentence)]
    assert sentence in all_meaning_contact(town, user, lines).stages
    assert words() == {"odottaa kotia"}


def test_no_word_of_a_restricted_household_is_remembered(town, user):
    """Neither from the row that says so nor from another about the same person."""
    lines = [
        Line(name="Salattu, Sanni", stage="piilossa", note="turvakielto"),
        Line("4.2.2025", name="Sanni Salattu", stage="piilossa"),
        Line(name="Muu, Meri", stage="piilossa"),
    ]
    all_meaning_contact(town, user, lines)
    assert words() == set()


def test_what_no_import_has_had_for_a_year_is_forgotten(town, user):
    today = timezone.localdate(NOW)
    lines = [Line(stage="odottaa kotia"), Line(name="Muu, Meri", stage="odottaa kotia")]
    all_meaning_contact(town, user, lines)
    ImportWord.objects.update(used_on=today - timedelta(days=300))
    all_meaning_contact(town, user, lines)  # used again
    assert forget_words(today=today + timedelta(days=365)) == 0
    known = ImportWord.objects.count()
    assert forget_words(today=today + timedelta(days=366)) == known > 1
    assert not ImportWord.objects.exists()


def test_a_timer_runs_it(checked):
    ImportWord.objects.update(used_on=timezone.localdate(NOW) - timedelta(days=400))
    ImportBatch.objects.update(recorded_at=NOW - timedelta(days=31))
    said = StringIO()
    call_command("tidy", stdout=said)
    assert ": 1." in said.getvalue()
    assert not ImportWord.objects.exists()
    assert not ImportBatch.objects.exists()
