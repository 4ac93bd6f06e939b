"""Likely duplicates: the same human told twice. What makes two people alike is said here alone.

Alike are people with the same e-mail, phone or birth date and a like name (misspelt, transposed, with and without
marks), and people with exactly the same name. Only people whose existence the user may know of are compared:
about restricted households and those the user is barred from, the answer is as if they did not exist.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from contacts.models import Person

if TYPE_CHECKING:
    from contacts.access import Scope

LIKE_WORD = 75  # of 100: «mohammad» is like «mohammed», «matti» not like «maija»
LIKE_NAME = 84  # of 100, for whole names with a space or a letter lost: «Jarvine n Otso», «Y?ld?z»


class Sign(models.TextChoices):
    """Why two people look like one, the surest first."""

    EMAIL = "email", _("same e-mail")
    PHONE = "phone", _("same phone number")
    BIRTH = "birth", _("same birth date")
    NAME = "name", _("same name")


_KEYS = {Sign.EMAIL: "email_key", Sign.PHONE: "phone_key", Sign.BIRTH: "birth_date", Sign.NAME: "name_key"}


@dataclass(frozen=True)
class Match:
    """A person in the register who is likely the one asked about."""

    person: Person
    sign: Sign


def alike(one: Person, other: Person) -> Sign | None:
    """Why the two are likely the same human; None where they are not. Neither needs to be saved."""
    for sign, key in _KEYS.items():
        value = getattr(one, key)
        if value and value == getattr(other, key) and like_names(one, other):
            return sign
    return None


def like_names(one: Person, other: Person) -> bool:
    """Whether the names may be one name in two spellings; a person without a name is like anyone."""
    if not one.name_key or not other.name_key:
        return True
    words, others = one.name_key.split(), other.name_key.split()
    if min(len(words), len(others)) > 1 and (set(words) <= set(others) or set(others) <= set(words)):
        return True  # «Anna Virtanen» and «Anna Maria Virtanen»
    if len(words) == len(others):
        return all(_has_like(word, others) for word in words) and all(_has_like(word, words) for word in others)
    return any(fuzz.ratio(a, b) >= LIKE_NAME for a in _spellings(one) for b in _spellings(other)[:1])


def _has_like(word: str, others: list[str]) -> bool:
    return any(fuzz.ratio(word, other) >= LIKE_WORD for other in others)


def _spellings(person: Person) -> tuple[str, str]:
    """The name without spaces in both orders, for a space or a letter lost in it: «Jarvine n», «Y?ld?z»."""
    given, family = ("".join(c for c in n.lower() if c.isalnum()) for n in (person.given_name, person.family_name))
    return given + family, family + given


def likely_duplicates(*, scope: Scope, municipality_id: int, person: Person, limit: int = 5) -> list[Match]:
    """Who in the register is likely this person (saved or not), the surest first: one statement."""
    found = _alike_of(person, _candidates(scope, municipality_id, [person]))
    return sorted(found, key=lambda match: list(Sign).index(match.sign))[:limit]


def likely_duplicates_bulk(*, scope: Scope, municipality_id: int, people: Sequence[Person]) -> list[Match | None]:
    """For each of `people`, who in the register is most likely the same: one statement for all of them."""
    by_mark: dict[tuple[str, object], list[Person]] = defaultdict(list)
    for candidate in _candidates(scope, municipality_id, people):
        for mark in _marks(candidate):
            by_mark[mark].append(candidate)
    return [_surest(_alike_of(person, _with_a_mark_of(person, by_mark))) for person in people]


class Seen:
    """People met so far, to find the earlier row of the same sheet that tells of the same human."""

    def __init__(self) -> None:
        self._by_mark: dict[tuple[str, object], list[tuple[int, Person]]] = defaultdict(list)

    def earlier(self, person: Person) -> tuple[int, Sign] | None:
        """The number of an earlier row that is alike, and why."""
        for mark in _marks(person):
            for number, other in self._by_mark[mark]:
                if sign := alike(person, other):
                    return number, sign
        return None

    def add(self, number: int, person: Person) -> None:
        for mark in _marks(person):
            self._by_mark[mark].append((number, person))


def _candidates(scope: Scope, municipality_id: int, people: Iterable[Person]) -> list[Person]:
    """The people who share a mark with any of `people`."""
    wanted: dict[str, set] = defaultdict(set)
    for person in people:
        for key, value in _marks(person):
            wanted[key].add(value)
    if not wanted:
        return []
    shared = Q()
    for key, values in wanted.items():
        shared |= Q(**{f"{key}__in": values})
    return list(Person.objects.visible_to(scope).filter(shared, municipality_id=municipality_id).order_by("pk"))


def _marks(person: Person) -> Iterator[tuple[str, object]]:
    return ((key, value) for key in _KEYS.values() if (value := getattr(person, key)))


def _with_a_mark_of(person: Person, by_mark) -> list[Person]:
    return list({other.pk: other for mark in _marks(person) for other in by_mark.get(mark, ())}.values())


def _alike_of(person: Person, others: Iterable[Person]) -> list[Match]:
    return [
        Match(other, sign)
        for other in others
        if (other.pk is None or other.pk != person.pk) and (sign := alike(person, other))
    ]


def _surest(matches: list[Match]) -> Match | None:
    return min(matches, key=lambda match: list(Sign).index(match.sign), default=None)
