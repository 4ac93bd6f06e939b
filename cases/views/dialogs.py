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

    Asked of a locked case: who presses at the same moment as another has waited, and reads what the other has written.
    """
    seen = number_in(request.POST.get("version", ""))
    return what_happened(case) if seen is not None and seen != case.version else ""


def page_of(case: Case) -> str:
    return reverse("case", args=[case.reference])
