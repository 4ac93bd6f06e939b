"""Saved figures are the figures counted anew, whatever happened before and after they were saved."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Event, Thread

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cases import lifecycle
from cases.actions import edit_case, record_person_fact, restrict_household, take_back_last
from cases.lifecycle import State
from cases.models import PersonFactKind
from contacts.actions import PersonData, edit_person, give_access
from contacts.models import HouseholdMember, Person
from crm.roles import Role
from reports import saving
from reports.models import SavedFigures, SavedMonth, SavedRow
from reports.rows import RowKind
from reports.saving import refresh
from tests.factories import FAMILY, MunicipalityFactory, case_of, coordinator_of, give, joint_project, member
from tests.reports.histories import mover, nonzero, selection_of, step, table, values
from tests.reports.town import LAST, Town, counted, delete_household, recounted


@given(st.lists(st.tuples(st.sampled_from(Town.ACTS), *[st.integers(0, 999)] * 4), min_size=8, max_size=30))
@settings(
    max_examples=8,
    phases=[Phase.generate],  # to make a history that fails smaller takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@pytest.mark.django_db
def test_whatever_happens_before_and_after_saving(monkeypatch, acts) -> None:
    with transaction.atomic(), monkeypatch.context() as clock:
        town = Town(clock)
        for act, *numbers in acts:
            town.act(act, *numbers)
            if act == "save":
                town.check()
        town.act("save", 1, 1, 1, 1)
        town.check()
        transaction.set_rollback(True)


@pytest.fixture
def posio(db):
    return MunicipalityFactory(name_fi="Posio")


@pytest.fixture
def maija(posio):
    return coordinator_of(posio)


@pytest.fixture
def later():
    """A moment at which what a test has recorded is no longer counted anew."""
    return timezone.now() + timedelta(minutes=5)


DATES = {"opened": date(2025, 1, 10), "arrived": date(2025, 2, 1), "settled": date(2025, 3, 1)}


def is_right(*users) -> bool:
    return all(counted(selection) == recounted(selection) for selection in map(selection_of, users))


@pytest.mark.django_db
def test_what_can_count_twice_counts_once(monkeypatch) -> None:
    """Every way in which a household has several rows of a kind, before and after it is saved, and when it changes."""
    with monkeypatch.context() as clock:
        town = Town(clock)
        posio, maija, at = town.posio, town.maija, town.now
        opened, arrived, settled = date(LAST, 1, 10), date(LAST, 2, 1), date(LAST, 3, 1)
        again = mover(posio, maija, opened=opened, lost=date(LAST, 4, 5))
        mover(posio, maija, opened=date(LAST, 7, 20), household=again.household, lost=date(LAST, 9, 1))
        in_parts = mover(posio, maija, opened=opened, people=FAMILY)
        first, second, third = in_parts.household.people.order_by("pk").values_list("pk", flat=True)
        step(in_parts, lifecycle.REGISTER_ARRIVAL, arrived, maija, persons=frozenset({first, second}))
        told = {"persons": [third], "on": date(LAST, 5, 4), "by": maija, "at": at}
        record_person_fact(case=in_parts, kind=PersonFactKind.ARRIVED, **told)
        changing = mover(posio, maija, opened=opened, arrived=arrived, settled=settled, people=FAMILY, stay="permanent")
        edit_case(case=changing, changes={"stay": "uncertain"}, stay_since=date(LAST, 6, 15), by=maija, at=at)
        reopened = mover(posio, maija, opened=opened, lost=date(LAST, 3, 3))
        reopened = step(reopened, lifecycle.REOPEN, date(LAST, 3, 20), maija)
        reopened = step(reopened, lifecycle.PAUSE, date(LAST, 5, 2), maija)
        step(reopened, lifecycle.CLOSE, date(LAST, 6, 2), maija, reason="no_work")
        left = mover(posio, maija, opened=opened, arrived=arrived, settled=settled, people=FAMILY)
        told |= {"persons": [left.household.people.order_by("pk").first().pk], "on": date(LAST, 8, 8)}
        record_person_fact(case=left, kind=PersonFactKind.LEFT, **told)
        shared, other, restricted, barred = (
            mover(place, maija, opened=opened, arrived=arrived, settled=settled, people=FAMILY)
            for place in (posio, town.pello, posio, town.pello)
        )
        people = other.household.people.order_by("pk")
        people.filter(pk=people[0].pk).update(identity=shared.household.people.order_by("pk")[0].identity)
        told = {"reason": "syy", "by": maija, "at": at}
        restrict_household(household=restricted.household, named=[maija], on=opened, **told)
        give_access(household=barred.household, user=town.barred, kind="barred", starts=opened, **told)
        town.check()
        town.act("save", 1, 1, 1, 1)
        town.check()
        for case in (again, in_parts, changing, left, shared, restricted, barred):
            edit_case(case=case, changes={"stay": "seasonal"}, by=maija, at=town.now)
        town.check()
        for case in (changing, shared, restricted):
            take_back_last(case=case, why="virhe", by=maija, at=town.now)
        town.check()
        town.act("save", 1, 1, 1, 1)
        town.check()


# What is saved


def test_saved_figures_are_read_from_months(posio, maija, later) -> None:
    mover(posio, maija, people=FAMILY, stay="permanent", **DATES)
    refresh(at=later)
    SavedMonth.objects.filter(kind=RowKind.SETTLED).update(persons=40)
    assert values(table("settled", selection_of(maija))) == {"settled": 40}
    SavedRow.objects.all().delete()
    assert nonzero(table("new_residents", selection_of(maija))) == {"7-15": 1, "16-64": 2, "total": 3}


def test_who_could_count_twice_is_not_summed(posio, maija, later) -> None:
    _once, twice, named, shared, other = (mover(posio, maija, **DATES) for _number in range(5))
    step(twice, lifecycle.MOVE_AWAY, date(2025, 4, 1), maija)
    mover(posio, maija, opened=date(2025, 6, 1), household=twice.household)
    restrict_household(household=named.household, reason="syy", named=[maija], on=date(2025, 4, 1), by=maija, at=later)
    identity = other.household.people.get().identity
    Person.objects.filter(household=shared.household).update(identity=identity)
    refresh(at=later)
    apart = SavedRow.objects.filter(is_summed=False)
    assert set(apart.values_list("household", flat=True).order_by("pk")) == {
        case.household_id for case in (twice, named, shared, other)
    }
    assert list(apart.filter(household=twice.household).order_by("pk").values_list("kind", flat=True)) == [
        RowKind.OPENED,
        RowKind.OPENED,
    ]
    assert is_right(maija, member(Role.MANAGER, posio))


def _named(case, by, at) -> None:
    data = PersonData(given_name="Muuttaja", birth_year=2015)
    edit_person(person=case.household.people.order_by("pk")[0], data=data, by=by, at=at)


def _born(case, by, at) -> None:
    data = PersonData(birth_year=2015)
    edit_person(person=case.household.people.order_by("pk")[0], data=data, by=by, at=at)


def _left(case, by, at) -> None:
    people = case.household.people.order_by("pk").values_list("pk", flat=True)
    record_person_fact(case=case, kind=PersonFactKind.LEFT, persons=people[:1], on=date(2025, 8, 1), by=by, at=at)


def _known_elsewhere(case, by, at) -> None:
    other = mover(MunicipalityFactory(name_fi="Pello"), by, **DATES)
    HouseholdMember.objects.filter(household=other.household).update(recorded_at=at)
    give(by, Role.COORDINATOR, other.municipality)
    identity = case.household.people.order_by("pk")[0].identity
    other.household.people.update(identity=identity)


@pytest.mark.parametrize(
    "change",
    [
        _named,
        _born,
        _left,
        _known_elsewhere,
        lambda case, by, at: edit_case(case=case, changes={"stay": "seasonal"}, by=by, at=at),
        lambda case, by, at: take_back_last(case=case, why="virhe", by=by, at=at),
        lambda case, by, at: restrict_household(
            household=case.household, reason="syy", named=[by], on=date(2025, 5, 1), by=by, at=at
        ),
    ],
)
def test_each_fact_that_is_recorded_later_is_read(posio, maija, later, change) -> None:
    anonymous = tuple((PersonData(), relation) for _person, relation in FAMILY)
    case = mover(posio, maija, people=anonymous, stay="permanent", **DATES)
    mover(posio, maija, people=FAMILY, **DATES)
    users = [maija, coordinator_of(posio), member(Role.MANAGER, posio)]
    refresh(at=later)
    before = [counted(selection_of(user)) for user in users]
    change(case, maija, later)
    assert [counted(selection_of(user)) for user in users] != before
    assert is_right(*users)
    refresh(at=later + timedelta(minutes=5))
    assert is_right(*users)


def test_what_was_begun_before_saving_and_committed_after_it_counts(posio, maija) -> None:
    start = timezone.now()
    refresh(at=start + saving.STILL_COMING)
    mover(posio, maija, **DATES)
    assert values(table("settled", selection_of(maija))) == {"settled": 1}


def test_an_import_that_is_undone_leaves_nothing(posio, maija, later) -> None:
    mover(posio, maija, **DATES)
    undone = mover(posio, maija, people=FAMILY, **DATES)
    refresh(at=later)
    delete_household(undone.household)
    assert values(table("settled", selection_of(maija))) == {"settled": 1}
    refresh(at=later + timedelta(minutes=1))
    assert not SavedRow.objects.filter(household=None).exists()
    assert values(table("settled", selection_of(maija))) == {"settled": 1}


def test_recounting_everything_says_how_many_differed_and_mends_them(posio, maija, later, capsys) -> None:
    mover(posio, maija, **DATES)
    mover(posio, maija, **DATES)
    refresh(at=later)
    wrong = SavedRow.objects.filter(kind=RowKind.SETTLED).order_by("pk")[0]
    SavedRow.objects.filter(pk=wrong.pk).update(persons=7)
    SavedMonth.objects.all().delete()
    call_command("figures", all=True)
    assert capsys.readouterr().out == "Recounted 2 households; 1 differed.\n"
    assert is_right(maija)
    call_command("figures", all=True)
    assert capsys.readouterr().out == "Recounted 2 households; 0 differed.\n"


# Who saves


def test_one_process_saves_at_a_time(posio, maija, later, capsys) -> None:
    refresh(at=later)
    SavedFigures.objects.update(claim="00000000-0000-4000-8000-000000000000", claimed_at=later)
    call_command("figures")
    assert capsys.readouterr().out == "Another process is saving the figures.\n"
    assert refresh(at=later + saving.CLAIM_ENDS + timedelta(seconds=1)) is not None


def test_whoever_lost_the_claim_writes_nothing_more(posio, maija, later, monkeypatch) -> None:
    refresh(at=later)
    mover(posio, maija, **DATES)

    def taken_over(*args):
        SavedFigures.objects.update(claim="00000000-0000-4000-8000-000000000000")
        return {maija.pk}

    monkeypatch.setattr(saving, "changed", taken_over)
    with pytest.raises(saving.ClaimLost):
        refresh(at=later)
    assert not SavedRow.objects.exists()


def test_a_thread_refreshes_until_it_is_told_to_stop(posio, maija, monkeypatch, caplog) -> None:
    stop, done = Event(), []

    def refresh_or_fail(*, at) -> None:
        done.append(at)
        if len(done) == 1:
            raise ConnectionError
        stop.set()

    monkeypatch.setattr(saving, "EVERY", timedelta(milliseconds=1))
    monkeypatch.setattr(saving, "refresh", refresh_or_fail)
    monkeypatch.setattr(connection, "close", lambda: None)
    saving.keep_fresh(stop)
    assert len(done) == 2
    assert "could not refresh the saved figures" in caplog.text


def test_nobody_refreshes_what_another_worker_has_just_refreshed(posio, later) -> None:
    refresh(at=later)
    assert not saving._is_due(later + timedelta(seconds=50))
    assert saving._is_due(later + timedelta(seconds=60))


# What it costs


@pytest.mark.parametrize("state", ["nothing saved", "saved", "changed"])
@pytest.mark.parametrize("name", ["results", "report"])
def test_a_page_costs_few_statements_and_writes_nothing(
    client, posio, maija, later, name, state, django_assert_max_num_queries
) -> None:
    pello = MunicipalityFactory(name_fi="Pello")
    joint_project(posio, pello)
    lead = member(Role.PROJECT_LEAD, joint_project(posio, pello))
    give(lead, Role.COORDINATOR, posio)
    cases = [mover(place, coordinator_of(place), people=FAMILY, **DATES) for place in (posio, pello) * 2]
    if state != "nothing saved":
        refresh(at=later)
    if state == "changed":
        for case in cases[:3]:
            edit_case(case=case, changes={"stay": "seasonal"}, by=maija, at=later)
    before = list(SavedFigures.objects.order_by("pk").values()), list(SavedRow.objects.order_by("pk").values())
    client.force_login(lead)
    places = {"municipality": [posio.code, pello.code], "period": "2025"}
    with django_assert_max_num_queries(12):
        assert client.get(reverse(name), places).status_code == 200
    assert before == (
        list(SavedFigures.objects.order_by("pk").values()),
        list(SavedRow.objects.order_by("pk").values()),
    )


@pytest.mark.parametrize("is_saved", [False, True])
def test_the_cases_behind_a_figure_are_those_counted(client, posio, maija, later, is_saved) -> None:
    first = mover(posio, maija, people=FAMILY, **DATES)
    second = mover(posio, maija, **DATES | {"settled": date(2025, 9, 1)})
    mover(posio, maija, opened=date(2025, 5, 1))
    gone = mover(posio, maija, **DATES)
    if is_saved:
        refresh(at=later)
    take_back_last(case=gone, why="virhe", by=maija, at=later)
    client.force_login(maija)
    response = client.get(reverse("figure", args=("settled", "settled")), {"period": "2025"})
    assert [(case.pk, persons) for case, persons in response.context["rows"]] == [(second.pk, 1), (first.pk, 3)]
    assert response.context["persons"] == 4


# Beside each other, in real threads


@pytest.mark.django_db(transaction=True, serialized_rollback=False)
def test_whoever_reads_while_others_write_and_save_never_sees_half() -> None:
    """A refresh that is seen half would lose or double those whose rows it replaces: here all of them, all the time."""
    posio = MunicipalityFactory(name_fi="Posio")
    maija = coordinator_of(posio)

    def settle() -> None:
        case_of(posio, maija, state=State.SETTLED, people=FAMILY, opened_on=date(2025, 1, 10))

    settle()
    written, done, errors = [1], Event(), []

    def in_thread(work) -> None:
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            done.set()
            connection.close()

    def write() -> None:
        for _number in range(6):
            settle()
            written[0] += 1

    def save() -> None:
        while not done.is_set():
            refresh(at=timezone.now(), everything=True)

    threads = [Thread(target=in_thread, args=(work,)) for work in (write, save)]
    selection = selection_of(maija)
    for thread in threads:
        thread.start()
    while not done.is_set():
        at_least = written[0]
        seen = values(table("settled", selection))["settled"]
        at_most = written[0] + 1  # one may be committed and not yet be told
        assert 3 * at_least <= seen <= 3 * at_most
    for thread in threads:
        thread.join(timeout=60)
    assert errors == []
    assert values(table("settled", selection)) == {"settled": 21}
    refresh(at=timezone.now())
    assert counted(selection) == recounted(selection)
