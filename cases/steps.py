"""One step of the lifecycle in memory: checked, carried out on the case, with the rows that record it.

The single path (`cases.actions.take_step`) and the bulk path (`cases.actions.open_cases`) both prepare their steps
here, so that an import meets the same conditions as a button. Nothing here reads or writes the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import TypedDict, Unpack
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from cases import lifecycle
from cases.lifecycle import LEAVING_REASONS, Answers, Facts, Rule, State
from cases.models import (
    CHANGED_BY_TRANSITIONS,
    Case,
    CasePerson,
    CaseStay,
    Event,
    EventKind,
    PersonFactKind,
    Transition,
)
from contacts.models import Household
from crm.models import User
from crm.refusal import Refused


class Told(TypedDict, total=False):
    """What may be known of a case at its first contact."""

    channel: str
    coordinator: User | None
    move_reason: str
    stay: str
    season_ends_on: date | None
    registration: str
    planned_move_on: date | None
    form_key: UUID | None


@dataclass(frozen=True)
class Step:
    """What one step writes beside the case itself; all unsaved."""

    transition: Transition
    person_facts: list[CasePerson]
    event: Event


def first_contact(household: Household, reference: str, *, on: date, at: datetime, **told: Unpack[Told]) -> Case:
    """The household's new case as it is on `on`, the day of the first contact."""
    return Case(
        reference=reference,
        household=household,
        municipality_id=household.municipality_id,
        restricted=household.restricted,
        state_since=on,
        opened_on=on,
        last_contact_on=on,
        recorded_at=at,
        **told,
    )


def first_stay(case: Case, *, by: User, at: datetime) -> CaseStay:
    """The first row of how long the household is going to stay, known or not."""
    return CaseStay(
        case=case,
        stay=case.stay,
        season_ends_on=case.season_ends_on,
        happened_on=case.opened_on,
        recorded_at=at,
        by=by,
    )


def opening(case: Case, *, by: User, at: datetime, text: str = "") -> Step:
    """The first row of a case's history: from nothing to first contact."""
    transition = Transition(
        case=case,
        sequence=0,
        name=lifecycle.OPENED,
        to_state=State.CONTACT,
        happened_on=case.opened_on,
        recorded_at=at,
        by=by,
    )
    return Step(transition, [], _event(transition, case.opened_on, text, by, at))


def prepare(case: Case, rule: Rule, facts: Facts, answers: Answers, *, by: User, at: datetime) -> Step:
    """Carry out `rule` on `case` in memory. Refused where the state or a need stands against it."""
    if case.state not in rule.sources:
        raise Refused(out_of_turn(case, rule))
    unmet = rule.unmet(facts, answers)
    if unmet:
        raise Refused(*[need.refusal for need in unmet])
    before = _changeable(case)
    from_state = case.state
    case.attempt = (facts, answers)
    getattr(case, rule.name)(answers)
    # Who was already here arrived before the first contact: the state cannot change before the change before it.
    on = max(answers.on, facts.last_on)
    case.state_since = on
    case.version += 1
    after = _changeable(case)
    transition = Transition(
        case=case,
        sequence=case.version,
        name=rule.name,
        from_state=from_state,
        to_state=case.state,
        happened_on=on,
        date_known=answers.on_known,
        reason=answers.reason,
        answers=_kept(answers),
        before={name: value for name, value in before.items() if value != after[name]},
        recorded_at=at,
        by=by,
    )
    person_facts = _person_facts(transition, rule, facts, answers)
    return Step(transition, person_facts, _event(transition, answers.on, answers.text, by, at))


def out_of_turn(case: Case, rule: Rule) -> str:
    """Why `rule` cannot start where the case stands."""
    return _("«%(step)s» is not possible: the case is in the state %(state)s.") % {
        "step": rule.label,
        "state": State(case.state).label,
    }


def arrival_kind(case: Case, on: date) -> PersonFactKind:
    """Who arrived before the first contact is already here: supported after arrival, not an arrival."""
    return PersonFactKind.ALREADY_HERE if on < case.opened_on else PersonFactKind.ARRIVED


# Between the first arrival and the end of the case its members come, settle and leave on days of their own.
MEMBERS_GO_ON = (State.ARRIVED, State.SETTLED, State.PAUSED)


def who_may(kind: PersonFactKind, facts: Facts) -> frozenset[int]:
    """The members who may arrive later than the first, settle or leave on a day of their own."""
    if facts.state not in MEMBERS_GO_ON or not facts.arrived:
        return frozenset()
    here, arrived = facts.members - facts.left, frozenset(facts.arrived)
    return {
        PersonFactKind.ARRIVED: here - arrived,
        PersonFactKind.SETTLED: (here & arrived) - facts.settled,
        PersonFactKind.LEFT: here & arrived,
    }[kind]


def _person_facts(transition: Transition, rule: Rule, facts: Facts, answers: Answers) -> list[CasePerson]:
    return [
        CasePerson(
            case=transition.case,
            person_id=person,
            kind=kind,
            happened_on=answers.on,
            date_known=answers.on_known,
            transition=transition,
            recorded_at=transition.recorded_at,
            by=transition.by,
        )
        for kind, persons in _came_about(transition.case, rule, facts, answers)
        for person in sorted(persons)
    ]


def _came_about(
    case: Case, rule: Rule, facts: Facts, answers: Answers
) -> Iterable[tuple[PersonFactKind, frozenset[int]]]:
    """What comes about by the step, and for whom."""
    here = frozenset(facts.arrived) - facts.left
    if rule is lifecycle.CONFIRM_MOVE:
        yield PersonFactKind.MOVES, answers.persons
    elif rule is lifecycle.REGISTER_ARRIVAL:
        yield arrival_kind(case, answers.on), answers.persons - frozenset(facts.arrived)
    elif rule is lifecycle.CONFIRM_SETTLED:
        arrived_by_then = frozenset(person for person, on in facts.arrived.items() if on <= answers.on)
        yield PersonFactKind.SETTLED, (here & arrived_by_then) - facts.settled
    elif rule is lifecycle.MOVE_AWAY or (rule is lifecycle.CLOSE and answers.reason in LEAVING_REASONS):
        yield PersonFactKind.LEFT, here


def moment(on: date, at: datetime) -> datetime:
    """The place of a day on the timeline: now where it is today, else noon in Helsinki."""
    if on == timezone.localdate(at):
        return at
    return datetime.combine(on, time(12), timezone.get_default_timezone())


def _event(transition: Transition, on: date, text: str, by: User, at: datetime) -> Event:
    """The entry of the timeline, on the day it happened: who was already here came before the state could change."""
    return Event(
        case=transition.case,
        kind=EventKind.TRANSITION,
        happened_at=moment(on, at),
        recorded_at=at,
        by=by,
        text=text,
        transition=transition,
    )


def _changeable(case: Case) -> dict:
    return {name: _plain(getattr(case, name)) for name in CHANGED_BY_TRANSITIONS}


def _plain(value):
    return value.isoformat() if isinstance(value, date) else value


def _kept(answers: Answers) -> dict:
    """The answers that no column of the transition holds, for the record; empty ones are left out."""
    kept = asdict(answers)
    for name in ("on", "on_known", "reason", "text"):
        del kept[name]
    return {
        name: sorted(value) if isinstance(value, frozenset) else _plain(value) for name, value in kept.items() if value
    }
