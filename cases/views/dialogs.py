"""How the dialogs of the case page answer, all alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from cases.actions import what_happened
from cases.models import Case
from contacts.requests import StaffRequest
from crm.pages import fragment_or_page
from crm.refusal import Outdated, Refused
from crm.requests import number_in


def typed(request: StaffRequest) -> Any:
    """What was sent, None where the form is only shown."""
    return request.POST if request.method == "POST" else None


def what_changed(request: StaffRequest, case: Case) -> str:
    """What somebody recorded while the user had an older version of the case before them; "" where nobody did."""
    seen = number_in(request.POST.get("version", ""))
    return what_happened(case) if seen is not None and seen != case.version else ""


def page_of(case: Case) -> str:
    return reverse("case", args=[case.reference])


def dialog(
    request: StaffRequest,
    form: forms.Form | forms.ModelForm,
    act: Callable[[], HttpResponse],
    *,
    heading: Any,
    back: str,
    fragment: str = "cases/_dialog.html",
    changed: str = "",
    **context: Any,
) -> HttpResponse:
    """Show `form`; where it was sent and is valid, let `act` do it and answer.

    What the action refuses stands on the form with all that was typed, at status 422. `changed` (see `what_changed`)
    is told alone: what else would be wrong with the form is so because of it.
    """
    outdated = bool(changed)
    if changed:
        form.errors.clear()
        form.add_error(None, changed)
    elif form.is_bound and form.is_valid():
        try:
            return act()
        except Refused as refused:
            outdated = isinstance(refused, Outdated)
            for reason in refused.reasons:
                form.add_error(None, reason)
    context = {"form": form, "heading": heading, "back": back, "outdated": outdated, **context}
    return fragment_or_page(request, fragment, "dialog_page.html", context, 422 if form.is_bound else 200)
