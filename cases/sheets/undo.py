"""Undoing an import: everything it made goes, and nothing else; not once somebody has worked on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import batched

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q, QuerySet
from django.utils.translation import gettext as _

from cases.import_models import ImportBatch, ImportRow, ImportStep
from cases.models import Advice, Case, CasePerson, CaseStay, Event, Task, Transition
from cases.querysets import CaseQuerySet
from cases.sheets.actions import CHUNK, check_rows
from contacts.access import Scope
from contacts.models import Access, Household, HouseholdMember, NoticeGiven, Person, PersonBirth, Restriction
from crm.audit import changed_since_made, deleted_in_bulk, unlogged
from crm.models import User
from crm.refusal import Refused

NAMED_IN_REFUSAL = 10

OF_CASE = (Event, CasePerson, CaseStay, Transition, Task)  # in the order in which they can be deleted
OF_HOUSEHOLD = (HouseholdMember, Restriction, NoticeGiven, Access)


def undo_batch(*, batch: ImportBatch, scope: Scope, by: User, at: datetime) -> ImportBatch:
    """Take an import back: its cases, households and people are deleted, and its rows can be imported again.

    Refused, with the cases' references, where any of them has been worked on since.
    """
    try:
        with transaction.atomic():
            batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
            if impossible := why_impossible(batch):
                raise Refused(impossible)
            made = Case.objects.filter(import_row__batch=batch)
            _lock(made)
            _refuse_where_worked_on(made, scope)
            _delete(made, by)
            batch.step, batch.undone_at, batch.finished_at = ImportStep.CHECK, at, None
            batch.rows_done = batch.done_through = batch.rows_checked = batch.checked_through = 0
            counts = ["rows_done", "done_through", "rows_checked", "checked_through"]
            batch.save(update_fields=["step", "undone_at", "finished_at", *counts])
    except (ProtectedError, IntegrityError) as error:  # what others record meanwhile shows at the commit only
        raise Refused(_("The import can no longer be undone: something else refers to its cases already.")) from error
    return check_rows(batch=batch, scope=scope, at=at)  # others need not wait for this


def why_impossible(batch: ImportBatch) -> str:
    """Why this import cannot be undone whatever became of its cases; "" where it can."""
    if batch.may_change:
        return _("There is nothing to undo in this import.")
    if batch.sealed_at:
        return _(
            "A sealed report counts cases of this import, and it can no longer be undone. "
            "Close a case that should not be there."
        )
    if batch.rows_deleted_at:
        return _(
            "The rows of the sheet have been deleted, and the import can no longer be undone. "
            "Close a case that should not be there."
        )
    return ""


def seal_imports(*, municipalities: Collection[int], through: date, at: datetime) -> int:
    """A report on these municipalities up to `through` has been sealed: imports with cases in it cannot be undone.

    To be called in the transaction that seals, which waits for an undoing under way. How many imports there were.
    """
    counted = ImportRow.objects.filter(batch=OuterRef("pk"), case__opened_on__lte=through)
    with transaction.atomic():
        imports = ImportBatch.objects.filter(municipality__in=municipalities, sealed_at=None)
        list(imports.select_for_update().order_by("pk").values_list("pk"))
        return imports.filter(Exists(counted)).update(sealed_at=at)


def _lock(made: QuerySet) -> None:
    """Hold what the import made: whoever writes about it now waits, whoever wrote before is seen by the check.

    Each lock is a statement of its own, in the order in which the actions lock too (`contacts.actions.hold_household`).
    """
    households = list(made.order_by().values_list("household_id", flat=True))
    for rows in (
        Household.objects.filter(pk__in=households),
        Case.objects.filter(household__in=households),
        Person.objects.filter(household__in=households),
    ):
        list(rows.select_for_update().order_by("pk").values_list("pk"))


def _refuse_where_worked_on(made: CaseQuerySet, scope: Scope) -> None:
    worked_on = _worked_on(made)
    if not worked_on.exists():
        return
    shown = list(
        worked_on.visible_to(scope).order_by("reference").values_list("reference", flat=True)[: NAMED_IN_REFUSAL + 1]
    )
    listed = ", ".join(shown[:NAMED_IN_REFUSAL]) + (" …" if len(shown) > NAMED_IN_REFUSAL else "")
    raise Refused(
        _("The import can no longer be undone: these cases have been worked on: %(cases)s.") % {"cases": listed}
        if shown
        else _("The import can no longer be undone: some of its cases have been worked on.")
    )


def _worked_on(made: CaseQuerySet) -> CaseQuerySet:
    """The cases about which anything was recorded after the moment in which the import recorded everything."""
    since = ~Q(recorded_at=OuterRef("recorded_at"))
    later = Q(Exists(Advice.objects.filter(case=OuterRef("pk"))))
    later |= Q(Exists(Case.objects.filter(household=OuterRef("household")).exclude(pk=OuterRef("pk"))))
    for of_case in OF_CASE:
        later |= Q(Exists(of_case.objects.filter(since, case=OuterRef("pk"))))
    for of_household in (*OF_HOUSEHOLD, Person):
        later |= Q(Exists(of_household.objects.filter(since, household=OuterRef("household"))))
    households = list(made.order_by("pk").values_list("household_id", flat=True))
    changed = changed_since_made(Household, households) | _households_of_changed_people(households)
    return made.filter(later | Q(household__in=changed))


def _households_of_changed_people(households: Sequence[int]) -> set[int]:
    people = dict(Person.objects.filter(household__in=households).order_by("pk").values_list("pk", "household_id"))
    return {people[pk] for pk in changed_since_made(Person, people)}


def _delete(made: QuerySet, by: User) -> None:
    for part in batched(list(made.order_by("pk").values_list("pk", flat=True)), CHUNK):
        _delete_cases(part, by)


def _delete_cases(cases: Sequence[int], by: User) -> None:
    households = list(Household.objects.filter(cases__in=cases).order_by("pk"))
    people = list(Person.objects.filter(household__in=households).order_by("pk"))
    accesses = list(Access.objects.filter(household__in=households).order_by("pk"))
    for rows in (households, people, accesses):
        deleted_in_bulk(rows, by=by)
    with unlogged():
        for of_case in OF_CASE:
            of_case.objects.filter(case__in=cases).delete()
        Case.objects.filter(pk__in=cases).delete()
        PersonBirth.objects.filter(person__in=people).delete()
        for of_household in (*OF_HOUSEHOLD, Person):
            of_household.objects.filter(household__in=households).delete()
        Household.objects.filter(pk__in=[household.pk for household in households]).delete()
