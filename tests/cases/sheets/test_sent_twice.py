"""The upload sent twice by one form: a double click, a page loaded anew, a network that asked once more."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cases.import_models import ImportBatch, ImportRow
from cases.sheets import actions
from crm.models import Municipality, User
from tests.cases.test_two_at_once import at_once
from tests.factories import MunicipalityFactory, coordinator_of, scope_of
from tests.factories.sheets import Line, csv_sheet, run_import

SHEET, MENDED = csv_sheet([Line()]), csv_sheet([Line(name="Rautio, Hilla")])


@pytest.fixture
def town(db) -> Municipality:
    return MunicipalityFactory()


@pytest.fixture
def user(town) -> User:
    return coordinator_of(town)


def sent(town, user, form_key, content: bytes = SHEET) -> ImportBatch:
    return actions.start_batch(
        municipality=town, file_name="a.csv", content=content, by=user, at=timezone.now(), form_key=form_key
    )


def test_the_form_makes_one_import_however_often_it_is_sent(client, town, user):
    client.force_login(user)
    key = client.get(reverse("import_new")).context["form"]["form_key"].value()
    first, again = [
        client.post(reverse("import_new"), {"form_key": key, "file": SimpleUploadedFile("a.csv", SHEET)}).url
        for _time in range(2)
    ]
    assert first == again == reverse("import_columns", args=[ImportBatch.objects.get().token])
    assert ImportRow.objects.count() == 1


def test_each_form_has_a_key_of_its_own(client, user):
    client.force_login(user)
    one, other = [client.get(reverse("import_new")).context["form"]["form_key"].value() for _time in range(2)]
    assert one != other


def test_a_mended_file_another_form_another_place_or_user_is_another_import(town, user):
    elsewhere, key = MunicipalityFactory(), uuid4()
    made = {
        sent(town, user, key),
        sent(town, user, key, MENDED),
        sent(town, user, uuid4()),
        sent(elsewhere, user, key),
        sent(town, coordinator_of(town), key),
        sent(town, user, None),
        sent(town, user, None),
    }
    assert len({batch.token for batch in made}) == len(made) == 7


def test_who_comes_back_to_the_form_is_led_to_where_the_import_is(client, town, user):
    key = uuid4()
    batch = sent(town, user, key)
    finish(batch)
    client.force_login(user)
    told = {"form_key": str(key), "file": SimpleUploadedFile("a.csv", SHEET)}
    assert client.post(reverse("import_new"), told).url == reverse("import_done", args=[batch.token])


def test_what_was_undone_can_be_uploaded_again(town, user):
    key = uuid4()
    batch = sent(town, user, key)
    finish(batch)
    ImportBatch.objects.filter(pk=batch.pk).update(undone_at=timezone.now())
    assert sent(town, user, key).token != batch.token


def finish(batch: ImportBatch) -> None:
    """Through to the end, with the answers that suffice."""
    columns = ["contact_on", "name", *[""] * (len(batch.headings) - 2)]
    batch = actions.save_columns(batch=batch, columns=columns, name_order="mixed")
    answers = dict.fromkeys(("notice_version", "notice_language", "stay", "criteria_reason", "goal"), "")
    scope, at = scope_of(batch.by), timezone.now()
    run_import(actions.save_answers(batch=batch, coordinator=batch.by, notice_on=None, scope=scope, at=at, **answers))


@pytest.mark.django_db(transaction=True, serialized_rollback=False)
def test_two_at_the_same_instant_make_one_import(town, user):
    key = uuid4()
    made = at_once(*[lambda: sent(town, user, key)] * 3)
    assert made == [ImportBatch.objects.get()] * 3
    assert ImportRow.objects.count() == 1
