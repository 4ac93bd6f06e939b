"""Cells longer than the register has room for: cut, with the whole text in the note."""

from __future__ import annotations

import pytest

from cases.import_models import ImportBatch
from cases.lifecycle import State
from cases.models import Case
from cases.sheets import actions
from contacts.models import Person
from tests.cases.sheets.test_flow import answer_columns, upload
from tests.factories import MunicipalityFactory, coordinator_of
from tests.factories.sheets import checked_import, csv_sheet, run_import
from tests.test_pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return MunicipalityFactory(name_fi="Kemijärvi", prefix="KMJ")


@pytest.fixture
def user(town):
    return coordinator_of(town)


def line(*, name: str = "Testinen, Tiina", stage: str = "", email: str = "", note: str = "") -> list[str]:
    return ["18.3.2025", name, "", email, "Oulu", "", "1", "", stage, note]


@pytest.mark.parametrize(
    "name", ["a" * 250, " ".join(["Annikki"] * 14), f"{'Y' * 120}, {'Z' * 120}", "Åäö " * 60], ids=len
)
def test_a_long_name_is_cut_and_kept_whole_in_the_note(town, user, name):
    run_import(checked_import(town, user, csv_sheet([line(name=name)])))
    person = Person.objects.get()
    assert 0 < len(person.given_name + person.family_name) <= 160
    assert name.strip() in Case.objects.get().events.get(kind="note").text


def test_an_address_too_long_for_one_is_kept_in_the_note(town, user):
    address = f"tiina@{'.'.join(['a' * 60] * 5)}.example.fi"
    run_import(checked_import(town, user, csv_sheet([line(email=address)])))
    assert Person.objects.get().email == ""
    assert address in Case.objects.get().events.get(kind="note").text


@pytest.mark.parametrize(("length", "is_cut"), [(4_900, False), (5_100, True), (30_000, True)])
def test_a_long_note_is_whole_or_it_is_said_that_its_end_lacks(town, user, length, is_cut):
    text = "".join("soitti " for _ in range(length // 7 + 1))[:length].strip()
    batch = checked_import(town, user, csv_sheet([line(note=text)]))
    codes = [code for code, _parameters in batch.rows.get().remarks]
    assert ("cut" in codes) is is_cut
    run_import(batch)
    note = Case.objects.get().events.get(kind="note").text
    assert text[:4_000] in note
    assert (text in note) is not is_cut


@pytest.mark.parametrize("begins", ["tauolla", "päättynyt"])
def test_a_long_text_about_the_stage_is_kept_in_the_note(town, user, begins):
    text = f"{begins} {'koska asunto puuttuu ' * 40}".strip()
    run_import(checked_import(town, user, csv_sheet([line(stage=text)])))
    case = Case.objects.get()
    assert case.state in (State.PAUSED, State.CLOSED)
    assert text in case.events.get(kind="note").text


def test_a_column_of_free_texts_is_not_asked_about_word_by_word(town, user, monkeypatch):
    monkeypatch.setattr(actions, "MOST_WORDS", 3)
    client = signed_in(user)
    upload(client, csv_sheet([line(stage=f"teksti {letter * 3}") for letter in "abcd"]))
    batch = ImportBatch.objects.get()
    response = answer_columns(client, batch)
    assert response.status_code == 422
    assert "on yli 3 erilaista tekstiä" in response.content.decode()
    batch.refresh_from_db()
    assert batch.columns == []
