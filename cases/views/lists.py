"""Asiakkuudet: who is where?"""

from __future__ import annotations

import re
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, prefetch_related_objects
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import pgettext
from django_htmx.http import push_url

from cases.exports import case_export
from cases.filters import ALL, SORTS, CaseFilter
from cases.lifecycle import OPEN, State
from cases.models import Case, Task
from cases.references import with_zeros
from contacts.requests import StaffRequest
from crm.access import holders, require_somewhere
from crm.counts import told
from crm.exports import exported
from crm.models import Municipality
from crm.pages import wants_fragment
from crm.paging import Page, page_after
from crm.permissions import Permission

# Filters that stand behind «More filters» until one of them is set.
MORE = ("move_reason", "channel", "stay", "opened_from", "opened_to")
REFERENCE = re.compile(r"\w{2,5}-\w{4}(-\d+)?")


def case_list(request: StaffRequest) -> HttpResponse:
    """The cases one may see, narrowed, sorted and paged as the address says; a whole reference leads to its case."""
    listed = listed_cases(request)
    found = _by_reference(request)
    if found:
        return redirect("case", found)
    counts = dict.fromkeys(State.values, 0) | listed.counts
    elsewhere = sum(count for state, count in counts.items() if state not in listed.states)
    context = {
        "listed": listed,
        "page": _page(request, listed),
        "columns": _columns(listed),
        "states": _states(listed, counts),
        "elsewhere": elsewhere,  # how many fit but are in states not shown
        "elsewhere_told": told(elsewhere),
        "several": len(listed.municipalities) > 1,
        "more_open": any(listed.data.get(name) for name in MORE),
        "may_open": request.scope.may_somewhere(Permission.WORK_CASES),
    }
    if not wants_fragment(request):
        return render(request, "cases/list.html", context)
    # The address without what a form sends empty.
    return push_url(render(request, "cases/_rows.html", context), f"{request.path}{listed.query()}")


def case_list_export(request: StaffRequest) -> HttpResponseBase:
    """The same cases as a file."""
    return exported(request, case_export(listed_cases(request)))


def listed_cases(request: StaffRequest) -> CaseFilter:
    """The cases one may see, as the filters of the address narrow them."""
    places = require_somewhere(request.scope, Permission.VIEW_CASES)
    municipalities = Municipality.objects.by_name(places)
    return CaseFilter(
        request.GET,
        scope=request.scope,
        today=request.today,
        municipalities=municipalities,
        coordinators=holders(Permission.WORK_CASES, places, request.today),
    )


def _by_reference(request: StaffRequest) -> str:
    """The reference that was searched for, where there is such a case in sight; not while one is still typing."""
    text = request.GET.get("q", "").strip().upper()
    if request.htmx or not REFERENCE.fullmatch(text):
        return ""
    reference = with_zeros(text)
    return reference if Case.objects.visible_to(request.scope).filter(reference=reference).exists() else ""


def _page(request: StaffRequest, listed: CaseFilter) -> Page:
    """The rows of the page asked for, each with what its line says: one statement, two from the second page on.

    One more where somebody who has left is coordinator.
    """
    rows, order = listed.sorted()
    page = page_after(with_next_due(rows).select_related("household"), (order,), request.GET.get("after"))
    attach(page.rows, listed)
    return page


def with_next_due(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Each with `next_due`, the day on which the first of its undone tasks is due."""
    due = Task.objects.undone().filter(case=OuterRef("pk"), due_on__isnull=False).order_by("due_on", "pk")
    return cases.annotate(next_due=Subquery(due.values("due_on")[:1]))


def attach(cases: list[Case], listed: CaseFilter) -> None:
    """To each its municipality and coordinator: the filters have them, so that no sorting need carry them along."""
    places = {place.pk: place for place in listed.municipalities.values()}
    for case in cases:
        case.municipality = places[case.municipality_id]
        if case.coordinator_id is None or str(case.coordinator_id) in listed.coordinators:
            case.coordinator = listed.coordinators.get(str(case.coordinator_id))
    prefetch_related_objects(cases, "coordinator")


def _columns(listed: CaseFilter) -> list[dict[str, Any]]:
    """The columns that sort: their label, the address that sorts by them, and how they are sorted now."""
    columns = []
    for name, label in SORTS.items():
        up, down = name, f"-{name}"
        columns.append(
            {
                "name": name,
                "label": label,
                "query": listed.query(sort=down if listed.sort == up else up),
                "aria": {up: "ascending", down: "descending"}.get(listed.sort, ""),
                "up": up,
                "down": down,
            }
        )
    return columns


def _states(listed: CaseFilter, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The open ones, all, and each state with its count under the other filters."""
    named = listed.named_states

    def choice(name: str, label, count: int, current: bool, state: str | list[str] | None) -> dict[str, Any]:
        query = listed.query(state=state)
        return {"name": name, "label": label, "count": told(count), "query": query, "current": current}

    every = len(listed.states) == len(State)
    choices = [
        choice("open", pgettext("states", "Open"), sum(counts[state] for state in OPEN), not named and not every, None),
        choice(ALL, pgettext("states", "All"), sum(counts.values()), every, ALL),
    ]
    for state in State:  # each is put to those chosen, or taken from them
        others = [other.value for other in State if (other == state) != (other.value in named)]
        choices.append(choice(state.value, state.label, counts[state], state.value in named, others))
    return choices
