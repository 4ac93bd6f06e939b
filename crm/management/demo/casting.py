"""Which stories a town has: some that show every state today, the rest by chance since autumn 2020."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from cases import lifecycle
from cases.lifecycle import State
from cases.models import MoveReason, Stay, TaskKind
from crm.management.demo import texts
from crm.management.demo.places import Town, contact_days, origins, workday
from crm.management.demo.sketches import PLOTS, Artist, Plot, Sketch
from crm.management.demo.stories import Diary, Happening, in_state, tell


@dataclass(frozen=True)
class Part:
    """One household of the demo: who they are, what has happened by today, and which coordinator has them."""

    sketch: Sketch
    happenings: Sequence[Happening]
    coordinator: int


@dataclass(frozen=True)
class Scheme:
    """A state that some household is in today, at most so many days; with what is special about it."""

    state: State
    longest: int
    late: bool = False
    plot: Plot | None = None
    anonymous: bool = False
    already_here: bool = False
    barred_or_restricted: str = ""
    unanswered: bool = False  # nobody has taken it yet
    not_told: bool = False  # they have probably moved, but nobody has recorded it


def _plot(reason: MoveReason, stay: Stay = Stay.PERMANENT) -> Plot:
    return next(plot for plot in PLOTS if (plot.reason, plot.stay) == (reason, stay))


_FAMILY = Plot(MoveReason.WORK, 0, (28, 42), 1.0, 1.0)

# Every coordinator gets each of these once, so that Oma päivä and the lists are alive in every town.
SHOWN = (
    Scheme(State.CONTACT, 0, unanswered=True),
    Scheme(State.CONTACT, 4),
    Scheme(State.ASSESSMENT, 20),
    Scheme(State.PLAN, 40),
    Scheme(State.MOVING, 40, plot=_FAMILY),
    Scheme(State.MOVING, 60, not_told=True),
    Scheme(State.ARRIVED, 30),
    Scheme(State.PAUSED, 200, late=True),
)
# These once in a town.
SHOWN_ONCE = (
    Scheme(State.CONTACT, 6, anonymous=True),
    Scheme(State.ASSESSMENT, 30, plot=_plot(MoveReason.PROTECTION, Stay.UNCERTAIN)),
    Scheme(State.MOVING, 200, late=True),
    Scheme(State.ARRIVED, 60, plot=_plot(MoveReason.WORK, Stay.SEASONAL)),
    Scheme(State.ARRIVED, 40, already_here=True),
    Scheme(State.SETTLED, 45),
    Scheme(State.CLOSED, 45),
    Scheme(State.PLAN, 40, barred_or_restricted="restrict"),
    Scheme(State.ARRIVED, 60, barred_or_restricted="bar", plot=_plot(MoveReason.RETURN)),
)


def cast(town: Town, rng: Random, today: date, households: float) -> list[Part]:
    """The town's households in the order of their first contact; `households` scales how many come by chance."""
    artist = Artist(rng, town, origins()[town.code])
    schemes = [(scheme, coordinator) for scheme in SHOWN for coordinator in (0, 1)]
    schemes += [(scheme, number % 2) for number, scheme in enumerate(SHOWN_ONCE)]
    parts = [_shown(artist, rng, scheme, coordinator, today) for scheme, coordinator in schemes]
    count = max(0, round((town.households - len(parts)) * households))
    parts += [_by_chance(artist, rng, day, today) for day in contact_days(rng, count, today - timedelta(21))]
    return sorted(parts, key=lambda part: part.happenings[0].day)


def _by_chance(artist: Artist, rng: Random, opened: date, today: date) -> Part:
    sketch = artist.household(opened, anonymous=rng.random() < 0.06)
    diary = tell(rng, sketch, opened, already_here=not sketch.anonymous and rng.random() < 0.07)
    return Part(sketch, _thinned(rng, _by(diary.happenings, today), today), rng.randrange(2))


def _shown(artist: Artist, rng: Random, scheme: Scheme, coordinator: int, today: date) -> Part:
    """Stories are told until one comes through the state that is asked for."""
    while True:
        opened = workday(today - timedelta(rng.randint(60, 400)))
        sketch = artist.household(opened, scheme.plot, anonymous=scheme.anonymous)
        diary = tell(rng, sketch, opened, already_here=scheme.already_here)
        moved = _arrange(diary, scheme, today)
        if moved:
            break
    happenings = list(_by(moved, today))
    if scheme.state in lifecycle.ACTIVE and not (scheme.unanswered or scheme.anonymous):
        happenings += _reminders(rng, diary, scheme.state, happenings, today)
    return Part(sketch, happenings, coordinator)


def _arrange(diary: Diary, scheme: Scheme, today: date) -> list[Happening] | None:
    if scheme.not_told:
        moved = in_state(diary, State.ARRIVED, today, 9)
        return moved and _before_arrival(moved, today - timedelta(4))
    moved = in_state(diary, scheme.state, today, scheme.longest, late=scheme.late)
    if moved and scheme.unanswered:
        return [replace(moved[0], details={**moved[0].details, "assigned": False})]
    if moved and scheme.barred_or_restricted:
        return [moved[0], Happening(moved[0].day, scheme.barred_or_restricted), *moved[1:]]
    return moved


def _before_arrival(happenings: Sequence[Happening], latest: date) -> list[Happening] | None:
    """The story up to the day on which they arrived, unrecorded; None where that was after `latest`."""
    arrival = next(n for n, told in enumerate(happenings) if told.details.get("to") == State.ARRIVED)
    return list(happenings[:arrival]) if happenings[arrival].day <= latest else None


def _by(happenings: Sequence[Happening], today: date) -> list[Happening]:
    return [happening for happening in happenings if happening.day <= today]


def _thinned(rng: Random, happenings: Sequence[Happening], today: date) -> list[Happening]:
    """Without most of the talks of long ago, the first one kept: nobody looks, and the demo is built sooner."""
    talks = [told for told in happenings if told.what == "log" and told.day < today - timedelta(150)]
    left_out = {id(told) for told in talks[1:] if rng.random() < 0.6}
    return [told for told in happenings if id(told) not in left_out]


def _reminders(
    rng: Random, diary: Diary, state: State, happenings: Sequence[Happening], today: date
) -> Iterator[Happening]:
    """Something to do today or late, and something next week, noted some days ago."""
    noted = max(happenings[-1].day, workday(today - timedelta(4)))
    lines = {State.MOVING: texts.TASKS_MOVING, State.ARRIVED: texts.TASKS_AFTER}.get(state, texts.TASKS_BEFORE)
    for days in (rng.choice((-2, 0, 0, 0)), rng.choice((1, 3, 6, 8))):
        title = diary.say(lines)
        due = max(today + timedelta(days), noted)
        yield Happening(noted, "task", {"kind": TaskKind.TASK, "title": title, "service": "", "due_on": due})
