"""What the pages of an import show of it, put together from few statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cases.import_models import Fate, ImportBatch, ImportRow, ImportRowQuerySet, ImportStep
from cases.lifecycle import State
from cases.models import Case
from cases.sheets.batch import counts_of, rows_in_sight
from cases.sheets.columns import Meaning
from cases.sheets.reasons import Reason, sentences
from contacts.access import Scope
from contacts.duplicates import Sign
from contacts.models import Person
from crm.requests import number_in

ROWS_A_PAGE = 50

TONES = {Fate.NEW: "ok", Fate.STOPS: "warn", Fate.DUPLICATE: "info", Fate.REJECTED: "", Fate.RESTRICT: "hot"}


@dataclass(frozen=True)
class StepView:
    """A step of the import for its list of steps; `url` is empty where it cannot be opened now."""

    label: Promise
    url: str
    current: bool
    past: bool


@dataclass(frozen=True)
class DuplicateView:
    """Whom a row seems to repeat, or with whom it shares a phone or an e-mail.

    A person of the register with their case, or an earlier row of the sheet.
    """

    row: int | None
    signs: list[str]
    name: str = ""
    reference: str = ""
    household_id: int = 0


@dataclass(frozen=True)
class RowView:
    """A row as the check and the result show it."""

    row: ImportRow
    name: str
    fate: Fate
    tone: str
    state: State | None
    said: str  # the stage in the sheet's own words
    reasons: list[str]
    remarks: list[str]
    duplicate: DuplicateView | None
    shares: DuplicateView | None  # not a likely duplicate: the names are unlike
    reference: str  # of the case it became

    @property
    def pk(self) -> int:
        return self.row.pk

    @property
    def whom_it_repeats(self) -> str:
        """The sentence about the likely duplicate; "" where there is none."""
        if not self.duplicate:
            return ""
        if self.duplicate.row:
            return _("Seems to be the same person as on row %(number)s.") % {"number": self.duplicate.row}
        told = {"name": self.duplicate.name, "reference": self.duplicate.reference}
        if self.duplicate.reference:
            return _("Seems to be %(name)s, who is in the register already: %(reference)s.") % told
        if self.duplicate.name:
            return _("Seems to be %(name)s, who is in the register already.") % told
        return _("Seems to be in the register already.")

    @property
    def with_whom_it_shares(self) -> str:
        """The sentence about who has the same phone or e-mail; "" where nobody has."""
        if not self.shares:
            return ""
        if self.shares.row:
            return _(
                "Has the same phone or e-mail as row %(number)s under another name: perhaps of the same family."
            ) % {"number": self.shares.row}
        told = {"name": self.shares.name, "reference": self.shares.reference}
        if self.shares.reference:
            return (
                _(
                    "Has the same phone or e-mail as %(name)s in the register under another name, %(reference)s: "
                    "perhaps of the same family."
                )
                % told
            )
        return (
            _(
                "Has the same phone or e-mail as %(name)s in the register under another name: perhaps of the same "
                "family."
            )
            % told
        )

    @property
    def why_to_restrict(self) -> str:
        """The sentence about a household of the register that is to be restricted; "" where none is."""
        if self.fate != Fate.RESTRICT:
            return ""
        if self.row.restricted_by_row == self.row.number:
            return _("The sheet says non-disclosure, but in the register everybody with the right sees the household.")
        return _(
            "Row %(number)s about the same person says non-disclosure, but in the register everybody with the right "
            "sees the household."
        ) % {"number": self.row.restricted_by_row}

    @property
    def sentences(self) -> list[str]:
        """All that the page says of what becomes of the row and why."""
        signs = f"{capfirst(', '.join(self.duplicate.signs))}." if self.duplicate and self.duplicate.signs else ""
        repeated = [self.whom_it_repeats, signs]
        told = [*self.reasons, *repeated, self.with_whom_it_shares, self.why_to_restrict, *self.remarks]
        return [sentence for sentence in told if sentence]


def steps_of(batch: ImportBatch, shown: ImportStep) -> list[StepView]:
    """The steps of this import in order; those reached may be opened as long as nothing is written."""
    order = list(ImportStep)
    reached = order.index(ImportStep(batch.step))
    steps = [step for step in order if step not in _left_out(batch)]
    return [
        StepView(
            label=step.label,
            url=reverse(f"import_{step}", args=[batch.token])
            if batch.may_change and order.index(step) <= reached and step not in (shown, ImportStep.SHEET)
            else "",
            current=step == shown,
            past=order.index(step) < order.index(shown),
        )
        for step in steps
    ]


def _left_out(batch: ImportBatch) -> set[ImportStep]:
    left_out = set() if len(batch.sheets) > 1 else {ImportStep.SHEET}
    if batch.columns and not {Meaning.STAGE, Meaning.STAY} & set(batch.columns):
        left_out.add(ImportStep.STAGES)
    return left_out


def check_page(batch: ImportBatch, scope: Scope, fate: str, after: str | None) -> dict:
    """A page of rows of one fate ("" for all) after row number `after`, with the counts: five statements.

    What one may no longer know of is not there (`rows_in_sight`). A fate that there is not is 404.
    """
    start = number_in(after or "") or 0
    found = list(rows_of(batch, scope, fate).filter(number__gt=start)[: ROWS_A_PAGE + 1])
    page = found[:ROWS_A_PAGE]
    counts = counts_of(rows_in_sight(batch, scope))
    return {
        "counts": counts,
        "goes_in": counts["new"] + counts["stops"],
        "fates": [(f, f.label, counts[f]) for f in Fate if f != Fate.RESTRICT or counts[f] or f == fate],
        "fate": fate,
        "after": start,
        "rows": row_views(batch, page, scope),
        "next_after": page[-1].number if len(found) > ROWS_A_PAGE else None,
    }


def rows_of(batch: ImportBatch, scope: Scope, fate: str) -> ImportRowQuerySet:
    """The rows in sight of one fate ("" for all), in the order of the sheet. A fate that there is not is 404."""
    if fate and fate not in Fate.values:
        raise Http404
    in_sight = rows_in_sight(batch, scope)
    return (in_sight.of_fate(fate) if fate else in_sight).order_by("number")


def row_views(batch: ImportBatch, in_sight: Iterable[Any], scope: Scope) -> list[RowView]:
    """Rows of `rows_in_sight` with what is said of each: three statements."""
    rows = []
    for row in in_sight:
        row.duplicate = row.repeats
        if not row.shares:
            row.shares_with_id = None
        rows.append((row, Fate.RESTRICT if row.exposes and not row.goes_in else row.shown_fate))
    stage = batch.columns.index(Meaning.STAGE) if Meaning.STAGE in batch.columns else None
    people = _people_seen({pk for row, _fate in rows for pk in (row.duplicate_of_id, row.shares_with_id) if pk}, scope)
    visible = Case.objects.visible_to(scope).order_by("pk")
    own = dict(
        visible.filter(pk__in=[row.case_id for row, _fate in rows if row.case_id]).values_list("pk", "reference")
    )
    households = [person.household_id for person in people.values()]
    theirs = dict(visible.filter(household__in=households).values_list("household_id", "reference"))
    return [
        RowView(
            row=row,
            name=row.name,
            fate=fate,
            tone=TONES[fate],
            state=State(row.to_state) if row.to_state else None,
            said=row.cells[stage] if stage is not None else "",
            reasons=sentences(row.reasons),
            remarks=sentences([*_restriction(row, fate), *row.remarks]),
            duplicate=_duplicate(row, people, theirs),
            shares=_shares(row, people, theirs),
            reference=own.get(row.case_id, ""),
        )
        for row, fate in rows
    ]


def _restriction(row: ImportRow, fate: Fate) -> list[Reason]:
    """What comes of non-disclosure told in the sheet; where the register is to follow, the page says it by itself."""
    if row.restricted_by_row is None or fate == Fate.RESTRICT:
        return []
    if row.restricted_by_row == row.number:
        return [("restricted" if row.goes_in else "restricted_left_out", {})]
    return [("restricted_by_row", {"row": str(row.restricted_by_row)})] if row.goes_in else []


def _people_seen(ids: set[int], scope: Scope) -> dict[int, Person]:
    """The people this user may still know of: who became restricted since the check is no longer named."""
    return {person.pk: person for person in Person.objects.visible_to(scope).filter(pk__in=ids).order_by("pk")}


def _duplicate(row: ImportRow, people: dict[int, Person], references: dict[int, str]) -> DuplicateView | None:
    if not row.duplicate:
        return None
    signs = [str(Sign(sign).label) for sign in row.duplicate_signs]
    person = people.get(row.duplicate_of_id or 0)
    if person:
        reference = references.get(person.household_id, "")
        return DuplicateView(None, signs, person.name, reference, person.household_id)
    # The signs are those of the person of the register, where there is one: who went out of sight takes them along.
    return DuplicateView(row.duplicate_row, [] if row.duplicate_of_id else signs)


def _shares(row: ImportRow, people: dict[int, Person], references: dict[int, str]) -> DuplicateView | None:
    if row.duplicate or not row.shares_contact:
        return None
    person = people.get(row.shares_with_id or 0)
    if person:
        return DuplicateView(None, [], person.name, references.get(person.household_id, ""))
    return DuplicateView(row.shares_with_row, []) if row.shares_with_row else None
