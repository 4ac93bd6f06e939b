"""What happens to a household and when: told forward from the first contact, without a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from cases import lifecycle
from cases.lifecycle import CloseReason, State
from cases.models import Channel, Direction, EventKind, MoveReason, Registration, Stay, TaskKind
from crm.management.demo import texts
from crm.management.demo.places import workday
from crm.management.demo.sketches import Sketch
from crm.management.demo.texts import Line
from crm.models import SettledCriterion


@dataclass(frozen=True)
class Happening:
    """One thing done on one day; `what` names a function of `play`, `details` are its arguments."""

    day: date
    what: str
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def closes(self) -> bool:
        """Whether it closes the case: the last thing on its day, after what was left to do."""
        return self.what == "step" and self.details["to"] == State.CLOSED

    def moved(self, days: int) -> Happening:
        """The same so many days later, with the dates it speaks of."""
        shift = timedelta(days)
        details = {name: value + shift if isinstance(value, date) else value for name, value in self.details.items()}
        return Happening(workday(self.day + shift), self.what, details)


class Diary:
    """Happenings in the order they are told; `day` is where the story has come to."""

    def __init__(self, rng: Random, sketch: Sketch, opened: date) -> None:
        self.rng, self.sketch, self.day = rng, sketch, opened
        self.told: list[Happening] = []
        self.phase = self.closed_from = State.CONTACT
        self.traits = traits(sketch)
        self.said: set[str] = set()
        self.done: list[date] = []  # by task in the order they were added: the day it is ticked off

    def wait(self, shortest: int, longest: int) -> date:
        self.day = max(self.day, workday(self.day + timedelta(self.rng.randint(shortest, longest))))
        return self.day

    @property
    def happenings(self) -> list[Happening]:
        """Everything in the order of its days; a case is closed when all else of the day is done."""
        ticked = [
            Happening(day, "tick_off", {"number": number}) for number, day in enumerate(self.done) if day < date.max
        ]
        return sorted(self.told + ticked, key=lambda happening: (happening.day, happening.closes))

    def add(self, what: str, **details) -> None:
        self.told.append(Happening(self.day, what, details))

    def step(self, rule: lifecycle.Rule, to: State, **answers) -> None:
        """A change of state; whoever closes a case or calls it settled first ticks off what is left to do."""
        if to in (State.SETTLED, State.CLOSED):
            self.done = [min(day, self.day) for day in self.done]
            self.closed_from = self.phase
        self.add("step", rule=rule.name, to=to, **answers)
        self.phase = to

    def task(self, kind: TaskKind, due: date | None, *, title: str = "", service: str = "") -> None:
        """Something to do; most of it gets done about in time, a goal is never ticked off before the end."""
        self.add("task", kind=kind, title=title, service=service, due_on=due)
        late = self.rng.choices((-9, -4, -1, 0, 2, 6), (10, 20, 25, 25, 15, 5))[0]
        self.done.append(max(self.day, workday(due + timedelta(late))) if due else date.max)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def say(self, lines: Sequence[Line], after: bool = False) -> str:
        """Words that suit the household, not said before where there are others."""
        suiting = [line for line in lines if line.needs <= self.traits and line.after in (None, after)]
        line = self.rng.choice([line for line in suiting if line.text not in self.said] or suiting)
        self.said.add(line.text)
        return line.text

    def chat(self, after: bool = False) -> None:
        """A call, an e-mail, a meeting or a note."""
        kind, direction, lines, minutes = self.rng.choice(_CHATS)
        text = self.say(lines, after)
        length = self.rng.randint(*minutes) if minutes else None
        if text == texts.NO_ANSWER.text:
            length = 1
            self.said.discard(text)
        self.add("log", kind=kind, direction=direction, text=text, minutes=length)

    def keep_in_touch(self, days: int, every: int, after: bool = False) -> None:
        """Let `days` pass, with a word about each `every` days."""
        until = self.day + timedelta(days)
        while (until - self.day).days > every:
            self.wait(every // 2, every)
            self.chat(after)
        self.day = max(self.day, workday(until))

    def close(self, reasons: Mapping[CloseReason, int]) -> None:
        reason = self.rng.choices(list(reasons), list(reasons.values()))[0]
        text = self.rng.choice(texts.OTHER_REASON) if reason == CloseReason.OTHER else ""
        self.step(lifecycle.CLOSE, State.CLOSED, reason=reason, text=text)


_CHATS = (
    (EventKind.CALL, Direction.OUT, texts.CALL_OUT, (2, 25)),
    (EventKind.CALL, Direction.OUT, texts.CALL_OUT, (3, 15)),
    (EventKind.CALL, Direction.IN, texts.CALL_IN, (2, 20)),
    (EventKind.EMAIL, Direction.OUT, texts.EMAIL_OUT, None),
    (EventKind.EMAIL, Direction.IN, texts.EMAIL_IN, None),
    (EventKind.MEETING, Direction.NONE, texts.MEETING, (30, 90)),
    (EventKind.NOTE, Direction.NONE, texts.NOTE, None),
)
_EARLY = {CloseReason.ADVICE: 35, CloseReason.NO_REPLY: 30, CloseReason.STAYS: 20, CloseReason.OTHER_PLACE: 15}
_LATE = {
    CloseReason.NO_HOUSING: 26,
    CloseReason.NO_WORK: 24,
    CloseReason.OTHER_PLACE: 18,
    CloseReason.STAYS: 14,
    CloseReason.NO_SERVICE: 6,
    CloseReason.NO_REPLY: 8,
    CloseReason.OTHER: 4,
}
_REGISTERED = {Registration.RESIDENT: 80, Registration.TEMPORARY: 17, Registration.NO_FIXED: 3}
_CHANNELS = {
    Channel.PHONE: 34,
    Channel.EMAIL: 30,
    Channel.VISIT: 12,
    Channel.WEB: 10,
    Channel.EVENT: 6,
    Channel.EMPLOYER: 8,
}


def traits(sketch: Sketch) -> frozenset[str]:
    """Words for what the household is like, by which lines are chosen."""
    found = {
        "children": sketch.children > 0,
        "partner": sketch.adults > 1,
        "single": len(sketch.people) == 1,
        "foreign": sketch.foreign or sketch.reason == MoveReason.PROTECTION,
        "work": sketch.reason in _WORKING,
        "retired": sketch.reason in (MoveReason.RETIREMENT, MoveReason.SECOND_HOME),
    }
    return frozenset(trait for trait, holds in found.items() if holds)


_WORKING = (MoveReason.WORK, MoveReason.PARTNERS_WORK, MoveReason.RETURN, MoveReason.FAMILY, MoveReason.PROTECTION)


def tell(rng: Random, sketch: Sketch, opened: date, *, already_here: bool = False) -> Diary:
    """The whole story of a household, to its end; who builds the demo cuts it off at today."""
    diary = Diary(rng, sketch, opened)
    _first_contact(diary)
    if sketch.anonymous and not _introduce(diary):
        return diary
    if already_here:
        _live_here_already(diary)
    elif not (_assess(diary) and _plan(diary) and _move(diary)):
        _come_back(diary)
        return diary
    _after_arrival(diary)
    return diary


def _first_contact(diary: Diary) -> None:
    rng, sketch = diary.rng, diary.sketch
    words = texts.FIRST_ANONYMOUS if sketch.anonymous else texts.FIRST.get(sketch.reason, texts.FIRST["other"])
    diary.add(
        "open",
        channel=rng.choices(list(_CHANNELS), list(_CHANNELS.values()))[0],
        text=rng.choice(words),
        assigned=diary.chance(0.8),
    )
    if sketch.anonymous:
        return
    if sketch.reason == MoveReason.WORK and diary.chance(0.3):
        diary.add("major_project")
    if diary.chance(0.6):
        diary.add("notice")


def _introduce(diary: Diary) -> bool:
    """Who called without a name tells it later, or does not call again."""
    diary.wait(4, 35)
    if diary.chance(0.3):
        diary.add("introduce")
        return True
    diary.close({CloseReason.ADVICE: 60, CloseReason.NO_REPLY: 40})
    return False


def _assess(diary: Diary) -> bool:
    diary.wait(0, 3)
    diary.add("log", kind=EventKind.CALL, direction=Direction.OUT, text=diary.say(texts.CALL_OUT), minutes=10)
    diary.keep_in_touch(diary.rng.randint(1, 14), 7)
    if diary.chance(0.13):
        diary.wait(7, 40)
        diary.close(_EARLY)
        return False
    diary.add("assign")
    diary.add("notice")
    diary.step(lifecycle.START_ASSESSMENT, State.ASSESSMENT)
    diary.task(TaskKind.TASK, diary.day + timedelta(9), title=diary.say(texts.TASKS_BEFORE))
    diary.keep_in_touch(diary.rng.randint(5, 28), 12)
    _maybe_pause(diary, 0.06)
    if diary.chance(0.13):
        diary.close(_LATE)
        return False
    return True


def _plan(diary: Diary) -> bool:
    rng = diary.rng
    diary.task(TaskKind.GOAL, None, title=rng.choice(texts.GOALS.get(diary.sketch.reason, texts.GOAL_OTHER)))
    for key in _services(diary):
        diary.task(TaskKind.SERVICE, diary.day + timedelta(rng.randint(10, 60)), service=key)
    diary.step(lifecycle.AGREE_PLAN, State.PLAN)
    diary.task(TaskKind.TASK, diary.day + timedelta(14), title=diary.say(texts.TASKS_BEFORE))
    diary.keep_in_touch(rng.randint(10, 60), 13)
    _maybe_pause(diary, 0.1)
    if diary.chance(0.04):
        diary.step(lifecycle.FALL_BACK, State.ASSESSMENT, target=State.ASSESSMENT, reason=rng.choice(texts.FALL_BACK))
        diary.keep_in_touch(rng.randint(10, 30), 12)
        diary.step(lifecycle.AGREE_PLAN, State.PLAN)
        diary.keep_in_touch(rng.randint(10, 40), 13)
    if diary.chance(0.16):
        diary.close(_LATE | ({CloseReason.NO_PERMIT: 15} if diary.sketch.foreign else {}))
        return False
    return True


def _services(diary: Diary) -> list[str]:
    """Keys of the catalogue that such a household needs before it moves, at most four."""
    sketch = diary.sketch
    keys = ["housing"]
    if sketch.children:
        keys += ["daycare", "preschool-school"]
    if "foreign" in diary.traits:
        keys += ["residence-permit"]
    if {"partner", "work"} <= diary.traits:
        keys.append("spouse-job")
    if sketch.reason == MoveReason.REMOTE_WORK:
        keys.append("remote-work")
    if sketch.reason in (MoveReason.SECOND_HOME, MoveReason.RETURN):
        keys += ["plots", "waste-heating"]
    return diary.rng.sample(keys, k=min(len(keys), diary.rng.randint(1, 4)))


def _services_on_arrival(diary: Diary) -> list[str]:
    keys = ["move-notice", "welcome-pack", "peer-guide", "associations"]
    if "foreign" in diary.traits:
        keys += ["language", "hetu", "tax-card", "home-municipality"]
    return diary.rng.sample(keys, k=diary.rng.randint(1, 2))


def _move(diary: Diary) -> bool:
    rng = diary.rng
    planned = diary.day + timedelta(rng.randint(18, 60))
    in_parts = len(diary.sketch.people) > 1 and diary.chance(0.25)
    diary.step(lifecycle.CONFIRM_MOVE, State.MOVING, planned_move_on=planned)
    diary.task(TaskKind.TASK, planned - timedelta(7), title=diary.say(texts.TASKS_MOVING))
    if diary.chance(0.2):
        diary.keep_in_touch((planned - diary.day).days // 2, 12)
        planned += timedelta(rng.choice((7, 14, 21, 30)))
        diary.add("postpone", to=planned, why=rng.choice(texts.POSTPONED))
    if diary.chance(0.05):
        diary.keep_in_touch(10, 12)
        diary.close({CloseReason.NO_HOUSING: 40, CloseReason.NO_WORK: 30, CloseReason.OTHER_PLACE: 30})
        return False
    diary.keep_in_touch((planned - diary.day).days, 11)
    diary.step(lifecycle.REGISTER_ARRIVAL, State.ARRIVED, first_only=in_parts, text=diary.say(texts.ARRIVED))
    if in_parts:
        diary.keep_in_touch(rng.randint(20, 80), 14, after=True)
        diary.add("arrive_later")
    return True


def _live_here_already(diary: Diary) -> None:
    """They came before they asked: supported after arrival."""
    diary.wait(0, 6)
    diary.add("assign")
    diary.add("notice")
    diary.task(TaskKind.GOAL, None, title=diary.rng.choice(texts.GOAL_OTHER))
    before = diary.happenings[0].day - timedelta(diary.rng.randint(14, 300))
    diary.step(lifecycle.REGISTER_ARRIVAL, State.ARRIVED, arrived_on=before)


def _after_arrival(diary: Diary) -> None:
    rng = diary.rng
    diary.task(TaskKind.TASK, diary.day + timedelta(4), title=diary.say(texts.TASKS_AFTER))
    if diary.chance(0.8):
        diary.add("facts", registration=rng.choices(list(_REGISTERED), list(_REGISTERED.values()))[0])
    for key in _services_on_arrival(diary):
        diary.task(TaskKind.SERVICE, diary.day + timedelta(rng.randint(10, 30)), service=key)
    for days, title in texts.FOLLOW_UP_CALLS.items():
        diary.task(TaskKind.TASK, diary.day + timedelta(days), title=title)
    if diary.sketch.stay == Stay.SEASONAL:
        season = rng.randint(60, 150)
        diary.add("facts", season_ends_on=diary.day + timedelta(season))
        diary.keep_in_touch(season, 20, after=True)
        diary.step(lifecycle.CLOSE, State.CLOSED, reason=CloseReason.SEASON_ENDED)
        return
    _maybe_pause(diary, 0.03)
    diary.keep_in_touch(rng.randint(28, 150), 20, after=True)
    if len(diary.sketch.people) > 2 and diary.chance(0.06):
        diary.add("leave")
        diary.keep_in_touch(rng.randint(10, 40), 20, after=True)
    if diary.chance(0.1):
        diary.step(lifecycle.CLOSE, State.CLOSED, reason=CloseReason.MOVED_AWAY)
        return
    diary.step(lifecycle.CONFIRM_SETTLED, State.SETTLED, unmet=_unmet(diary), text=diary.say(texts.SETTLED))
    if diary.chance(0.08):
        diary.wait(120, 700)
        diary.step(lifecycle.MOVE_AWAY, State.CLOSED)


def _unmet(diary: Diary) -> dict[str, str]:
    """The criteria that are not met and why; mostly none."""
    return {
        criterion: diary.rng.choice(texts.UNMET[criterion])
        for criterion in SettledCriterion.values
        if diary.chance(0.1) and (criterion != SettledCriterion.SCHOOL)
    }


def _maybe_pause(diary: Diary, probability: float) -> None:
    if not diary.chance(probability):
        return
    rng, before = diary.rng, diary.phase
    days = rng.randint(25, 120)
    diary.step(
        lifecycle.PAUSE,
        State.PAUSED,
        reason=rng.choice(texts.PAUSE),
        review_on=diary.day + timedelta(max(14, days - 5)),
    )
    diary.wait(days, days + 10)
    diary.step(lifecycle.RESUME, before)


def _come_back(diary: Diary) -> None:
    if diary.chance(0.06):
        diary.wait(15, 120)
        diary.step(lifecycle.REOPEN, diary.closed_from, reason=diary.rng.choice(texts.REOPEN))
        diary.wait(10, 60)
        diary.close(_LATE)


def in_state(diary: Diary, state: State, today: date, longest: int, *, late: bool = False) -> list[Happening] | None:
    """The story moved in time so that today it is in `state`, for at most `longest` days; None where it never is.

    `late`: shortly before it would go on, so that what was planned for the end of the state is near or past.
    """
    entries = [(State.CONTACT, diary.told[0].day)]
    entries += [(State(str(told.details["to"])), told.day) for told in diary.told if told.what == "step"]
    ends = [day for _state, day in entries[1:]] + [date.max]
    for (entered, day), end in zip(entries, ends, strict=True):
        stays = min((end - day).days - 3, longest)  # three days: a step may move back over a weekend
        if entered == state and stays >= 0:
            ago = stays if late else diary.rng.randint(0, stays)
            return [happening.moved((today - day).days - ago) for happening in diary.happenings]
    return None
