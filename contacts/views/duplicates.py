"""The warning that somebody being typed in may already be in the register: live, and once more when it is sent."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts.access import Scope
from contacts.actions import fill_person
from contacts.duplicates import likely_duplicates, likely_duplicates_bulk
from contacts.forms import PersonForm
from contacts.models import Person
from contacts.requests import StaffRequest
from crm.access import require, require_somewhere
from crm.permissions import Permission
from crm.requests import number_in


def find_duplicates(form: PersonForm, scope: Scope) -> None:
    """Set `form.matches` for the person typed into a cleaned form: one statement, or none."""
    if form.municipality_id is None:
        return
    person = fill_person(Person(pk=form.person_id), form.told())
    form.matches = likely_duplicates(
        scope=scope, municipality_id=form.municipality_id, person=person, household_id=form.household_id
    )


def warn_of_duplicates(form: PersonForm, scope: Scope) -> bool:
    """Whether a valid form must wait for «save anyway»: it gets its matches and says so."""
    find_duplicates(form, scope)
    return _ask_first(form)


def warn_of_duplicates_of_all(forms: Sequence[PersonForm], scope: Scope, municipality_id: int) -> bool:
    """The same for the people of a new household together: one statement, one more where anybody is found."""
    people = [fill_person(Person(), form.told()) for form in forms]
    found = likely_duplicates_bulk(scope=scope, municipality_id=municipality_id, people=people)
    prefetch_related_objects([match.person for match in found if match], "household")
    for form, match in zip(forms, found, strict=True):
        form.matches = [match] if match else []
    waiting = [_ask_first(form) for form in forms]
    return any(waiting)


def _ask_first(form: PersonForm) -> bool:
    if form.cleaned_data.get("save_anyway") or not any(match.likely for match in form.matches):
        return False
    form.add_error(
        "save_anyway",
        _("This person may already be in the register. See who was found; if it is another, choose «Save anyway»."),
    )
    return True


@require_POST
def person_duplicates(request: StaffRequest) -> HttpResponse:
    """The warning for what is typed so far. It is sent by POST, so that no name stands in an address."""
    places = require_somewhere(request.scope, Permission.WORK_CASES)
    municipality_id = number_in(request.GET.get("municipality") or request.POST.get("municipality") or "")
    if municipality_id is None and len(places) == 1:
        municipality_id = next(iter(places))
    if municipality_id is not None:
        require(request.scope, Permission.WORK_CASES, municipality_id)
    household, person = (number_in(request.GET.get(name, "")) for name in ("household", "person"))
    form = PersonForm(
        request.POST,
        prefix=request.GET.get("prefix") or None,
        today=request.today,
        municipality_id=municipality_id,
        household_id=household,
        person_id=person,
    )
    form.full_clean()
    find_duplicates(form, request.scope)
    return render(request, "contacts/_matches.html", {"form": form})
