"""Who moves: households put together by chance, without a database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from cases.models import MoveReason, Stay
from contacts.actions import PersonData
from contacts.models import Declinable, Education, Gender, LabourStatus, Relation
from crm.management.demo import names
from crm.management.demo.names import Culture
from crm.management.demo.places import ABROAD, Town

Origin = tuple[str, str, Culture]  # place, country, the names and language people have there


@dataclass(frozen=True)
class Plot:
    """A kind of household: why it moves, how old its adults are and who comes along (chances)."""

    reason: MoveReason
    weight: int
    ages: tuple[int, int]
    partner: float = 0.5
    children: float = 0.3
    stay: Stay = Stay.PERMANENT
    abroad: float = 1.0  # how much likelier than the town's share to come from abroad
    work: tuple[LabourStatus, ...] = (LabourStatus.EMPLOYED,)


PLOTS = (
    Plot(MoveReason.WORK, 30, (22, 58), 0.55, 0.4, abroad=1.3, work=(LabourStatus.EMPLOYED, LabourStatus.UNEMPLOYED)),
    Plot(MoveReason.PARTNERS_WORK, 9, (24, 50), 1.0, 0.6, work=(LabourStatus.UNEMPLOYED, LabourStatus.AT_HOME)),
    Plot(MoveReason.RETURN, 16, (25, 55), 0.6, 0.5, abroad=0.3),
    Plot(MoveReason.REMOTE_WORK, 8, (27, 50), 0.6, 0.3, abroad=0.3, work=(LabourStatus.SELF_EMPLOYED,)),
    Plot(MoveReason.STUDY, 7, (18, 27), 0.1, 0.05, Stay.UNCERTAIN, work=(LabourStatus.STUDENT,)),
    Plot(MoveReason.FAMILY, 8, (22, 64), 0.2, 0.2, abroad=1.5),
    Plot(MoveReason.RETIREMENT, 7, (60, 72), 0.6, 0.0, abroad=0.2, work=(LabourStatus.RETIRED,)),
    Plot(MoveReason.SECOND_HOME, 5, (52, 70), 0.8, 0.0, Stay.SECOND_HOME, 0.0, (LabourStatus.RETIRED,)),
    Plot(MoveReason.WORK, 6, (19, 40), 0.1, 0.0, Stay.SEASONAL, 1.5),
    Plot(MoveReason.PROTECTION, 5, (22, 55), 0.6, 0.7, Stay.UNCERTAIN, 99.0, (LabourStatus.UNEMPLOYED,)),
    Plot(MoveReason.OTHER, 5, (20, 60), 0.4, 0.2, Stay.UNCERTAIN, abroad=0.5),
)

OCCUPATIONS = (
    "lähihoitaja", "sairaanhoitaja", "sähköasentaja", "hitsaaja", "kokki", "opettaja", "varhaiskasvatuksen opettaja",
    "kirvesmies", "putkiasentaja", "ohjelmistokehittäjä", "kirjanpitäjä", "metsäkoneenkuljettaja", "siivooja",
    "myyjä", "prosessinhoitaja", "kunnossapitoasentaja", "matkailuyrittäjä", "kuorma-autonkuljettaja", "insinööri",
    "fysioterapeutti", "poronhoitaja", "graafikko", "rakennustyöntekijä",
)  # fmt: skip


@dataclass(frozen=True)
class Sketch:
    """A household before it exists: its people (the first is the contact person) and where from and why.

    `anonymous`: at first it is not told who they are.
    """

    people: Sequence[tuple[PersonData, str]]
    moves_from: str
    from_country: str
    reason: MoveReason
    stay: Stay
    anonymous: bool = False
    adults: int = field(default=1)

    @property
    def children(self) -> int:
        return len(self.people) - self.adults

    @property
    def foreign(self) -> bool:
        return self.from_country not in ("", "FI")


class Artist:
    """Draws the households of one town, each with its own number so that no two share an e-mail address."""

    def __init__(self, rng: Random, town: Town, places: tuple[list[str], list[float]]) -> None:
        self.rng, self.town, self.places = rng, town, places
        self.number = 0
        self.given: set[str] = set()  # names in the household that is being drawn

    def household(self, on: date, plot: Plot | None = None, *, anonymous: bool = False) -> Sketch:
        """A household whose ages are as on the day `on`."""
        rng = self.rng
        plot = plot or rng.choices(PLOTS, [plot.weight for plot in PLOTS])[0]
        place, country, culture = self._origin(plot)
        self.given.clear()
        gender = rng.choice((Gender.WOMAN, Gender.MAN))
        age = rng.randint(*plot.ages)
        family = culture.family(rng)
        people = [(self._adult(plot, culture, family, gender, age, on), Relation.CONTACT)]
        if rng.random() < plot.partner:
            people.append((self._partner(plot, culture, family, gender, age, on), Relation.PARTNER))
        adults = len(people)
        if rng.random() < plot.children and age < 52:
            people += [
                (self._child(culture, family, age, on), Relation.CHILD) for _ in range(rng.choice((1, 1, 2, 2, 3)))
            ]
        return Sketch(
            people=people,
            moves_from=place,
            from_country=country,
            reason=plot.reason if rng.random() < 0.93 else MoveReason.UNKNOWN,
            stay=plot.stay if rng.random() < 0.9 else Stay.UNKNOWN,
            anonymous=anonymous,
            adults=adults,
        )

    def _origin(self, plot: Plot) -> Origin:
        if self.rng.random() < self.town.from_abroad * plot.abroad:
            fitting = [place for place in ABROAD if plot.reason != MoveReason.PROTECTION or place.country in _PROTECTED]
            abroad = self.rng.choices(fitting, [place.weight for place in fitting])[0]
            return abroad.place, abroad.country, abroad.culture
        place = self.rng.choices(*self.places)[0]
        if plot.reason == MoveReason.PROTECTION:
            return place, "FI", names.UKRAINIAN  # already in Finland, in a reception centre
        return place, "FI", names.FINLAND_SWEDISH if self.rng.random() < 0.03 else names.FINNISH

    def _adult(self, plot: Plot, culture: Culture, family: str, gender: Gender, age: int, on: date) -> PersonData:
        rng = self.rng
        given = self._own_name(culture.given, gender)
        self.number += 1
        data = PersonData(
            given_name=given,
            family_name=family,
            birth_date=self._born(age, on),
            gender=gender,
            citizenships=(culture.citizenship,),
            languages=self._languages(culture),
            service_language=self._service_language(culture),
            education=_education(rng, age),
            labour_status=rng.choice(plot.work),
            occupation="" if plot.work[0] in (LabourStatus.STUDENT, LabourStatus.RETIRED) else rng.choice(OCCUPATIONS),
            phone=names.phone(rng) if rng.random() < 0.85 else "",
            email=names.address(given, family, self.number) if rng.random() < 0.75 else "",
        )
        return self._with_gaps(data, age, on)

    def _partner(self, plot: Plot, culture: Culture, family: str, gender: Gender, age: int, on: date) -> PersonData:
        rng = self.rng
        other = Gender.MAN if gender == Gender.WOMAN else Gender.WOMAN
        if rng.random() < 0.06:
            other = gender
        if rng.random() < 0.3:
            family = culture.family(rng)
        return self._adult(plot, culture, family, other, max(18, age + rng.randint(-5, 5)), on)

    def _child(self, culture: Culture, family: str, age: int, on: date) -> PersonData:
        rng = self.rng
        gender = rng.choice((Gender.WOMAN, Gender.MAN))
        years = rng.randint(0, max(0, min(16, age - 19)))
        return PersonData(
            given_name=self._own_name(culture.child, gender),
            family_name=family,
            birth_date=self._born(years, on) - timedelta(30),
            gender=gender,
            citizenships=(culture.citizenship,),
            languages=(culture.language,),
        )

    def _own_name(self, draw: Callable[[Random, str], str], gender: Gender) -> str:
        """A name that nobody else in the household has."""
        while (name := draw(self.rng, gender)) in self.given:
            pass
        self.given.add(name)
        return name

    def _born(self, age: int, on: date) -> date:
        return on - timedelta(round(age * 365.25) + self.rng.randrange(365))

    def _languages(self, culture: Culture) -> tuple[str, ...]:
        also = [culture.language]
        if culture.language in names.SPEAKS_ENGLISH and self.rng.random() < 0.6:
            also.append("en")
        if culture.language != "fi" and self.rng.random() < 0.3:
            also.append("fi")
        return tuple(also)

    def _service_language(self, culture: Culture) -> str:
        if culture.language in ("fi", "sv"):
            return "fi" if culture.language == "fi" else self.rng.choice(("sv", "fi"))
        return "en" if culture.language in names.SPEAKS_ENGLISH else self.rng.choice((culture.language, "en"))

    def _with_gaps(self, data: PersonData, age: int, on: date) -> PersonData:
        """Not everything is asked, and not everyone wants to tell."""
        rng = self.rng
        if rng.random() < 0.08:
            data = replace(data, birth_date=None, birth_year=on.year - age)
        elif rng.random() < 0.04:
            data = replace(data, birth_date=None, declined=(Declinable.BIRTH,))
        if rng.random() < 0.25:
            data = replace(data, education=rng.choice((Education.NOT_ASKED, Education.DECLINED)))
        if rng.random() < 0.15:
            data = replace(data, labour_status=LabourStatus.NOT_ASKED, occupation="")
        if rng.random() < 0.04:
            data = replace(data, gender=rng.choice((Gender.NOT_ASKED, Gender.DECLINED, Gender.OTHER)))
        return data


_PROTECTED = ("UA", "SY")


def _education(rng: Random, age: int) -> Education:
    levels = (Education.ISCED_2, Education.ISCED_3, Education.ISCED_5, Education.ISCED_6, Education.ISCED_7)
    weights = (60, 40, 0, 0, 0) if age < 20 else (10, 45, 6, 25, 14)
    return rng.choices(levels, weights)[0]
