"""Municipalities and services from fixtures/: adds what is new, brings the rest up to date."""

from __future__ import annotations

import json

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import models

from cases.models import Service
from crm.models import Municipality

# What a municipality decides itself (criteria, prefix in use) is set once and then left alone.
MUNICIPALITY_FACTS = ("name_fi", "name_sv", "name_en", "region_fi", "population")
SERVICE_FACTS = ("name_fi", "name_en", "provider", "timing")


class Command(BaseCommand):
    help = "Adds the municipalities and services or brings them up to date; safe to run at every start."

    def handle(self, *args, **options) -> None:
        municipalities = upsert(Municipality, "code", MUNICIPALITY_FACTS, "municipalities.json")
        services = upsert(Service, "key", SERVICE_FACTS, "services.json")
        self.stdout.write(f"{municipalities} municipalities and {services} services are up to date.")


def upsert(model: type[models.Model], key: str, facts: tuple[str, ...], fixture: str) -> int:
    """Write the rows of a fixture by their natural key, only `facts` where a row exists; how many rows it has."""
    rows = json.loads((settings.BASE_DIR / "fixtures" / fixture).read_text(encoding="utf-8"))
    model._base_manager.bulk_create(
        [model(**row) for row in rows], update_conflicts=True, unique_fields=[key], update_fields=facts
    )
    return len(rows)
