"""Where people come from and at what time of the year."""

from __future__ import annotations

import json
from bisect import bisect
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from django.conf import settings

from crm.management.demo import names
from crm.management.demo.names import Culture


@dataclass(frozen=True)
class Town:
    """One of the four: how many households its demo has, and which share of them comes from abroad.

    The shares are an assumption; the statistics carried in the fixture are of moves within Finland.
    """

    code: str
    households: int
    from_abroad: float


POSIO = Town("614", 90, 0.14)
KEMIJARVI = Town("320", 180, 0.22)
KEMINMAA = Town("241", 130, 0.18)
PELLO = Town("854", 60, 0.22)
TOWNS = (POSIO, KEMIJARVI, KEMINMAA, PELLO)

# First contacts by month, January first: people ask in spring and move in summer. An assumption.
MONTHS = (9, 8, 10, 10, 11, 8, 6, 9, 9, 8, 7, 5)

FIRST_CONTACT = date(2020, 9, 1)


@dataclass(frozen=True)
class Abroad:
    place: str
    country: str
    culture: Culture
    weight: int


ABROAD = (
    Abroad("Kiova", "UA", names.UKRAINIAN, 12),
    Abroad("Harkova", "UA", names.UKRAINIAN, 8),
    Abroad("Aleppo", "SY", names.ARABIC, 5),
    Abroad("Istanbul", "TR", names.ARABIC, 3),
    Abroad("Udon Thani", "TH", names.THAI, 10),
    Abroad("Bangkok", "TH", names.THAI, 6),
    Abroad("Luulaja", "SE", names.SWEDISH, 7),
    Abroad("Haaparanta", "SE", names.SWEDISH, 9),
    Abroad("Tukholma", "SE", names.FINNISH, 6),
    Abroad("Tromssa", "NO", names.NORWEGIAN, 4),
    Abroad("Alta", "NO", names.FINNISH, 2),
    Abroad("Leipzig", "DE", names.GERMAN, 5),
    Abroad("Hampuri", "DE", names.GERMAN, 4),
    Abroad("Tartto", "EE", names.ESTONIAN, 5),
    Abroad("Manila", "PH", names.FILIPINO, 9),
    Abroad("Cebu", "PH", names.FILIPINO, 4),
    Abroad("Hanoi", "VN", names.VIETNAMESE, 5),
    Abroad("Kathmandu", "NP", names.NEPALI, 6),
    Abroad("Petroskoi", "RU", names.RUSSIAN, 2),
)


def origins() -> dict[str, tuple[list[str], list[float]]]:
    """By town: names of the municipalities people come from and their weights (StatFin, moves in 2013–2018).

    Moves from the municipalities that the fixture does not name are spread over them by population.
    """
    fixtures = settings.BASE_DIR / "fixtures"
    everywhere = json.loads((fixtures / "municipalities.json").read_text(encoding="utf-8"))
    found = {}
    for town, moves in json.loads((fixtures / "demo_origins.json").read_text(encoding="utf-8")).items():
        weights: dict[str, float] = {origin["name"]: origin["moves"] for origin in moves["origins"]}
        others = [place for place in everywhere if place["name_fi"] not in weights and place["code"] != town]
        people = sum(place["population"] for place in others)
        weights |= {place["name_fi"]: moves["elsewhere"] * place["population"] / people for place in others}
        found[town] = (list(weights), list(weights.values()))
    return found


def contact_days(rng: Random, count: int, until: date) -> list[date]:
    """`count` days of first contact from autumn 2020, in order; more of them as the service becomes known.

    Each of `count` equal parts of all contacts gives one day, so that no year stands out by chance alone.
    """
    days = [FIRST_CONTACT + timedelta(n) for n in range((until - FIRST_CONTACT).days + 1)]
    sums = list(
        accumulate((1 + n / len(days)) * MONTHS[day.month - 1] * (day.weekday() < 5) for n, day in enumerate(days))
    )
    return [days[bisect(sums, (part + rng.random()) / count * sums[-1])] for part in range(count)]


def workday(day: date) -> date:
    """The day itself, or the Friday before a weekend: offices are closed then."""
    return day - timedelta(max(0, day.weekday() - 4))
