"""Fills an empty database."""

from __future__ import annotations

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.utils import timezone

from benchmarks.population import build


class Command(BaseCommand):
    help = "Makes the tables and fills them with CASES cases made by chance."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cases", type=int)

    def handle(self, *, cases: int, **options) -> None:
        call_command("migrate", verbosity=0)
        # A table is written when it is full, before the one it points to may be; SQLite asks at each write.
        with connection.constraint_checks_disabled():
            build(cases, timezone.localdate(), self.stderr.write)
        connection.check_constraints()
        call_command("figures", stdout=self.stderr)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")  # as it is in an installation that has been running
