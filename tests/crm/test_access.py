"""What each role may do and where: `scope` is the only reader, `require` the only door."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404
from guardian.models import GroupObjectPermission, UserObjectPermission

import contacts.access
import crm.access
from crm.access import require, require_administrator, require_somewhere
from crm.actions import change_user, end_role, grant_role
from crm.models import Membership, MunicipalityGroupPermission
from crm.notices import unsent
from crm.permissions import Permission, ProjectPermission
from crm.refusal import Refused
from crm.roles import INSTALLATION_ROLES, MUNICIPALITY_PERMISSIONS, PROJECT_PERMISSIONS, Role
from tests.factories import MunicipalityFactory, ProjectFactory, UserFactory, give, joint_project, member, scope_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return MunicipalityFactory()


@pytest.mark.parametrize("role", MUNICIPALITY_PERMISSIONS)
def test_a_role_in_one_town_says_nothing_about_another(town, role):
    elsewhere = MunicipalityFactory()
    scope = scope_of(member(role, town))
    assert {p for p in Permission if scope.may(p, town.pk)} == MUNICIPALITY_PERMISSIONS[role]
    assert not any(scope.may(p, elsewhere.pk) for p in Permission)
    assert not scope.administers
    assert not scope.project_grants


@pytest.mark.parametrize("role", PROJECT_PERMISSIONS)
def test_a_role_in_a_project_opens_no_municipality(role):
    project = ProjectFactory()
    scope = scope_of(member(role, project))
    assert {p for p in ProjectPermission if project.pk in scope.projects(p)} == PROJECT_PERMISSIONS[role]
    assert not scope.grants


def test_an_administrator_sees_no_case(town):
    scope = scope_of(member(Role.ADMINISTRATOR))
    require_administrator(scope)
    assert not scope.grants


def test_several_roles_add_up(town):
    user, elsewhere = UserFactory(), MunicipalityFactory()
    give(user, Role.COORDINATOR, town)
    give(user, Role.MANAGER, elsewhere)
    scope = scope_of(user)
    assert scope.municipalities(Permission.VIEW_CASES) == {town.pk}
    assert scope.municipalities(Permission.VIEW_FIGURES) == {town.pk, elsewhere.pk}


@pytest.mark.parametrize(
    ("starts", "ends", "holds"), [(0, 0, True), (-5, -1, False), (1, None, False), (-5, None, True), (-5, 0, True)]
)
def test_a_membership_holds_between_its_days(town, today, starts, ends, holds):
    user = UserFactory()
    ends_on = None if ends is None else today + timedelta(days=ends)
    give(user, Role.COORDINATOR, town, starts=today + timedelta(days=starts), ends=ends_on)
    assert scope_of(user).may(Permission.VIEW_CASES, town.pk) is holds


def test_the_anonymous_and_the_deactivated_may_nothing(town, today):
    assert not crm.access.scope(AnonymousUser(), today).grants
    user = member(Role.COORDINATOR, town, is_active=False)
    assert not contacts.access.scope(user, today).grants


def test_the_scope_costs_two_statements(town, today, django_assert_num_queries):
    user = member(Role.COORDINATOR, town)
    for role in (Role.MANAGER, Role.INSPECTOR, Role.EDITOR):
        give(user, role, MunicipalityFactory())
    with django_assert_num_queries(2):
        contacts.access.scope(user, today)


def test_what_is_not_seen_does_not_exist_and_what_is_only_seen_is_forbidden(town):
    scope = scope_of(member(Role.COORDINATOR, town))
    require(scope, Permission.WORK_CASES, town.pk)
    with pytest.raises(Http404):
        require(scope, Permission.WORK_CASES, MunicipalityFactory().pk)
    with pytest.raises(PermissionDenied):
        require(scope, Permission.VIEW_ACCESS_LOG, town.pk)
    with pytest.raises(PermissionDenied):
        require_somewhere(scope, Permission.EDIT_GUIDE)
    with pytest.raises(PermissionDenied):
        require_administrator(scope)


def test_nobody_grants_or_changes_their_own_role(town, today):
    admin = member(Role.ADMINISTRATOR)
    with pytest.raises(Refused):
        grant_role(user=admin, role=Role.COORDINATOR, municipality=town, by=admin, starts=today)
    with pytest.raises(Refused):
        end_role(membership=admin.memberships.get(), last_day=today, by=admin)
    with pytest.raises(IntegrityError):
        Membership.objects.create(user=admin, group=admin.groups.get(), starts=today, by=admin)


def test_the_same_role_is_not_granted_twice(town, today):
    user, admin = member(Role.COORDINATOR, town), member(Role.ADMINISTRATOR)
    with pytest.raises(Refused):
        grant_role(user=user, role=Role.COORDINATOR, municipality=town, by=admin, starts=today)
    with pytest.raises(Refused):
        grant_role(
            user=UserFactory(),
            role=Role.COORDINATOR,
            municipality=town,
            by=admin,
            starts=today,
            ends=today - timedelta(days=1),
        )


@pytest.mark.parametrize(
    ("starts", "ends", "free"), [(0, None, False), (0, 9, True), (15, 15, False), (21, None, True)]
)
def test_grants_of_one_role_do_not_overlap(town, today, starts, ends, free):
    user, admin = UserFactory(), member(Role.ADMINISTRATOR)
    give(user, Role.COORDINATOR, town, starts=today + timedelta(days=10), ends=today + timedelta(days=20))
    asked = {"starts": today + timedelta(days=starts), "ends": None if ends is None else today + timedelta(days=ends)}
    if free:
        assert grant_role(user=user, role=Role.COORDINATOR, municipality=town, by=admin, **asked).pk
    else:
        with pytest.raises(Refused):
            grant_role(user=user, role=Role.COORDINATOR, municipality=town, by=admin, **asked)


def test_a_role_ends_on_its_last_day_and_one_not_begun_is_taken_back(town, today):
    admin = member(Role.ADMINISTRATOR)
    user = member(Role.COORDINATOR, town)
    end_role(membership=user.memberships.get(), last_day=today - timedelta(days=1), by=admin)
    assert not scope_of(user).grants
    later = member(Role.MANAGER, town, starts=today + timedelta(days=9))
    end_role(membership=later.memberships.get(), last_day=today, by=admin)
    assert not later.memberships.exists()


def test_the_inspector_is_told_of_each_grant(town, today, mailoutbox, django_capture_on_commit_callbacks):
    inspector = member(Role.INSPECTOR, town)
    member(Role.INSPECTOR, MunicipalityFactory())
    admin, user = member(Role.ADMINISTRATOR), UserFactory()
    with django_capture_on_commit_callbacks(execute=True):
        grant_role(user=user, role=Role.COORDINATOR, municipality=town, by=admin, starts=today)
    assert [mail.to for mail in mailoutbox] == [[inspector.email]]
    assert user.name in mailoutbox[0].body
    assert town.name in mailoutbox[0].body


@pytest.mark.parametrize(("language", "said"), [("fi", "päättyy"), ("en", "ends. Its last day")])
def test_the_inspector_is_told_of_each_end(town, today, mailoutbox, django_capture_on_commit_callbacks, language, said):
    inspector = member(Role.INSPECTOR, town, language=language)
    member(Role.INSPECTOR, MunicipalityFactory())
    admin, user = member(Role.ADMINISTRATOR), member(Role.COORDINATOR, town, name="Aino Lähtevä")
    with django_capture_on_commit_callbacks(execute=True):
        end_role(membership=user.memberships.get(), last_day=today, by=admin)
    assert [mail.to for mail in mailoutbox] == [[inspector.email]]
    for word in ("Aino Lähtevä", town.name, f"{today.day}.{today.month}.{today.year}", admin.name, said):
        assert word in mailoutbox[0].body


def test_the_inspector_is_told_that_a_role_was_taken_back(town, today, mailoutbox, django_capture_on_commit_callbacks):
    member(Role.INSPECTOR, town)
    admin, user = member(Role.ADMINISTRATOR), member(Role.MANAGER, town, starts=today + timedelta(days=9))
    with django_capture_on_commit_callbacks(execute=True):
        end_role(membership=user.memberships.get(), last_day=today, by=admin)
    assert "peruttiin ennen kuin se alkoi" in mailoutbox[0].body


def test_the_end_of_a_role_in_a_project_is_told_to_the_inspectors_of_its_partners(
    town, today, mailoutbox, django_capture_on_commit_callbacks
):
    inspector = member(Role.INSPECTOR, town)
    member(Role.INSPECTOR, MunicipalityFactory())
    admin, lead = member(Role.ADMINISTRATOR), member(Role.PROJECT_LEAD, joint_project(town))
    with django_capture_on_commit_callbacks(execute=True):
        end_role(membership=lead.memberships.get(), last_day=today, by=admin)
    assert [mail.to for mail in mailoutbox] == [[inspector.email]]


def test_a_register_whose_addresses_lead_nowhere_mails_nothing(
    town, today, mailoutbox, django_capture_on_commit_callbacks
):
    inspector, admin = member(Role.INSPECTOR, town), member(Role.ADMINISTRATOR)

    def grant():
        with django_capture_on_commit_callbacks(execute=True):
            grant_role(user=UserFactory(), role=Role.MANAGER, municipality=town, by=admin, starts=today)

    with unsent():
        grant()
    assert mailoutbox == []
    grant()
    assert [mail.to for mail in mailoutbox] == [[inspector.email]]


def test_grants_are_held_by_groups_on_the_municipality_alone(town):
    for role in (*MUNICIPALITY_PERMISSIONS, *INSTALLATION_ROLES):
        member(role, None if role in INSTALLATION_ROLES else town)
    assert MunicipalityGroupPermission.objects.count() == sum(map(len, MUNICIPALITY_PERMISSIONS.values()))
    assert not UserObjectPermission.objects.exists()
    assert not GroupObjectPermission.objects.exists()


def test_a_changed_address_is_told_to_the_old_one_and_to_the_inspector(
    town, mailoutbox, django_capture_on_commit_callbacks
):
    inspector, admin, user = member(Role.INSPECTOR, town), member(Role.ADMINISTRATOR), member(Role.COORDINATOR, town)
    member(Role.INSPECTOR, MunicipalityFactory())
    before = user.email
    with django_capture_on_commit_callbacks(execute=True):
        change_user(user=user, email=before, name="Toinen nimi", language="fi", by=admin)
        assert not mailoutbox
        change_user(user=user, email="uusi@example.fi", name="Toinen nimi", language="fi", by=admin)
    assert [mail.to for mail in mailoutbox] == [[before], [inspector.email]]
    assert "uusi@example.fi" in mailoutbox[1].body
