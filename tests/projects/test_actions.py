"""Joining a project opens the figures to its lead; leaving closes them; a correction replaces what was recorded."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from importlib import import_module

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.db import IntegrityError
from django.utils import timezone

from crm.models import Municipality
from crm.permissions import Permission
from crm.refusal import Refused
from crm.roles import Role
from projects.actions import change_project, correct_partner, create_project, join_partner, withdraw_partner
from projects.models import Participation, Partner
from tests.factories import MunicipalityFactory, ProjectFactory, UserFactory, member, scope_of

pytestmark = pytest.mark.django_db

JANUARY, JUNE, JULY = date(2021, 1, 1), date(2021, 6, 30), date(2021, 7, 1)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), timezone.get_default_timezone())


@pytest.fixture
def by():
    return UserFactory()


@pytest.fixture
def town():
    return MunicipalityFactory(name_fi="Pello")


@pytest.fixture
def project(town):
    return ProjectFactory(lead=town, starts=date(2020, 8, 1), ends=date(2022, 12, 31))


@pytest.fixture
def lead(project):
    return member(Role.PROJECT_LEAD, project)


@pytest.fixture
def join(project, town, by):
    return lambda joined=JANUARY, **more: join_partner(
        **{"project": project, "municipality": town, "joined": joined, "by": by, "at": timezone.now()} | more
    )


@pytest.fixture
def leave(by):
    return lambda partner, withdrew=JUNE, **more: withdraw_partner(
        **{"partner": partner, "withdrew": withdrew, "by": by, "at": timezone.now()} | more
    )


@pytest.fixture
def correct(by):
    def correct(partner: Partner, **changes) -> Partner:
        told = {"joined": partner.joined, "withdrew": partner.withdrew, "decision": partner.decision, "why": "virhe"}
        return correct_partner(partner=partner, **told | changes, by=by, at=timezone.now())

    return correct


def sees(lead, town: Municipality) -> bool:
    return scope_of(lead).may(Permission.VIEW_FIGURES, town.pk)


def rows(partner: Partner) -> list[tuple[str, date]]:
    """What stands of its part in the project."""
    return list(partner.participation.standing().in_order().values_list("kind", "happened_on"))


def test_the_lead_sees_figures_from_joining_to_withdrawal(lead, town, project, join, leave) -> None:
    assert not sees(lead, town)
    partner = join()
    assert sees(lead, town)
    assert not scope_of(lead).may(Permission.VIEW_CASES, town.pk)
    assert rows(partner) == [("joined", JANUARY)]
    partner = leave(partner)
    assert not sees(lead, town)
    assert rows(partner) == [("joined", JANUARY), ("withdrew", JUNE)]
    join(JULY)
    assert sees(lead, town)
    assert project.partners.count() == 2


@pytest.mark.parametrize(
    ("joined", "said"),
    [
        (date(2020, 7, 31), "alkoi vasta 1.8.2020"),
        (date(2023, 1, 1), "päättyi 31.12.2022"),
        (JUNE, "30.6.2021 asti"),
        (date(2020, 9, 1), "30.6.2021 asti"),  # it would begin before the earlier time, and has no end
    ],
)
def test_a_joining_that_cannot_be_is_refused(join, leave, joined, said) -> None:
    leave(join())
    with pytest.raises(Refused, match=said):
        join(joined)


def test_who_takes_part_does_not_join_again(join) -> None:
    join()
    with pytest.raises(Refused, match="on jo mukana"):
        join(JULY)


def test_neither_is_recorded_before_its_day(lead, town, join, leave) -> None:
    before, on_the_day = noon(JUNE) - timedelta(days=1), noon(JUNE)
    with pytest.raises(Refused, match="Kirjaa se sinä päivänä"):
        join(JUNE, at=before)
    assert not sees(lead, town)
    partner = join(JUNE, at=on_the_day)
    with pytest.raises(Refused, match="Kirjaa pois jääminen sinä päivänä"):
        leave(partner, JULY, at=on_the_day)
    assert sees(lead, town)
    leave(partner, JULY, at=noon(JULY))
    assert not sees(lead, town)


def test_a_withdrawal_is_not_before_the_joining_and_not_twice(join, leave) -> None:
    partner = join()
    with pytest.raises(Refused, match="ennen liittymispäivää"):
        leave(partner, date(2020, 12, 31))
    leave(partner)
    with pytest.raises(Refused, match="on jo jättänyt"):
        leave(partner, JULY)


def test_a_correction_replaces_the_row_and_keeps_what_was_known(join, correct, by) -> None:
    then = noon(JUNE)
    partner = join(at=then)
    corrected = correct(partner, joined=date(2021, 2, 1), decision="33/06.061/2021")
    assert (corrected.joined, corrected.decision) == (date(2021, 2, 1), "33/06.061/2021")
    assert rows(corrected) == [("joined", date(2021, 2, 1))]
    assert corrected.participation.known_at(then).get().happened_on == JANUARY
    row = corrected.participation.standing().get()
    assert (row.why, row.by, row.replaces.happened_on) == ("virhe", by, JANUARY)


def test_a_withdrawal_that_never_was_gives_the_figures_back(lead, town, join, leave, correct) -> None:
    partner = correct(leave(join()), withdrew=None)
    assert sees(lead, town)
    assert rows(partner) == [("joined", JANUARY)]
    assert rows(leave(partner, JULY)) == [("joined", JANUARY), ("withdrew", JULY)]
    assert not sees(lead, town)


def test_correcting_an_earlier_time_leaves_the_present_one_open(lead, town, join, leave, correct) -> None:
    earlier = leave(join())
    join(date(2021, 9, 1))
    correct(earlier, withdrew=JULY)
    assert sees(lead, town)
    for overlapping in (None, date(2021, 9, 1)):
        with pytest.raises(Refused, match="on jo mukana"):
            correct(earlier, withdrew=overlapping)


def test_a_correction_is_not_a_leaving_and_has_a_reason(join, correct) -> None:
    partner = join()
    with pytest.raises(Refused, match="ei ole jäänyt pois"):
        correct(partner, withdrew=JUNE)
    with pytest.raises(Refused, match="Kirjoita syy"):
        correct(partner, joined=JUNE, why=" ")
    correct(partner, decision="1/06.061/2021")
    assert Participation.objects.count() == 1


def test_one_chain_of_rows_for_each_joining(join, by) -> None:
    partner = join()
    with pytest.raises(IntegrityError):
        Participation.objects.create(
            partner=partner, kind="joined", happened_on=JUNE, recorded_at=timezone.now(), by=by
        )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fi", ["liittyi hankkeeseen", "jäi pois hankkeesta", "korjattiin"]),
        ("en", ["joined the project", "left the project", "were corrected"]),
    ],
)
def test_the_inspector_of_the_municipality_is_told(
    town, by, join, leave, correct, mailoutbox, django_capture_on_commit_callbacks, language, said
) -> None:
    inspector = member(Role.INSPECTOR, town, language=language)
    member(Role.INSPECTOR, MunicipalityFactory())
    with django_capture_on_commit_callbacks(execute=True):
        partner = join()
    with django_capture_on_commit_callbacks(execute=True):
        leave(partner)
    with django_capture_on_commit_callbacks(execute=True):
        correct(Partner.objects.get(), withdrew=date(2021, 6, 1))
    with django_capture_on_commit_callbacks(execute=True):
        correct(Partner.objects.get(), withdrew=None)
    with django_capture_on_commit_callbacks(execute=True):
        correct(Partner.objects.get(), decision="2/06.061/2021")
    assert [mail.to for mail in mailoutbox] == [[inspector.email]] * 4
    for mail, words in zip(mailoutbox, [*said, said[-1]], strict=True):
        assert words in mail.body
        assert by.name in mail.body


def test_who_recorded_joining_and_withdrawal_is_logged(by, join, leave) -> None:
    partner = leave(join())
    entries = LogEntry.objects.get_for_object(partner).order_by("pk")
    expected = [(LogEntry.Action.CREATE, by), (LogEntry.Action.UPDATE, by)]
    assert [(entry.action, entry.actor) for entry in entries] == expected


def test_a_project_is_made_and_changed_and_the_log_says_by_whom(by, town) -> None:
    project = create_project(code="S22169", name="Paluu", lead=town, starts=JANUARY, by=by)
    change_project(project=project, code="S22169", name="Paluumuutto", lead=town, starts=JUNE, ends=JULY, by=by)
    entries = LogEntry.objects.get_for_object(project).order_by("pk")
    assert [(entry.action, entry.actor) for entry in entries] == [(LogEntry.Action.CREATE, by), (1, by)]
    with pytest.raises(Refused, match="s22169 on jo käytössä"):
        create_project(code="s22169", name="Toinen", lead=town, starts=JANUARY, by=by)
    with pytest.raises(Refused, match="ennen ensimmäistä"):
        create_project(code="S2", name="Toinen", lead=town, starts=JULY, ends=JUNE, by=by)


@pytest.mark.parametrize(("starts", "ends"), [(JUNE, None), (date(2020, 8, 1), date(2020, 12, 31))])
def test_a_projects_days_hold_every_joining(project, town, by, join, starts, ends) -> None:
    join()
    with pytest.raises(Refused, match="osatoteuttaja on liittynyt"):
        change_project(project=project, code="S1", name="Paluu", lead=town, starts=starts, ends=ends, by=by)


def test_what_was_recorded_before_there_were_rows_becomes_rows(project, by, join, leave) -> None:
    logged = leave(join())
    unlogged = Partner.objects.create(project=project, municipality=MunicipalityFactory(), joined=JULY)
    LogEntry.objects.get_for_object(unlogged).delete()
    administrator = member(Role.ADMINISTRATOR)
    Participation.objects.all().delete()
    migration = import_module("projects.migrations.0003_what_was_recorded_becomes_rows")
    migration.tell_participation(apps, None)
    assert rows(logged) == [("joined", JANUARY), ("withdrew", JUNE)]
    told = {row.kind: row for row in logged.participation.all()}
    created, changed = LogEntry.objects.get_for_object(logged).order_by("pk")
    assert (told["joined"].by, told["joined"].recorded_at) == (by, created.timestamp)
    assert (told["withdrew"].by, told["withdrew"].recorded_at) == (by, changed.timestamp)
    row = unlogged.participation.get()
    assert (row.happened_on, row.by, row.recorded_at) == (JULY, administrator, noon(JULY))
