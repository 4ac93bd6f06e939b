"""What of the list of cases goes into a file: what stands on the page, and the kinds it can be narrowed by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.filters import CaseFilter
from cases.lifecycle import State
from cases.models import Case, Channel, MoveReason, Stay, Task
from contacts.access import Scope, as_it_is_now
from contacts.exports import municipality_column, restricted_column
from crm.exports import Column, Export, Listed, in_words
from crm.models import ExportedList, Municipality
from crm.paging import in_order

READ = (
    "restricted",
    "reference",
    "household__name",
    "household__size",
    "state",
    "state_since",
    "planned_move_on",
    "last_contact_on",
    "opened_on",
    "next_due",
    "coordinator__name",
    "move_reason",
    "stay",
    "channel",
    "municipality_id",
)


def _columns() -> list[Column]:
    return [
        Column(_("Name of the household"), lambda row: row.household__name, 30),
        Column(_("Reference"), lambda row: row.reference),
        Column(_("Persons"), lambda row: row.household__size, 10),
        Column(pgettext_lazy("case", "State"), in_words(State, "state")),
        Column(_("In this state since"), lambda row: row.state_since),
        Column(_("Planned move"), lambda row: row.planned_move_on),
        Column(_("Last contact"), lambda row: row.last_contact_on),
        Column(_("First contact"), lambda row: row.opened_on),
        Column(_("Next task due"), lambda row: row.next_due),
        Column(_("Coordinator"), lambda row: row.coordinator__name or "", 24),
        Column(_("Reason to move"), in_words(MoveReason, "move_reason"), 24),
        Column(_("Stay"), in_words(Stay, "stay")),
        Column(_("Channel"), in_words(Channel, "channel")),
    ]


def case_columns(scope: Scope, places: Iterable[Municipality]) -> list[Column]:
    """The columns of rows that `read_cases` gives, of cases in these municipalities."""
    return [*restricted_column(scope), *_columns(), municipality_column(places)]


def read_cases(scope: Scope, ids: Sequence[int]) -> Iterable[Any]:
    """The rows of those of the cases that are in sight now: four statements."""
    due = Task.objects.undone().filter(case=OuterRef("pk"), due_on__isnull=False).order_by("due_on", "pk")
    cases = Case.objects.visible_to(as_it_is_now(scope)).filter(pk__in=ids).order_by("pk")
    return cases.annotate(next_due=Subquery(due.values("due_on")[:1])).values_list("pk", *READ, named=True)


def case_export(listed: CaseFilter) -> Export:
    """The cases that the list shows, of all its pages and in its order."""
    scope = listed.scope
    rows, order = listed.sorted()
    return Export(
        what=ExportedList.CASES,
        title=_("Cases"),
        columns=case_columns(scope, listed.municipalities.values()),
        source=Listed(in_order(rows, (order,)), partial(read_cases, scope)),
        back=f"{reverse('case_list')}{listed.query()}",
        words=listed.in_words,
        notes=listed.notes,
        secret=bool(scope.named) and rows.filter(restricted=True).exists(),
    )
