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
        build(cases, timezone.localdate(), self.stderr.write)
        call_command("figures", stdout=self.stderr)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as it is in an installation that has been running
