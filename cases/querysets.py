"""Which cases, tasks and advice: chainable filters, no writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case as Switch
from django.db.models import F, Func, Q, Value, When
from django.db.models.functions import Coalesce

from cases import lifecycle
from cases.lifecycle import State
from contacts.querysets import visible
from crm.permissions import Permission

if TYPE_CHECKING:
    from contacts.access import Scope
    from crm.models import Municipality


# What a list of cases can be ordered by, each with its index. A case without a planned move comes last, whichever way
# the list is turned.
ORDERS: dict[str, F | Func | Switch] = {
    "reference": F("reference"),
    "state": Switch(  # the order of the path, not of the alphabet
        *(When(state=state.value, then=Value(place)) for place, state in enumerate(State)),
        output_field=models.IntegerField(),
    ),
    "since": F("state_since"),
    "move": Coalesce("planned_move_on", Value(date.max)),
    "move_down": Coalesce("planned_move_on", Value(date.min)),
    "contact": F("last_contact_on"),
    "opened": F("opened_on"),
}


class CaseQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope):
        """Cases whose existence this user may know of."""
        return visible(self, scope, "household_id")

    def open(self):
        return self.filter(state__in=lifecycle.OPEN)

    def first_of_each(self, states: Iterable[str], order: Sequence[str], most: int):
        """Of each state the first `most` in that order, each of the states read by its index."""
        # A part stands within a filter, since SQLite takes no limit on a part of a union.
        parts = [
            self.model._default_manager.filter(pk__in=self.filter(state=state).order_by(*order).values("pk")[:most])
            for state in states
        ]
        every = [part.order_by().values("pk") for part in parts]
        return self.model._default_manager.filter(pk__in=every[0].union(*every[1:], all=True)).order_by(*order)

    def active(self):
        return self.filter(state__in=lifecycle.ACTIVE)

    def pause_over(self, today: date):
        """Paused cases whose review date has come."""
        return self.filter(state=State.PAUSED, review_on__lte=today)

    def moving_by(self, day: date):
        """Cases whose planned move date is `day` or before, and nobody of whom has arrived."""
        return self.filter(state__in=lifecycle.NOT_ARRIVED, planned_move_on__lte=day)

    def not_taken_up(self, user_id: int | None):
        """First contacts that nobody, or this user, has yet to take up."""
        return self.filter(Q(coordinator__isnull=True) | Q(coordinator=user_id), state=State.CONTACT)

    def quiet(self, today: date, municipalities: Iterable[Municipality]):
        """Active cases without contact for longer than their municipality lets pass."""
        quiet = Q(pk__in=())
        for place in municipalities:
            limit = today - timedelta(days=place.stale_after_days)
            quiet |= Q(municipality=place, last_contact_on__lt=limit)
        return self.active().filter(quiet)


class TaskQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope):
        """Tasks of cases whose existence this user may know of."""
        return visible(self, scope, "case__household_id", through="case__")

    def going_on(self):
        """Tasks of cases that are not closed."""
        return self.exclude(case__state=State.CLOSED)

    def undone(self):
        return self.filter(done_on__isnull=True)

    def due_by(self, day: date):
        return self.undone().filter(due_on__lte=day)


class AdviceQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope):
        """Advice given in the municipalities whose cases this user sees; not what became a case out of sight."""
        rows = self.filter(
            Q(case__isnull=True) | Q(case__restricted=False) | Q(case__household__in=scope.named),
            municipality_id__in=scope.municipalities(Permission.VIEW_CASES),
        )
        return rows.exclude(case__household__in=scope.barred) if scope.barred else rows
