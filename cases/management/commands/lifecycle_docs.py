"""Writes docs/lifecycle.svg and docs/lifecycle.md from the code."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from cases.lifecycle_docs import documents


class Command(BaseCommand):
    help = "Draws the lifecycle of a case into docs/."

    def handle(self, *args, **options) -> None:
        for name, text in documents().items():
            (Path(settings.BASE_DIR) / "docs" / name).write_text(text, encoding="utf-8")
            self.stdout.write(f"docs/{name}")
