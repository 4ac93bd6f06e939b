"""Measures the database it is given."""

from __future__ import annotations

import json
from dataclasses import asdict

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.utils import timezone

from benchmarks.measure import lines, lines_alone
from crm.management.commands.translations import compile_catalogues


class Command(BaseCommand):
    help = "Prints a line of JSON for each page of a database of CASES cases, on PostgreSQL with its floor."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cases", type=int)

    def handle(self, *, cases: int, **options) -> None:
        compile_catalogues()
        call_command("collectstatic", interactive=False, verbosity=0)
        measured = lines if connection.vendor == "postgresql" else lines_alone
        for line in measured(cases, timezone.localdate()):
            self.stdout.write(json.dumps(asdict(line), ensure_ascii=False))
            self.stderr.write(f"{line.name}, {line.municipality}: {line.median_ms} ms")
