"""Vaihenäkymä: the open cases side by side, a column a state; a card is moved by the transitions of the lifecycle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases import lifecycle
from cases.access import opened_case
from cases.casefile import read_casefile
from cases.filters import CaseFilter
from cases.lifecycle import State
from cases.models import Case
from cases.views.dialogs import page_of
from cases.views.lists import attach, listed_cases, with_next_due
from cases.views.showing import step_buttons
from contacts.requests import StaffRequest
from crm.counts import told
from crm.pages import came_from, fragment_or_page, wants_fragment
from crm.permissions import Permission

CARDS = 20  # of a column; the rest is in the list
ORDER = ("state_since", "pk")  # who has been in the state longest comes first


@dataclass(frozen=True)
class Column:
    """A state with the first of its cases, how many there are, and the address of the list that shows all of them.

    `moves`: their planned move is still ahead. `steps` names the states in which a card can be put, and how (`_steps`).
    """

    state: State
    cases: Sequence[Case]
    count: str
    list_url: str
    more: bool
    moves: bool
    steps: str


@require_safe
def case_board(request: StaffRequest) -> HttpResponse:
    """The open cases under the same filters as the list, each state a column."""
    listed = listed_cases(request)
    states = [state for state in State if state in lifecycle.OPEN and state in listed.possible_states]
    shown = with_next_due(listed.qs.first_of_each(states, ORDER, CARDS))
    cases = list(shown.select_related("household"))
    attach(cases, listed)
    counts = dict.fromkeys(states, 0) | listed.counts
    here = request.get_full_path()
    context = {
        "listed": listed,
        "columns": [_column(state, cases, counts[state], listed) for state in states],
        "several": len(listed.municipalities) > 1,
        "workable": request.scope.municipalities(Permission.WORK_CASES),
        "next": urlencode({"next": here}),
        "nothing": not cases,
    }
    return render(request, "cases/_board.html" if wants_fragment(request) else "cases/board.html", context)


def _column(state: State, cases: Sequence[Case], count: int, listed: CaseFilter) -> Column:
    own = [case for case in cases if case.state == state]
    url = reverse("case_list") + listed.query(state=state, sort="since")
    return Column(state, own, told(count), url, count > len(own), state in lifecycle.NOT_ARRIVED, _steps(state))


def _steps(state: State) -> str:
    """«assessment:start-assessment arrived:register-arrival»: where a card of this column can be put, and by what."""
    ways = {
        target: rule.name.replace("_", "-")
        for rule in reversed(lifecycle.rules_from(state))  # the next action of the state counts before others
        for target in rule.targets
        if target in lifecycle.OPEN and target != state
    }
    return " ".join(f"{target}:{name}" for target, name in ways.items())


@require_safe
def case_steps(request: StaffRequest, reference: str) -> HttpResponse:
    """Where the case can go from here, in a dialog; each way opens its own."""
    case = opened_case(request, Permission.WORK_CASES, reference=reference)
    back = came_from(request)
    context = {
        "heading": _("Move: %(household)s") % {"household": case.household.title},
        "case": case,
        "steps": step_buttons(read_casefile(case, request.today), back),
        "back": back or page_of(case),
    }
    return fragment_or_page(request, "cases/_steps.html", "dialog_page.html", context)
