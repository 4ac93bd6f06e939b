"""Many cases at once: the same rows as one by one, the same conditions, few statements."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from auditlog.diff import model_instance_diff
from auditlog.models import LogEntry
from django.db import connection
from django.utils import timezone

from cases import lifecycle
from cases.actions import NewCase, NewStep, add_task, log_event, open_case, open_cases, reach, take_step
from cases.import_models import ImportBatch, ImportRow, ImportStep
from cases.lifecycle import Answers
from cases.models import Case, CasePerson, CaseStay, Channel, Event, EventKind, Task, TaskKind, Transition
from contacts.actions import HouseholdData, NoticeData, PersonData, give_notice, register_household
from contacts.models import Access, Household, HouseholdMember, NoticeGiven, Person, PersonBirth, Relation, Restriction
from crm.audit import deleted_in_bulk
from crm.refusal import Refused
from tests.factories import MunicipalityFactory, coordinator_of
from tests.factories.sheets import checked_import, csv_sheet, many_lines, run_chunk

pytestmark = pytest.mark.django_db

OPENED, ARRIVED, SETTLED = date(2025, 2, 3), date(2025, 3, 4), date(2025, 5, 6)
PEOPLE = (
    (
        PersonData(given_name="Tiina", family_name="Testinen", birth_year=1988, email="Tiina@Example.fi"),
        Relation.CONTACT,
    ),
    (PersonData(age_group="child"), Relation.CHILD),
)
WHY = dict.fromkeys(("home", "livelihood", "school", "registered"), "vanhasta taulukosta")


@pytest.fixture
def town():
    return MunicipalityFactory(prefix="KMJ")


@pytest.fixture
def user(town):
    return coordinator_of(town)


def steps(persons: frozenset[int]) -> list[tuple[lifecycle.Rule, Answers]]:
    return [
        (lifecycle.START_ASSESSMENT, Answers(on=OPENED, on_known=False)),
        (lifecycle.AGREE_PLAN, Answers(on=OPENED, on_known=False)),
        (lifecycle.REGISTER_ARRIVAL, Answers(on=ARRIVED, persons=persons)),
        (lifecycle.CONFIRM_SETTLED, Answers(on=SETTLED, criteria_reasons=WHY)),
    ]


def new_case(user, **changes) -> NewCase:
    household = HouseholdData(
        people=PEOPLE, on=OPENED, moves_from="Oulu", from_country="FI", notice=NoticeData("1", "fi", OPENED)
    )
    told = {
        "household": household,
        "opened_on": OPENED,
        "coordinator": user,
        "channel": Channel.PHONE,
        "goals": ("koti",),
        "notes": ("soitti",),
        "steps": tuple(NewStep(rule, answers) for rule, answers in steps(frozenset({0, 1}))),
    }
    return NewCase(**(told | changes))


def one_by_one(town, user, at) -> Case:
    """The same case through the single actions."""
    household = register_household(
        municipality=town, people=PEOPLE, moves_from="Oulu", from_country="FI", on=OPENED, by=user, at=at
    )
    give_notice(household=household, version="1", language="fi", given_on=OPENED, by=user, at=at)
    case = open_case(household=household, on=OPENED, channel=Channel.PHONE, coordinator=user, by=user, at=at)
    add_task(case=case, kind=TaskKind.GOAL, title="koti", by=user, at=at)
    noon = timezone.make_aware(timezone.datetime(OPENED.year, OPENED.month, OPENED.day, 12))
    log_event(case=case, kind=EventKind.NOTE, happened_at=noon, text="soitti", by=user, at=at)
    persons = frozenset(household.people.values_list("pk", flat=True))
    for rule, answers in steps(persons):
        case = take_step(case=case, rule=rule, answers=answers, by=user, at=at)
    return case


# Keys differ between two rows that say the same, and so does what is told by keys.
KEYS = {"id", "household", "person", "case", "transition", "identity", "reference", "before", "answers", "recorded_at"}


def told(model, **where) -> list[dict]:
    """The rows without their keys, in the order of what they say."""
    names = [field.name for field in model._meta.concrete_fields if field.name not in KEYS]
    return sorted(model.objects.filter(**where).values(*names), key=repr)


def test_bulk_writes_the_rows_that_single_actions_write(town, user):
    at = timezone.now()
    single = one_by_one(town, user, at)
    [bulk] = open_cases(municipality=town, new=[new_case(user)], by=user, at=at)
    bulk = Case.objects.get(pk=bulk.pk)
    assert bulk.reference == "KMJ-2025-0002"
    assert told(Case, pk=bulk.pk) == told(Case, pk=single.pk)
    for model in (Transition, CasePerson, CaseStay, Event, Task):
        assert told(model, case=bulk) == told(model, case=single), model
        assert told(model, case=bulk)
    for model in (Person, HouseholdMember, NoticeGiven):
        assert told(model, household=bulk.household_id) == told(model, household=single.household_id), model
        assert told(model, household=bulk.household_id)
    births = [told(PersonBirth, person__household=case.household_id) for case in (single, bulk)]
    assert births[0] == births[1] != []
    assert told(Household, pk=bulk.household_id) == told(Household, pk=single.household_id)
    assert [list(row.person_facts.order_by("person").values_list("kind", flat=True)) for row in history(bulk)] == [
        list(row.person_facts.order_by("person").values_list("kind", flat=True)) for row in history(single)
    ]


def history(case):
    return case.transitions.order_by("sequence")


def test_the_change_log_knows_who_made_the_household_and_its_people(town, user):
    [case] = open_cases(municipality=town, new=[new_case(user)], by=user, at=timezone.now())
    for model, rows in ((Household, [case.household]), (Person, list(case.household.people.order_by("pk")))):
        entries = LogEntry.objects.get_for_model(model).filter(object_id__in=[row.pk for row in rows])
        assert entries.count() == len(rows)
        assert {(entry.action, entry.actor) for entry in entries} == {(LogEntry.Action.CREATE, user)}


def test_what_is_logged_in_bulk_is_what_the_log_itself_would_write(town, user):
    [case] = open_cases(municipality=town, new=[new_case(user)], by=user, at=timezone.now())
    for row in (case.household, *case.household.people.order_by("pk")):
        made = LogEntry.objects.get_for_object(row).get()
        deleted_in_bulk([row], by=user)
        deleted = LogEntry.objects.get_for_object(row).get(action=LogEntry.Action.DELETE)
        for entry, before, after in ((made, None, row), (deleted, row, None)):
            columns = {field.name for field in row._meta.concrete_fields}  # it also tells the name of each manager
            expected = model_instance_diff(before, after)
            assert entry.changes == {name: list(told) for name, told in expected.items() if name in columns}


def test_a_restricted_household_names_who_records_it(town, user):
    household = HouseholdData(people=PEOPLE, on=OPENED, restricted_because="uhka")
    [case] = open_cases(
        municipality=town, new=[new_case(user, household=household, steps=())], by=user, at=timezone.now()
    )
    assert case.restricted
    assert "KMJ" not in case.reference
    assert Access.objects.get(household=case.household).user == user
    assert Restriction.objects.get(household=case.household).reason == "uhka"
    assert all(person.restricted for person in case.household.people.order_by("pk"))


def test_references_go_by_the_year_of_each_case_in_order(town, user):
    years = [2024, 2025, 2024, 2025, 2024]
    new = [new_case(user, opened_on=date(year, 2, 3), steps=()) for year in years]
    cases = open_cases(municipality=town, new=new, by=user, at=timezone.now())
    assert [case.reference for case in cases] == [
        "KMJ-2024-0001",
        "KMJ-2025-0001",
        "KMJ-2024-0002",
        "KMJ-2025-0002",
        "KMJ-2024-0003",
    ]


def test_one_step_that_may_not_be_taken_refuses_all(town, user):
    unfounded = new_case(user, goals=())
    with pytest.raises(Refused, match="Suunnitelma on tyhjä"):
        open_cases(municipality=town, new=[new_case(user), unfounded], by=user, at=timezone.now())
    assert not Household.objects.exists()


def test_nothing_is_opened_in_the_future(town, user, today):
    with pytest.raises(Refused):
        open_cases(
            municipality=town,
            new=[new_case(user, opened_on=today + timedelta(days=1), steps=())],
            by=user,
            at=timezone.now(),
        )


@pytest.mark.parametrize(
    ("changes", "taken", "lacks"),
    [
        ({}, 4, []),
        ({"goals": ()}, 1, ["plan_item"]),
        ({"coordinator": None}, 0, ["coordinator"]),
        ({"opened_on": date(2999, 1, 1)}, 0, ["not_in_future"]),
        ({"household": HouseholdData(people=PEOPLE, on=OPENED)}, 0, ["notice_given"]),
        ({"household": HouseholdData(people=PEOPLE[1:], on=OPENED)}, 0, ["named_person", "notice_given"]),
    ],
)
def test_how_far_a_case_may_come(town, user, today, changes, taken, lacks):
    found, unmet = reach(new_case(user, **changes), municipality=town, today=today)
    assert (found, [need.code for need in unmet]) == (taken, lacks)


# Few statements for any number of rows


class Counted:
    """Counts statements without keeping them: those of a bulk insert are megabytes long."""

    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute, sql, params, many, context):
        self.statements += 1
        return execute(sql, params, many, context)


def statements_of(work) -> int:
    counted = Counted()
    with connection.execute_wrapper(counted):
        work()
    return counted.statements


def test_as_many_statements_for_five_hundred_as_for_ten(town, user):
    def opening(count):
        new = [new_case(user) for _ in range(count)]
        return statements_of(lambda: open_cases(municipality=town, new=new, by=user, at=timezone.now()))

    opening(1)  # content types are read once a process
    assert opening(500) <= opening(10) + 6 <= 30  # a database may split a long insert
    assert Case.objects.count() == 511


def test_a_sheet_of_many_rows_takes_few_statements(town, user):
    content = csv_sheet(many_lines(1200))
    assert statements_of(lambda: checked_import(town, user, content, goal="koti")) <= 60
    batch = ImportBatch.objects.get()
    chunks = []
    while batch.step != ImportStep.DONE:
        chunks.append(statements_of(lambda: run_chunk(batch)))  # noqa: B023 (called at once)
        batch = ImportBatch.objects.get()
    assert len(chunks) == 3
    assert max(chunks) <= 45, chunks
    assert Case.objects.count() == ImportRow.objects.filter(case__isnull=False).count() > 1150
