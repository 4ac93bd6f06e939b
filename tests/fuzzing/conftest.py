"""One world for all of this folder."""

from __future__ import annotations

import pytest
from django.db import transaction

from crm.roles import Role
from tests.test_pages import signed_in
from tests.world import build_world


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker):
    """Built once; each request of these tests is undone (asking.py)."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture
def coordinator(world):
    return signed_in(world.users[Role.COORDINATOR])


@pytest.fixture
def administrator(world):
    return signed_in(world.users[Role.ADMINISTRATOR])
