"""Stories played out through the actions, each deed on its day and by the one who does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

import cases.actions
import contacts.actions
from cases import lifecycle
from cases.lifecycle import Answers, State
from cases.models import Case, PersonFactKind, Service, Task, TaskKind
from contacts.actions import PersonData
from contacts.models import AccessKind, Household, Person, Relation
from crm.management.demo import texts
from crm.management.demo.sketches import Sketch
from crm.management.demo.stories import Happening
from crm.models import Municipality, SettledCriterion, User
from projects.actions import set_major_project
from projects.models import MajorProject


@dataclass(frozen=True)
class Office:
    """One town's office: who works there and what they work with. Nothing is done later than `now`."""

    municipality: Municipality
    coordinators: Sequence[User]
    services: Mapping[str, Service]
    notice_version: str
    major_project: MajorProject
    now: datetime
    rng: Random

    def moment(self, day: date) -> datetime:
        """A time in office hours of that day; today until now."""
        start = datetime.combine(day, time(8), timezone.get_default_timezone())
        at = start + timedelta(minutes=self.rng.randrange(8 * 60))
        return min(at, self.now)


@dataclass
class Scene:
    """A household on its way, as far as the story has been played."""

    sketch: Sketch
    by: User
    colleague: User
    household: Household
    case: Case
    people: list[Person]
    tasks: list[Task] = field(default_factory=list)

    @property
    def persons(self) -> frozenset[int]:
        return frozenset(person.pk for person in self.people)


def play(office: Office, sketch: Sketch, happenings: Sequence[Happening], coordinator: int) -> Scene:
    """Have everything done that has happened, by the town's coordinator of that number; where it has come to."""
    first, *rest = happenings
    at = office.moment(first.day)
    by, colleague = office.coordinators[coordinator], office.coordinators[1 - coordinator]
    scene = _open(office, sketch, by, colleague, first.day, at, first.details)
    for happening in rest:
        at = max(at, office.moment(happening.day))
        _DEEDS[happening.what](office, scene, happening.day, at, **happening.details)
    return scene


def _open(office: Office, sketch: Sketch, by: User, colleague: User, on: date, at: datetime, told: Mapping) -> Scene:
    people = [(PersonData(), Relation.CONTACT)] if sketch.anonymous else sketch.people
    household = contacts.actions.register_household(
        municipality=office.municipality,
        people=people,
        moves_from=sketch.moves_from,
        from_country=sketch.from_country,
        on=on,
        by=by,
        at=at,
    )
    case = cases.actions.open_case(
        household=household,
        on=on,
        move_reason=sketch.reason,
        stay=sketch.stay,
        channel=told["channel"],
        coordinator=by if told["assigned"] else None,
        text=told["text"],
        by=by,
        at=at,
    )
    return Scene(sketch, by, colleague, household, case, list(household.people.order_by("pk")))


def _introduce(office: Office, scene: Scene, on: date, at: datetime) -> None:
    (contact, relation), *others = scene.sketch.people
    person = scene.people[0]
    contacts.actions.edit_person(person=person, data=contact, relation=relation, by=scene.by, at=at)
    for data, relation in others:
        member = contacts.actions.add_member(
            household=scene.household, data=data, relation=relation, on=on, by=scene.by, at=at
        )
        scene.people.append(member)


def _assign(office: Office, scene: Scene, on: date, at: datetime) -> None:
    if scene.case.coordinator_id is None:
        scene.case = cases.actions.edit_case(case=scene.case, changes={"coordinator": scene.by}, by=scene.by, at=at)


def _facts(office: Office, scene: Scene, on: date, at: datetime, **changes) -> None:
    scene.case = cases.actions.edit_case(case=scene.case, changes=changes, by=scene.by, at=at)


def _major_project(office: Office, scene: Scene, on: date, at: datetime) -> None:
    if office.major_project.starts and office.major_project.starts <= on:
        set_major_project(case=scene.case, major_project=office.major_project, by=scene.by, at=at)


