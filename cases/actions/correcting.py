"""Corrections: a row that replaces another, never an edit (DOMAIN: History is rows)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import contacts.actions
from cases import lifecycle
from cases.actions.members import refuse_impossible
from cases.actions.standing import (
    day_told,
    facts_of_step,
    first_arrival,
    follow_first_arrival,
    in_order,
    place_on_timeline,
    place_person_on_timeline,
    strike_person_on_timeline,
)
from cases.actions.stepping import step_name, what_happened
from cases.actions.timeline import note
from cases.models import ARRIVALS, Case, CasePerson, EventKind, PersonFactKind, Transition
from cases.steps import arrival_kind
from crm.audit import acting
from crm.models import User
from crm.refusal import Outdated, Refused


def take_back_last(*, case: Case, why: str, seen_version: int | None = None, by: User, at: datetime) -> Case:
    """Void the last change of state, with what it said of persons. The first contact cannot be taken back."""
    if not why.strip():
        raise Refused(lifecycle.REASON.refusal)
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case.pk)
        if seen_version is not None and seen_version != case.version:
            raise Outdated(what_happened(case))
        last = case.transitions.standing().order_by("-sequence").first()
        if last is None or last.name == lifecycle.OPENED:
            raise Refused(_("There is no change of state to take back."))
        _refuse_taking_back_into_second_open_case(case, last)
        if resting_on(last).exists():
            raise Refused(FIRST_THE_MEMBERS)
        case.take_back(last)
        case.state_since = case.transitions.standing().order_by("-sequence")[1].happened_on  # as corrected since
        case.version += 1
        case.save()
        last.replacement(void=True, why=why, by=by, at=at).save()
        # First what this change had voided, then what it had said: else its own voids would be restored, too.
        for voided in facts_of_step(last).filter(void=True, replaced_by__isnull=True).select_related("replaces"):
            if case.person_facts.standing().filter(person=voided.person_id, kind=voided.kind).exists():
                continue  # has been recorded of them anew
            restored = voided.replacement(transition_id=voided.replaces.transition_id, why=why, by=by, at=at)
            restored.save()
        for fact in facts_of_step(last).standing():
            fact.replacement(void=True, why=why, by=by, at=at).save()
        note(case, EventKind.CORRECTION, why, by=by, at=at, what="taken_back", step=last.name)
    return case


# Without the arrival nobody of the household can have come later, settled or left on a day of their own.
FIRST_THE_MEMBERS = gettext_lazy(
    "Since then it has been recorded that single members arrived, settled or moved away. Take these entries back first."
)


def resting_on(last: Transition) -> QuerySet[CasePerson]:
    """What was recorded of single members and cannot be true without the change of state `last`, the case's last."""
    facts = last.case.person_facts.standing().select_related("person").in_order()
    return facts.filter(transition=None) if last.name == lifecycle.REGISTER_ARRIVAL.name else facts.none()


def _refuse_taking_back_into_second_open_case(case: Case, last: Transition) -> None:
    others = Case.objects.open().filter(household=case.household_id).exclude(pk=case.pk)
    if last.from_state in lifecycle.OPEN and others.exists():
        raise Refused(lifecycle.NO_OTHER_OPEN_CASE.refusal)


def correct_step_date(*, transition: Transition, on: date, why: str, by: User, at: datetime) -> Transition:
    """Another date for a change of state; the facts about persons that came with it move along.

    Refused where the date would come before the change before it, after the one after it, or in the future.
    An arrival may be earlier than the change before it: then its persons get the date, the state keeps the order. Where
    others have arrived earlier than `on`, the case arrived with them.
    """
    if not why.strip():
        raise Refused(lifecycle.REASON.refusal)
    if on > timezone.localdate(at):
        raise Refused(lifecycle.NOT_IN_FUTURE.refusal)
    with transaction.atomic(), acting(by):
        case = Case.objects.select_for_update().get(pk=transition.case_id)
        rows = list(case.transitions.standing().order_by("sequence"))
        if transition not in rows:
            raise Outdated(_("This has been corrected meanwhile. Look at the case again before you go on."))
        place = rows.index(transition)
        facts, before = list(facts_of_step(transition).standing()), day_told(transition)
        _refuse_before_arrival(case, facts, on, timezone.localdate(at))
        state_on = in_order(rows, place, _first_of(case, transition, facts, on))
        row = transition.replacement(happened_on=state_on, date_known=True, why=why, by=by, at=at)
        row.save()
        for fact in facts:
            kind = arrival_kind(case, on) if fact.kind in ARRIVALS else fact.kind
            fact.replacement(happened_on=on, date_known=True, kind=kind, transition=row, why=why, by=by, at=at).save()
        _follow_new_date(case, rows, place, state_on, by=by, at=at)
        place_on_timeline(case, row, at)
        dates = {"before": before.isoformat(), "after": on.isoformat()}
        note(case, EventKind.CORRECTION, why, by=by, at=at, what="step_date", step=transition.name, **dates)
    return row


def _first_of(case: Case, transition: Transition, moved: list[CasePerson], on: date) -> date:
    """The day for the state: `on`, or that of somebody else of the household who arrived before."""
    if transition.name != lifecycle.REGISTER_ARRIVAL.name:
        return on
    return min(on, first_arrival(case.person_facts.exclude(pk__in=[fact.pk for fact in moved])) or on)


