"""Which people and households: chainable filters, no writes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.db import connections, models
from django.db.models import F, OuterRef, Q, Subquery

from contacts.names import email_key, fold, phone_key, sound
from crm.permissions import Permission

if TYPE_CHECKING:
    from contacts.access import Scope

TELLING_SOUND = 3  # so many letters of a sound tell names apart


def visible(rows, scope: Scope, household: str, through: str = ""):
    """The one shape of every list: municipality literals, restricted only where named, never where barred.

    `household` leads from a row to the household's id; `through` to the row that has its municipality («case__»).
    """
    in_sight = Q(**{f"{through}restricted": False})
    if scope.named:
        in_sight |= Q(**{f"{household}__in": scope.named})
    rows = rows.filter(in_sight, **{f"{through}municipality_id__in": scope.municipalities(Permission.VIEW_CASES)})
    return rows.exclude(**{f"{household}__in": scope.barred}) if scope.barred else rows


def _has(word: str) -> Q:
    """Whether a name has the folded `word`; one or two letters begin a word, else half of all names would have them."""
    if len(word) > 2:
        return Q(name_key__contains=word)
    return Q(name_key__startswith=word) | Q(name_key__contains=f" {word}")


class HouseholdQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope):
        """Households whose existence this user may know of."""
        return visible(self, scope, "pk")


class PersonQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope):
        """People whose existence this user may know of."""
        return visible(self, scope, "household_id")

    def named_like(self, text: str):
        """People whose name has every word of `text`, in any order, marks and case aside."""
        rows = self
        for word in fold(text).split():
            rows = rows.filter(_has(word))
        return rows

    def named_nearly(self, text: str):
        """People whose name has each word of `text`, or one that is written nearly so, or sounds like it.

        Nearly written is for PostgreSQL to say (trigrams); SQLite finds by sound alone: vowels and doubled letters.
        Two consonants are no likeness: «kokeilia» would sound like every Kallio and Kalle.
        """
        rows = self
        for word in fold(text).split():
            like = _has(word)
            if len(sound(word)) >= TELLING_SOUND:
                start = f"{sound(word)} "
                like |= Q(sound_key__startswith=start) | Q(sound_key_turned__startswith=start)
            if connections[self.db].vendor == "postgresql":
                like |= Q(TrigramWordSimilar(F("name_key"), word))
            rows = rows.filter(like)
        return rows

    def sought(self, text: str):
        """People whom a search means: whose phone number or e-mail address it is, else who have its words as a name."""
        if "@" in text:
            return self.filter(email_key=email_key(text))
        number = phone_key(text)
        return self.filter(phone_key=number) if number else self.named_like(text)


class AccessQuerySet(models.QuerySet):
    def in_force(self, today: date):
        """Rows that hold on `today`, first and last day included."""
        return self.filter(Q(ends__isnull=True) | Q(ends__gte=today), starts__lte=today)


class PrivacyNoticeQuerySet(models.QuerySet):
    def in_order(self):
        """Language by language, Finnish first; in each the latest first."""
        finnish_first = models.Case(models.When(language="fi", then=0), default=1)
        return self.order_by(finnish_first, "language", "-published_on", "-pk")

    def published(self, today: date):
        """Versions that a newcomer may have been given by `today`."""
        return self.filter(published_on__lte=today).in_order()

    def in_use(self, today: date):
        """Of the published ones the latest in each language of each municipality: what is given today."""
        latest = (
            PrivacyNoticeQuerySet(self.model)
            .published(today)
            .filter(municipality=OuterRef("municipality"), language=OuterRef("language"))
        )
        return self.filter(pk=Subquery(latest.values("pk")[:1]))
