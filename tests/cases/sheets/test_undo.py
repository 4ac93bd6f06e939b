"""Undoing an import: all of it goes and nothing else; once somebody has worked on it, it stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.utils import timezone

from cases.actions import add_task, edit_case, log_event, restrict_household, set_task_done, take_step
from cases.import_models import ImportBatch, ImportRow, ImportStep
from cases.lifecycle import CLOSE, Answers
from cases.models import Case, EventKind, Task, TaskKind
from cases.sheets import actions
from cases.sheets import undo as undoing
from cases.sheets.undo import seal_imports, undo_batch
from contacts.actions import PersonData, add_member, edit_origin, edit_person, give_notice, register_household
from contacts.models import Household, Person
from crm.refusal import Refused
from tests.factories import MunicipalityFactory, case_of, coordinator_of, scope_of
from tests.factories.sheets import Line, checked_import, csv_sheet, run_chunk, run_import

pytestmark = pytest.mark.django_db

LINES = [
    Line(name="Testinen, Tiina", size="2+2", stage="asuu 22.4. alk.", note="koira"),
    Line(name="Muu, Meri", stage="suunnitelma"),
    Line(name="Salattu, Sanni", stage="tauolla", note="turvakielto"),
]


@pytest.fixture
def user():
    return coordinator_of(MunicipalityFactory())


@pytest.fixture
def later():
    return timezone.now() + timedelta(minutes=10)


def checked(user, lines=LINES) -> ImportBatch:
    municipality = user.memberships.get().group.role_group.municipality
    return checked_import(municipality, user, csv_sheet(lines), goal="koti")


def imported(user, lines=LINES) -> ImportBatch:
    return run_import(checked(user, lines))


def undo(batch: ImportBatch, user) -> ImportBatch:
    return undo_batch(batch=batch, scope=scope_of(user), by=user, at=timezone.now())


def counts() -> dict[str, int]:
    """Rows of every table of the domain; the log and the import's own tables apart."""
    return {
        model._meta.label: model._default_manager.count()
        for app in ("contacts", "cases", "projects")
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.startswith("Import") and model.__name__ != "ReferenceCounter"
    }


def case_named(name: str) -> Case:
    return Case.objects.select_related("household").get(household__name=name)


def test_everything_it_made_goes_and_nothing_else(user):
    case_of(user.memberships.get().group.role_group.municipality, user)
    before = counts()
    batch = imported(user)
    assert counts()["cases.Case"] == before["cases.Case"] + 3
    batch = undo(batch, user)
    assert counts() == before
    assert batch.step == ImportStep.CHECK
    assert ImportRow.objects.filter(batch=batch, case__isnull=True, fate__in=["new", "stops"]).count() == 3


def test_what_was_made_and_deleted_is_in_the_change_log(user):
    batch = imported(user)
    people = set(Person.objects.values_list("pk", flat=True))
    undo(batch, user)
    for action in (LogEntry.Action.CREATE, LogEntry.Action.DELETE):
        entries = LogEntry.objects.get_for_model(Person).filter(action=action, actor=user)
        assert set(entries.values_list("object_id", flat=True)) == people


def test_after_an_undo_the_rows_can_be_imported_again(user):
    batch = run_import(undo(imported(user), user))
    assert Case.objects.count() == 3
    assert batch.step == ImportStep.DONE
    assert Case.objects.values("reference").distinct().count() == 3


def test_half_an_import_can_be_undone(user, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 2)
    batch = checked(user)
    batch = run_chunk(batch)
    assert batch.step == ImportStep.RUNNING
    undo(batch, user)
    assert not Case.objects.exists()


def test_there_is_nothing_to_undo_before_it_has_run(user):
    batch = checked(user)
    with pytest.raises(Refused):
        undo(batch, user)


def a_call(case, by, at):
    log_event(case=case, kind=EventKind.CALL, happened_at=at, by=by, at=at)


def a_step(case, by, at):
    take_step(case=case, rule=CLOSE, answers=Answers(on=timezone.localdate(at), reason="no_reply"), by=by, at=at)


def a_task(case, by, at):
    add_task(case=case, kind=TaskKind.TASK, title="Soita", by=by, at=at)


def a_goal_reached(case, by, at):
    set_task_done(task=Task.objects.get(case=case), done=True, by=by, at=at)


def a_fact(case, by, at):
    edit_case(case=case, changes={"stay": "permanent"}, by=by, at=at)


def a_name(case, by, at):
    person = case.household.people.order_by("pk")[0]
    edit_person(person=person, data=PersonData(given_name="Tiina", family_name="Toinen"), by=by, at=at)


def a_member(case, by, at):
    add_member(household=case.household, data=PersonData(), relation="child", on=case.opened_on, by=by, at=at)


