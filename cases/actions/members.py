"""Arriving, settling and leaving of single members, each with their own date."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import contacts.actions
from cases import lifecycle
from cases.actions.standing import follow_first_arrival, persons_told
from cases.actions.stepping import locked_with_facts, what_happened
from cases.lifecycle import Facts, State
from cases.models import ARRIVALS, Case, CasePerson, Event, EventKind, PersonFactKind
from cases.steps import MEMBERS_GO_ON, arrival_kind, moment, who_may
from contacts.models import Person
from crm.audit import acting
from crm.models import User
from crm.refusal import Outdated, Refused


def record_person_fact(
    *,
    case: Case,
    kind: PersonFactKind,
    persons: Collection[int],
    on: date,
    seen_version: int | None = None,
    by: User,
    at: datetime,
) -> Case:
    """Record that members arrived later than the first, settled later, or left; the case's state stays.

    `kind` is ARRIVED (already here is told by the date), SETTLED or LEFT. Who leaves is no longer in the household.
    `seen_version` as in `take_step`.
    """
    with transaction.atomic(), acting(by):
        if kind == PersonFactKind.LEFT:
            contacts.actions.hold_household(case.household_id)
        case, facts = locked_with_facts(case.pk, timezone.localdate(at))
        if seen_version is not None and seen_version != case.version:
            raise Outdated(what_happened(case))
        if refusal := why_nobody(facts):
            raise Refused(refusal)
        if not persons or not set(persons) <= facts.members:
            raise Refused(_("Choose at least one member of the household."))
        for person in persons:
            _refuse_person_fact(facts, person, kind, on)
        stored = arrival_kind(case, on) if kind == PersonFactKind.ARRIVED else kind
        CasePerson.objects.bulk_create(
            CasePerson(case=case, person_id=person, kind=stored, happened_on=on, recorded_at=at, by=by)
            for person in sorted(persons)
        )
        Event.objects.create(
            case=case,
            kind=EventKind.CHANGE,
            happened_at=moment(on, at),
            recorded_at=at,
            by=by,
            data=persons_told(stored, sorted(persons), on),
        )
        if kind == PersonFactKind.ARRIVED:
            follow_first_arrival(case, by=by, at=at)
        if kind == PersonFactKind.LEFT:
            for member in Person.objects.filter(pk__in=persons).order_by("pk"):
                contacts.actions.end_membership(person=member, until=on, by=by, at=at)
    return case


def why_nobody(facts: Facts) -> str:
    """Why nothing can be recorded of single members as the case stands; "" where it can."""
    if facts.state != State.CLOSED and not facts.arrived:
        return _("Nobody of the household has arrived yet. Record the first arrival first.")
    if facts.state not in MEMBERS_GO_ON:
        return _(
            "The case is in the state %(state)s: that a member arrives, settles or leaves cannot be recorded now."
        ) % {"state": State(facts.state).label}
    return ""


def _refuse_person_fact(facts: Facts, person: int, kind: PersonFactKind, on: date) -> None:
    if person not in who_may(kind, facts):
        if kind == PersonFactKind.ARRIVED:
            raise Refused(_("The arrival of this person is already recorded. Correct its date instead."))
        if person not in facts.arrived:
            raise Refused(_("This person has not arrived. Record the arrival first."))
        raise Refused(_("This is already recorded for this person. Correct its date instead."))
    arrived: dict[str, date] = {}
    if person in facts.arrived:
        arrived[PersonFactKind.ARRIVED] = facts.arrived[person]
    refuse_impossible(arrived | {kind: on}, on, facts.today)


def refuse_impossible(dates: Mapping[str, date], on: date, today: date) -> None:
    """Refuse `on` where the dates of one person, by kind of fact, cannot all be true."""
    if on > today:
        raise Refused(lifecycle.NOT_IN_FUTURE.refusal)
    if on.year < 1920:
        raise Refused(lifecycle.ARRIVAL_PLAUSIBLE.refusal)
    arrived = min((dates[kind] for kind in ARRIVALS if kind in dates), default=None)
    later = [dates[kind] for kind in (PersonFactKind.SETTLED, PersonFactKind.LEFT) if kind in dates]
    if arrived and any(day < arrived for day in later):
        raise Refused(_("Settling and leaving come after the arrival. Check the dates."))
