"""Opening many cases at once: the conditions of the lifecycle in memory, the rows in a handful of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from cases import lifecycle
from cases.actions.stepping import criteria_of
from cases.lifecycle import Answers, Facts, Need, Rule
from cases.models import Case, CasePerson, CaseStay, Channel, Event, EventKind, Task, TaskKind, Transition
from cases.references import next_references, random_reference
from cases.steps import Step, first_contact, first_stay, moment, opening, prepare
from contacts.actions import HouseholdData, PersonData, register_households
from contacts.models import Person
from crm.models import Municipality, User
from crm.refusal import Refused


@dataclass(frozen=True)
class NewStep:
    """A step to take. In the answers, persons are their places in the household: 0 is the contact person."""

    rule: Rule
    answers: Answers


@dataclass(frozen=True)
class NewCase:
    """A case to be opened among many, with its new household and how far it has already come."""

    household: HouseholdData
    opened_on: date
    coordinator: User | None = None
    channel: str = Channel.OTHER
    move_reason: str = ""
    stay: str = ""
    season_ends_on: date | None = None
    planned_move_on: date | None = None
    goals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    steps: tuple[NewStep, ...] = ()


def reach(new: NewCase, *, municipality: Municipality, today: date) -> tuple[int, list[Need]]:
    """How many of the steps may be taken, and what the next one lacks (nothing where all may). Reads nothing."""
    people = [data for data, _relation in new.household.people]
    if new.opened_on > today:
        return 0, [lifecycle.NOT_IN_FUTURE]
    facts = _first_facts(new, municipality, people, range(len(people)), today)
    for taken, step in enumerate(new.steps):
        unmet = step.rule.unmet(facts, step.answers)
        if unmet:
            return taken, unmet
        facts = _after(facts, step.rule, step.answers)
    return len(new.steps), []


def open_cases(*, municipality: Municipality, new: Sequence[NewCase], by: User, at: datetime) -> list[Case]:
    """Open the cases in the order given, each with its household, history, timeline and plan; all or none.

    The same conditions hold as for single cases: Refused where a step of any of them may not be taken.
    """
    today = timezone.localdate(at)
    if any(told.opened_on > today for told in new):
        raise Refused(lifecycle.NOT_IN_FUTURE.refusal)
    with transaction.atomic():
        registered = register_households(
            municipality=municipality, households=[told.household for told in new], by=by, at=at
        )
        references = _references(municipality, new)
        cases, steps = [], []
        for told, reference, (household, people) in zip(new, references, registered, strict=True):
            case = first_contact(
                household,
                reference,
                on=told.opened_on,
                at=at,
                coordinator=told.coordinator,
                channel=told.channel,
                move_reason=told.move_reason,
                stay=told.stay,
                season_ends_on=told.season_ends_on,
                planned_move_on=told.planned_move_on,
            )
            steps += _walk(case, told, municipality, people, by=by, at=at)
            cases.append(case)
        Case.objects.bulk_create(cases)
        CaseStay.objects.bulk_create(first_stay(case, by=by, at=at) for case in cases)
        _record_steps(steps)
        _record_plans_and_notes(cases, new, by=by, at=at)
    return cases


def _references(municipality: Municipality, new: Sequence[NewCase]) -> list[str]:
    """References in the order of the cases: each year's are reserved at once."""
    years: dict[int, int] = defaultdict(int)
    for told in new:
        years[told.opened_on.year] += not told.household.restricted_because
    reserved = {
        year: iter(next_references(municipality, year, count)) for year, count in sorted(years.items()) if count
    }
    return [
        random_reference() if told.household.restricted_because else next(reserved[told.opened_on.year]) for told in new
    ]


def _walk(
    case: Case, told: NewCase, municipality: Municipality, people: Sequence[Person], *, by: User, at: datetime
) -> list[Step]:
    """Carry out the case's steps in memory, with the persons' keys in place of their places in the household."""
    keys = [person.pk for person in people]
    facts = _first_facts(told, municipality, people, keys, timezone.localdate(at))
    steps = [opening(case, by=by, at=at)]
    for step in told.steps:
        answers = replace(step.answers, persons=frozenset(keys[place] for place in step.answers.persons))
        steps.append(prepare(case, step.rule, facts, answers, by=by, at=at))
        facts = _after(facts, step.rule, answers)
    return steps


def _first_facts(
    told: NewCase,
    municipality: Municipality,
    people: Sequence[Person | PersonData],
    keys: Collection[int],
    today: date,
) -> Facts:
    return Facts(
        today=today,
        opened_on=told.opened_on,
        last_on=told.opened_on,
        named_person=any(person.named for person in people),
        notice_given=told.household.notice is not None,
        has_coordinator=told.coordinator is not None,
        has_plan=bool(told.goals),
        criteria=criteria_of(
            municipality,
            any(
                person.is_child_on(today, relation)
                for person, (_data, relation) in zip(people, told.household.people, strict=True)
            ),
        ),
        members=frozenset(keys),
    )


def _after(facts: Facts, rule: Rule, answers: Answers) -> Facts:
    """What is known once a step has been taken."""
    facts = replace(facts, last_on=max(facts.last_on, answers.on))
    if rule is lifecycle.REGISTER_ARRIVAL:
        return replace(facts, arrived=dict.fromkeys(answers.persons, answers.on))
    if rule is lifecycle.CONFIRM_SETTLED:
        return replace(facts, settled=frozenset(facts.arrived))
    return facts


def _record_steps(steps: Sequence[Step]) -> None:
    Transition.objects.bulk_create(step.transition for step in steps)
    CasePerson.objects.bulk_create(fact for step in steps for fact in step.person_facts)
    Event.objects.bulk_create(step.event for step in steps)


def _record_plans_and_notes(cases: Sequence[Case], new: Sequence[NewCase], *, by: User, at: datetime) -> None:
    Task.objects.bulk_create(
        Task(case=case, kind=TaskKind.GOAL, title=goal, assignee=case.coordinator, recorded_at=at, by=by)
        for case, told in zip(cases, new, strict=True)
        for goal in told.goals
    )
    Event.objects.bulk_create(
        Event(
            case=case,
            kind=EventKind.NOTE,
            happened_at=moment(case.opened_on, at),
            recorded_at=at,
            by=by,
            text=note,
        )
        for case, told in zip(cases, new, strict=True)
        for note in told.notes
    )
