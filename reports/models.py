"""Saved figures: what has been counted, so that a page counts only what has changed since (docs/adr/0009)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from contacts.models import Household
from crm.classified import classified
from crm.models import Municipality


class SavedFigures(models.Model):
    """The one row that says as of when figures are saved, and who is at it (`reports.saving`).

    Everything recorded by `known_at` is in them; None: nothing is saved yet.
    """

    known_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)

    kinds = classified(technical="id known_at claim claimed_at")

    class Meta:
        default_permissions = ()


class SavedRow(models.Model):
    """A row of a household as it was last counted (`reports.rows.Row`).

    With `is_summed` it is in the months, too; else `people` are the identities behind it, since it cannot be told
    from the row alone whether another one counts the same. `household` is empty once an import was undone: then the
    row waits to be taken out. `case_id` is a plain number for the same reason.
    """

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+", db_index=False)
    household = models.ForeignKey(Household, models.SET_NULL, null=True, related_name="+")
    case_id = models.BigIntegerField()
    restricted = models.BooleanField()
    kind = models.CharField(max_length=20)
    detail = models.CharField(max_length=120)
    day = models.DateField()
    since = models.DateField()
    until = models.DateField()
    days = models.IntegerField()
    persons = models.IntegerField()
    is_summed = models.BooleanField()
    people = models.TextField()

    kinds = classified(
        figure="municipality restricted kind detail day since until days persons",
        technical="id household case_id is_summed people",
    )

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["municipality", "kind", "day", "since", "until"], name="reports_savedrow_counted"),
            models.Index(
                fields=["municipality", "kind", "day"], name="reports_savedrow_apart", condition=Q(is_summed=False)
            ),
        ]


class SavedMonth(models.Model):
    """How many summed rows there are alike; of `day`, `since` and `until` only the month, written as its first day."""

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    detail = models.CharField(max_length=120)
    day = models.DateField()
    since = models.DateField()
    until = models.DateField()
    days = models.IntegerField()
    rows = models.IntegerField()
    persons = models.IntegerField()

    kinds = classified(figure="municipality kind detail day since until days rows persons", technical="id")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "kind", "day", "since", "until", "detail", "days"],
                name="reports_savedmonth_once",
            )
        ]
