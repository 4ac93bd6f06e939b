"""The demo as it stands in the database: whole, alive today, the same every time, and harmless."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from unittest.mock import patch

import pytest
from django.apps import apps
from django.contrib.auth.hashers import check_password
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from guardian.models import GroupObjectPermission, UserObjectPermission

import contacts.access
from cases import lifecycle
from cases.lifecycle import State
from cases.models import Advice, Case, CasePerson, Event, EventKind, PersonFactKind, Stay, Task
from contacts.models import Access, AccessKind, Household, NoticeGiven, Person, PrivacyNotice
from crm.management.demo.build import build
from crm.management.demo.places import TOWNS, Town
from crm.management.demo.staff import ACCOUNTS, PASSWORD, coordinators
from crm.models import Membership, Municipality, User
from crm.permissions import Permission
from crm.roles import MUNICIPALITY_ROLES, Role
from projects.models import MajorProject, MajorProjectCase, Participation, ParticipationKind, Partner, Project
from tests.factories import copies_that_differ

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=timezone.get_default_timezone())
TODAY = NOW.date()

every_town = pytest.mark.parametrize("town", TOWNS, ids=lambda town: town.code)


@pytest.fixture(scope="module")
def first_build(django_db_setup, django_db_blocker) -> Iterator[list]:
    """The demo without those who come by chance, built twice, the second time by the command; what the first held."""
    with django_db_blocker.unblock(), transaction.atomic():
        with transaction.atomic():
            call_command("reference_data", stdout=StringIO())
            build(now=NOW, households=0, tell=lambda line: None)
            first = snapshot()
            transaction.set_rollback(True)
        with patch("crm.management.commands.demo.timezone.now", return_value=NOW):
            call_command("demo", "--households", "0", stdout=StringIO())
        yield first
        transaction.set_rollback(True)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_build")]


def snapshot() -> list:
    """What tells one demo from another; the references of restricted cases are random on purpose."""
    cases = Case.objects.filter(restricted=False).order_by("reference")
    return [
        *cases.values_list("reference", "state", "state_since", "opened_on", "household__name", "planned_move_on"),
        *Event.objects.order_by("happened_at", "pk").values_list("kind", "text", "happened_at"),
        *Person.objects.order_by("pk").values_list("given_name", "family_name", "birth_date", "phone"),
    ]


def cases_of(town: Town):
    return Case.objects.filter(municipality__code=town.code)


def staff_of(town: Town) -> list[User]:
    return coordinators({user.email: user for user in User.objects.all()}, town)


def test_the_same_every_time(first_build):
    assert snapshot() == first_build


def test_every_role_is_there_in_every_place():
    in_force = Membership.objects.in_force(TODAY)
    held = set(in_force.values_list("group__role_group__municipality__code", "group__role_group__role"))
    assert {(town.code, role) for town in TOWNS for role in MUNICIPALITY_ROLES} <= held
    assert {(None, role) for role in Role if role not in MUNICIPALITY_ROLES} <= held


def test_every_account_signs_in_with_the_one_password_that_is_printed():
    table = StringIO()
    call_command("demo", "--accounts", stdout=table)
    for user in User.objects.all():
        assert user.email in table.getvalue()
    assert PASSWORD in table.getvalue()
    assert check_password(PASSWORD, User.objects.get(email="coordinator1.posio@example.fi").password)
    assert {account.email for account in ACCOUNTS} == set(User.objects.values_list("email", flat=True))


def test_no_role_was_given_by_oneself_and_nobody_got_mail():
    assert not Membership.objects.filter(by=F("user")).exists()
    assert mail.outbox == []


def test_the_lead_sees_the_figures_of_all_four_and_no_case():
    scope = contacts.access.scope(User.objects.get(email="lead@example.fi"), TODAY)
    towns = set(Municipality.objects.filter(code__in=[town.code for town in TOWNS]).values_list("pk", flat=True))
    assert scope.municipalities(Permission.VIEW_FIGURES) == towns
    assert not scope.may_somewhere(Permission.VIEW_CASES)


def test_the_project_has_its_partners_by_decision_and_pello_joined_late():
    project = Project.objects.get()
    joined = dict(Partner.objects.values_list("municipality__name_fi", "joined"))
    assert project.lead.name_fi == "Posio"
    assert set(joined) == {"Posio", "Kemijärvi", "Keminmaa", "Pello"}
    assert joined["Pello"] > joined["Posio"]
    assert all(re.fullmatch(r"\d+/06\.061/202\d", partner.decision) for partner in Partner.objects.all())
    told = Participation.objects.standing().filter(kind=ParticipationKind.JOINED)
    assert dict(told.values_list("partner__municipality__name_fi", "happened_on")) == joined
    assert all(timezone.localdate(row.recorded_at) == row.happened_on for row in told)
    assert MajorProject.objects.count() == 4
    assert PrivacyNotice.objects.count() == 8


def test_guardians_generic_tables_stay_empty():
    assert not GroupObjectPermission.objects.exists()
    assert not UserObjectPermission.objects.exists()


@every_town
def test_every_state_is_seen_in_every_town(town):
    assert set(cases_of(town).values_list("state", flat=True)) == set(State.values)


@every_town
def test_every_coordinator_has_something_due_something_new_and_something_quiet(town):
    quiet = TODAY - timedelta(Municipality.objects.get(code=town.code).stale_after_days)
    active = cases_of(town).active()
    for coordinator in staff_of(town):
        tasks = Task.objects.filter(assignee=coordinator, case__in=active)
        assert tasks.due_by(TODAY).count() >= 2, coordinator
        assert tasks.undone().filter(due_on__gt=TODAY).exists(), coordinator
        assert active.filter(coordinator=coordinator).count() >= 5, coordinator
    assert active.filter(last_contact_on__lt=quiet).exists()
    assert active.filter(coordinator=None, opened_on=TODAY).count() >= 2
    assert active.filter(planned_move_on__range=(TODAY, TODAY + timedelta(45))).exists()
    assert cases_of(town).filter(state=State.MOVING, planned_move_on__lt=TODAY).exists()
    assert cases_of(town).filter(state=State.PAUSED, review_on__lte=TODAY + timedelta(14)).exists()
    assert Advice.objects.filter(municipality__code=town.code, given_on=TODAY).exists()


@every_town
def test_nothing_has_happened_in_the_future(town):
    assert not Event.objects.filter(case__in=cases_of(town), happened_at__gt=NOW).exists()
    assert not cases_of(town).filter(Q(opened_on__gt=TODAY) | Q(state_since__gt=TODAY)).exists()


@every_town
def test_closed_and_settled_cases_leave_nothing_to_do(town):
    over = cases_of(town).exclude(state__in=lifecycle.OPEN)
    assert not Task.objects.filter(case__in=over, due_on__isnull=False).undone().exists()


@every_town
def test_one_household_is_restricted_and_seen_by_its_coordinator_alone(town):
    household = Household.objects.get(municipality__code=town.code, restricted=True)
    named = Access.objects.get(household=household, kind=AccessKind.NAMED).user
    case = household.cases.get()
    assert case.restricted
    assert not case.reference.startswith(household.municipality.prefix)
    for coordinator in staff_of(town):
        seen = Case.objects.visible_to(contacts.access.scope(coordinator, TODAY)).filter(pk=case.pk).exists()
        assert seen == (coordinator == named)


@every_town
def test_one_coordinator_is_barred_from_a_household(town):
    access = Access.objects.get(household__municipality__code=town.code, kind=AccessKind.BARRED)
    assert access.user in staff_of(town)
    assert access.reason
    assert access.by != access.user


def test_the_kinds_of_case_that_one_wants_to_try_are_there():
    assert Case.objects.filter(stay=Stay.SEASONAL, state=State.ARRIVED, season_ends_on__isnull=False).exists()
    assert CasePerson.objects.filter(kind=PersonFactKind.ALREADY_HERE).exists()
    assert Event.objects.filter(kind=EventKind.POSTPONED).exists()
    assert Household.objects.filter(name="").exists()
    assert MajorProjectCase.objects.exists()
    dates = CasePerson.objects.filter(kind=PersonFactKind.ARRIVED).values("case").annotate(n=Count("happened_on", True))
    assert dates.filter(n__gt=1).exists(), "nobody arrives in two parts"


def test_cases_and_people_say_what_their_history_says():
    assert copies_that_differ() == []


def test_a_notice_is_given_before_any_assessment():
    assessed = Case.objects.exclude(state__in=(State.CONTACT, State.CLOSED, State.PAUSED))
    given = set(NoticeGiven.objects.values_list("household_id", flat=True))
    assert set(assessed.values_list("household_id", flat=True)) <= given


def test_no_address_leads_anywhere_and_no_personal_identity_code_is_kept():
    for text in every_text():
        for address in re.findall(r"[\w.+-]+@[\w.-]+", text):
            assert address.endswith(("@example.fi", "@example.com")), text
        assert not re.search(r"\b\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]\b", text), text


def every_text() -> Iterator[str]:
    for model in apps.get_models():
        if model._meta.app_label in ("crm", "contacts", "cases", "projects"):
            fields = [f.attname for f in model._meta.fields if isinstance(f, models.CharField | models.TextField)]
            if fields:
                for row in model._base_manager.order_by("pk").values_list(*fields):
                    yield from (str(value) for value in row if value)


def test_a_register_in_use_is_left_alone():
    before = User.objects.count(), Case.objects.count()
    with pytest.raises(CommandError, match="in use"):
        call_command("demo", stdout=StringIO())
    told = StringIO()
    call_command("demo", "--if-empty", stdout=told)
    assert "in use" in told.getvalue()
    assert (User.objects.count(), Case.objects.count()) == before
