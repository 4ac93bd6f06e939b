"""Fixtures of every test; see tests/settings.py and tests/strict.py for what is made strict."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db.models.query import QuerySet
from django.utils import timezone, translation
from hypothesis import settings as hypothesis_settings

from crm.management.commands.translations import compile_catalogues
from crm.notices import COURIER
from tests.strict import shuffle_unordered

# The same examples each time, however slow the machine: a failure is then one of the code.
hypothesis_settings.register_profile("asetu", deadline=None, derandomize=True, database=None)
hypothesis_settings.load_profile("asetu")

_chance = random.Random()
shuffle_unordered(QuerySet, _chance)


def pytest_configure(config) -> None:
    if not hasattr(config, "workerinput"):  # once, before the workers start
        compile_catalogues()


@pytest.fixture(autouse=True)
def _same_start():
    """Each test begins in Finnish, with an empty cache (sign-in limits live there) and the same chance."""
    _chance.seed(2026)
    cache.clear()
    with translation.override("fi"):
        yield


@pytest.fixture
def posted() -> Callable[[], list[EmailMessage]]:
    """Gives the mail sent so far, once the courier has taken what was waiting."""

    def sent() -> list[EmailMessage]:
        COURIER.submit(int).result(timeout=10)
        return mail.outbox

    return sent


@pytest.fixture
def today() -> date:
    """Today's date in Helsinki, as `request.today` has it."""
    return timezone.localdate()
