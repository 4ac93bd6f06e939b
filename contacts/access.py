"""What a member of staff reaches of the registers: the municipality's grants, narrowed by household."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

import crm.access
from contacts.models import Access, AccessKind, Household, Person
from crm.models import User
from crm.permissions import Permission

if TYPE_CHECKING:
    from contacts.requests import StaffRequest


@dataclass(frozen=True)
class Scope(crm.access.Scope):
    """A scope that knows the households its user is named on and barred from; every list of people needs it."""

    named: frozenset[int] = frozenset()
    barred: frozenset[int] = frozenset()


def scope(user: User | AnonymousUser, today: date) -> Scope:
    """`crm.access.scope` and the households: two statements. Being named never widens anyone's municipality."""
    granted = crm.access.scope(user, today)
    households: dict[str, set[int]] = {AccessKind.NAMED: set(), AccessKind.BARRED: set()}
    if granted.grants:
        for kind, household in Access.objects.in_force(today).filter(user=user).values_list("kind", "household_id"):
            households[kind].add(household)
    return Scope(
        **{name: getattr(granted, name) for name in crm.access.Scope.__dataclass_fields__},
        named=frozenset(households[AccessKind.NAMED]),
        barred=frozenset(households[AccessKind.BARRED]),
    )


def as_it_is_now(asked: Scope) -> Scope:
    """The scope of the same user read anew, in three statements: for a file that is still being read, and after a lock.

    Whoever was barred meanwhile, or whose role has ended, sees no more.
    """
    user = User.objects.filter(pk__in=[asked.user_id]).first()
    return scope(user or AnonymousUser(), timezone.localdate())


def opened_household(request: StaffRequest, permission: Permission, pk: int | QuerySet) -> Household:
    """The household `pk` (or that a statement of one row finds) with its municipality (`crm.access.open_record`)."""
    households = Household.objects.visible_to(request.scope).select_related("municipality")
    return crm.access.open_record(request, households, permission, pk=pk)


def opened_person(request: StaffRequest, permission: Permission, pk: int) -> Person:
    """The person `pk` with the household (`crm.access.open_record`)."""
    people = Person.objects.visible_to(request.scope).select_related("household")
    return crm.access.open_record(request, people, permission, pk=pk)


def locked_household(request: StaffRequest, pk: int) -> Household:
    """An opened household as it is now, locked until it is saved; 404 where it has gone out of sight since."""
    locked = get_object_or_404(Household.objects.visible_to(request.scope).select_for_update(), pk=pk)
    return get_object_or_404(Household.objects.visible_to(as_it_is_now(request.scope)), pk=locked.pk)


def locked_person(request: StaffRequest, person: Person) -> Person:
    """An opened person as they are now: whatever changes one holds the lock of the household."""
    household = locked_household(request, person.household_id)
    return get_object_or_404(Person.objects.filter(household=household), pk=person.pk)


def who_may_work(household: Household, today: date) -> QuerySet[User]:
    """The users who may work with the household on `today`: not the barred; where it is restricted, the named alone."""
    own = Access.objects.in_force(today).filter(user=OuterRef("pk"), household=household)
    users = crm.access.holders(Permission.WORK_CASES, [household.municipality_id], today)
    if household.restricted:
        users = users.filter(Exists(own.filter(kind=AccessKind.NAMED)))
    return users.exclude(Exists(own.filter(kind=AccessKind.BARRED)))
