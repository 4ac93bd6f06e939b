"""The case's way from first contact to settled: states, transitions and what each needs (DOMAIN: The case).

Declared once here. The model's transitions, the dialogs, the bulk path, the import, the help page's picture
and the table in docs/ all read it. Nothing here touches the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models import SettledCriterion


class State(models.TextChoices):
    CONTACT = "contact", pgettext_lazy("state", "First contact")
    ASSESSMENT = "assessment", pgettext_lazy("state", "Assessment")
    PLAN = "plan", pgettext_lazy("state", "Plan")
    MOVING = "moving", pgettext_lazy("state", "Moving")
    ARRIVED = "arrived", pgettext_lazy("state", "Arrived")
    SETTLED = "settled", pgettext_lazy("state", "Settled")
    PAUSED = "paused", pgettext_lazy("state", "Paused")
    CLOSED = "closed", pgettext_lazy("state", "Closed")


PATH = (State.CONTACT, State.ASSESSMENT, State.PLAN, State.MOVING, State.ARRIVED, State.SETTLED)
ACTIVE = PATH[:5]  # someone works on it
OPEN = (*ACTIVE, State.PAUSED)
NOT_ARRIVED = PATH[:4]


class CloseReason(models.TextChoices):
    ADVICE = "advice", _("Need met by advice")
    STAYS = "stays", _("Stays where they are")
    OTHER_PLACE = "other_place", _("Chose another place")
    NO_HOUSING = "no_housing", _("No housing")
    NO_WORK = "no_work", _("No work")
    NO_SERVICE = "no_service", _("No service or school")
    NO_PERMIT = "no_permit", _("No permit")
    NO_REPLY = "no_reply", _("No reply")
    SEASON_ENDED = "season_ended", _("Season ended")
    MOVED_AWAY = "moved_away", _("Moved away")
    TRANSFERRED = "transferred", _("Transferred to another municipality")
    DIED = "died", _("Died")
    DUPLICATE = "duplicate", _("Duplicate")
    OTHER = "other", _("Other reason")


# Reasons after which the people no longer live in the municipality.
LEAVING_REASONS = (CloseReason.SEASON_ENDED, CloseReason.MOVED_AWAY)


@dataclass(frozen=True)
class Facts:
    """What is known of a case before a transition; read from the database or put together by an import."""

    today: date
    opened_on: date
    last_on: date  # the day of the transition before this one
    state: str = ""  # where the case stands
    named_person: bool = False
    notice_given: bool = False
    has_coordinator: bool = False
    has_plan: bool = False  # a goal or a service at least
    criteria: tuple[str, ...] = tuple(SettledCriterion.values)
    members: frozenset[int] = frozenset()  # persons of the household who have not left
    arrived: Mapping[int, date] = field(default_factory=dict)  # person → day of arrival
    settled: frozenset[int] = frozenset()
    left: frozenset[int] = frozenset()
    moved_away: bool = False  # it was closed because the people left
    other_open_case: bool = False  # the household has another open case


@dataclass(frozen=True)
class Answers:
    """What was answered to a transition's questions."""

    on: date
    on_known: bool = True
    reason: str = ""
    text: str = ""  # a note; with the close reason «other» the reason itself
    review_on: date | None = None
    planned_move_on: date | None = None
    target: str = ""  # the state to fall back to
    persons: frozenset[int] = frozenset()
    criteria_met: frozenset[str] = frozenset()
    criteria_reasons: Mapping[str, str] = field(default_factory=dict)


Check = Callable[[Facts, Answers], bool]


@dataclass(frozen=True)
class Need:
    """A condition of a transition; `refusal` says in the user's language what to do where it is not met.

    `field` names the question the refusal belongs to, "" where it belongs to the case as a whole.
    """

    code: str
    met: Check
    refusal: Promise
    field: str = ""


