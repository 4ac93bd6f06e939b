"""A small town in which anything may happen, and its figures as they are read and as they are counted anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import ClassVar

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from cases import lifecycle
from cases.actions import (
    correct_person_date,
    correct_step_date,
    edit_case,
    lift_restriction,
    record_person_fact,
    restrict_household,
    take_back_last,
    take_step,
)
from cases.models import Case, CasePerson, PersonFactKind, Stay, Transition
from cases.sheets.undo import OF_CASE, OF_HOUSEHOLD
from contacts.actions import PersonData, edit_person, give_access
from contacts.models import Household, Person, PersonBirth
from crm.refusal import Refused
from crm.roles import Role
from projects.actions import join_partner
from reports.counting import Asked, Tally, tally
from reports.indicators import INDICATORS
from reports.indicators.settled import settled_by
from reports.period import parse
from reports.saving import refresh
from reports.selection import Selection
from tests.factories import (
    ANONYMOUS,
    FAMILY,
    SINGLE,
    MunicipalityFactory,
    ProjectFactory,
    answers_for,
    case_of,
    coordinator_of,
    give,
    member,
    provide,
)
from tests.reports.histories import TODAY, selection_of

LAST = TODAY.year - 1
PERIODS = [
    found
    for key in (
        f"{TODAY.year}",
        f"{LAST}",
        f"{LAST}Q3",
        f"{TODAY:%Y-%m}",
        "12m",
        f"{LAST}-02-11..{LAST}-11-20",
        f"{LAST}-05-03..{LAST}-05-28",
        f"{LAST}-06-01..{TODAY}",
    )
    if (found := parse(key, TODAY))
]


def counted(selection: Selection) -> dict[tuple, Tally]:
    """Every figure of every indicator in each period, and settling by month, by reading and place."""
    asked: dict[tuple, Asked] = {}
    for period in PERIODS:
        for indicator in (*INDICATORS.values(), settled_by(period.months())):
            for key, one in indicator.asked(selection, period).items():
                asked[period.key, indicator.id, key] = one
    return {key: found for key, found in tally(selection, asked).items() if found.households or found.value}


def recounted(selection: Selection) -> dict[tuple, Tally]:
    """The same from the facts alone: what is known at a moment is read without anything saved."""
    return counted(replace(selection, known_at=timezone.now() + timedelta(days=100)))


class Town:
    """Two municipalities; its acts go through the product's actions, at a clock that each of them moves on."""

    ACTS: ClassVar = [
        "open",
        "open",
        "go_on",
        "go_on",
        "go_on",
        "go_on",
        "come_later",
        "leave",
        "take_back",
        "correct",
        "correct_person",
        "stay",
        "birth",
        "restrict",
        "share",
        "delete",
        "wait",
        "save",
        "save",
    ]

    def __init__(self, monkeypatch) -> None:
        self.now = timezone.now() + timedelta(hours=1)
        monkeypatch.setattr(timezone, "now", lambda: self.now)
        self.posio, self.pello = MunicipalityFactory(name_fi="Posio"), MunicipalityFactory(name_fi="Pello")
        self.maija = coordinator_of(self.posio, self.pello)
        self.barred = coordinator_of(self.posio, self.pello)
        mixed = coordinator_of(self.posio)
        give(mixed, Role.MANAGER, self.pello)
        project = ProjectFactory(lead=self.posio)
        for place, day in ((self.posio, date(LAST, 1, 1)), (self.pello, date(LAST, 6, 10))):
            join_partner(project=project, municipality=place, joined=day, by=self.maija, at=self.now)
        for number in range(6):
            self._open(number, number, 15 * number, 1)
        self.readers = [
            self.maija,
            self.barred,
            mixed,
            member(Role.MANAGER, self.posio),
            member(Role.PROJECT_LEAD, project),
        ]

    def act(self, act: str, *numbers: int) -> None:
        """What is refused has not happened."""
        self.now += timedelta(seconds=40)
        try:
            with transaction.atomic():
                getattr(self, f"_{act}")(*numbers)
        except (Refused, ProtectedError):  # what has been worked on is not deleted either
            pass

    def check(self) -> None:
        for reader in self.readers:
            selection = selection_of(reader)
            assert counted(selection) == recounted(selection)

    def _case(self, number: int) -> Case:
        cases = list(Case.objects.order_by("pk"))
        return cases[number % len(cases)] if cases else self._open(number, number, 0, 0)

    def _day(self, number: int) -> date:
        return date(LAST, 1, 1) + (TODAY - timedelta(days=3) - date(LAST, 1, 1)) * (number % 100) // 99

    def _open(self, a: int, b: int, c: int, d: int) -> Case:
        place = (self.posio, self.pello)[a % 2]
        people = (SINGLE, FAMILY, ANONYMOUS, FAMILY)[b % 4]
        old = [h for h in Household.objects.order_by("pk") if not h.cases.open().exists()]
        household = old[d % len(old)] if old and d % 3 == 0 else None
        stay = Stay.values[c % len(Stay.values)]
        case = case_of(
            place,
            self.maija,
            opened_on=self._day(c),
            people=people,
            household=household,
            stay=stay,
            restricted=household is None and d % 7 == 0,
        )
        if d % 11 == 0:
            told = {"starts": date(LAST, 1, 1), "reason": "sukulainen", "by": self.maija, "at": self.now}
            give_access(household=case.household, user=self.barred, kind="barred", **told)
        return case

    def _go_on(self, a: int, b: int, c: int, d: int) -> None:
        case = self._case(a)
        rules = lifecycle.rules_from(case.state)
        rule = rules[0] if b % 3 else rules[b % len(rules)]
        provide(case, rule, by=self.maija, at=self.now)
        on = max(case.state_since, case.opened_on) + timedelta(days=c % 60)
        if rule is lifecycle.REGISTER_ARRIVAL and d % 5 == 0:
            on = case.opened_on - timedelta(days=c % 60)
        answers = answers_for(case, rule, on)
        some = sorted(answers.persons)[d % 2 :]
        reason = ("no_work", "moved_away", "duplicate")[d % 3] if rule is lifecycle.CLOSE else "syy"
        changes = {"persons": frozenset(some), "reason": reason, "on_known": d % 13 != 0}
        answers = type(answers)(**vars(answers) | changes)
        take_step(case=case, rule=rule, answers=answers, by=self.maija, at=self.now)

    def _come_later(self, a: int, b: int, c: int, d: int) -> None:
        kinds = (PersonFactKind.ARRIVED, PersonFactKind.ARRIVED, PersonFactKind.SETTLED)
        self._person_fact(self._case(a), kinds[d % 3], b, c)

    def _leave(self, a: int, b: int, c: int, d: int) -> None:
        self._person_fact(self._case(a), PersonFactKind.LEFT, b, c)

    def _person_fact(self, case: Case, kind: PersonFactKind, b: int, c: int) -> None:
        people = list(case.household.people.order_by("pk").values_list("pk", flat=True))
        on = case.state_since + timedelta(days=c % 40)
        told = {"persons": [people[b % len(people)]], "on": on, "by": self.maija, "at": self.now}
        record_person_fact(case=case, kind=kind, **told)

    def _take_back(self, a: int, b: int, c: int, d: int) -> None:
        take_back_last(case=self._case(a), why="virhe", by=self.maija, at=self.now)

    def _correct(self, a: int, b: int, c: int, d: int) -> None:
        steps = list(Transition.objects.standing().filter(case=self._case(a)).order_by("sequence"))
        transition = steps[b % len(steps)]
        on = transition.happened_on + timedelta(days=c % 60 - 30)
        correct_step_date(transition=transition, on=on, why="virhe", by=self.maija, at=self.now)

    def _correct_person(self, a: int, b: int, c: int, d: int) -> None:
        facts = list(CasePerson.objects.standing().filter(case=self._case(a)).order_by("pk"))
        if facts:
            fact = facts[b % len(facts)]
            on = fact.happened_on + timedelta(days=c % 60 - 30)
            correct_person_date(fact=fact, on=on, why="virhe", by=self.maija, at=self.now)

    def _stay(self, a: int, b: int, c: int, d: int) -> None:
        case = self._case(a)
        since = case.opened_on + timedelta(days=c % 90) if d % 2 else None
        changes = {"stay": Stay.values[b % len(Stay.values)]}
        edit_case(case=case, changes=changes, stay_since=since, by=self.maija, at=self.now)

    def _birth(self, a: int, b: int, c: int, d: int) -> None:
        person = self._case(a).household.people.order_by("pk").first()
        told = ({}, {"birth_year": 2018 - c % 80}, {"birth_date": date(2020 - c % 80, 5, 1 + b % 28)})[d % 3]
        data = PersonData(given_name="Muuttaja" if b % 5 else "", **told)
        edit_person(person=person, data=data, by=self.maija, at=self.now)

    def _restrict(self, a: int, b: int, c: int, d: int) -> None:
        household = self._case(a).household
        change = lift_restriction if household.restricted else restrict_household
        told = {} if household.restricted else {"named": [self.maija]}
        change(
            household=household, reason="turvakielto", on=TODAY - timedelta(days=4), by=self.maija, at=self.now, **told
        )

    def _share(self, a: int, b: int, c: int, d: int) -> None:
        """Somebody turns up in another register: known to be the same from the first contact on."""
        other = self._case(a).household.people.order_by("pk").first()
        new = self._open(b, c, d, 1)
        new.household.people.filter(pk=new.household.people.order_by("pk").first().pk).update(identity=other.identity)

    def _delete(self, a: int, b: int, c: int, d: int) -> None:
        if d % 3 == 0:
            delete_household(self._case(a).household)

    def _wait(self, a: int, b: int, c: int, d: int) -> None:
        self.now += timedelta(minutes=a % 10)

    def _save(self, a: int, b: int, c: int, d: int) -> None:
        if a % 2:
            self._wait(5, 0, 0, 0)
        refresh(at=self.now, everything=b % 4 == 0)


def delete_household(household: Household) -> None:
    """As undoing an import deletes it."""
    for of_case in OF_CASE:
        of_case.objects.filter(case__household=household).delete()
    Case.objects.filter(household=household).delete()
    PersonBirth.objects.filter(person__household=household).delete()
    for of_household in (*OF_HOUSEHOLD, Person):
        of_household.objects.filter(household=household).delete()
    Household.objects.filter(pk=household.pk).delete()
