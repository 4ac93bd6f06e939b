"""Imports a large sheet into the database it is given."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from benchmarks.importing import ROWS, as_workbook, measured, sheet_rows, told
from benchmarks.population import LARGEST
from crm.management.commands.translations import compile_catalogues
from crm.models import User


class Command(BaseCommand):
    help = "Prints what each part of an import takes in a process of its own. It stays in the database."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cases", type=int)

    def handle(self, *, cases: int, **options) -> None:
        compile_catalogues()
        by = User.objects.get(email=f"coordinator1.{LARGEST}@example.fi")
        sheet = as_workbook(sheet_rows(ROWS, timezone.localdate()))
        text, reached = told(measured(sheet, by, file_name="muuttajat.xlsx"))
        self.stdout.write(f"\nImport of a workbook of {ROWS} rows beside {cases} cases\n\n{text}")
        if not reached:
            raise CommandError("This is not what it must reach.")