NOT_IN_FUTURE = Need(
    "not_in_future",
    lambda facts, answers: answers.on <= facts.today,
    _("The date is in the future. Record what has happened; plans go to the planned move date."),
    "on",
)
IN_ORDER = Need(
    "in_order",
    lambda facts, answers: answers.on >= facts.last_on,
    _("The date is before the previous change of state. Give a later date, or correct the earlier one first."),
    "on",
)
NAMED_PERSON = Need(
    "named_person",
    lambda facts, answers: facts.named_person,
    _("The household has no named person. Add the name of the contact person first."),
)
NOTICE_GIVEN = Need(
    "notice_given",
    lambda facts, answers: facts.notice_given,
    _(
        "The privacy notice has not been given. Give it and record it first. Where the municipality has none yet, an "
        "administrator publishes it."
    ),
)
COORDINATOR = Need(
    "coordinator",
    lambda facts, answers: facts.has_coordinator,
    _("The case has no coordinator. Choose one first."),
)
PLAN_ITEM = Need(
    "plan_item",
    lambda facts, answers: facts.has_plan,
    _("The plan is empty. Add at least one goal or service first."),
)
MOVE_DATE = Need(
    "planned_move_on",
    lambda facts, answers: answers.planned_move_on is not None,
    _("Give the planned move date."),
    "planned_move_on",
)
WHO_MOVES = Need(
    "who_moves",
    lambda facts, answers: bool(answers.persons) and answers.persons <= facts.members,
    _("Choose at least one member of the household who moves."),
    "persons",
)
WHO_ARRIVED = Need(
    "who_arrived",
    lambda facts, answers: bool(answers.persons) and answers.persons <= facts.members,
    _("Choose at least one member of the household who arrived."),
    "persons",
)
# An arrival may be earlier than the first contact (such people are already here), so no order is held against
# it; only a year that nobody could mean is refused.
ARRIVAL_PLAUSIBLE = Need(
    "arrival_plausible",
    lambda facts, answers: answers.on.year >= 1920,
    _("The arrival date is too long ago. Check the year."),
    "on",
)
SETTLED_AFTER_ARRIVAL = Need(
    "settled_after_arrival",
    lambda facts, answers: bool(facts.arrived) and answers.on >= min(facts.arrived.values()),
    _("The settled date is before the arrival. Give a date on or after the arrival."),
    "on",
)
CRITERIA = Need(
    "criteria",
    lambda facts, answers: all(
        criterion in answers.criteria_met or answers.criteria_reasons.get(criterion, "").strip()
        for criterion in facts.criteria
    ),
    _("Tick each criterion that is met, and write a reason for each one that is not."),
    "criteria",
)
REASON = Need(
    "reason",
    lambda facts, answers: bool(answers.reason.strip()),
    _("Give the reason."),
    "reason",
)
CLOSE_REASON = Need(
    "close_reason",
    lambda facts, answers: answers.reason in CloseReason.values,
    _("Choose the reason."),
    "reason",
)
OTHER_REASON_TEXT = Need(
    "other_reason_text",
    lambda facts, answers: answers.reason != CloseReason.OTHER or bool(answers.text.strip()),
    _("Write what the other reason is."),
    "text",
)
REVIEW_DATE = Need(
    "review_on",
    lambda facts, answers: answers.review_on is not None and answers.review_on > answers.on,
    _("Give the date when the pause is reviewed; it comes after the first day of the pause."),
    "review_on",
)
NOT_MOVED_AWAY = Need(
    "not_moved_away",
    lambda facts, answers: not facts.moved_away,
    _("The household moved away. If they come back, open a new case; if it was a mistake, take back the last change."),
)
NO_OTHER_OPEN_CASE = Need(
    "no_other_open_case",
    lambda facts, answers: not facts.other_open_case,
    _("The household already has another open case. Go on with that one."),
)
LEFT_AFTER_ARRIVAL = Need(
    "left_after_arrival",
    lambda facts, answers: (
        answers.reason in set(CloseReason.values) - set(LEAVING_REASONS)
        or all(day <= answers.on for person, day in facts.arrived.items() if person not in facts.left)
    ),
    _("Somebody of the household arrived after this date. Give a later date, or correct the arrival first."),
    "on",
)
FALL_BACK_TARGET = Need(
    "target",
    lambda facts, answers: answers.target in (State.ASSESSMENT, State.PLAN) and answers.target != facts.state,
    _("Choose the state to go back to."),
    "target",
)


@dataclass(frozen=True)
class Rule:
    """One transition: from where, to where, what it needs and what it asks.

    `targets` has one state, or those among which the answers or the case's own past decide.
    `asks` names the questions of its dialog in order.
    """

    name: str
    label: Promise
    done: Promise  # how the timeline names it afterwards
    explains: Promise
    sources: tuple[State, ...]
    targets: tuple[State, ...]
    needs: tuple[Need, ...]
    asks: tuple[str, ...]

    def unmet(self, facts: Facts, answers: Answers) -> list[Need]:
        """The needs that are not met, in order; empty where the transition may go on."""
        return [need for need in self.needs if not need.met(facts, answers)]

    def missing(self, facts: Facts) -> list[Need]:
        """The needs that no answer can meet, since they belong to the case itself: what to see to first."""
        answers = Answers(on=facts.today)
        return [need for need in self.needs if not need.field and not need.met(facts, answers)]


