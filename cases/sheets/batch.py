"""Reading an import: its settings, its words, its counts. Writes nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q

from cases.import_models import (
    OF_FATE,
    Fate,
    ImportBatch,
    ImportRow,
    ImportRowQuerySet,
    ImportStep,
    ImportWord,
    NameOrder,
    WordKind,
)
from cases.models import Case
from cases.sheets.columns import Meaning, guess_columns, heading_key
from cases.sheets.plan import RowPlan, Setting, no_row, plan_row, restricted
from cases.sheets.stages import guess_stage
from cases.sheets.stays import guess_stay
from cases.sheets.words import pattern_of
from contacts.access import Scope
from contacts.actions import fill_person
from contacts.duplicates import Match, Seen, likely_duplicates_bulk
from contacts.models import Person, PrivacyNotice
from contacts.names import fold
from crm.models import Municipality
from crm.permissions import Permission

SAMPLES = 3
# Of a person: what tells on another row that it is the same one (`contacts.duplicates`).
FOUND_BY = (
    *("given_name", "family_name", "birth_year", "name_key"),
    *("sound_key", "sound_key_turned", "phone_key", "email_key"),
)

Told = tuple[ImportRow, RowPlan, Person]  # a row, what becomes of it, and whom it is about


@dataclass(frozen=True)
class ColumnView:
    """A column of the sheet: heading, the first different values in it, its meaning as guessed or chosen."""

    heading: str
    samples: list[str]
    meaning: str


@dataclass(frozen=True)
class SheetWord:
    """A word of the sheet with its dates left open, how many rows have it, and its meaning."""

    pattern: str
    example: str
    count: int
    meaning: str


def remembered(municipality_id: int, kind: WordKind) -> dict[str, str]:
    """What headings or stage words were last said to mean in the municipality: one statement."""
    words = ImportWord.objects.filter(municipality=municipality_id, kind=kind)
    return dict(words.order_by("pk").values_list("word", "meaning"))


def columns_of(batch: ImportBatch) -> list[ColumnView]:
    """The columns with sample values; meanings as chosen, else as remembered, else as guessed."""
    meanings = batch.columns or guess_columns(batch.headings, remembered(batch.municipality_id, WordKind.COLUMN))
    cells = list(batch.rows.filter(sheet=batch.sheet).order_by("number").values_list("cells", flat=True)[:200])
    views = []
    for place, (heading, meaning) in enumerate(zip(batch.headings, meanings, strict=True)):
        values = dict.fromkeys(row[place] for row in cells if row[place])
        views.append(ColumnView(heading, list(values)[:SAMPLES], str(meaning)))
    return views


def name_order_of(batch: ImportBatch) -> str:
    """How whole names are written: as chosen, else as remembered for the heading of their column, else it varies."""
    if batch.columns:
        return batch.name_order
    known = remembered(batch.municipality_id, WordKind.ORDER)
    return next((known[key] for key in map(heading_key, batch.headings) if key in known), NameOrder.MIXED)


def words_of(batch: ImportBatch, meaning: Meaning, rows: ImportRowQuerySet | None = None) -> list[SheetWord]:
    """The different words about the stage or the stay, the most frequent first; none where no column tells it.

    Of all rows, or of those given.
    """
    if meaning not in batch.columns:
        return []
    place = batch.columns.index(meaning)
    kind, chosen, guess = (
        (WordKind.STAGE, batch.stages, guess_stage)
        if meaning == Meaning.STAGE
        else (WordKind.STAY, batch.stays, guess_stay)
    )
    known = remembered(batch.municipality_id, kind) | chosen
    counts: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for cells in (batch.rows if rows is None else rows).order_by("number").values_list("cells", flat=True).iterator():
        if not no_row(cells, batch.headings) and (pattern := pattern_of(cells[place])):
            counts[pattern] += 1
            examples.setdefault(pattern, cells[place])
    return [
        SheetWord(pattern, examples[pattern], count, known.get(pattern) or guess(pattern))
        for pattern, count in counts.most_common()
    ]


def setting_of(batch: ImportBatch, scope: Scope, today: date) -> Setting:
    """What is the same for every row: one statement for the names of the municipalities."""
    places: dict[str, tuple[int, str]] = {}
    for place in Municipality.objects.order_by("pk"):
        for name in (place.name_sv, place.name_en, place.name_fi):
            places[fold(name)] = (place.pk, place.name)
    return Setting(
        municipality=batch.municipality,
        places=places,
        importable=scope.municipalities(Permission.IMPORT_CASES),
        headings=batch.headings,
        columns=batch.columns,
        stages=batch.stages,
        stays=batch.stays,
        stay=batch.stay,
        by=batch.by,
        today=today,
        coordinator=batch.coordinator,
        name_order=batch.name_order,
        notice_version=batch.notice_version,
        notice_language=batch.notice_language,
        notice_on=batch.notice_on,
        criteria_reason=batch.criteria_reason,
        goal=batch.goal,
    )


def plan_rows(
    batch: ImportBatch, rows: Sequence[ImportRow], scope: Scope, today: date, *, seen: Seen | None = None
) -> list[RowPlan]:
    """The fate of each row, set on it unsaved; one statement, and one for duplicates in the register for 500 rows.

    `seen`: who is on the rows before these, to look for duplicates within the sheet too; these are added. Without it
    the rows keep what was told of that before.
    """
    setting = setting_of(batch, scope, today)
    plans = [plan_row(row.number, row.cells, setting) for row in rows]
    _find_duplicates(batch, rows, plans, scope, seen)
    for row, plan in zip(rows, plans, strict=True):
        if seen is not None:
            row.restricted_by_row = row.number if plan.restricted else None
        if plan.case and row.restricted_by_row is not None:
            plan.case = restricted(plan.case, batch.by)
        row.fate, row.name, row.opened_on, row.to_state = plan.fate, plan.name, plan.opened_on, plan.to_state
        row.reasons, row.remarks = plan.reasons, plan.remarks
        row.duplicate = row.duplicate_of_id is not None or row.duplicate_row is not None
    return plans


def _find_duplicates(
    batch: ImportBatch, rows: Sequence[ImportRow], plans: Sequence[RowPlan], scope: Scope, seen: Seen | None
) -> None:
    told = _who_is_told_of(rows, plans)
    matches = likely_duplicates_bulk(
        scope=scope, municipality_id=batch.municipality_id, people=[person for _row, _plan, person in told]
    )
    for (row, plan, person), match in zip(told, matches, strict=True):
        row.contact = {name: value for name in FOUND_BY if (value := getattr(person, name))}
        row.duplicate_of, row.shares_with = _apart(match.person if match else None, match)
        if seen is not None and plan.case:
            number, earlier = seen.earlier(person) or (None, None)
            row.duplicate_row, row.shares_with_row = _apart(number, earlier)
            row.duplicate_signs = _signs(match, earlier)
            seen.add(row.number, person)
        elif match:
            row.duplicate_signs = _signs(match)


def seen_before(batch: ImportBatch) -> Seen:
    """Who is on the rows that have been checked: one statement."""
    checked = batch.rows.filter(number__lte=batch.checked_through).exclude(fate=Fate.REJECTED).order_by("number")
    seen = Seen()
    for number, contact in checked.values_list("number", "contact").iterator():
        seen.add(number, Person(**contact))
    return seen


def spread_restrictions(batch: ImportBatch, seen: Seen) -> list[ImportRow]:
    """What one row tells of non-disclosure holds for every row about the same person, whichever of them goes in.

    The rows of which only others tell, set on them unsaved; `seen` is who is on all rows. Two statements at the most.
    """
    telling = batch.rows.filter(restricted_by_row=F("number")).order_by("number")
    told_by = {number: number for number in telling.values_list("number", flat=True)}
    if not told_by:
        return []
    same: dict[int, set[int]] = defaultdict(set)
    about = batch.rows.exclude(contact={}).order_by("number").values_list("number", "contact", "duplicate_row")
    for number, contact, repeated in about.iterator():
        others = seen.all_like(Person(**contact)) if number in told_by else set()
        for other in others | ({repeated} if repeated else set()):
            same[number].add(other)
            same[other].add(number)
    spreading = list(told_by)
    for number in spreading:
        new = [other for other in sorted(same[number]) if other not in told_by]
        told_by |= dict.fromkeys(new, told_by[number])
        spreading += new
    found = {row.number: row for row in batch.rows.filter(number__in=told_by).only("number").order_by("number")}
    for number, row in found.items():
        row.restricted_by_row = told_by[number]
    return [row for number, row in found.items() if told_by[number] != number]


def _apart[Whom](whom: Whom, match: Match | None) -> tuple[Whom | None, Whom | None]:
    """Whom the row repeats, or with whom it shares a phone or an e-mail under quite another name."""
    return (None, whom) if match and match.unlike else (whom, None)


def _signs(*matches: Match | None) -> list[str]:
    """Why the first of them that is a likely duplicate is one."""
    return next(([str(sign) for sign in match.signs] for match in matches if match and not match.unlike), [])


def _who_is_told_of(rows: Iterable[ImportRow], plans: Iterable[RowPlan]) -> list[Told]:
    """The rows that tell of somebody; what was said of the duplicates of those that are rejected is forgotten."""
    told = []
    for row, plan in zip(rows, plans, strict=True):
        if plan.case is None:
            row.duplicate_of, row.duplicate_row, row.duplicate_signs = None, None, []
            row.shares_with, row.shares_with_row = None, None
        row.contact = {}
        if plan.contact:
            told.append((row, plan, fill_person(Person(), plan.contact)))
    return told


def notices_of(batch: ImportBatch, today: date) -> list[PrivacyNotice]:
    """The privacy notices that the municipality has published by `today`."""
    return list(PrivacyNotice.objects.published(today).filter(municipality=batch.municipality_id))


def rows_in_sight(batch: ImportBatch, scope: Scope) -> ImportRowQuerySet:
    """The rows as far as the user may know of them.

    `repeats`: whether a row seems to repeat somebody; `shares`: whether it shares a phone or an e-mail with somebody
    of another name; `exposes`: whether the sheet tells of non-disclosure, and the person it repeats is in the register
    without a restriction.

    A row that became a case out of sight is not there. Where the person a row repeats has gone out of sight since the
    check, nobody is repeated, as a check made now would say; and what was left out for that is not there either.
    """
    people = Person.objects.visible_to(scope)
    repeated, sharing = (Exists(people.filter(pk=OuterRef(whom))) for whom in ("duplicate_of", "shares_with"))
    unrestricted = Exists(people.filter(pk=OuterRef("duplicate_of"), restricted=False))
    rows = batch.rows.filter(Q(case=None) | Q(case__in=Case.objects.visible_to(scope))).annotate(
        repeats=ExpressionWrapper(
            Q(duplicate=True) & (Q(duplicate_row__isnull=False) | Q(repeated)), output_field=BooleanField()
        ),
        shares=ExpressionWrapper(Q(shares_with_row__isnull=False) | Q(sharing), output_field=BooleanField()),
        exposes=ExpressionWrapper(Q(restricted_by_row__isnull=False) & Q(unrestricted), output_field=BooleanField()),
    )
    if batch.step == ImportStep.DONE:
        gone = Q(duplicate=True, repeats=False) | Q(repeats=False, shares=False, left_out=True)
        rows = rows.exclude(gone & ~Q(fate=Fate.REJECTED), case=None)
    return rows


def counts_of(rows: ImportRowQuerySet) -> dict[str, int]:
    """How many rows there are, how many of them meet each fate and how many became a case: one statement."""
    return rows.aggregate(
        total=Count("pk"),
        imported=Count("case"),
        **{str(fate): Count("pk", filter=rows_of_it) for fate, rows_of_it in OF_FATE.items()},
    )
