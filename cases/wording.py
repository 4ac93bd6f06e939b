"""The timeline in words: each event as a line that a person reads. Pure: an event goes in, sentences come out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from django.db.models import Field
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import lifecycle
from cases.actions import step_name
from cases.lifecycle import CloseReason, State
from cases.models import (
    LOGGED_BY_HAND,
    AdviceTopic,
    Case,
    Direction,
    Event,
    EventKind,
    PersonFactKind,
    Task,
    TaskKind,
    Transition,
)
from crm.models import SettledCriterion


@dataclass(frozen=True)
class Line:
    """One event on the timeline: what it is called, what there is to know of it, and the words written with it."""

    title: str
    icon: str
    details: tuple[str, ...] = ()
    text: str = ""
    tone: str = ""
    meta: str = ""  # who, and when
    taken_back: bool = False


def line(
    event: Event, *, latest: Transition | None = None, names: Mapping[int, str], opened_on: date = date.min
) -> Line:
    """`event` in words. `latest` is the row that now holds in the place of its transition; `names` those of persons.

    Who arrived before `opened_on`, the day of the first contact, lived here already.
    """
    if event.kind == EventKind.TRANSITION and event.transition is not None:
        told = _transition(event, event.transition, latest or event.transition, names)
        here = timezone.localdate(event.happened_at) < opened_on
        if here and event.transition.name == lifecycle.REGISTER_ARRIVAL.name:
            told = replace(told, title=str(PersonFactKind.ALREADY_HERE.label))
    else:
        told = _BY_KIND.get(EventKind(event.kind), _contact)(event, names)
    return replace(told, meta=f"{event.by.name} · {_when(event)}")


def _when(event: Event) -> str:
    """Date and time of what was said; of what was recorded the day alone."""
    moment = timezone.localtime(event.happened_at)
    return date_format(moment, "SHORT_DATETIME_FORMAT" if event.kind in LOGGED_BY_HAND else "SHORT_DATE_FORMAT")


# What was said and written.

_CONTACTS: dict[tuple[str, str], Callable[[], str]] = {
    (EventKind.CALL, Direction.OUT): lambda: _("Outgoing call"),
    (EventKind.CALL, Direction.IN): lambda: _("Incoming call"),
    (EventKind.EMAIL, Direction.OUT): lambda: _("E-mail sent"),
    (EventKind.EMAIL, Direction.IN): lambda: _("E-mail received"),
}
_ICONS = {
    EventKind.CALL: "phone",
    EventKind.MEETING: "chat-bubble-left-right",
    EventKind.NOTE: "pencil-square",
    EventKind.EMAIL: "envelope",
}


def _contact(event: Event, names: Mapping[int, str]) -> Line:
    kind = EventKind(event.kind)
    named = _CONTACTS.get((kind, event.direction))
    title = named() if named else str(kind.label)
    if event.minutes:
        title = _("%(contact)s, %(minutes)d min") % {"contact": title, "minutes": event.minutes}
    return Line(title, _ICONS.get(kind, "information-circle"), text=event.text)


# Changes of state.


def _transition(event: Event, transition: Transition, latest: Transition, names: Mapping[int, str]) -> Line:
    return Line(
        step_name(transition.name),
        "arrow-right",
        tuple(_transition_details(transition, latest, names)),
        event.text,
        tone="" if latest.void else "ok",
        taken_back=latest.void,
    )


def _transition_details(transition: Transition, latest: Transition, names: Mapping[int, str]) -> Iterator[str]:
    if transition.from_state:
        yield f"{State(transition.from_state).label} → {State(transition.to_state).label}"
    if latest.void:
        yield _("Taken back: %(why)s") % {"why": latest.why}
    elif not latest.date_known:
        yield _("The date is not known.")
    if transition.reason:
        yield _("Reason: %(reason)s") % {"reason": _reason(transition)}
    answers = transition.answers
    if planned := answers.get("planned_move_on"):
        yield _("Planned move date: %(date)s") % {"date": _day(planned)}
    if review := answers.get("review_on"):
        yield _("The pause is reviewed on %(date)s") % {"date": _day(review)}
    if persons := answers.get("persons"):
        yield _("Who: %(names)s") % {"names": _people(persons, names)}
    for criterion, why in sorted(answers.get("criteria_reasons", {}).items()):
        if criterion not in answers.get("criteria_met", ()):
            yield _("Not met – %(criterion)s: %(why)s") % {"criterion": SettledCriterion(criterion).label, "why": why}


def _reason(transition: Transition) -> str:
    if transition.name == lifecycle.CLOSE.name and transition.reason in CloseReason.values:
        return str(CloseReason(transition.reason).label)
    return transition.reason


# The planned move date.


def _postponed(event: Event, names: Mapping[int, str]) -> Line:
    data = event.data
    title = _("Change of move date taken back") if "undoes" in data else _("Move date changed")
    details = [f"{_day(data['before'])} → {_day(data['after'])}"]
    if count := len(data.get("tasks", ())):
        details.append(ngettext("%(count)d task moved along", "%(count)d tasks moved along", count) % {"count": count})
    return Line(title, "calendar", tuple(details), event.text)


# Changes of facts.


def _change(event: Event, names: Mapping[int, str]) -> Line:
    data = event.data
    match data.get("what"):
        case "facts":
            return Line(_("Details changed"), "pencil", tuple(_facts(Case, data["fields"])), event.text)
        case "persons":
            title = _PERSONS[data["kind"]]() % {"names": _people(data["persons"], names)}
            struck = data.get("taken_back", "")
            details = (_day(data["on"]), *([_("Taken back: %(why)s") % {"why": struck}] if struck else []))
            return Line(title, "user", details, event.text, taken_back=bool(struck))
        case "major_project":
            before, after = (data[when] or _("None") for when in ("before", "after"))
            return Line(_("Major project changed"), "pencil", (f"{before} → {after}",))
        case "advice":
            title = _("Advice that became this case: %(topic)s") % {"topic": AdviceTopic(data["topic"]).label}
            return Line(title, "chat-bubble-left-right", (_day(data["on"]),))
        case "restricted":
            return Line(_("Restricted: only those named see the household"), "lock-closed", tone="hot")
        case "unrestricted":
            return Line(_("The restriction was lifted"), "lock-open")
        case "task_done":
            return Line(_("Done: %(task)s") % {"task": data["title"]}, "check", tone="ok")
        case "task_undone":
            return Line(_("Not done after all: %(task)s") % {"task": data["title"]}, "arrow-uturn-left")
        case "task_changed":
            title = _("Changed: %(task)s") % {"task": data["title"]}
            return Line(title, "pencil", tuple(_facts(Task, data["fields"])))
        case "task_removed":
            return Line(_("Removed: %(task)s") % {"task": data["title"]}, "trash", tuple(facts_of_task(data)))
    return Line(str(EventKind.CHANGE.label), "pencil", text=event.text)


_PERSONS: dict[str, Callable[[], str]] = {
    PersonFactKind.ARRIVED: lambda: _("Arrived: %(names)s"),
    PersonFactKind.ALREADY_HERE: lambda: _("Lived here already: %(names)s"),
    PersonFactKind.SETTLED: lambda: _("Settled: %(names)s"),
    PersonFactKind.LEFT: lambda: _("Moved away: %(names)s"),
}


def _facts(model: type[Case | Task], fields: Mapping[str, list[str]]) -> Iterator[str]:
    for name, (before, after) in fields.items():
        field = cast(Field, model._meta.get_field(name))
        yield _("%(fact)s: %(before)s → %(after)s") % {
            "fact": TaskKind.SERVICE.label if name == "service" else capfirst(str(field.verbose_name)),
            "before": _told(field, before),
            "after": _told(field, after),
        }


FACTS_OF_TASK = ("due_on", "assignee", "done_on")


def facts_of_task(data: Mapping[str, str]) -> Iterator[str]:
    """What is known of a task beside its title, of what the timeline keeps where it is removed."""
    for name in FACTS_OF_TASK:
        if data[name]:
            field = cast(Field, Task._meta.get_field(name))
            yield f"{capfirst(str(field.verbose_name))}: {_told(field, data[name])}"


def _told(field: Field, value: str) -> str:
    """A stored value in words: the label of a code, a date, a name."""
    labels = dict(field.flatchoices)
    if value in labels:
        return str(labels[value])
    if not value:
        return _("none")
    return _day(value) if field.name.endswith("_on") else value


# Corrections.


def _correction(event: Event, names: Mapping[int, str]) -> Line:
    data = event.data
    details = []
    if "before" in data:
        details.append(f"{_day(data['before'])} → {_day(data['after'])}")
    if event.text:
        details.append(_("Why: %(why)s") % {"why": event.text})
    return Line(_corrected(data, names), "arrow-uturn-left", tuple(details))


def _corrected(data: Mapping, names: Mapping[int, str]) -> str:
    match data.get("what"):
        case "taken_back":
            return _("Taken back: «%(step)s»") % {"step": step_name(data["step"])}
        case "person_taken_back":
            return _("Taken back: %(name)s, %(fact)s") % {
                "name": _people([data["person"]], names),
                "fact": PersonFactKind(data["fact"]).label,
            }
        case "step_date":
            return _("Date corrected: «%(step)s»") % {"step": step_name(data["step"])}
        case "person_date":
            return _("Date corrected: %(name)s, %(fact)s") % {
                "name": _people([data["person"]], names),
                "fact": PersonFactKind(data["fact"]).label,
            }
    return str(EventKind.CORRECTION.label)


_BY_KIND: dict[EventKind, Callable[[Event, Mapping[int, str]], Line]] = {
    EventKind.POSTPONED: _postponed,
    EventKind.CHANGE: _change,
    EventKind.CORRECTION: _correction,
}


def _day(value: date | str) -> str:
    on = date.fromisoformat(value) if isinstance(value, str) else value
    return date_format(on, "SHORT_DATE_FORMAT")


def _people(persons: Collection[int], names: Mapping[int, str]) -> str:
    """Names in the order of the household; who is no longer known there is counted in."""
    known = [names[person] for person in persons if person in names]
    unknown = len(persons) - len(known)
    if unknown:
        known.append(ngettext("%(count)d other", "%(count)d others", unknown) % {"count": unknown})
    return ", ".join(known)
