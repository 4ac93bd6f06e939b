"""Who may work with a household."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.access import who_may_work
from contacts.actions import give_access
from contacts.models import AccessKind
from crm.roles import Role
from tests.factories import MunicipalityFactory, coordinator_of, household_of, member

pytestmark = pytest.mark.django_db


def test_those_who_work_there_now_and_nobody_else(today):
    town, other = MunicipalityFactory.create_batch(2)
    marja = coordinator_of(town, other, name="Marja")
    aino = coordinator_of(town, name="Aino")
    coordinator_of(other)
    member(Role.MANAGER, town)
    member(Role.COORDINATOR, town, ends=today - timedelta(days=1))
    member(Role.COORDINATOR, town, starts=today + timedelta(days=1))
    gone = coordinator_of(town)
    gone.is_active = False
    gone.save()
    assert list(who_may_work(household_of(town, marja), today)) == [aino, marja]


def test_the_barred_are_left_out(today):
    town = MunicipalityFactory()
    marja, aino = coordinator_of(town), coordinator_of(town)
    household = household_of(town, marja)
    give_access(
        household=household,
        user=aino,
        kind=AccessKind.BARRED,
        reason="sukulainen",
        starts=today,
        by=marja,
        at=timezone.now(),
    )
    assert list(who_may_work(household, today)) == [marja]


def test_of_a_restricted_household_the_named_alone(today):
    town = MunicipalityFactory()
    marja = coordinator_of(town)
    coordinator_of(town)
    assert list(who_may_work(household_of(town, marja, restricted=True), today)) == [marja]
