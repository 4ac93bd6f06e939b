"""Somebody being typed in who is in the register already: their case, and the contact recorded on it instead."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.access import opened_case
from cases.forms.opening import OpeningForm
from cases.forms.work import LogForm
from cases.lifecycle import State
from cases.models import Case, Channel, Direction, EventKind
from cases.views.case import case_of_household
from cases.views.dialogs import page_of
from cases.views.work import LOG_HEADINGS
from contacts.access import opened_household
from contacts.forms import HouseholdForm, PersonFormSet
from contacts.requests import StaffRequest
from crm.models import User
from crm.permissions import Permission

_LOGGED_AS: dict[str, EventKind] = {
    Channel.PHONE: EventKind.CALL,
    Channel.EMAIL: EventKind.EMAIL,
    Channel.VISIT: EventKind.MEETING,
    Channel.EVENT: EventKind.MEETING,
}


def household_known(request: StaffRequest, pk: int) -> HttpResponse:
    """The case of a likely duplicate, for the warning; `?first_contact=1` offers to record the contact on it."""
    household = opened_household(request, Permission.VIEW_CASES, pk)
    case = case_of_household(household, request.scope)
    may_log = bool(case and case.is_open and request.scope.may(Permission.WORK_CASES, case.municipality_id))
    context = {
        "case": case,
        "state": State(case.state) if case else None,
        "may_log": may_log and "first_contact" in request.GET,
    }
    return render(request, "cases/_known.html", context)


def case_log_contact(request: StaffRequest, reference: str) -> HttpResponse:
    """The form to log a contact, filled with what was typed as a new contact of somebody unknown. Writes nothing."""
    case = opened_case(request, Permission.WORK_CASES, reference=reference)
    if request.method != "POST":
        return redirect("case_log", case.reference, EventKind.CALL)
    opening = OpeningForm(
        request.POST, coordinators=User.objects.none(), notices=[], several=False, today=request.today
    )
    opening.full_clean()
    kind = _LOGGED_AS.get(opening.cleaned_data.get("channel", ""), EventKind.NOTE)
    carried = [opening["text"].value() or "", *_typed_elsewhere(request, case, opening)]
    told = {"text": "\n".join(filter(None, carried)), "direction": Direction.IN, "on": opening["on"].value()}
    context = {
        "form": LogForm(kind=kind, now=timezone.now(), initial=told),
        "heading": LOG_HEADINGS[kind],
        "explains": _("What you typed is here, not yet saved. Look it through; it goes on %(name)s, %(reference)s.")
        % {"name": case.household.title, "reference": case.reference},
        "url": reverse("case_log", args=[case.reference, kind]),
        "back": page_of(case),
        "fragment": "cases/_dialog.html",
        "carried": True,
    }
    return render(request, "dialog_page.html", context)


def _typed_elsewhere(request: StaffRequest, case: Case, opening: OpeningForm) -> Iterable[str]:
    """What else was told on the page: a line for each person, one for the household and one for the move."""
    people = PersonFormSet(request.POST, today=request.today)  # type: ignore[call-arg]
    household = HouseholdForm(request.POST, places=[case.municipality])
    for form in people.forms:
        if told := _filled(form, request.POST, without=("relation", "save_anyway")):
            yield f"{form.whose}: {told}"
    yield _filled(household, request.POST)
    yield _filled(opening, request.POST, without=("form_key", "channel", "on", "text", "coordinator", "notice"))


def _filled(form: forms.Form, data: QueryDict, *, without: Iterable[str] = ()) -> str:
    """«Phone: 040 123 4567, Stay: Permanent»: the fields that are filled in, as the page shows them."""
    told = []
    for bound in form:
        if bound.name in without:
            continue
        widget = bound.field.widget
        labels = {
            str(value): str(label)
            for part in getattr(widget, "widgets", [widget])
            for value, label in getattr(part, "choices", ())
        }
        names = [name for name in data if re.fullmatch(rf"{re.escape(bound.html_name)}(_\d+)?", name)]
        values = [labels.get(value, value) for name in names for value in data.getlist(name) if value]
        if isinstance(bound.field, forms.BooleanField) and values:
            values = [_("yes")]
        if values:
            told.append(f"{bound.label}: {', '.join(values)}")
    return "; ".join(told)
