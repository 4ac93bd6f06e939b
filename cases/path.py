"""Where a case stands between first contact and settled, told by its transitions. Pure: nothing is read here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cases import lifecycle
from cases.lifecycle import PATH, State
from cases.models import Case, Transition

# These lead back to a state that was entered before; the day of entering it stays.
RETURNS = (lifecycle.RESUME.name, lifecycle.REOPEN.name, lifecycle.FALL_BACK.name)


class Reach(StrEnum):
    """How a case stands to one state of the path."""

    DONE = "done"
    NOW = "now"
    SKIPPED = "skipped"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Stage:
    """One state of the path; `entered` is the transition that led into it, None where it was never entered."""

    number: int
    state: State
    reach: Reach
    entered: Transition | None


def path_of(case: Case, standing: Iterable[Transition]) -> list[Stage]:
    """The six states in order. Who is paused or closed stands where it happened.

    A state that was passed without entering it («contact» straight to «arrived») is skipped; one that was
    entered and then fallen back from lies ahead again.
    """
    entered: dict[str, Transition] = {}
    for transition in standing:
        if transition.name not in RETURNS:
            entered[transition.to_state] = transition
    here = lifecycle.reached(stands_at(case))
    return [_stage(number, State(state), here, entered) for number, state in enumerate(PATH)]


def stands_at(case: Case) -> str:
    """The state of the path: the case's own, or the one it was paused or closed in."""
    state = case.reopens_to if case.state == State.CLOSED else case.state
    return case.paused_from if state == State.PAUSED else state


def _stage(number: int, state: State, here: int, entered: Mapping[str, Transition]) -> Stage:
    transition = entered.get(state)
    if number > here:
        return Stage(number + 1, state, Reach.AHEAD, None)
    if number == here:
        return Stage(number + 1, state, Reach.NOW, transition)
    return Stage(number + 1, state, Reach.DONE if transition else Reach.SKIPPED, transition)


def latest_rows(transitions: Iterable[Transition]) -> dict[int, Transition]:
    """For each row the one that holds in its stead: itself, or the end of its corrections (a void: taken back)."""
    rows = {transition.pk: transition for transition in transitions}
    follows = {row.replaces_id: row for row in rows.values() if row.replaces_id}

    def end(row: Transition) -> Transition:
        while row.pk in follows:
            row = follows[row.pk]
        return row

    return {pk: end(row) for pk, row in rows.items()}


def standing_rows(transitions: Iterable[Transition]) -> list[Transition]:
    """Those of a case's rows that hold now, in order: what `standing()` reads, from rows already here."""
    rows = list(transitions)
    replaced = {row.replaces_id for row in rows}
    return sorted((row for row in rows if row.pk not in replaced and not row.void), key=lambda row: row.sequence)
