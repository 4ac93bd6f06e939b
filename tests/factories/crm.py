"""Municipalities, users and their roles."""

from __future__ import annotations

from datetime import date

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

import contacts.access
from crm.actions import grant_role
from crm.models import Municipality, User
from crm.roles import INSTALLATION_ROLES, PROJECT_ROLES, Role

PASSWORD = "a long enough password"
LONG_AGO = date(2020, 8, 1)


class MunicipalityFactory(DjangoModelFactory):
    """A municipality with a code and a prefix of its own; ask for `name_fi="Kemijärvi"` where the name matters."""

    class Meta:
        model = Municipality

    code = factory.Sequence(lambda n: f"{n:03}" if n < 1000 else f"{chr(65 + n // 100 % 26)}{n % 100:02}")
    prefix = factory.Sequence(lambda n: f"Q{_letters(n)}")
    name_fi = factory.Sequence(lambda n: f"Kunta {n}")
    name_sv = factory.SelfAttribute("name_fi")
    name_en = factory.SelfAttribute("name_fi")
    region_fi = "Lappi"
    population = 3000


class UserFactory(DjangoModelFactory):
    """A member of staff without any role; signs in with `PASSWORD`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"user{n}@example.fi")
    name = factory.Sequence(lambda n: f"Virkailija {_letters(n)}")
    password = factory.django.Password(PASSWORD)


def _letters(number: int) -> str:
    """0 → AA, 1 → AB, 26 → BA: the sequence in letters, since a prefix has no digits."""
    return chr(65 + number // 26 % 26) + chr(65 + number % 26)


def member(role: Role, place=None, *, starts: date = LONG_AGO, ends: date | None = None, **fields) -> User:
    """A new user who holds `role` in `place`: a municipality, a project, or None for the installation."""
    user = UserFactory(**fields)
    give(user, role, place, starts=starts, ends=ends)
    return user


def give(user: User, role: Role, place=None, *, starts: date = LONG_AGO, ends: date | None = None) -> None:
    """One more role for `user`."""
    if role in INSTALLATION_ROLES:
        where = {}
    elif role in PROJECT_ROLES:
        where = {"project": place}
    else:
        where = {"municipality": place}
    grant_role(user=user, role=role, by=None, starts=starts, ends=ends, **where)


def coordinator_of(*municipalities: Municipality, **fields) -> User:
    """A new user who is a coordinator in each of `municipalities`."""
    user = UserFactory(**fields)
    for municipality in municipalities:
        give(user, Role.COORDINATOR, municipality)
    return user


def scope_of(user: User):
    """What `user` may do and see today, as `request.scope` has it."""
    return contacts.access.scope(user, timezone.localdate())
