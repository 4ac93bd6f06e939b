"""What the dialogs of the case page have in common."""

from __future__ import annotations

from functools import partial

from django.urls import reverse

import crm.pages
from cases.actions import what_happened
from cases.models import Case
from contacts.requests import StaffRequest
from crm.requests import number_in

dialog = partial(crm.pages.dialog, fragment="cases/_dialog.html")


def what_changed(request: StaffRequest, case: Case) -> str:
    """What somebody recorded while the user had an older version of the case before them; "" where nobody did.

    The version is read anew, and so after all that the form was made of: who presses at the same moment as another may
    have the old case with what the other has just written of its people.
    """
    seen = number_in(request.POST.get("version", ""))
    if seen is None:
        return ""
    now = Case.objects.filter(pk=case.pk).values_list("version", flat=True).first()
    return what_happened(case) if seen != now else ""


def page_of(case: Case) -> str:
    return reverse("case", args=[case.reference])
