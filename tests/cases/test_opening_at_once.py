"""References and first contacts under concurrency, in real threads: nothing doubled, nothing lost."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from cases.actions import NewHousehold, open_case, open_first_contact, take_case
from cases.models import Case
from contacts.models import Household
from crm.refusal import Refused
from tests.cases.test_two_at_once import at_once
from tests.factories import SINGLE, case_of, coordinator_of, household_of

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=False)

only_postgres = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite lets one write at a time: see the sequential test"
)
THREADS = 8


def opening(town, by, **told):
    """A call that opens a case of a new household, and gives its reference or the refusal."""
    return caught(
        lambda: (
            open_first_contact(
                household=NewHousehold(town, SINGLE), on=timezone.localdate(), by=by, at=timezone.now(), **told
            ).reference
        )
    )


def caught(call):
    def run():
        try:
            return call()
        except (Refused, IntegrityError) as error:
            return error

    return run


def test_references_one_after_another(town, marja):
    references = [opening(town, marja, form_key=uuid4())() for _ in range(3)]
    year = timezone.localdate().year
    assert references == [f"{town.prefix}-{year}-{number:04}" for number in (1, 2, 3)]


@only_postgres
def test_references_at_once(town, marja):
    references = at_once(*(opening(town, marja, form_key=uuid4()) for _ in range(THREADS)))
    assert len(set(references)) == THREADS
    assert set(references) == set(Case.objects.values_list("reference", flat=True))


@only_postgres
def test_a_form_sent_twice_at_once_opens_one_case(town, marja):
    key = uuid4()
    references = at_once(*(opening(town, marja, form_key=key) for _ in range(4)))
    assert {Case.objects.get().reference} == set(references)
    assert Household.objects.count() == 1


@only_postgres
def test_two_cases_of_one_household_at_once(town, marja):
    household = household_of(town, marja)

    def press():
        return open_case(household=household, on=timezone.localdate(), by=marja, at=timezone.now())

    answers = at_once(*(caught(press) for _ in range(4)))
    assert Case.objects.count() == 1
    assert len([answer for answer in answers if isinstance(answer, Case)]) == 1
    assert all(isinstance(answer, Refused) for answer in answers if not isinstance(answer, Case))


@only_postgres
def test_a_case_is_taken_by_one(town, marja):
    case = case_of(town, marja)
    Case.objects.update(coordinator=None)
    users = [coordinator_of(town) for _ in range(4)]
    answers = at_once(*(caught(lambda by=user: take_case(case=case, by=by, at=timezone.now())) for user in users))
    winners = [answer for answer in answers if isinstance(answer, Case)]
    assert len(winners) == 1
    assert Case.objects.get().coordinator_id == winners[0].coordinator_id
