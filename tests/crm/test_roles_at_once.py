"""Two administrators give the first role of a place at the same moment, in real threads."""

from __future__ import annotations

import pytest
from django.utils import timezone

from crm.actions import grant_role
from crm.models import Membership, RoleGroup
from crm.permissions import Permission
from crm.roles import Role
from tests.cases.test_two_at_once import at_once
from tests.factories import MunicipalityFactory, ProjectFactory, UserFactory, scope_of

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=False)


def place_of(role: Role) -> dict:
    if role == Role.COORDINATOR:
        return {"municipality": MunicipalityFactory()}
    return {"project": ProjectFactory()} if role == Role.PROJECT_LEAD else {}


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PROJECT_LEAD, Role.ADMINISTRATOR])
def test_both_get_the_first_role_of_a_place(role):
    by, start, place = UserFactory(), timezone.localdate(), place_of(role)
    users = [UserFactory(), UserFactory()]

    def grant(user):
        return grant_role(user=user, role=role, by=by, starts=start, **place)

    assert [type(made) for made in at_once(*[lambda user=user: grant(user) for user in users])] == [Membership] * 2
    group = RoleGroup.objects.get(role=role).group
    assert set(group.memberships.values_list("user", flat=True)) == {user.pk for user in users}
    if role == Role.COORDINATOR:
        assert all(scope_of(user).may(Permission.WORK_CASES, place["municipality"].pk) for user in users)
