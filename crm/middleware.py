"""What every request carries: the user's language and what the user may see. Part of the composition root."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

import contacts.access
from crm import preferences


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page asks for sign-in unless it says otherwise.

    A part of a page that htmx asks for after the session has ended is answered 401, not with the sign-in page:
    what was typed stays on the screen, and the page says what to do (static/js/notices.js).
    """

    def handle_no_permission(self, request, view_func):
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        if request.method == "POST":
            # Back to the page with the form, not to an address that may only be posted to.
            page = urlsplit(request.headers.get("Referer", ""))
            return redirect_to_login(page.path + (f"?{page.query}" if page.query else "") or "/")
        return super().handle_no_permission(request, view_func)


class NoNullMiddleware:
    """400 for an address with a null character: no page gives one, and PostgreSQL fails on it."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest
        return self.get_response(request)


class ScopeMiddleware:
    """`request.scope`, read when first asked for: who may what, and which households, on today's Helsinki date."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        request.today = timezone.localdate()
        request.scope = SimpleLazyObject(lambda: contacts.access.scope(request.user, request.today))
        response = self.get_response(request)
        # Names must not be left behind on a shared machine: after signing out, «back» shows nothing.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class PreferencesMiddleware:
    """Language and colours as chosen on this device, else Finnish; a browser's own language does not decide."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        request.colour_scheme = preferences.scheme_of(request)
        request.shortcuts = preferences.shortcuts_of(request)
        language = preferences.language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response
