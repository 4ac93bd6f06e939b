"""The whole demo, from an empty register with reference data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from random import Random

from django.db import transaction
from django.utils import timezone

import cases.actions
from cases.models import AdviceTopic, Channel, Service
from crm.management.demo.casting import cast
from crm.management.demo.places import TOWNS, Town, contact_days
from crm.management.demo.play import Office, play
from crm.management.demo.programme import NOTICE_VERSION, make_programme
from crm.management.demo.staff import coordinators, make_staff
from crm.models import Municipality
from crm.notices import unsent
from projects.models import MajorProject

# Of some seeds tried the one whose figures grow from year to year without leaps.
_SEED = "Kuukkeli"
_TOPICS = dict(zip(AdviceTopic, (30, 28, 16, 6, 5, 8, 4, 2, 3), strict=True))
_LANGUAGES = {"fi": 66, "en": 20, "uk": 5, "sv": 4, "ar": 3, "th": 2}
_CHANNELS = {Channel.PHONE: 55, Channel.VISIT: 20, Channel.EMAIL: 15, Channel.EVENT: 10}


def build(*, now: datetime, households: float, tell: Callable[[str], None]) -> None:
    """Staff, the joint project and the towns' histories as they are at `now`, in one transaction.

    `households` scales the number of households that come by chance; `tell` is told how far it has come.
    """
    today = timezone.localdate(now)
    with unsent(), transaction.atomic():
        towns = {town: Municipality.objects.get(code=town.code) for town in TOWNS}
        municipalities = {town.code: municipality for town, municipality in towns.items()}
        users = make_staff(municipalities, today)
        make_programme(municipalities, users, Random(_SEED), today)
        services = Service.objects.in_bulk(field_name="key")
        for town, municipality in towns.items():
            office = Office(
                municipality=municipality,
                coordinators=coordinators(users, town),
                services=services,
                notice_version=NOTICE_VERSION,
                major_project=MajorProject.objects.get(municipality=municipality),
                now=now,
                rng=Random(f"{_SEED}:times:{town.code}"),
            )
            count = _fill(office, town, today, households)
            tell(f"{municipality.name_fi}: {count} households")


def _fill(office: Office, town: Town, today: date, households: float) -> int:
    """Play all stories of the town and log its advice; how many households it has."""
    rng = Random(f"{_SEED}:{town.code}")
    parts = cast(town, rng, today, households)
    for part in parts:
        play(office, part.sketch, part.happenings, part.coordinator)
    _advise(office, rng, round(town.households * 1.2 * households), today)
    return len(parts)


def _advise(office: Office, rng: Random, count: int, today: date) -> None:
    recent = [today, today, *contact_days(rng, count, today)]
    for day in recent:
        cases.actions.log_advice(
            municipality=office.municipality,
            topic=_draw(rng, _TOPICS),
            language=_draw(rng, _LANGUAGES),
            channel=_draw(rng, _CHANNELS),
            minutes=rng.choice((3, 5, 5, 10, 10, 15, 20, 30)),
            given_on=day,
            by=rng.choice(office.coordinators),
            at=office.moment(day),
        )


def _draw(rng: Random, weights: dict):
    return rng.choices(list(weights), list(weights.values()))[0]
