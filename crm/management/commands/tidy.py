"""What goes by itself when its day has come; a timer runs it every day (docs/operations.md)."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore
from django.core.management.base import BaseCommand
from django.utils import timezone

from cases.sheets.tidying import delete_old_rows, forget_words


class Command(BaseCommand):
    help = (
        "Deletes what is not to be kept any longer: rows and words of imported sheets, sessions that are over with "
        "what was typed in them. Run daily; safe to run again."
    )

    def handle(self, **options) -> None:
        now = timezone.now()
        imports, words = delete_old_rows(at=now), forget_words(today=timezone.localdate(now))
        SessionStore.clear_expired()  # what crm.unsent keeps is in them; nothing else deletes them
        self.stdout.write(f"Imports whose rows were deleted: {imports}. Words that were forgotten: {words}.")
