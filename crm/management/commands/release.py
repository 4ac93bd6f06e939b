"""What a new version needs before it is served."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from crm.management.commands.translations import compile_catalogues


class Command(BaseCommand):
    help = "Brings an installation up to date: catalogues, static files, tables, reference data, figures. Repeatable."
    # Checks would read labels, and so the catalogues, before these are made.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="build the demo if the register is empty")

    def handle(self, *, demo: bool, **options) -> None:
        compile_catalogues()
        call_command("migrate", verbosity=0)
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=0)
        call_command("reference_data", stdout=self.stdout)
        if demo:
            call_command("demo", if_empty=True, stdout=self.stdout)
            call_command("demo", accounts=True, stdout=self.stdout)
        call_command("figures", stdout=self.stdout)
