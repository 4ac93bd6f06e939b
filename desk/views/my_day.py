"""Oma päivä: what do I do now?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.access import opened_case
from cases.actions import take_case
from cases.attention import OLD_MOVE, TASK_DAYS, Attention, needing
from cases.casefile import task_row
from cases.import_models import ImportBatch
from cases.models import Case
from contacts.requests import StaffRequest
from crm.access import require_somewhere
from crm.counts import count_each, told
from crm.models import Municipality
from crm.pages import done
from crm.permissions import Permission
from crm.refusal import Refused
from desk.views.tasks import tasks_of

SHOWN = 8  # lines of a card; the rest is behind «Show all»


@dataclass(frozen=True)
class Card:
    """Some lines, and the address of the list that shows all of them where they do not fit."""

    rows: Sequence[Any]
    all_url: str


def _card(rows: QuerySet, all_url: str, line: Callable[[Any], Any] = lambda row: row) -> Card:
    found = list(rows[: SHOWN + 1])
    return Card([line(row) for row in found[:SHOWN]], all_url if len(found) > SHOWN else "")


def my_day(request: StaffRequest) -> HttpResponse:
    """What is due, new and quiet among the cases one sees; a statement a card."""
    places = require_somewhere(request.scope, Permission.VIEW_CASES)
    municipalities = list(Municipality.objects.filter(pk__in=places).order_by("pk"))
    me = request.scope.user_id
    visible = Case.objects.visible_to(request.scope).select_related("household", "municipality", "coordinator")

    def needed(why: Attention) -> QuerySet[Case]:
        return needing(visible, why, today=request.today, municipalities=municipalities, user_id=me)

    tasks = tasks_of(request).due_by(request.today + timedelta(days=TASK_DAYS)).order_by("due_on", "pk")
    cases = reverse("case_list")
    mine = f"{cases}?coordinator=mine&attention="
    moves = needed(Attention.MOVE).filter(coordinator=me, planned_move_on__gte=request.today - OLD_MOVE)
    importing = ImportBatch.objects.visible_to(request.scope).unfinished()
    counts = count_each(me, {"old_moves": needed(Attention.OLD_MOVE).filter(coordinator=me), "unfinished": importing})
    cards = {
        "tasks": _card(tasks, reverse("my_tasks"), lambda task: task_row(task, request.today)),
        "reviews": _card(needed(Attention.REVIEW).filter(coordinator=me).order_by("review_on", "pk"), f"{mine}review"),
        "moves": _card(moves.order_by("planned_move_on", "pk"), f"{mine}move"),
        "new": _card(needed(Attention.NEW).order_by("-opened_on", "-pk"), f"{cases}?attention=new"),
        "quiet": _card(
            needed(Attention.QUIET).filter(coordinator=me).order_by("last_contact_on", "pk"), f"{mine}quiet"
        ),
    }
    context = {
        **cards,
        **counts,
        "old_moves_told": told(counts["old_moves"]),
        "old_moves_url": f"{mine}old_move",
        "nothing": not any(counts.values()) and not any(card.rows for card in cards.values()),
        "several": len(municipalities) > 1,
        "workable": request.scope.municipalities(Permission.WORK_CASES),
    }
    return render(request, "desk/my_day.html", context)


@require_POST
def take(request: StaffRequest, reference: str) -> HttpResponse:
    """Become the coordinator of a case that has none, and stay on Oma päivä."""
    case = opened_case(request, Permission.WORK_CASES, reference=reference)
    try:
        take_case(case=case, by=request.user, at=timezone.now())
    except Refused as refused:
        return done(request, reverse("my_day"), str(refused))
    return done(request, reverse("my_day"), _("%(reference)s is now yours.") % {"reference": case.reference})
