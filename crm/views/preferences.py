"""Language, colours and keyboard, for the signed-in and the signed-out alike."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from crm import preferences
from crm.actions import change_own_account
from crm.forms import PreferencesForm
from crm.pages import came_from


@login_not_required
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Set what was sent and go back to where one was; 400 for a value that no page offers."""
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        raise BadRequest
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    response = redirect(came_from(request) or "/")
    names = {
        "language": settings.LANGUAGE_COOKIE_NAME,
        "colour_scheme": preferences.SCHEME_COOKIE,
        "shortcuts": preferences.SHORTCUTS_COOKIE,
    }
    preferences.remember(response, **{names[name]: value for name, value in chosen.items()})
    own = {name: value for name, value in chosen.items() if name != "shortcuts"}
    if own and request.user.is_authenticated:
        change_own_account(user=request.user, **own)
    return response
