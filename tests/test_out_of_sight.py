"""What goes out of sight meanwhile: before a form is sent again, while a file is read, while one waits for a lock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import contacts.views.households
import contacts.views.people
from cases.actions import restrict_household
from cases.models import Case
from cases.views import restricting
from contacts.actions import give_access
from contacts.models import Access, AccessKind, Household, Person
from crm.models import Membership, Municipality, User
from tests.factories import MunicipalityFactory, case_of, coordinator_of, household_of
from tests.test_pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    return MunicipalityFactory(name_fi="Omala")


@pytest.fixture
def marja(town: Municipality) -> User:
    return coordinator_of(town, name="Marja")


@pytest.fixture
def aino(town: Municipality) -> User:
    return coordinator_of(town, name="Aino")


def bar(household: Household, user: User, by: User) -> Access:
    told = {"kind": AccessKind.BARRED, "reason": "sukulainen", "starts": timezone.localdate()}
    return give_access(household=household, user=user, by=by, at=timezone.now(), **told)


def restrict(household: Household, _user: User, by: User) -> None:
    restrict_household(household=household, reason="turvakielto", on=timezone.localdate(), by=by, at=timezone.now())


def end_roles(_household: Household, user: User, by: User) -> None:
    before = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(user=user).update(starts=before, ends=before)


def close_account(_household: Household, user: User, by: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


HIDING = (bar, restrict, end_roles, close_account)


@pytest.mark.parametrize("hide", [bar, restrict])
def test_a_form_sent_again_does_not_tell_of_a_case_that_went_out_of_sight(marja, aino, hide):
    client = signed_in(marja)
    told = {
        "form_key": str(uuid4()),
        "channel": "phone",
        "on": timezone.localdate().isoformat(),
        "coordinator": marja.pk,
        "people-TOTAL_FORMS": "1",
        "people-INITIAL_FORMS": "0",
        "people-0-given_name": "Amina",
        "people-0-family_name": "Haddad",
    }
    assert client.post(reverse("case_new"), told).status_code == 302
    hide(Case.objects.get().household, marja, aino)
    hidden = Case.objects.get()
    assert client.get(reverse("case", args=[hidden.reference])).status_code == 404
    again = client.post(reverse("case_new"), told)
    opened = Case.objects.exclude(pk=hidden.pk).get()
    assert again.headers["Location"] == reverse("case", args=[opened.reference])


@pytest.mark.parametrize("hide", HIDING)
@pytest.mark.parametrize("listed", ["people_export", "case_list_export"])
def test_a_file_tells_no_more_of_what_goes_out_of_sight_while_it_is_read(town, marja, aino, hide, listed):
    household = case_of(town, aino).household
    Household.objects.filter(pk=household.pk).update(name="Salaisuus")
    Person.objects.filter(household=household).update(family_name="Salaisuus")
    client = signed_in(marja)
    assert "Salaisuus" in content(client, listed)
    response = client.post(reverse(listed), {"format": "csv"})
    hide(household, marja, aino)
    assert "Salaisuus" not in read(response)


def content(client: Client, listed: str) -> str:
    return read(client.post(reverse(listed), {"format": "csv"}))


def read(response) -> str:
    assert isinstance(response, StreamingHttpResponse)
    return b"".join(response).decode()


def meanwhile(monkeypatch, module, name: str, happens: Callable[[], object]) -> None:
    """Let something happen just before a view calls `name`: as while it waits for a lock."""
    real = getattr(module, name)

    def waited(*args, **kwargs):
        happens()
        return real(*args, **kwargs)

    monkeypatch.setattr(module, name, waited)


@pytest.mark.parametrize("hide", [bar, restrict, end_roles])
def test_who_waits_for_a_lock_is_not_shown_what_went_out_of_sight(town, marja, aino, monkeypatch, hide):
    person = case_of(town, aino).household.people.get()
    client, address = signed_in(marja), reverse("person_edit", args=[person.pk])
    shown = {name: value for name, value in client.get(address).context["form"].initial.items() if value is not None}
    seen = client.get(address).context["form"]["seen"].value()

    def happens() -> None:
        Person.objects.filter(pk=person.pk).update(phone="0409999999")
        hide(person.household, marja, aino)

    meanwhile(monkeypatch, contacts.views.people, "locked_person", happens)
    answer = client.post(address, {**shown, "seen": seen, "phone": "0401111111"})
    assert answer.status_code == 404
    assert "0409999999" not in answer.content.decode()
    assert Person.objects.get(pk=person.pk).phone != "0401111111"


def test_who_is_named_no_longer_does_not_lift_a_restriction(town, marja, aino, monkeypatch):
    household = household_of(town, by=aino)
    restrict(household, marja, by=marja)
    give_access(
        household=household,
        user=aino,
        kind=AccessKind.NAMED,
        reason="sijainen",
        starts=timezone.localdate(),
        by=marja,
        at=timezone.now(),
    )

    def happens() -> None:
        before = timezone.localdate() - timedelta(days=1)
        Access.objects.filter(user=marja).update(starts=before, ends=before)

    meanwhile(monkeypatch, restricting, "locked_household", happens)
    answer = signed_in(marja).post(reverse("household_lift", args=[household.pk]), {"why": "ei tarvita"})
    assert answer.status_code == 404
    assert Household.objects.get(pk=household.pk).restricted


def test_a_bar_is_not_ended_by_who_no_longer_sees_the_household(town, marja, aino, monkeypatch):
    household = household_of(town, by=aino)
    third = coordinator_of(town, name="Kolmas")
    barred = bar(household, third, by=aino)
    meanwhile(monkeypatch, contacts.views.households, "locked_household", lambda: bar(household, marja, aino))
    told = {"last_day": timezone.localdate().isoformat()}
    answer = signed_in(marja).post(reverse("access_end", args=[barred.pk]), told)
    assert answer.status_code == 404
    assert Access.objects.get(pk=barred.pk).ends is None


@pytest.mark.parametrize("mark", ["9" * 30, str(2**63), "-1", "x", "٣"])
def test_a_mark_that_no_page_has_written_is_none(town, marja, mark):
    household = case_of(town, marja).household
    told = {
        "given_name": "Uusi",
        "family_name": "Jäsen",
        "relation": "other",
        "joined_on": timezone.localdate().isoformat(),
        "seen_last": mark,
    }
    assert signed_in(marja).post(reverse("member_add", args=[household.pk]), told).status_code == 302
