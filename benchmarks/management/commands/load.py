"""Puts an office's load on a server with the database it is given."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from benchmarks.load import AT_ONCE, non_stop, office_hours, told
from benchmarks.office import staff
from benchmarks.server import serving
from crm.management.commands.translations import compile_catalogues

LATEST = Path(__file__).parents[2] / "load.json"
WORKERS = 2
WARM_UP = 8.0  # seconds in which every template is read once


class Command(BaseCommand):
    help = "Prints how a server with two workers answers 200 coordinators, and writes benchmarks/load.json."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cases", type=int)

    def handle(self, *, cases: int, **options) -> None:
        compile_catalogues()
        call_command("collectstatic", interactive=False, verbosity=0)
        people = staff(timezone.localdate())
        production = {
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "SECRET_KEY": settings.SECRET_KEY,
            "DEBUG": "0",
            "WEB_CONCURRENCY": str(WORKERS),
            "EMAIL_URL": "dummymail://",
        }
        with serving(production) as server:
            non_stop(server, people[:AT_ONCE], WARM_UP)
            seen = office_hours(server, people, Random(cases))
            most = non_stop(server, people[:AT_ONCE], WARM_UP * 2)
        text, data, reached = told(seen, most)
        LATEST.write_text(json.dumps({"cases": cases, **data}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        self.stdout.write(f"{cases} cases, {WORKERS} workers, {len(people)} coordinators\n\n{text}")
        if not reached:
            raise CommandError("This is not what it must reach.")
