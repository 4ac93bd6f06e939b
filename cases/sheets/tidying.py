"""Deleting what was uploaded once it has done its work: the cells of a sheet tell of people."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from cases.import_models import WORDS_ARE_KEPT, ImportBatch, ImportRow, ImportStep, ImportWord

_ABOUT_THE_ROWS = {"sheets": [], "columns": [], "stages": {}, "stays": {}, "criteria_reason": "", "goal": ""}


def delete_old_rows(*, at: datetime) -> int:
    """Delete the rows of the imports whose day has come; how many imports there were. Run again, it finds none.

    An upload of which nothing is in the register goes altogether. Of an import there stays that it was made, by whom
    and when; its cases stay, and it can no longer be undone.
    """
    today = timezone.localdate(at)
    due = list(ImportBatch.objects.with_rows_to_delete(today).order_by("pk").values_list("pk", flat=True))
    return sum(_delete_rows(pk, at) for pk in due)


def forget_words(*, today: date) -> int:
    """Forget what headings and words mean that no import has had for a year; how many there were."""
    return ImportWord.objects.filter(used_on__lt=today - WORDS_ARE_KEPT).delete()[0]


def _delete_rows(pk: int, at: datetime) -> bool:
    with transaction.atomic():
        # Looked at again under its lock: somebody may have imported it, or undone the import, this very moment.
        due = ImportBatch.objects.with_rows_to_delete(timezone.localdate(at)).select_for_update()
        batch = due.filter(pk=pk).first()
        if batch is None:
            return False
        ImportRow.objects.filter(batch=batch).delete()
        if batch.may_change:
            batch.delete()
        else:
            ImportBatch.objects.filter(pk=pk).update(step=ImportStep.DONE, rows_deleted_at=at, **_ABOUT_THE_ROWS)
    return True
