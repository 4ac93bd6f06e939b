"""What to see to before a step, and where: each need that belongs to the case, with the address that meets it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import lifecycle
from cases.lifecycle import Need
from cases.models import Case, CasePerson, PersonFactKind
from contacts.models import HouseholdMember, Relation


@dataclass(frozen=True)
class Mend:
    """A need that is not met, and the link that leads to meeting it; no link where only a decision does."""

    says: Promise | str
    action: Promise | str = ""
    url: str = ""


def mends_of(case: Case, missing: Sequence[Need], memberships: Sequence[HouseholdMember]) -> list[Mend]:
    """One line for each of `missing`, in order."""
    return [_mend(case, need, memberships) for need in missing]


def mends_first(case: Case, facts: Iterable[CasePerson]) -> list[Mend]:
    """One line for each of `facts` about members, with the way to take it back."""
    return [
        Mend(
            _("%(name)s: %(fact)s %(date)s")
            % {
                "name": fact.person.name,
                "fact": PersonFactKind(fact.kind).label,
                "date": date_format(fact.happened_on, "SHORT_DATE_FORMAT"),
            },
            _("Take back"),
            reverse("case_person_take_back", args=[case.reference, fact.pk]),
        )
        for fact in facts
    ]


def _mend(case: Case, need: Need, memberships: Sequence[HouseholdMember]) -> Mend:
    if need.code not in _WAYS:
        return Mend(need.refusal)
    action, url = _WAYS[need.code]
    return Mend(need.refusal, action, url(case, memberships))


def _contact_person(case: Case, memberships: Sequence[HouseholdMember]) -> str:
    rows = sorted(memberships, key=lambda row: (row.until is not None, row.relation != Relation.CONTACT))
    return reverse("person_edit", args=[rows[0].person_id]) if rows else ""


Way = Callable[[Case, Sequence[HouseholdMember]], str]
_WAYS: dict[str, tuple[Promise, Way]] = {
    lifecycle.NAMED_PERSON.code: (_("Add the name"), _contact_person),
    lifecycle.NOTICE_GIVEN.code: (
        _("Record the privacy notice"),
        lambda case, _rows: reverse("household_notice", args=[case.household_id]),
    ),
    lifecycle.COORDINATOR.code: (
        _("Choose a coordinator"),
        lambda case, _rows: reverse("case_edit", args=[case.reference]),
    ),
    lifecycle.PLAN_ITEM.code: (
        _("Add to the plan"),
        lambda case, _rows: reverse("plan_add", args=[case.reference]),
    ),
}
