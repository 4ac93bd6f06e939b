"""An import and somebody else at the same moment, in real threads."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import date_format

from cases.actions import log_event, record_person_fact, restrict_household
from cases.import_models import ImportBatch, ImportStep
from cases.models import Case, Event, EventKind, PersonFactKind
from cases.sheets import undo as undoing
from cases.sheets.undo import undo_batch
from cases.views import members
from contacts.actions import give_notice
from contacts.models import NoticeGiven
from crm.refusal import Refused
from tests.cases.conftest import CasePage
from tests.cases.test_two_at_once import at_once, told
from tests.factories import MunicipalityFactory, coordinator_of, scope_of
from tests.factories.sheets import Line, checked_import, csv_sheet, run_chunk, run_import

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=False)


def test_the_rows_are_written_once():
    town = MunicipalityFactory()
    lines = [Line(name="Kuusela, Otso", stage="tauolla"), Line(name="Rautio, Hilla")]
    batch = checked_import(town, coordinator_of(town), csv_sheet(lines))
    after = at_once(lambda: run_chunk(batch), lambda: run_chunk(batch))
    assert [answer.step for answer in after] == [ImportStep.DONE, ImportStep.DONE]
    assert Case.objects.count() == 2
    assert ImportBatch.objects.get().rows_done == 2


A_MOMENT = 0.5  # seconds in which the other one would get through, were nothing held


def a_note(case: Case) -> None:
    at = timezone.now() + timedelta(minutes=10)
    log_event(case=case, kind=EventKind.NOTE, happened_at=at, text="soitti", by=case.coordinator, at=at)


def a_notice(case: Case) -> None:
    at = timezone.now() + timedelta(minutes=10)
    give_notice(
        household=case.household, version="2", language="fi", given_on=case.opened_on, by=case.coordinator, at=at
    )


def outcome(call) -> Exception | None:
    """What the call says to whoever made it: None where it was done."""
    try:
        call()
    except Exception as told:
        return told
    return None


@pytest.fixture
def case():
    town = MunicipalityFactory()
    run_import(checked_import(town, coordinator_of(town), csv_sheet([Line(name="Kuusela, Otso")])))
    return Case.objects.select_related("household", "coordinator").get()


def undo(case: Case) -> None:
    user = case.coordinator
    undo_batch(batch=ImportBatch.objects.get(), scope=scope_of(user), by=user, at=timezone.now())


@pytest.mark.parametrize("work", [a_note, a_notice])
def test_what_is_written_between_the_check_and_the_deleting_is_not_lost_unnoticed(case, monkeypatch, work):
    checked, written = threading.Event(), threading.Event()
    delete = undoing._delete

    def delete_after_a_while(made, by):
        checked.set()
        written.wait(A_MOMENT)
        delete(made, by)

    def write() -> Exception | None:
        checked.wait(20)
        told = outcome(lambda: work(case))
        written.set()
        return told

    monkeypatch.setattr(undoing, "_delete", delete_after_a_while)
    undone, told = at_once(lambda: outcome(lambda: undo(case)), write)
    assert undone is None
    assert told is not None  # whoever wrote knows that it was not kept
    assert not Case.objects.exists()


@pytest.mark.parametrize("work", [a_note, a_notice])
def test_what_is_being_written_when_an_import_is_undone_is_seen(case, work):
    writing, tried = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            work(case)
            writing.set()
            tried.wait(A_MOMENT)

    def undo_meanwhile() -> Exception | None:
        writing.wait(20)
        told = outcome(lambda: undo(case))
        tried.set()
        return told

    told, wrote = at_once(undo_meanwhile, lambda: outcome(write))
    assert (type(told), wrote) == (Refused, None)
    assert Case.objects.exists()
    assert Event.objects.filter(text="soitti").exists() or NoticeGiven.objects.filter(version="2").exists()


def test_whose_form_waits_for_a_case_that_is_deleted_is_told_that_it_is_gone(case, monkeypatch):
    page = CasePage(case.coordinator, case)
    filled_in = told(page, "close", reason="no_reply")
    answer = _while_undoing(case, monkeypatch, lambda: page.send("case_step", "close", **filled_in))
    assert answer.status_code == 404
    assert not Case.objects.exists()


def test_what_an_action_did_not_find_is_in_the_log(case, monkeypatch, caplog):
    page = CasePage(case.coordinator, case)
    form = page.open("case_log", "note").context["form"]
    note = {"on": form["on"].value(), "time": form["time"].value(), "text": "soitti"}
    answer = _while_undoing(case, monkeypatch, lambda: page.send("case_log", "note", **note))
    assert answer.status_code == 404
    [line] = [line for line in caplog.records if line.name == "crm.middleware"]
    assert (line.levelname, line.exc_info[0]) == ("WARNING", Case.DoesNotExist)
    assert page.address("case_log", "note") in line.getMessage()


def _while_undoing(case: Case, monkeypatch, ask):
    """What `ask` gives that is asked once the undoing holds everything and deletes nothing yet."""
    checked = threading.Event()
    delete = undoing._delete

    def delete_after_a_while(made, by):
        checked.set()
        time.sleep(A_MOMENT)
        delete(made, by)

    def ask_meanwhile():
        checked.wait(20)
        return ask()

    monkeypatch.setattr(undoing, "_delete", delete_after_a_while)
    undone, answer = at_once(lambda: outcome(lambda: undo(case)), ask_meanwhile)
    assert undone is None
    return answer


def restrict(case: Case) -> None:
    told = {"reason": "uhka", "named": [case.coordinator], "on": timezone.localdate(), "at": timezone.now()}
    restrict_household(household=case.household, by=case.coordinator, **told)


def leave(page: CasePage, person) -> dict:
    """The address of the dialog in which they leave, and what it sends."""
    told = {
        "persons": [person.pk],
        "on": date_format(timezone.localdate(), "SHORT_DATE_FORMAT"),
        "version": page.version,
    }
    return {"name": "case_people", "argument": "left", "told": told}


def take_leaving_back(page: CasePage, person) -> dict:
    at = timezone.now() - timedelta(minutes=1)
    told_of = {"kind": PersonFactKind.LEFT, "persons": {person.pk}, "on": timezone.localdate(at)}
    record_person_fact(case=page.case, by=page.user, at=at, **told_of)
    fact = page.case.person_facts.get(kind=PersonFactKind.LEFT)
    return {"name": "case_person_take_back", "argument": fact.pk, "told": {"why": "erehdys", "version": page.version}}


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
@pytest.mark.parametrize("other", [undo, restrict])
@pytest.mark.parametrize("dialog", [leave, take_leaving_back])
def test_who_leaves_and_who_holds_the_household_do_not_wait_for_each_other(monkeypatch, dialog, other):
    town = MunicipalityFactory()
    lines = [Line(name="Kuusela, Otso", size="2+2", stage="asuu 22.4. alk.")]
    run_import(checked_import(town, coordinator_of(town), csv_sheet(lines), goal="koti"))
    case = Case.objects.select_related("household", "coordinator").get()
    page = CasePage(case.coordinator, case)
    form = dialog(page, case.household.people.order_by("pk").last())
    opened = threading.Event()
    open_case = members.opened_case

    def open_and_wait(*args, **told):
        found = open_case(*args, **told)
        opened.set()
        time.sleep(A_MOMENT)
        return found

    def meanwhile():
        opened.wait(20)
        return outcome(lambda: other(case))

    monkeypatch.setattr(members, "opened_case", open_and_wait)
    done, answer = at_once(meanwhile, lambda: page.send(form["name"], form["argument"], **form["told"]))
    assert answer.status_code == HTTPStatus.FOUND
    assert type(done) is (Refused if other is undo else type(None))
    left = case.person_facts.standing().filter(kind=PersonFactKind.LEFT)
    assert left.count() == (1 if dialog is leave else 0)
