"""Builds the demo into an empty register, or says which accounts it has."""

from __future__ import annotations

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from contacts.models import Household
from crm.management.demo.accounts import account_table
from crm.management.demo.build import build
from crm.models import User


class Command(BaseCommand):
    help = "Builds four municipalities with made-up people, or lists the accounts of the demo."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--accounts", action="store_true", help="only list the accounts")
        parser.add_argument("--if-empty", action="store_true", help="leave a register in use alone without an error")
        parser.add_argument(
            "--households",
            type=float,
            default=1.0,
            metavar="FACTOR",
            help="how many households, where 1 is the whole demo and 0 leaves those that show every state",
        )

    def handle(self, *args, accounts: bool, if_empty: bool, households: float, **options) -> None:
        if accounts:
            self.stdout.write(account_table())
        elif not (User.objects.exists() or Household.objects.exists()):
            self._build(households)
        elif if_empty:
            self.stdout.write("This register is in use; the demo is not built into it.")
        else:
            raise CommandError("This register is in use. Build the demo into an empty database: set DATABASE_URL.")

    def _build(self, households: float) -> None:
        if households < 0:
            raise CommandError("--households takes a number from 0 on, such as 0.5.")
        call_command("reference_data", stdout=self.stdout)
        with translation.override("fi"):
            build(now=timezone.now(), households=households, tell=self.stdout.write)
        call_command("figures", all=True, stdout=self.stdout)  # all, since its rows are recorded in the past
        self.stdout.write("The demo is built. Its accounts: manage.py demo --accounts")
