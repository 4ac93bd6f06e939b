"""Non-disclosure for personal safety: the household and its cases together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

import contacts.actions
from cases.actions.timeline import note
from cases.models import Case, EventKind
from cases.references import random_reference
from contacts.models import Household
from crm.models import User


def restrict_household(
    *, household: Household, reason: str, named: Iterable[User] = (), on: date, by: User, at: datetime
) -> None:
    """Restrict the household, and its cases with it; their references become random ones."""
    with transaction.atomic():
        contacts.actions.restrict(household=household, reason=reason, named=named, on=on, by=by, at=at)
        for case in Case.objects.select_for_update().filter(household=household).order_by("pk"):
            case.restricted = True
            case.reference = random_reference()
            case.save(update_fields=["restricted", "reference"])
            note(case, EventKind.CHANGE, by=by, at=at, what="restricted")


def lift_restriction(*, household: Household, reason: str, on: date, by: User, at: datetime) -> None:
    """The household and its cases are as any other again; their references stay."""
    with transaction.atomic():
        contacts.actions.lift_restriction(household=household, reason=reason, on=on, by=by, at=at)
        for case in Case.objects.select_for_update().filter(household=household).order_by("pk"):
            case.restricted = False
            case.save(update_fields=["restricted"])
            note(case, EventKind.CHANGE, by=by, at=at, what="unrestricted")
