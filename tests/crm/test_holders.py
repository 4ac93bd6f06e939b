"""Who may be given work in a municipality."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.access import holders
from crm.permissions import Permission
from crm.roles import Role
from tests.factories import MunicipalityFactory, coordinator_of, member

pytestmark = pytest.mark.django_db


def test_coordinators_of_the_municipality_by_name(today):
    here, elsewhere = MunicipalityFactory(), MunicipalityFactory()
    zoe, aino = coordinator_of(here, name="Zoe"), coordinator_of(here, elsewhere, name="Aino")
    coordinator_of(elsewhere)
    member(Role.MANAGER, here)
    assert list(holders(Permission.WORK_CASES, [here.pk], today)) == [aino, zoe]


def test_neither_whose_role_has_ended_nor_who_was_deactivated(today):
    here = MunicipalityFactory()
    member(Role.COORDINATOR, here, ends=today - timedelta(days=1))
    gone = coordinator_of(here)
    gone.is_active = False
    gone.save()
    assert not holders(Permission.WORK_CASES, [here.pk], today).exists()