def an_origin(case, by, at):
    edit_origin(household=case.household, moves_from="Kuopio", from_country="FI", by=by)


def a_notice(case, by, at):
    give_notice(household=case.household, version="2", language="fi", given_on=case.opened_on, by=by, at=at)


def a_restriction(case, by, at):
    restrict_household(household=case.household, reason="uhka", on=timezone.localdate(at), by=by, at=at)


@pytest.mark.parametrize(
    "work",
    [a_call, a_step, a_task, a_goal_reached, a_fact, a_name, a_member, an_origin, a_notice, a_restriction],
    ids=lambda work: work.__name__,
)
def test_once_worked_on_it_stays_and_says_which_case(user, later, work):
    batch = imported(user)
    case = case_named("Tiina Testinen")
    work(case, user, later)
    before = counts()
    with pytest.raises(Refused) as refused:
        undo(batch, user)
    assert Case.objects.get(pk=case.pk).reference in str(refused.value)
    assert case_named("Meri Muu").reference not in str(refused.value)
    assert counts() == before
    assert ImportBatch.objects.get(pk=batch.pk).step == ImportStep.DONE


@pytest.mark.django_db(transaction=True)
def test_what_refers_to_a_case_at_the_end_refuses_the_undoing(user, monkeypatch):
    """The locks keep actions waiting (see test_two_at_once); whatever goes past them meets the database's own check."""
    batch = imported(user)
    entry = case_named("Tiina Testinen").events.order_by("pk")[0]
    delete = undoing._delete

    def delete_while_something_is_written(made, by):
        delete(made, by)
        entry.pk = None
        entry.save(force_insert=True)

    monkeypatch.setattr(undoing, "_delete", delete_while_something_is_written)
    with pytest.raises(Refused):
        undo(batch, user)
    assert Case.objects.count() == 3
    assert ImportBatch.objects.get().step == ImportStep.DONE


def test_the_work_on_a_case_one_may_not_know_of_refuses_without_its_reference(user, later):
    batch = imported(user)
    case = case_named("Sanni Salattu")
    a_call(case, user, later)
    case.household.accesses.update(ends=timezone.localdate() - timedelta(days=1), starts=date(2025, 1, 1))
    with pytest.raises(Refused) as refused:
        undo(batch, user)
    assert case.reference not in str(refused.value)


def test_anothers_import_that_saw_a_duplicate_here_only_forgets_whom(user):
    first = imported(user)
    second = imported(user)
    assert ImportRow.objects.filter(batch=second, duplicate_of__isnull=False).count() == 3
    undo(first, user)
    assert ImportRow.objects.filter(batch=second, duplicate_of__isnull=False).count() == 0
    assert ImportRow.objects.filter(batch=second, duplicate=True).count() == 3


def test_a_new_case_of_an_imported_household_is_work(user, later):
    batch = imported(user)
    household = case_named("Tiina Testinen").household
    a_step(case_named("Tiina Testinen"), user, later)
    case_of(household.municipality, user, household=household)
    with pytest.raises(Refused):
        undo(batch, user)
    assert Household.objects.filter(pk=household.pk).exists()


def test_people_registered_by_hand_meanwhile_are_left_alone(user, later):
    batch = imported(user)
    register_household(
        municipality=batch.municipality,
        people=((PersonData(given_name="Oma"), "contact"),),
        on=date(2025, 5, 5),
        by=user,
        at=later,
    )
    undo(batch, user)
    assert list(Household.objects.values_list("name", flat=True)) == ["Oma"]


def seal(batch: ImportBatch, *, through: date, municipality=None) -> int:
    return seal_imports(municipalities=[municipality or batch.municipality_id], through=through, at=timezone.now())


def test_what_a_sealed_report_counts_stays_and_it_is_said_why(user):
    batch = imported(user)
    assert seal(batch, through=date(2025, 2, 3)) == 1  # the day of the first contacts
    with pytest.raises(Refused, match="sinetöityyn raporttiin"):
        undo(batch, user)
    assert Case.objects.count() == 3
    assert seal(batch, through=date(2025, 2, 3)) == 0  # sealed once


def test_a_report_on_others_or_on_the_time_before_does_not_hinder_the_undoing(user):
    batch = imported(user)
    assert seal(batch, through=date(2025, 2, 2)) == 0
    assert seal(batch, through=date(2025, 2, 3), municipality=MunicipalityFactory().pk) == 0
    undo(batch, user)
    assert not Case.objects.exists()


def test_what_is_not_imported_yet_is_in_no_report(user):
    batch = checked(user)
    assert seal(batch, through=timezone.localdate()) == 0
    assert run_import(batch).sealed_at is None
