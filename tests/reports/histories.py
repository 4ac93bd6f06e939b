"""Hand-built histories, made through the actions, and figures read from them."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from cases import lifecycle
from cases.actions import take_step
from cases.lifecycle import Rule, State
from cases.models import Case
from crm.models import Municipality, User
from crm.permissions import Permission
from reports.figures import Ask, tables
from reports.indicators import INDICATORS
from reports.period import Period, year
from reports.selection import Selection, select
from reports.table import Table
from tests.factories import SINGLE, answers_for, case_of, scope_of

NOW = timezone.now()
TODAY = timezone.localdate(NOW)


def step(case: Case, rule: Rule, on: date, by: User, **changes) -> Case:
    """One transition on a day, with answers that satisfy it; `changes` are other answers."""
    answers = answers_for(case, rule, on)
    return take_step(case=case, rule=rule, answers=type(answers)(**vars(answers) | changes), by=by, at=NOW)


def mover(
    municipality: Municipality,
    by: User,
    *,
    opened: date,
    arrived: date | None = None,
    settled: date | None = None,
    lost: date | None = None,
    reason: str = "no_work",
    people=SINGLE,
    restricted: bool = False,
    **opening,
) -> Case:
    """A case that goes from first contact as far as dates are given."""
    case = case_of(municipality, by, opened_on=opened, people=people, restricted=restricted, **opening)
    if arrived:
        case = step(case, lifecycle.REGISTER_ARRIVAL, arrived, by)
    if settled:
        case = step(case, lifecycle.CONFIRM_SETTLED, settled, by)
    if lost:
        case = step(case, lifecycle.CLOSE, lost, by, reason=reason)
    return case


def selection_of(user: User, *municipalities: Municipality, period: Period | None = None, **known) -> Selection:
    """What `user` asks for, by default of all they may ask for and of the year 2025."""
    scope = scope_of(user)
    chosen = municipalities or tuple(
        Municipality.objects.filter(pk__in=scope.municipalities(Permission.VIEW_FIGURES)).order_by("pk")
    )
    return select(chosen, period or year(2025, TODAY), scope, **known)


def table(indicator: str, selection: Selection) -> Table:
    (found,) = tables(selection, [Ask(INDICATORS[indicator], selection.period)])
    return found


def values(table: Table, column: int = -1) -> dict[str, float | None]:
    """The values of one column by row; the last column where none is named."""
    return {row.key: row.cells[column].value for row in table.rows}


def nonzero(table: Table, column: int = -1) -> dict[str, float | None]:
    return {key: value for key, value in values(table, column).items() if value}


__all__ = ["NOW", "TODAY", "State", "mover", "nonzero", "selection_of", "step", "table", "values"]
