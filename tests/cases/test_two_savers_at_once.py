"""Two press «Save» on the same form at the same moment, in real threads: one is saved, the other is asked."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from contacts.models import Person
from tests.cases.test_two_at_once import at_once
from tests.factories import FAMILY, coordinator_of, household_of
from tests.filled import filled

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=False),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time"),
]


@pytest.fixture
def pressing(town, marja):
    """Makes a press of «Save» in the form of one person, which a colleague of their own has open."""
    person = household_of(town, marja, people=FAMILY).people.order_by("pk")[0]
    address = reverse("person_edit", args=[person.pk])

    def press(**typed):
        client = Client()
        client.force_login(coordinator_of(town), backend=settings.AUTHENTICATION_BACKENDS[0])
        shown = filled(client.get(address), save_anyway="on", **typed)
        return lambda: client.post(address, shown)

    return press, person


def test_of_two_who_change_the_same_one_is_asked(pressing) -> None:
    press, person = pressing
    phones = ["040 111 1111", "040 222 2222"]
    answers = at_once(*(press(phone=phone) for phone in phones))
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    [saved] = [phone for phone, answer in zip(phones, answers, strict=True) if answer.status_code == 302]
    [asked] = [answer for answer in answers if answer.status_code == 422]
    [conflict] = asked.context["form"].conflicts
    assert {conflict.mine, conflict.stored} == set(phones)
    assert Person.objects.get(pk=person.pk).phone == saved == conflict.stored


def test_of_two_who_change_different_things_both_are_saved(pressing) -> None:
    press, person = pressing
    answers = at_once(press(phone="040 111 1111"), press(occupation="hitsaaja"))
    assert [answer.status_code for answer in answers] == [302, 302]
    person = Person.objects.get(pk=person.pk)
    assert (person.phone, person.occupation) == ("040 111 1111", "hitsaaja")
