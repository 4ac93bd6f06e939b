"""People and households: what the actions write, and what they refuse."""

from __future__ import annotations

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from contacts.actions import (
    PersonData,
    add_member,
    edit_person,
    end_access,
    end_membership,
    give_access,
    give_notice,
    lift_restriction,
    restrict,
)
from contacts.models import AccessKind, Household, Person, Relation
from crm.refusal import Refused
from tests.factories import ANONYMOUS, FAMILY, MunicipalityFactory, coordinator_of, household_of, scope_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return MunicipalityFactory()


@pytest.fixture
def marja(town):
    return coordinator_of(town)


@pytest.fixture
def now():
    return timezone.now()


def standing(household):
    return list(household.members.standing().filter(until__isnull=True).order_by("person_id"))


def test_a_household_is_called_by_its_contact_person(town, marja):
    household = household_of(town, marja, people=FAMILY)
    assert (household.name, household.size) == ("Testi Muuttaja", 3)
    assert [member.relation for member in standing(household)] == [Relation.CONTACT, Relation.PARTNER, Relation.CHILD]


def test_keys_are_derived_from_what_is_told(town, marja):
    data = PersonData(given_name="Øyvind", family_name="Ångström", phone="040 123 4567", email=" Oyvind@Example.FI ")
    person = household_of(town, marja, people=[(data, Relation.CONTACT)]).people.get()
    assert (person.name_key, person.phone_key, person.email_key) == (
        "angstrom oyvind",
        "+358401234567",
        "oyvind@example.fi",
    )
    assert Person.objects.named_like("ångström ØY").get() == person


def test_a_name_learnt_leaves_the_past_anonymous(town, marja, now):
    household = household_of(town, marja, people=ANONYMOUS)
    before = timezone.now()
    person = edit_person(
        person=household.people.get(),
        data=PersonData(given_name="Nimi", family_name="Saatu"),
        by=marja,
        at=timezone.now(),
    )
    assert Household.objects.get().name == "Nimi Saatu"
    assert household.members.standing().get(person=person).named
    assert not household.members.known_at(before).get(person=person).named


def test_there_is_one_contact_person(town, marja, now):
    household = household_of(town, marja, people=FAMILY)
    second = household.people.order_by("pk")[1]
    edit_person(
        person=second,
        data=PersonData(given_name="Toinen", family_name="Muuttaja"),
        relation=Relation.CONTACT,
        by=marja,
        at=now,
    )
    assert [member.relation for member in standing(household)] == [Relation.OTHER, Relation.CONTACT, Relation.CHILD]
    assert Household.objects.get().name == "Toinen Muuttaja"


def test_members_come_and_go_with_dates(town, marja, now, today):
    household = household_of(town, marja, on=today - timedelta(days=10))
    child = add_member(
        household=household,
        data=PersonData(given_name="Uusi"),
        relation=Relation.CHILD,
        on=today,
        by=marja,
        at=now,
    )
    assert Household.objects.get().size == 2
    end_membership(person=child, until=today, by=marja, at=now)
    assert Household.objects.get().size == 1
    assert household.members.standing().get(person=child).until == today
    assert household.members.filter(person=child).count() == 2


def test_the_notice_is_not_given_tomorrow(town, marja, now, today):
    household = household_of(town, marja)
    with pytest.raises(Refused):
        give_notice(
            household=household, version="1", language="fi", given_on=today + timedelta(days=1), by=marja, at=now
        )
    assert not household.notices_given.exists()


def test_who_is_named_and_no_longer_named_is_logged(town, marja, now, today):
    named, household = coordinator_of(town), household_of(town, marja)
    restrict(household=household, reason="turvakielto", named=[named], on=today, by=marja, at=now)
    lift_restriction(household=household, reason="päättynyt", on=today, by=marja, at=now)
    for access in household.accesses.order_by("pk"):
        entries = LogEntry.objects.get_for_object(access).order_by("pk")
        expected = [(LogEntry.Action.CREATE, marja), (LogEntry.Action.UPDATE, marja)]
        assert [(entry.action, entry.actor) for entry in entries] == expected
    assert household.accesses.count() == 2


def test_a_restricted_household_is_seen_by_those_named_only(town, marja, now, today):
    other, named = coordinator_of(town), coordinator_of(town)
    household = household_of(town, marja)
    restrict(household=household, reason="turvakielto", named=[named], on=today, by=marja, at=now)
    for user, sees in ((marja, True), (named, True), (other, False)):
        assert Household.objects.visible_to(scope_of(user)).exists() is sees
        assert Person.objects.visible_to(scope_of(user)).exists() is sees
    lift_restriction(household=household, reason="päättynyt", on=today, by=marja, at=now)
    assert Household.objects.visible_to(scope_of(other)).exists()
    assert [r.restricted for r in household.restrictions.order_by("id")] == [True, False]


def test_being_named_never_widens_the_municipality(town, marja, now, today):
    stranger = coordinator_of(MunicipalityFactory())
    household = household_of(town, marja, restricted=True)
    give_access(
        household=household, user=stranger, kind=AccessKind.NAMED, reason="virhe", starts=today, by=marja, at=now
    )
    assert not Household.objects.visible_to(scope_of(stranger)).exists()


def test_a_barred_user_does_not_see_the_household(town, marja, now, today):
    ex = coordinator_of(town)
    household = household_of(town, marja)
    access = give_access(
        household=household, user=ex, kind=AccessKind.BARRED, reason="entinen puoliso", starts=today, by=marja, at=now
    )
    assert not Person.objects.visible_to(scope_of(ex)).exists()
    end_access(access=access, last_day=today - timedelta(days=1), by=marja)
    assert not Person.objects.visible_to(scope_of(ex)).exists()  # it holds to the end of its first day
    access.refresh_from_db()
    assert access.ends == today


def test_somebody_stays_named(town, marja, now, today):
    household = household_of(town, marja, restricted=True)
    with pytest.raises(Refused):
        end_access(access=household.accesses.get(), last_day=today, by=marja)
    give_access(
        household=household,
        user=coordinator_of(town),
        kind=AccessKind.NAMED,
        reason="työpari",
        starts=today,
        by=marja,
        at=now,
    )
    end_access(access=household.accesses.get(user=marja), last_day=today, by=marja)


@pytest.mark.parametrize("reason", ["", "  "])
def test_restricting_needs_a_reason(town, marja, now, today, reason):
    household = household_of(town, marja)
    with pytest.raises(Refused):
        restrict(household=household, reason=reason, named=[], on=today, by=marja, at=now)


def test_changes_are_logged_with_who_made_them(town, marja, now):
    person = household_of(town, marja).people.get()
    edit_person(person=person, data=PersonData(given_name="Toinen", family_name="Nimi"), by=marja, at=now)
    entry = LogEntry.objects.get_for_object(person).filter(action=LogEntry.Action.UPDATE).get()
    assert entry.actor == marja
    assert entry.changes["given_name"] == ["Testi", "Toinen"]
    assert "name_key" not in entry.changes
