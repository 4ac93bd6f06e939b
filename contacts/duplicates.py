"""Likely duplicates: the same human told twice. What makes two people one is said here alone.

Candidates come by indexed keys (e-mail, phone, birth date, how the name sounds), then each is compared in memory.
Only people whose existence the user may know of are compared: about restricted households and those the user is
barred from, the answer is as if they did not exist.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import batched, product, zip_longest
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rapidfuzz.distance import OSA

from contacts.models import Person
from contacts.names import LOST, name_words, readings, sound, spelling, wanted_sound_keys

if TYPE_CHECKING:
    from contacts.access import Scope

LIKELY = 70  # from this score on, more likely the same person than not
_SHARED = 70  # the same phone or e-mail under another name: a family, or a work place
_MOST_CANDIDATES = 100  # of one person; what more people share tells little
_ROWS = 500  # compared with the register in one statement

# How like two names are (0 to 1): enough beside the same birth date, and enough alone.
_LIKE = 0.7
_VERY_LIKE = 0.85

Key = tuple[str, object]  # a field of Person by which candidates are found («sound» stands for two), and its value


class Sign(models.TextChoices):
    """Why two people look like one, the surest first."""

    EMAIL = "email", _("same e-mail")
    PHONE = "phone", _("same phone")
    BIRTH = "birth", _("same birth date and a like name")
    NAME = "name", _("same name")
    LIKE_NAME = "like_name", _("like name")


@dataclass(frozen=True)
class Match:
    """A person who may be the one asked about: how likely (1–100), and why; `unlike`: under quite another name."""

    person: Person
    score: int
    signs: tuple[Sign, ...]
    unlike: bool = False

    @property
    def likely(self) -> bool:
        return self.score >= LIKELY

    @property
    def reasons(self) -> list[str]:
        return [str(sign.label) for sign in self.signs]


def likely_duplicates(
    *, scope: Scope, municipality_id: int, person: Person, household_id: int | None = None, limit: int = 5
) -> list[Match]:
    """Who in the register may be this person (saved or not), the likeliest first: one statement, or none.

    `household_id` is the household they belong to: within it a shared phone or e-mail means nothing.
    """
    found = []
    candidates = _candidates(_wanted_keys(person), scope, municipality_id, _MOST_CANDIDATES)
    for candidate in candidates.select_related("household"):
        if candidate.pk != person.pk:
            match = compare(person, candidate, share_contacts=candidate.household_id == household_id)
            found += [match] if match else []
    return sorted(found, key=lambda match: (-match.score, match.person.pk))[:limit]


def likely_duplicates_bulk(*, scope: Scope, municipality_id: int, people: Sequence[Person]) -> list[Match | None]:
    """For each of `people`, who in the register is most likely the same: one statement for 500 of them.

    Without their households, of which an import has no use.
    """
    return [match for part in batched(people, _ROWS) for match in _matches_of_part(part, scope, municipality_id)]


def _matches_of_part(people: Sequence[Person], scope: Scope, municipality_id: int) -> list[Match | None]:
    rows_by_key: dict[Key, list[int]] = defaultdict(list)
    for row, person in enumerate(people):
        for key in _wanted_keys(person):
            rows_by_key[key].append(row)
    best: list[Match | None] = [None] * len(people)
    for candidate in _candidates(rows_by_key, scope, municipality_id, _MOST_CANDIDATES * len(people)):
        for row in {row for key in _stored_keys(candidate) for row in rows_by_key.get(key, ())}:
            best[row] = _likelier(best[row], compare(people[row], candidate))
    return best


class Seen:
    """People met so far, to find the earlier row of the same sheet that tells of the same human."""

    def __init__(self) -> None:
        self._by_key: dict[Key, list[tuple[int, Person]]] = defaultdict(list)

    def earlier(self, person: Person) -> tuple[int, Match] | None:
        """The number of the earlier row that is most likely the same person, and the match."""
        found: tuple[int, Match] | None = None
        for number, other in self._met(person).items():
            match = _likelier(found and found[1], compare(person, other))
            if match and match.person is other:
                found = number, match
        return found

    def all_like(self, person: Person) -> set[int]:
        """The numbers of all rows that are likely about the same person, under a like name."""
        matches = {number: compare(person, other) for number, other in self._met(person).items()}
        return {number for number, match in matches.items() if match and match.likely and not match.unlike}

    def _met(self, person: Person) -> dict[int, Person]:
        return {number: other for key in _wanted_keys(person) for number, other in self._by_key.get(key, ())}

    def add(self, number: int, person: Person) -> None:
        for key in _stored_keys(person):
            self._by_key[key].append((number, person))


def _likelier(best: Match | None, match: Match | None) -> Match | None:
    """The better of the two among those that are likely, a like name before another; on a tie the one found before."""
    if match is None or not match.likely:
        return best
    return best if best and (not best.unlike, best.score) >= (not match.unlike, match.score) else match


def _wanted_keys(person: Person) -> set[Key]:
    """The keys under which the same human may be stored, for every way to read the name."""
    return _contact_keys(person) | {("sound", key) for key in wanted_sound_keys(person.given_name, person.family_name)}


def _stored_keys(person: Person) -> set[Key]:
    """The keys under which this person is stored."""
    return _contact_keys(person) | {("sound", key) for key in (person.sound_key, person.sound_key_turned) if key}


def _contact_keys(person: Person) -> set[Key]:
    keys = {"email_key": person.email_key, "phone_key": person.phone_key, "birth_date": person.birth_date}
    return {(field, value) for field, value in keys.items() if value}


def _candidates(keys: Iterable[Key], scope: Scope, municipality_id: int, limit: int) -> QuerySet[Person]:
    """The newest people stored under any of the keys whom the user may know of; nobody where there is no key."""
    values: dict[str, list] = defaultdict(list)
    for field, value in keys:
        values[field].append(value)
    if sounds := values.pop("sound", None):
        values["sound_key"] = values["sound_key_turned"] = sounds
    if not values:
        return Person.objects.none()
    under_a_key = Q()
    for field, wanted in values.items():
        under_a_key |= Q(**{f"{field}__in": sorted(wanted)})
    people = Person.objects.visible_to(scope).filter(under_a_key, municipality_id=municipality_id)
    return people.order_by("-pk")[:limit]


def compare(one: Person, other: Person, *, share_contacts: bool = False) -> Match | None:
    """How likely the two are the same human; None where nothing speaks for it. Neither needs to be saved.

    `share_contacts`: they live in one household, so that a phone or an e-mail in common says nothing.
    """
    likeness = name_likeness(one, other)
    unlike = likeness is not None and likeness < _LIKE
    signs = {}
    if one.email_key and one.email_key == other.email_key and not share_contacts:
        signs[Sign.EMAIL] = _SHARED if unlike else 90
    if one.phone_key and one.phone_key == other.phone_key and not share_contacts:
        signs[Sign.PHONE] = _SHARED if unlike else 85
    if likeness and not unlike and one.birth_date and one.birth_date == other.birth_date:
        signs[Sign.BIRTH] = 90
    elif likeness and likeness >= _VERY_LIKE and _tells(one) and _tells(other) and not _born_apart(one, other):
        signs[Sign.NAME if likeness == 1 else Sign.LIKE_NAME] = 80 if likeness == 1 else round(78 * likeness)
    if not signs:
        return None
    return Match(other, min(max(signs.values()) + 5 * (len(signs) - 1), 100), tuple(signs), unlike)


def _tells(person: Person) -> bool:
    """Whether the name alone can tell who someone is: «Matti» cannot."""
    return bool(person.sound_key)


def _born_apart(one: Person, other: Person) -> bool:
    """Whether what is known of their births rules out that they are one; a year told by itself may be off by one."""
    if one.birth_date and other.birth_date:
        return one.birth_date != other.birth_date
    year, other_year = (person.birth_date.year if person.birth_date else person.birth_year for person in (one, other))
    return year is not None and other_year is not None and abs(year - other_year) > 1


def name_likeness(one: Person, other: Person) -> float | None:
    """How like two names are, 0 to 1, in any order of their words; None where either has none.

    1 is the same name (marks, case and order aside). Each word is held against its best counterpart and the worst
    pair counts: «Matti Virtanen» is not like «Maija Virtanen».
    """
    if one.name_key == other.name_key:
        return 1.0 if one.name_key else None
    ones, others = (name_words(person.given_name, person.family_name) for person in (one, other))
    if not ones or not others:
        return None
    pairs = product(readings(ones), readings(others))
    return max(max(_words_likeness(a, b), _words_likeness(b, a)) for a, b in pairs)


def _words_likeness(ones: list[str], others: list[str]) -> float:
    fewer, more = sorted((ones, others), key=len)
    left, worst = list(more), 1.0
    for word in sorted(fewer, key=len, reverse=True):
        likeness, best = max((_word_likeness(word, candidate), candidate) for candidate in left)
        if likeness < _LIKE:
            return 0
        left.remove(best)
        worst = min(worst, likeness)
    return worst * (0.95 if left else 1)


def _word_likeness(one: str, other: str) -> float:
    """1 for the same word; else by the letters that differ, in one spelling, and whether they sound the same."""
    if one == other:
        return 1
    if 1 in (len(one), len(other)):
        return _LIKE if one[0] == other[0] else 0  # «M. Virtanen» may be Matti
    if LOST in one + other:
        one, other = _without_lost(one, other)
        return 0.98 if one == other else OSA.normalized_similarity(one, other)
    likeness = max(OSA.normalized_similarity(one, other), OSA.normalized_similarity(spelling(one), spelling(other)))
    if sound(one) != sound(other):
        return min(likeness, 0.98)
    # «Aino» and «Eino» sound the same too, by their consonants alone.
    return min(likeness + (0.2 if one[0] == other[0] else 0.05), 0.98)


def _without_lost(one: str, other: str) -> tuple[str, str]:
    """Both words without the places at which either has lost its letter."""
    kept = [(a, b) for a, b in zip_longest(one, other, fillvalue="") if LOST not in (a, b)]
    return "".join(a for a, _b in kept), "".join(b for _a, b in kept)
