"""One's own account."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from crm import preferences
from crm.actions import change_own_account
from crm.conflicts import held_row, save
from crm.forms import OwnAccountForm
from crm.models import Export, Membership
from crm.pages import done, typed
from crm.permissions import Permission
from crm.requests import StaffRequest

EXPORTS_SHOWN = 10  # the latest


def account(request: StaffRequest) -> HttpResponse:
    """Name, language and colours; the roles one holds and until when; which lists one took as files."""
    form = OwnAccountForm(typed(request), instance=request.user)

    def change() -> HttpResponse:
        change_own_account(user=request.user, **form.cleaned_data)
        response = done(request, request.path, _("Saved."))
        preferences.remember_user(response, request.user)
        return response

    if form.is_bound and (answer := save(form, change, held_row(request.user, form.initial))):
        return answer
    memberships = Membership.objects.not_over(request.today).in_words().filter(user=request.user)
    exports = Export.objects.told().filter(by=request.user).order_by("-recorded_at", "-pk")[:EXPORTS_SHOWN]
    sees_cases = request.scope.may_somewhere(Permission.VIEW_CASES)
    context = {
        "form": form,
        "memberships": memberships,
        "exports": exports,
        "today": request.today,
        "can_search": sees_cases,
        "has_lists": sees_cases or request.scope.administers,
    }
    return render(request, "crm/account.html", context, status=422 if form.is_bound else 200)
