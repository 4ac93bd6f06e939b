"""History is rows: what happened is never edited; a correction is a row that replaces another.

Known at T = rows recorded by T that no row recorded by T replaces (DOMAIN: History is rows).
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _


class FactQuerySet(models.QuerySet):
    """Rows of one kind of fact."""

    def standing(self):
        """The rows that hold now: replaced by nothing and not themselves a void."""
        return self.known_at(None)

    def known_at(self, at: datetime | None):
        """The rows that held at `at` (None: now) by what had been recorded by then."""
        later = self.model._base_manager.filter(replaces=OuterRef("pk"))
        rows = self
        if at is not None:
            later = later.filter(recorded_at__lte=at)
            rows = rows.filter(recorded_at__lte=at)
        return rows.filter(~Exists(later), void=False)

    def in_order(self):
        """As it happened; on one day as it was recorded."""
        return self.order_by("happened_on", "id")


class Fact(models.Model):
    """One dated fact. `happened_on` is the Helsinki date it became true.

    Where the date is not known, `date_known` is false and `happened_on` is only a place in the order
    (the earliest day it can have been): such rows stay out of every figure about time.
    """

    happened_on = models.DateField(_("date"))
    date_known = models.BooleanField(default=True)
    recorded_at = models.DateTimeField(_("recorded"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("corrects")
    )
    void = models.BooleanField(default=False)
    why = models.TextField(_("reason for the correction"), blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(void=False) | Q(replaces__isnull=False),
                name="%(app_label)s_%(class)s_void_replaces",
            ),
        ]

    def replacement(self, *, by, at: datetime, why: str = "", void: bool = False, **changes) -> Self:
        """A row that replaces this one, not yet saved: its values but for `changes`.

        With `void` it says that this one never was.
        """
        own = {"id", "recorded_at", "by", "replaces", "void", "why"}
        copied = {f.attname: getattr(self, f.attname) for f in self._meta.concrete_fields if f.name not in own}
        row = type(self)(**copied, recorded_at=at, by=by, replaces=self, void=void, why=why)
        for name, value in changes.items():
            setattr(row, name, value)
        return row
