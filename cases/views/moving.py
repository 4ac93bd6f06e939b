"""Another planned move date, and taking that back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.access import locked_case, opened_case
from cases.actions import postpone_move, undo_postponement, why_not_postponed
from cases.forms.work import PostponeForm
from cases.models import Case, Event, EventKind, Task
from cases.timeline import move_changed
from cases.views.dialogs import dialog, page_of
from contacts.requests import StaffRequest
from crm.conflicts import Held, save
from crm.pages import done, fragment_or_page, typed
from crm.permissions import Permission


def case_postpone(request: StaffRequest, reference: str) -> HttpResponse:
    """A new move date; the tasks that move along are shown with their new dates before anything is saved."""
    case = opened_case(request, Permission.WORK_CASES, reference=reference)
    before = case.planned_move_on
    tasks = _due(case)
    form = PostponeForm(typed(request), tasks=tasks, before=before or request.today, initial=_watched(before, tasks))

    def now() -> dict[str, Any]:
        stored = locked_case(request, case)
        return _watched(stored.planned_move_on, _due(stored))

    held = Held(now, partial(move_changed, case))
    context: dict[str, Any] = {
        "heading": _("Change the move date"),
        "back": page_of(case),
        "before": before,
        "impossible": why_not_postponed(case),
    }
    if "preview" in request.POST:
        save(form, lambda: None, held)
        return fragment_or_page(request, "cases/_postpone.html", "dialog_page.html", {"form": form, **context})

    def act() -> HttpResponse:
        told = form.cleaned_data
        event = postpone_move(
            case=case, to=told["to"], move_tasks=told["tasks"], why=told["why"], by=request.user, at=timezone.now()
        )
        offer = (_("Undo the change"), reverse("case_postpone_undo", args=[case.reference, event.pk]))
        message = _("The move date is now %(date)s.") % {"date": date_format(told["to"], "SHORT_DATE_FORMAT")}
        return done(request, page_of(case), message, offer)

    return dialog(request, form, act, fragment="cases/_postpone.html", held=held, **context)


def _due(case: Case) -> list[Task]:
    """What is still to be done by a day."""
    return list(case.tasks.undone().filter(due_on__isnull=False).order_by("due_on", "pk"))


def _watched(before: date | None, tasks: Sequence[Task]) -> dict[str, Any]:
    return {"planned_move_on": before, "due": [(task.pk, task.due_on) for task in tasks]}


def case_postpone_undo(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """The move date as it was before the change `pk`, tasks included."""
    case = opened_case(request, Permission.WORK_CASES, reference=reference)
    event = get_object_or_404(Event.objects.filter(case=case, kind=EventKind.POSTPONED), pk=pk)
    form = forms.Form(typed(request))

    def act() -> HttpResponse:
        undo_postponement(event=event, by=request.user, at=timezone.now())
        return done(request, page_of(case), _("The move date is as it was before."))

    return dialog(
        request,
        form,
        act,
        heading=_("Undo the change of the move date"),
        explains=_(
            "The move date and the tasks that moved along go back to where they were. "
            "A task whose date you have changed since stays as it is."
        ),
        action=_("Undo the change"),
        back=page_of(case),
    )
