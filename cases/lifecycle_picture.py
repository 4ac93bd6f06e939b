"""The lifecycle as a picture and a table, drawn from `cases.lifecycle`: the help page and docs/ show both.

Nodes have fixed places; which arrows there are, and what they are called, follows from the rules alone. A new
state without a place, or an arrow for which no way is known, raises KeyError (held by a test).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.lifecycle import ACTIVE, OPEN, PATH, RULES, Need, Rule, State

NEEDS: dict[str, Promise] = {
    "not_in_future": gettext_lazy("the date is not in the future"),
    "in_order": gettext_lazy("the date is not before the previous change of state"),
    "named_person": gettext_lazy("a named person"),
    "notice_given": gettext_lazy("the privacy notice given"),
    "coordinator": gettext_lazy("a coordinator"),
    "plan_item": gettext_lazy("at least one goal or service"),
    "planned_move_on": gettext_lazy("planned move date"),
    "who_moves": gettext_lazy("who moves"),
    "who_arrived": gettext_lazy("who arrived"),
    "arrival_plausible": gettext_lazy("the arrival date is not before 1920"),
    "settled_after_arrival": gettext_lazy("the date is not before the arrival"),
    "criteria": gettext_lazy("each criterion of the municipality met, or a reason why not"),
    "reason": gettext_lazy("a reason"),
    "close_reason": gettext_lazy("a reason from the list"),
    "other_reason_text": gettext_lazy("other reasons in words"),
    "review_on": gettext_lazy("a review date after the first day of the pause"),
    "not_moved_away": gettext_lazy("the household has not moved away"),
    "left_after_arrival": gettext_lazy("who leaves had arrived by that day"),
    "no_other_open_case": gettext_lazy("the household has no other open case"),
    "target": gettext_lazy("the state to go back to"),
}
# Held against every date alike; said once under the table instead of in each of its rows.
ALWAYS = ("not_in_future", "in_order")

QUESTIONS: dict[str, Promise] = {
    "on": gettext_lazy("date"),
    "text": gettext_lazy("note"),
    "planned_move_on": gettext_lazy("planned move date"),
    "persons": gettext_lazy("which members"),
    "target": gettext_lazy("the state to go back to"),
    "reason": gettext_lazy("reason"),
    "review_on": gettext_lazy("review date"),
    "criteria": gettext_lazy("criteria"),
}


@dataclass(frozen=True)
class Row:
    """One transition in words."""

    label: str
    explains: str
    sources: list[str]
    targets: list[str]
    needs: list[str]
    asks: list[str]


def table() -> list[Row]:
    """The transitions in the current language, in the order of the rules."""
    return [
        Row(
            str(rule.label),
            str(rule.explains),
            [str(state.label) for state in rule.sources],
            [str(state.label) for state in rule.targets],
            [str(NEEDS[need.code]) for need in rule.needs if need.code not in ALWAYS],
            [str(QUESTIONS[question]) for question in rule.asks],
        )
        for rule in RULES.values()
    ]


def always_needed() -> list[str]:
    return [str(NEEDS[code]) for code in ALWAYS]


def needs() -> set[Need]:
    """Every need of every rule."""
    return {need for rule in RULES.values() for need in rule.needs}


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    width: int
    height: int

    @property
    def centre(self) -> int:
        return self.x + self.width // 2

    @property
    def middle(self) -> int:
        return self.y + self.height // 2

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


# Endpoints of arrows: a state, or one of the two frames around states that share a transition.
ACTIVE_FRAME, OPEN_FRAME = "active", "open"

WIDTH, HEIGHT = 860, 690
STEP = 98  # from one state of the path to the next
LEFT_BUS, RIGHT_BUS = 420, 712  # where arrows that skip a state run

PLACES: dict[str, Box] = {
    **{state: Box(470, 50 + number * STEP, 170, 44) for number, state in enumerate(PATH)},
    State.PAUSED: Box(30, 224, 130, 44),
    State.CLOSED: Box(30, 620, 240, 44),
    ACTIVE_FRAME: Box(270, 26, 570, 476),
    OPEN_FRAME: Box(10, 6, 840, 512),
}
# Settled stands below the frame of the open states, level with closed.
PLACES[State.SETTLED] = Box(470, 620, 170, 44)


def ends(states: Iterable[State]) -> list[str]:
    """Where arrows of a group of states start or end: at a frame where the group fills it, else at each state."""
    rest = list(states)
    for frame, inside in ((OPEN_FRAME, OPEN), (ACTIVE_FRAME, ACTIVE)):
        if set(inside) <= set(rest):
            return [frame, *(state for state in rest if state not in inside)]
    return list(rest)


def arrows() -> Iterator[tuple[Rule, str, str]]:
    """Each arrow of the picture: its rule, from where, to where."""
    for rule in RULES.values():
        for source in ends(rule.sources):
            for target in ends(rule.targets):
                # A state of the path goes back to an earlier one only; nothing leads to itself.
                if source != target and not (len(rule.targets) > 1 and _follows(source, target)):
                    yield rule, source, target


def _follows(source: str, target: str) -> bool:
    return source in PATH and target in PATH and PATH.index(State(target)) > PATH.index(State(source))


@dataclass(frozen=True)
class Way:
    """How an arrow runs, and where its name stands; an empty place is an arrow whose name stands at another one."""

    points: tuple[tuple[int, int], ...]
    label: tuple[int, int] | None
    anchor: str = "start"


def way(source: str, target: str) -> Way:
    """The way from one end to another; KeyError where the picture knows none."""
    if source in PATH and target in PATH:
        return _along_path(State(source), State(target))
    a, b = PLACES[source], PLACES[target]
    return {
        (ACTIVE_FRAME, State.PAUSED): Way(
            ((a.x, b.middle - 9), (b.right, b.middle - 9)), (215, b.middle - 17), "middle"
        ),
        (State.PAUSED, ACTIVE_FRAME): Way(
            ((a.right, a.middle + 9), (b.x, a.middle + 9)), (215, a.middle + 27), "middle"
        ),
        (OPEN_FRAME, State.CLOSED): Way(((70, a.bottom), (70, b.y)), (80, 568)),
        (State.CLOSED, OPEN_FRAME): Way(((230, a.y), (230, b.bottom)), (240, 568)),
        (State.SETTLED, State.CLOSED): Way(
            ((a.x, a.middle - 9), (b.right, a.middle - 9)), (370, a.middle - 17), "middle"
        ),
        (State.CLOSED, State.SETTLED): Way(
            ((a.right, a.middle + 9), (b.x, a.middle + 9)), (370, a.middle + 27), "middle"
        ),
        (State.SETTLED, OPEN_FRAME): Way(((500, a.y), (500, b.bottom)), (490, 568), "end"),
    }[source, target]


def _along_path(source: State, target: State) -> Way:
    a, b = PLACES[source], PLACES[target]
    skipped = PATH.index(target) - PATH.index(source)
    if skipped == 1:
        return Way(((a.centre, a.bottom), (b.centre, b.y)), (a.centre + 10, (a.bottom + b.y) // 2 + 5))
    if skipped > 1:  # down the right side; the name stands once, beside the longest
        label = (RIGHT_BUS + 10, (a.middle + b.middle) // 2) if source == PATH[0] else None
        return Way(
            ((a.right, a.middle + 8), (RIGHT_BUS, a.middle + 8), (RIGHT_BUS, b.middle), (b.right, b.middle)), label
        )
    bus = LEFT_BUS + 15 * (skipped + 1)  # the longer way runs further out
    label = (bus - 10, (a.middle + b.middle) // 2 + 5) if skipped < -1 else None
    return Way(((a.x, a.middle - 6), (bus, a.middle - 6), (bus, b.middle + 8), (b.x, b.middle + 8)), label, "end")


def picture() -> SafeString:
    """The lifecycle as an SVG element in the current language; readable without any stylesheet."""
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="lifecycle" viewBox="0 0 {} {}" role="img"'
        ' aria-labelledby="lifecycle-title lifecycle-text" font-family="Inter, system-ui, sans-serif" font-size="13">\n'
        '<title id="lifecycle-title">{}</title>\n<desc id="lifecycle-text">{}</desc>\n'
        '<defs><marker id="lifecycle-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"'
        ' orient="auto-start-reverse"><path class="tip" d="M0 0L8 4L0 8z" fill="#4a5568"/></marker></defs>\n'
        '<rect class="ground" width="{}" height="{}" fill="#ffffff"/>\n{}\n{}\n{}\n</svg>',
        WIDTH,
        HEIGHT,
        _("The way of a case"),
        _("States and the transitions between them. The table below says the same in words."),
        WIDTH,
        HEIGHT,
        _frames(),
        format_html_join("\n", "{}", ((_arrow(rule, way(source, target)),) for rule, source, target in arrows())),
        format_html_join("\n", "{}", ((_node(state),) for state in State)),
    )


def _frames() -> SafeString:
    return format_html_join(
        "\n",
        '<rect class="frame" x="{}" y="{}" width="{}" height="{}" rx="14" fill="none" stroke="#8a94a6"'
        ' stroke-dasharray="5 4"/><text class="name" x="{}" y="{}" fill="#4a5568">{}</text>',
        (
            (box.x, box.y, box.width, box.height, box.x + 12, box.y + 20, name)
            for box, name in (
                (PLACES[OPEN_FRAME], _("Open cases")),
                (PLACES[ACTIVE_FRAME], _("Someone works on them")),
            )
        ),
    )


def _arrow(rule: Rule, way: Way) -> SafeString:
    path = "M" + "L".join(f"{x} {y}" for x, y in way.points)
    line = format_html(
        '<path class="arrow" d="{}" fill="none" stroke="#4a5568" stroke-width="1.5" marker-end="url(#lifecycle-tip)"/>',
        path,
    )
    if way.label is None:
        return line
    x, y = way.label
    words = _lines(str(rule.label))
    if len(way.points) == 2:
        words = [" ".join(words)]  # there is room beside and above a straight line
    rows = format_html_join(
        "", '<tspan x="{}" dy="{}">{}</tspan>', ((x, 16 if n else 0, w) for n, w in enumerate(words))
    )
    return format_html(
        '{}<text class="said" x="{}" y="{}" text-anchor="{}" fill="#1a2233">{}</text>', line, x, y, way.anchor, rows
    )


def _lines(text: str, width: int = 14) -> list[str]:
    """The words of `text` in lines of about `width` letters."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + len(word) < width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _node(state: State) -> SafeString:
    box = PLACES[state]
    return format_html(
        '<g class="node {}"><rect x="{}" y="{}" width="{}" height="{}" rx="10" fill="#e0f3ef" stroke="#0b6b61"'
        ' stroke-width="1.5"/><text x="{}" y="{}" text-anchor="middle" font-weight="600" fill="#1a2233">{}</text></g>',
        state.value,
        box.x,
        box.y,
        box.width,
        box.height,
        box.centre,
        box.middle + 5,
        state.label,
    )
