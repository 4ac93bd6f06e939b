"""Where a corrected day shows beside its own row: the day of the case's arrival, and the place on the timeline.

A row of history is never edited. An entry of the timeline is no such row, it tells of one: it stands on the day that
holds now, so that the timeline reads as things happened; what was recorded first is told by the entry about the
correction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from cases import lifecycle
from cases.models import ARRIVALS, Case, CasePerson, Event, EventKind, Transition
from cases.steps import moment
from crm.models import User
from crm.refusal import Refused


def facts_of_step(row: Transition):
    """What was said of persons by the change of state that `row` stands for, corrected or not."""
    return CasePerson.objects.filter(case=row.case_id, transition__sequence=row.sequence)


def first_arrival(facts) -> date | None:
    """The day of the first arrival among standing facts; None where nobody has arrived."""
    days = facts.standing().filter(kind__in=ARRIVALS).order_by("happened_on").values_list("happened_on", flat=True)
    return days.first()


def day_told(row: Transition) -> date:
    """The day on which the timeline tells of a change of state: for an arrival the true day of who came first.

    The state itself may be younger: it keeps the order of the states where people lived here already.
    """
    if row.name != lifecycle.REGISTER_ARRIVAL.name:
        return row.happened_on
    return first_arrival(facts_of_step(row)) or row.happened_on


def place_on_timeline(case: Case, row: Transition, at: datetime) -> None:
    """Move the entry of a change of state to the day that holds now."""
    told = case.events.filter(kind=EventKind.TRANSITION, transition__sequence=row.sequence)
    told.update(happened_at=moment(day_told(row), at))


def place_person_on_timeline(fact: CasePerson, at: datetime) -> None:
    """Move what the timeline tells of one person to the day that holds now; others of the same entry stay on theirs."""
    entry = _entry_alone(fact)
    if entry is not None:
        entry.happened_at = moment(fact.happened_on, at)
        entry.data = persons_told(fact.kind, [fact.person_id], fact.happened_on)
        entry.save()


def strike_person_on_timeline(fact: CasePerson, why: str) -> None:
    """Mark what the timeline tells of one person as taken back; others of the same entry stay as they are."""
    entry = _entry_alone(fact)
    if entry is not None:
        entry.data = persons_told(fact.kind, [fact.person_id], fact.happened_on) | {"taken_back": why}
        entry.save()


def _entry_alone(fact: CasePerson) -> Event | None:
    """What the timeline tells of `fact` as an entry of its own, cut out of that of several people where need be.

    None where the change of state tells it.
    """
    if fact.transition_id is not None:
        return None
    kinds = ARRIVALS if fact.kind in ARRIVALS else (fact.kind,)
    entries = fact.case.events.filter(kind=EventKind.CHANGE, data__what="persons", data__kind__in=kinds)
    for entry in entries.order_by("-pk"):
        others = [person for person in entry.data["persons"] if person != fact.person_id]
        if len(others) == len(entry.data["persons"]):
            continue
        if "taken_back" in entry.data:
            continue
        if others:
            entry.data["persons"] = others
            entry.save(update_fields=["data"])
            alone = {"happened_at": entry.happened_at, "recorded_at": entry.recorded_at, "by_id": entry.by_id}
            entry = Event(case=fact.case, kind=entry.kind, **alone)
        return entry
    return None


def persons_told(kind: str, persons: Sequence[int], on: date) -> dict:
    """How an entry of the timeline keeps a fact about members."""
    return {"what": "persons", "kind": kind, "persons": list(persons), "on": on.isoformat()}


def follow_first_arrival(case: Case, *, why: str = "", by: User, at: datetime) -> None:
    """Let the case have arrived on the day of its first arrival: path, list and figures then say the same."""
    rows = list(case.transitions.standing().order_by("sequence"))
    place = next((n for n, row in enumerate(rows) if row.name == lifecycle.REGISTER_ARRIVAL.name), None)
    first = first_arrival(case.person_facts)
    if place is None or first is None:
        return
    row, on = rows[place], in_order(rows, place, first)
    if on != row.happened_on:
        row.replacement(happened_on=on, why=why, by=by, at=at).save()
        if place == len(rows) - 1:
            case.state_since = on
            case.save(update_fields=["state_since"])
    place_on_timeline(case, row, at)


def in_order(rows: list[Transition], place: int, on: date) -> date:
    """The day of the state that `on` gives the row at `place` of `rows`; Refused where its neighbours are against it.

    An arrival may be earlier than the change before it: then the state keeps the order.
    """
    earliest = rows[place - 1].happened_on if place else None
    if earliest and on < earliest:
        if rows[place].name != lifecycle.REGISTER_ARRIVAL.name:
            raise Refused(lifecycle.IN_ORDER.refusal)
        on = earliest
    if place + 1 < len(rows) and on > rows[place + 1].happened_on:
        raise Refused(
            _("The date is after the next change of state. Give an earlier date, or correct the later one first.")
        )
    return on