def _refuse_before_arrival(case: Case, moved: list[CasePerson], on: date, today: date) -> None:
    """Refuse `on` for the facts that move to it where another fact of the same person stands against it."""
    dates: dict[int, dict[str, date]] = {fact.person_id: {} for fact in moved}
    for row in case.person_facts.standing().filter(person__in=dates).exclude(pk__in=[fact.pk for fact in moved]):
        dates[row.person_id][row.kind] = row.happened_on
    for fact in moved:
        refuse_impossible(dates[fact.person_id] | {fact.kind: on}, on, today)


def _follow_new_date(case: Case, rows: list[Transition], place: int, on: date, *, by: User, at: datetime) -> None:
    if place == 0:
        case.opened_on = on
    if place == len(rows) - 1:
        case.state_since = on
    case.save(update_fields=["opened_on", "state_since"])
    if place == 0:  # who arrived before the first contact is told by its date
        for fact in case.person_facts.standing().filter(kind__in=ARRIVALS):
            if fact.kind != (kind := arrival_kind(case, fact.happened_on)):
                fact.replacement(kind=kind, by=by, at=at).save()
        first = case.stays.standing().in_order().first()
        if first is not None and on < first.happened_on:  # a stay is known from the first contact on
            first.replacement(happened_on=on, by=by, at=at).save()


def correct_person_date(*, fact: CasePerson, on: date, why: str, by: User, at: datetime) -> CasePerson:
    """Another date for one person's arriving, settling or leaving.

    The case's own states keep their dates, but for the arrival: the case arrived with the first of its people.
    """
    if not why.strip():
        raise Refused(lifecycle.REASON.refusal)
    with transaction.atomic():
        if fact.kind == PersonFactKind.LEFT:
            contacts.actions.hold_household(fact.case.household_id)
        case = Case.objects.select_for_update().get(pk=fact.case_id)
        rows = list(case.person_facts.standing().filter(person=fact.person_id))
        if fact not in rows:
            raise Outdated(_("This has been corrected meanwhile. Look at the case again before you go on."))
        dates = {row.kind: row.happened_on for row in rows} | {fact.kind: on}
        refuse_impossible(dates, on, timezone.localdate(at))
        kind = arrival_kind(case, on) if fact.kind in ARRIVALS else fact.kind
        row = fact.replacement(happened_on=on, date_known=True, kind=kind, why=why, by=by, at=at)
        row.save()
        place_person_on_timeline(row, at)
        if kind in ARRIVALS:
            follow_first_arrival(case, why=why, by=by, at=at)
        if kind == PersonFactKind.LEFT:
            contacts.actions.correct_last_day(person=fact.person, before=fact.happened_on, until=on, by=by, at=at)
        told = {"before": fact.happened_on.isoformat(), "after": on.isoformat(), "fact": kind, "person": fact.person_id}
        note(case, EventKind.CORRECTION, why, by=by, at=at, what="person_date", **told)
    return row


def take_back_person_fact(*, fact: CasePerson, why: str, by: User, at: datetime) -> None:
    """Void one person's arriving, settling or leaving. Who had left on a day of their own is in the household again.

    Refused where something else rests on it (`why_person_fact_stays`).
    """
    if not why.strip():
        raise Refused(lifecycle.REASON.refusal)
    with transaction.atomic():
        if fact.kind == PersonFactKind.LEFT:
            contacts.actions.hold_household(fact.case.household_id)
        case = Case.objects.select_for_update().get(pk=fact.case_id)
        if not case.person_facts.standing().filter(pk=fact.pk).exists():
            raise Outdated(_("This has been corrected meanwhile. Look at the case again before you go on."))
        if refusal := why_person_fact_stays(fact):
            raise Refused(refusal)
        fact.replacement(void=True, transition=None, why=why, by=by, at=at).save()
        strike_person_on_timeline(fact, why)
        if fact.kind in ARRIVALS:
            follow_first_arrival(case, why=why, by=by, at=at)
        if fact.kind == PersonFactKind.LEFT and fact.transition is None:
            contacts.actions.resume_membership(person=fact.person, ended=fact.happened_on, by=by, at=at)
        told = {"fact": fact.kind, "person": fact.person_id}
        note(case, EventKind.CORRECTION, why, by=by, at=at, what="person_taken_back", **told)


def why_person_fact_stays(fact: CasePerson) -> str:
    """Why one person's fact cannot be taken back alone; "" where it can.

    A change of state has happened to somebody, and nobody settles or leaves without having arrived.
    """
    if resting_on_arrival(fact).exists():
        return _("This person has settled or moved away since. Take that back first.")
    step = fact.transition
    if step is not None and not facts_of_step(step).standing().exclude(pk=fact.pk).exists():
        return _("«%(step)s» was recorded of nobody else. Take back that change of state instead.") % {
            "step": step_name(step.name)
        }
    return ""


def resting_on_arrival(fact: CasePerson) -> QuerySet[CasePerson]:
    """That the same person settled and left, where `fact` is their arrival."""
    after = (PersonFactKind.SETTLED, PersonFactKind.LEFT) if fact.kind in ARRIVALS else ()
    facts = fact.case.person_facts.standing().select_related("person").in_order()
    return facts.filter(person=fact.person_id, kind__in=after)