def _notice(office: Office, scene: Scene, on: date, at: datetime) -> None:
    if not scene.household.notices_given.exists():
        language = "fi" if scene.people[0].service_language in ("", "fi", "sv") else "en"
        contacts.actions.give_notice(
            household=scene.household, version=office.notice_version, language=language, given_on=on, by=scene.by, at=at
        )


def _log(office: Office, scene: Scene, on: date, at: datetime, **details) -> None:
    cases.actions.log_event(case=scene.case, happened_at=at, by=scene.by, at=at, **details)


def _task(
    office: Office, scene: Scene, on: date, at: datetime, kind: TaskKind, title: str, service: str, due_on: date | None
) -> None:
    task = cases.actions.add_task(
        case=scene.case,
        kind=kind,
        title=title,
        service=office.services[service] if service else None,
        due_on=due_on,
        assignee=scene.by,
        by=scene.by,
        at=at,
    )
    scene.tasks.append(task)


def _tick_off(office: Office, scene: Scene, on: date, at: datetime, number: int) -> None:
    cases.actions.set_task_done(task=scene.tasks[number], done=True, by=scene.by, at=at)


def _step(office: Office, scene: Scene, on: date, at: datetime, rule: str, to: State, **told) -> None:
    arrived_on = told.pop("arrived_on", None)
    if told.pop("first_only", False):
        told["persons"] = frozenset({scene.people[0].pk})
    elif rule in (lifecycle.CONFIRM_MOVE.name, lifecycle.REGISTER_ARRIVAL.name):
        told["persons"] = scene.persons
    if rule == lifecycle.CONFIRM_SETTLED.name:
        unmet = told.pop("unmet")
        told["criteria_reasons"] = unmet
        told["criteria_met"] = frozenset(SettledCriterion.values) - frozenset(unmet)
    answers = Answers(on=arrived_on or on, **told)
    scene.case = cases.actions.take_step(
        case=scene.case, rule=lifecycle.RULES[rule], answers=answers, by=scene.by, at=at
    )


def _postpone(office: Office, scene: Scene, on: date, at: datetime, to: date, why: str) -> None:
    open_tasks = scene.case.tasks.undone().filter(due_on__gte=on).order_by("pk")
    cases.actions.postpone_move(
        case=scene.case, to=to, move_tasks=[task.pk for task in open_tasks], why=why, by=scene.by, at=at
    )


def _arrive_later(office: Office, scene: Scene, on: date, at: datetime) -> None:
    _tell_of(scene, PersonFactKind.ARRIVED, scene.people[1:], on, at)


def _leave(office: Office, scene: Scene, on: date, at: datetime) -> None:
    _tell_of(scene, PersonFactKind.LEFT, scene.people[-1:], on, at)


def _tell_of(scene: Scene, kind: PersonFactKind, people: Sequence[Person], on: date, at: datetime) -> None:
    persons = [person.pk for person in people]
    cases.actions.record_person_fact(case=scene.case, kind=kind, persons=persons, on=on, by=scene.by, at=at)


def _restrict(office: Office, scene: Scene, on: date, at: datetime) -> None:
    cases.actions.restrict_household(
        household=scene.household, reason=texts.RESTRICTED, named=[], on=on, by=scene.by, at=at
    )


def _bar(office: Office, scene: Scene, on: date, at: datetime) -> None:
    contacts.actions.give_access(
        household=scene.household,
        user=scene.colleague,
        kind=AccessKind.BARRED,
        reason=texts.BARRED,
        starts=on,
        by=scene.by,
        at=at,
    )


_DEEDS: dict[str, Callable[..., None]] = {
    "introduce": _introduce,
    "assign": _assign,
    "facts": _facts,
    "major_project": _major_project,
    "notice": _notice,
    "log": _log,
    "task": _task,
    "tick_off": _tick_off,
    "step": _step,
    "postpone": _postpone,
    "arrive_later": _arrive_later,
    "leave": _leave,
    "restrict": _restrict,
    "bar": _bar,
}
