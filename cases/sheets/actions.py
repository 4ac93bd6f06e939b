"""What is done with an import: upload, answers, check, writing in chunks, undo. The only writer of its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import blake2b
from itertools import batched
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import open_cases
from cases.import_models import ImportBatch, ImportRow, ImportStep, ImportWord, WordKind, random_token
from cases.sheets.batch import SheetWord, plan_rows, seen_before, spread_restrictions, words_of
from cases.sheets.columns import Meaning, heading_key, twice
from cases.sheets.reading import Table, read_tables
from contacts.access import Scope
from crm.fields import without_identity_codes
from crm.models import Municipality, User
from crm.refusal import Refused

CHUNK = 500  # rows a transaction that writes to the register
CHECKED = 2_500  # rows checked in one request
MOST_WORDS = 300  # different ones in a column, about each of which is asked what it means
_PLANNED = (
    "contact",
    "fate",
    "name",
    "opened_on",
    "to_state",
    "reasons",
    "remarks",
    "duplicate",
    "duplicate_of",
    "duplicate_row",
    "duplicate_signs",
    "shares_with",
    "shares_with_row",
    "restricted_by_row",
)


def start_batch(
    *,
    municipality: Municipality,
    file_name: str,
    content: bytes,
    by: User,
    at: datetime,
    form_key: UUID | None = None,
) -> ImportBatch:
    """Read the file and keep its rows; Refused where it is not a sheet. Where it has several, one is chosen next.

    The same file sent twice by one form is one import, unless it was undone meanwhile.
    """
    token = _token(form_key, municipality, by, content) if form_key else random_token()
    if known := ImportBatch.objects.filter(token=token).first():
        if not known.undone_at:
            return known
        token = random_token()
    tables = read_tables(content)
    batch = ImportBatch(
        token=token,
        municipality=municipality,
        by=by,
        file_name=without_identity_codes(file_name)[:200],
        step=ImportStep.SHEET if len(tables) > 1 else ImportStep.COLUMNS,
        sheets=[{"title": t.title, "headings": t.headings, "rows": len(t.rows)} for t in tables],
        rows_total=len(tables[0].rows),
        recorded_at=at,
    )
    try:
        _keep(batch, tables)
    except IntegrityError:
        # The same form came in by another request at the same moment, and that one was first.
        return ImportBatch.objects.get(token=token)
    return batch


def _token(form_key: UUID, municipality: Municipality, by: User, content: bytes) -> str:
    """The address of what this form makes of this file: a mended file in the same form is another import."""
    digest = blake2b(form_key.bytes, digest_size=16)
    digest.update(f"{municipality.pk} {by.pk} ".encode())
    digest.update(content)
    return digest.hexdigest()


def _keep(batch: ImportBatch, tables: Sequence[Table]) -> None:
    with transaction.atomic():
        batch.save(force_insert=True)
        for place, table in enumerate(tables):
            for part in batched(table.rows, CHECKED):  # as objects, all of them would fill the memory
                ImportRow.objects.bulk_create(
                    ImportRow(batch=batch, sheet=place, number=number, cells=cells) for number, cells in part
                )


def choose_sheet(*, batch: ImportBatch, sheet: int) -> ImportBatch:
    """Go on with one sheet of the workbook; the rows of the others are forgotten."""
    with transaction.atomic():
        batch = _open(batch)
        if batch.step != ImportStep.SHEET:
            raise Refused(_("The sheet has been chosen already. Upload the file again to choose another one."))
        batch.rows.exclude(sheet=sheet).delete()
        batch.sheet, batch.step = sheet, ImportStep.COLUMNS
        batch.rows_total = batch.sheets[sheet]["rows"]
        batch.save(update_fields=["sheet", "step", "rows_total"])
    return batch


def save_columns(*, batch: ImportBatch, columns: Sequence[str], name_order: str) -> ImportBatch:
    """What each column means, and how whole names are written.

    Refused where a meaning is given twice or the date has none.
    """
    if doubled := twice(columns):
        names = ", ".join(str(meaning.label) for meaning in doubled)
        raise Refused(_("Only one column can be: %(names)s. Choose «Do not import» for the others.") % {"names": names})
    if Meaning.CONTACT_ON not in columns:
        raise Refused(_("Choose the column that has the date of first contact. Without it no row can be imported."))
    with transaction.atomic():
        batch = _open(batch)
        batch.columns, batch.name_order = list(columns), name_order
        _refuse_free_texts(batch)
        batch.step = ImportStep.STAGES if {Meaning.STAGE, Meaning.STAY} & set(columns) else ImportStep.QUESTIONS
        batch.save(update_fields=["columns", "name_order", "step"])
    return batch


def _refuse_free_texts(batch: ImportBatch) -> None:
    """Of more words than one can go through it is not asked one by one what they mean."""
    for meaning in (Meaning.STAGE, Meaning.STAY):
        if len(words_of(batch, meaning)) > MOST_WORDS:
            raise Refused(
                _(
                    "The column chosen as «%(meaning)s» has more than %(most)d different texts. Choose another column, "
                    "or take this one over as notes."
                )
                % {"meaning": meaning.label, "most": MOST_WORDS}
            )


def save_words(*, batch: ImportBatch, stages: Mapping[str, str], stays: Mapping[str, str]) -> ImportBatch:
    """What each word about the stage and the stay means."""
    with transaction.atomic():
        batch = _open(batch)
        batch.stages = _known(stages, words_of(batch, Meaning.STAGE))
        batch.stays = _known(stays, words_of(batch, Meaning.STAY))
        batch.step = ImportStep.QUESTIONS
        batch.save(update_fields=["stages", "stays", "step"])
    return batch


def _known(meanings: Mapping[str, str], words: Sequence[SheetWord]) -> dict[str, str]:
    return {word.pattern: meanings[word.pattern] for word in words if word.pattern in meanings}


def save_answers(
    *,
    batch: ImportBatch,
    coordinator: User,
    notice_version: str,
    notice_language: str,
    notice_on: date | None,
    stay: str,
    criteria_reason: str,
    goal: str,
    scope: Scope,
    at: datetime,
) -> ImportBatch:
    """What is the same for every row; then the rows are checked, and at the end what was answered is remembered.

    No version: the notice has not been given. Of a large sheet the first rows are checked (`check_chunk`).
    """
    with transaction.atomic():
        batch = _open(batch)
        batch.coordinator = coordinator
        batch.notice_version, batch.notice_language, batch.notice_on = notice_version, notice_language, notice_on
        batch.stay, batch.criteria_reason, batch.goal = stay, criteria_reason, goal
        batch.step, batch.rows_checked, batch.checked_through = ImportStep.CHECK, 0, 0
        batch.save()
        batch.rows.exclude(fate="").update(fate="")  # of other answers; by it the check after these is known
        _check_next(batch, scope, at)
    return batch


def check_rows(*, batch: ImportBatch, scope: Scope, at: datetime) -> ImportBatch:
    """Check every row again, against the register as it is now; of a large sheet the first ones (`check_chunk`)."""
    with transaction.atomic():
        batch = _open(batch)
        if batch.step == ImportStep.CHECK:
            batch.rows_checked = batch.checked_through = 0
            _check_next(batch, scope, at)
    return batch


def check_chunk(*, batch: ImportBatch, seen: int, scope: Scope, at: datetime) -> ImportBatch:
    """Check the next rows; `seen` is the `checked_through` of the page that asks, as in `run_chunk`."""
    with transaction.atomic():
        batch = _open(batch)
        if batch.being_checked and batch.checked_through == seen:
            _check_next(batch, scope, at)
    return batch


def set_anyway(*, batch: ImportBatch, number: int, anyway: bool) -> ImportRow:
    """Import a likely duplicate all the same, or leave a row out."""
    with transaction.atomic():
        batch = _open(batch)
        row = batch.rows.select_for_update().get(number=number)
        row.anyway, row.left_out = anyway, not anyway
        row.save(update_fields=["anyway", "left_out"])
    return row


def run_chunk(*, batch: ImportBatch, seen: int, scope: Scope, by: User, at: datetime) -> ImportBatch:
    """Write the next rows, as checked now against the register, in one transaction.

    `seen` is the `done_through` of the page that asks. A second press of the same button finds that the import has
    gone on, and changes nothing; after a crash the page asks for the same rows again.
    """
    with transaction.atomic():
        batch = _locked(batch)
        if batch.step not in (ImportStep.CHECK, ImportStep.RUNNING) or batch.being_checked:
            return batch
        if batch.done_through != seen:
            return batch
        rows = list(batch.rows.filter(number__gt=seen).order_by("number")[:CHUNK])
        plans = plan_rows(batch, rows, scope, timezone.localdate(at))
        taken = [(row, plan.case) for row, plan in zip(rows, plans, strict=True) if plan.case and row.goes_in]
        if taken:
            opened = open_cases(municipality=batch.municipality, new=[case for _row, case in taken], by=by, at=at)
            for (row, _case), case in zip(taken, opened, strict=True):
                row.case = case
        _save_rows(rows, "case")
        last = len(rows) < CHUNK or not batch.rows.filter(number__gt=rows[-1].number).exists()
        batch.done_through = rows[-1].number if rows else seen
        batch.rows_done += len(rows)
        batch.step = ImportStep.DONE if last else ImportStep.RUNNING
        batch.finished_at = at if last else None
        batch.undone_at = None
        batch.save(update_fields=["done_through", "rows_done", "step", "finished_at", "undone_at"])
    return batch


def discard_batch(*, batch: ImportBatch) -> None:
    """Forget an upload that has written nothing."""
    with transaction.atomic():
        batch = _open(batch)
        ImportRow.objects.filter(batch=batch).delete()
        batch.delete()


def _check_next(batch: ImportBatch, scope: Scope, at: datetime) -> None:
    """Check the rows that follow; with the last of them what holds for the whole sheet is found."""
    today, seen = timezone.localdate(at), seen_before(batch)
    rows = list(batch.rows.filter(number__gt=batch.checked_through).order_by("number")[:CHECKED])
    after_answers = not rows[-1].fate  # of a check that is made again each row has its fate
    plan_rows(batch, rows, scope, today, seen=seen)
    _save_rows(rows)
    batch.rows_checked += len(rows)
    batch.checked_through = rows[-1].number
    batch.save(update_fields=["rows_checked", "checked_through"])
    if not batch.being_checked:
        ImportRow.objects.bulk_update(spread_restrictions(batch, seen), ["restricted_by_row"], batch_size=CHUNK)
        if after_answers:
            _remember_meanings(batch, today)


def _save_rows(rows: Sequence[ImportRow], *more: str) -> None:
    """Write what was planned in a statement or a few: rows that exist are updated by their number."""
    ImportRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["batch", "sheet", "number"],
        update_fields=[*_PLANNED, *more],
    )


def _remember_meanings(batch: ImportBatch, today: date) -> None:
    """For the next import: columns and the order of names by heading, and what words mean.

    Of the words only those met on more than one row: a sentence that stands once tells of the people on its row. What
    stands on the row of a restricted household is not counted.
    """
    columns = dict(zip(map(heading_key, batch.headings), batch.columns, strict=True))
    named = [heading for heading, meaning in columns.items() if meaning == Meaning.NAME]
    known = {WordKind.COLUMN: columns, WordKind.ORDER: dict.fromkeys(named, batch.name_order)}
    for kind, meaning, chosen in (
        (WordKind.STAGE, Meaning.STAGE, batch.stages),
        (WordKind.STAY, Meaning.STAY, batch.stays),
    ):
        words = words_of(batch, meaning, batch.rows.filter(restricted_by_row=None))
        known[kind] = _known(chosen, [word for word in words if word.count > 1])
    ImportWord.objects.bulk_create(
        (
            ImportWord(municipality_id=batch.municipality_id, kind=kind, word=word, meaning=meaning, used_on=today)
            for kind, meanings in known.items()
            for word, meaning in meanings.items()
            if word
        ),
        update_conflicts=True,
        unique_fields=["municipality", "kind", "word"],
        update_fields=["meaning", "used_on"],
    )


def _locked(batch: ImportBatch) -> ImportBatch:
    # The lock is a statement of its own: what is joined to a row that one had to wait for may be out of date.
    ImportBatch.objects.select_for_update().values_list("pk").get(pk=batch.pk)
    return ImportBatch.objects.select_related("municipality", "by", "coordinator").get(pk=batch.pk)


def _open(batch: ImportBatch) -> ImportBatch:
    """The batch under its lock; Refused where it has been imported, by another tab for one."""
    batch = _locked(batch)
    if not batch.may_change:
        raise Refused(_("This import has been started already. Undo it first to change anything."))
    return batch
