"""Lets somebody in to an empty installation."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from crm.actions import create_user, grant_role
from crm.models import User
from crm.notices import password_link
from crm.roles import Role


class Command(BaseCommand):
    help = "Makes the account of the first administrator and prints the link with which to choose a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name", help='such as "Maija Mallikas"')

    def handle(self, *, email: str, name: str, **options) -> None:
        """Refused where there is an account already: from then on administrators make accounts, on the pages."""
        if User.objects.exists():
            raise CommandError("There are accounts already. Ask an administrator for one.")
        with transaction.atomic():
            user = create_user(email=email, name=name, language="fi", by=None)
            grant_role(user=user, role=Role.ADMINISTRATOR, by=None, starts=timezone.localdate())
        self.stdout.write(f"{name} may sign in as {user.email}. Choose the password within three days at\n")
        self.stdout.write(password_link(user))