START_ASSESSMENT = Rule(
    "start_assessment",
    _("Start assessment"),
    _("Assessment started"),
    _("You find out together with the household what they need."),
    (State.CONTACT,),
    (State.ASSESSMENT,),
    (NAMED_PERSON, NOTICE_GIVEN, COORDINATOR, NOT_IN_FUTURE, IN_ORDER),
    ("on", "text"),
)
AGREE_PLAN = Rule(
    "agree_plan",
    _("Agree on plan"),
    _("Plan agreed"),
    _("The goals and services are agreed with the household."),
    (State.ASSESSMENT,),
    (State.PLAN,),
    (PLAN_ITEM, NOT_IN_FUTURE, IN_ORDER),
    ("on", "text"),
)
CONFIRM_MOVE = Rule(
    "confirm_move",
    _("Confirm move"),
    _("Move confirmed"),
    _("The household has decided to move and the date is known."),
    (State.PLAN,),
    (State.MOVING,),
    (MOVE_DATE, WHO_MOVES, NOT_IN_FUTURE, IN_ORDER),
    ("planned_move_on", "persons", "on", "text"),
)
FALL_BACK = Rule(
    "fall_back",
    _("Go back a step"),
    _("Went back a step"),
    _("Plans changed: the case goes back to an earlier state. What has been recorded stays."),
    (State.PLAN, State.MOVING),
    (State.ASSESSMENT, State.PLAN),
    (FALL_BACK_TARGET, REASON, NOT_IN_FUTURE, IN_ORDER),
    ("target", "reason", "on"),
)
REGISTER_ARRIVAL = Rule(
    "register_arrival",
    _("Record arrival"),
    _("Arrived"),
    _("Those who arrived now live here. Who comes later is recorded when they come."),
    NOT_ARRIVED,
    (State.ARRIVED,),
    (WHO_ARRIVED, NOT_IN_FUTURE, ARRIVAL_PLAUSIBLE),
    ("on", "persons", "text"),
)
CONFIRM_SETTLED = Rule(
    "confirm_settled",
    _("Mark as settled"),
    _("Settled"),
    _("The household has settled in. Those who have arrived are counted as settled from this day."),
    (State.ARRIVED,),
    (State.SETTLED,),
    (SETTLED_AFTER_ARRIVAL, CRITERIA, NOT_IN_FUTURE, IN_ORDER),
    ("on", "criteria", "text"),
)
PAUSE = Rule(
    "pause",
    _("Pause"),
    _("Paused"),
    _("The case waits. It comes back to My day on the review date."),
    ACTIVE,
    (State.PAUSED,),
    (REASON, REVIEW_DATE, NOT_IN_FUTURE, IN_ORDER),
    ("reason", "review_on", "on"),
)
RESUME = Rule(
    "resume",
    _("Resume the case"),
    _("Resumed"),
    _("The case goes on in the state in which it was paused."),
    (State.PAUSED,),
    ACTIVE,
    (NOT_IN_FUTURE, IN_ORDER),
    ("on", "text"),
)
CLOSE = Rule(
    "close",
    _("Close the case"),
    _("Closed"),
    _("The work ends here. The case stays in the register and in the figures."),
    OPEN,
    (State.CLOSED,),
    (CLOSE_REASON, OTHER_REASON_TEXT, LEFT_AFTER_ARRIVAL, NOT_IN_FUTURE, IN_ORDER),
    ("reason", "text", "on"),
)
MOVE_AWAY = Rule(
    "move_away",
    _("Record moving away"),
    _("Moved away"),
    _("The household no longer lives here. The case closes."),
    (State.SETTLED,),
    (State.CLOSED,),
    (LEFT_AFTER_ARRIVAL, NOT_IN_FUTURE, IN_ORDER),
    ("on", "text"),
)
REOPEN = Rule(
    "reopen",
    _("Reopen"),
    _("Reopened"),
    _("The case goes on in the state it had before. Who moved away and returns gets a new case instead."),
    (State.SETTLED, State.CLOSED),
    (*OPEN, State.SETTLED),
    (NOT_MOVED_AWAY, NO_OTHER_OPEN_CASE, REASON, NOT_IN_FUTURE, IN_ORDER),
    ("reason", "on"),
)

RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        START_ASSESSMENT,
        AGREE_PLAN,
        CONFIRM_MOVE,
        REGISTER_ARRIVAL,
        CONFIRM_SETTLED,
        FALL_BACK,
        PAUSE,
        RESUME,
        CLOSE,
        MOVE_AWAY,
        REOPEN,
    )
}

# The one next action of each state: the primary button.
NEXT: dict[State, Rule] = {
    State.CONTACT: START_ASSESSMENT,
    State.ASSESSMENT: AGREE_PLAN,
    State.PLAN: CONFIRM_MOVE,
    State.MOVING: REGISTER_ARRIVAL,
    State.ARRIVED: CONFIRM_SETTLED,
    State.PAUSED: RESUME,
}

OPENED = "open"  # the name of the first transition row, from nothing to contact


def rules_from(state: str) -> list[Rule]:
    """The transitions that start in `state`, the next action first."""
    first = NEXT.get(State(state))
    return sorted((rule for rule in RULES.values() if state in rule.sources), key=lambda rule: rule is not first)


def reached(state: str) -> int:
    """How far on the path a state is: 0 for contact … 5 for settled; -1 aside."""
    return PATH.index(State(state)) if state in PATH else -1
