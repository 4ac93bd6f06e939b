"""Which cases, tasks and advice: chainable filters, no writes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models

from cases import lifecycle
from contacts.querysets import visible
from crm.permissions import Permission

if TYPE_CHECKING:
    from contacts.access import Scope


class CaseQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope):
        """Cases whose existence this user may know of."""
        return visible(self, scope, "household_id")

    def open(self):
        return self.filter(state__in=lifecycle.OPEN)

    def active(self):
        return self.filter(state__in=lifecycle.ACTIVE)


class TaskQuerySet(models.QuerySet):
    def undone(self):
        return self.filter(done_on__isnull=True)

    def due_by(self, day: date):
        return self.undone().filter(due_on__lte=day)


class AdviceQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope):
        """Advice given in the municipalities whose cases this user sees; it names nobody."""
        return self.filter(municipality_id__in=scope.municipalities(Permission.VIEW_CASES))
