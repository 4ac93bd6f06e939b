"""What a member of staff reaches of the registers: the municipality's grants, narrowed by household."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import crm.access
from contacts.models import Access, AccessKind
from crm.models import User


@dataclass(frozen=True)
class Scope(crm.access.Scope):
    """A scope that knows the households its user is named on and barred from; every list of people needs it."""

    named: frozenset[int] = frozenset()
    barred: frozenset[int] = frozenset()


def scope(user: User, today: date) -> Scope:
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
