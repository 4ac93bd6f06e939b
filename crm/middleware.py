"""What every request carries: the user's language and what the user may see. Part of the composition root."""

from __future__ import annotations

import logging
from http import HTTPStatus

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseNotAllowed
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

import contacts.access
from cases.models import Case
from contacts.models import Household, Person
from crm import preferences, unsent
from crm.views import errors

logger = logging.getLogger(__name__)


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page asks for sign-in unless it says otherwise.

    A part of a page that htmx asks for after the session has ended is answered 401, not with the sign-in page:
    what was typed stays on the screen, and the page says what to do (static/js/notices.js).
    """

    def handle_no_permission(self, request, view_func):
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        if request.method == "POST":
            unsent.keep(request)
            # Back to the page with the form, not to an address that may only be posted to.
            return redirect_to_login(unsent.page_before(request) or "/")
        return super().handle_no_permission(request, view_func)


class MethodsMiddleware:
    """405 for what no page of ours is asked with, before anything is done; and the page for each 405 that has none."""

    KNOWN = ("GET", "HEAD", "POST", "OPTIONS")

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request) if request.method in self.KNOWN else HttpResponseNotAllowed(self.KNOWN)
        is_bare = response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content
        return errors.not_allowed(request, response["Allow"]) if is_bare else response


class NoNullMiddleware:
    """400 for an address with a null character: no page gives one, and PostgreSQL fails on it."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest
        return self.get_response(request)


class GoneMiddleware:
    """404 where what a form is about was deleted while it waited for its turn: the import that made it was undone."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        gone = isinstance(exception, Case.DoesNotExist | Household.DoesNotExist | Person.DoesNotExist)
        if not gone or request.method != "POST":
            return None
        # What was never there is a fault of ours, and looks the same here.
        logger.warning("Gone before its turn: %s", request.path, exc_info=exception)
        return errors.missing(request, exception)


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
