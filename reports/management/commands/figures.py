"""Brings the saved figures up to date."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from reports.saving import refresh


class Command(BaseCommand):
    help = "Saves the figures of what has changed since the last time. Safe to run again, and beside a server."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="recount every household, and say how many differed")

    def handle(self, **options) -> None:
        outcome = refresh(at=timezone.now(), everything=options["all"])
        if outcome is None:
            self.stdout.write("Another process is saving the figures.")
        else:
            self.stdout.write(f"Recounted {outcome.recounted} households; {outcome.differed} differed.")
