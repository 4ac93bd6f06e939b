"""What is answered where there is no page, it may not be opened, or it failed."""

from __future__ import annotations

import sqlite3
import sys
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views.defaults import server_error

from crm import unsent

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
RETRY_AFTER = "10"  # seconds


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; 413 where it was more than is taken in at once."""
    if isinstance(exception, TOO_MUCH):
        return _told(request, "413.html", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return _told(request, "400.html", HTTPStatus.BAD_REQUEST)


def not_allowed(request: HttpRequest, methods: str) -> HttpResponse:
    """405: an address that only a form sends to was opened, or the other way round; `methods` are those it takes."""
    response = _told(request, "405.html", HTTPStatus.METHOD_NOT_ALLOWED)
    response["Allow"] = methods
    return response


def without_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the page is from before somebody signed in on this device. What was typed there is given back, to be read
    and sent again, where the page was their own; never what another site may have sent."""
    is_theirs = unsent.is_from_our_page(request) and unsent.is_from_own_page(request)
    typed = unsent.sent_in(request) if is_theirs else None
    return render(request, "403_csrf.html", {"unsent": typed}, status=HTTPStatus.FORBIDDEN)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403"""
    return _told(request, "403.html", HTTPStatus.FORBIDDEN)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404"""
    return _told(request, "404.html", HTTPStatus.NOT_FOUND)


def _told(request: HttpRequest, template: str, status: HTTPStatus) -> HttpResponse:
    """With menu and search for who is signed in; htmx shows a notice instead. Where anything is missing it is plain."""
    middleware_done = hasattr(request, "scope")
    if middleware_done and request.user.is_authenticated and not request.htmx:  # type: ignore[attr-defined]
        try:
            return render(request, template, {"frame": "base.html"}, status=status)
        except DatabaseError:
            pass
    return render(request, template, {"frame": "plain.html"}, status=status)


def failed(request: HttpRequest) -> HttpResponse:
    """500; where the database could not be asked 503: nothing is broken, and it helps to wait."""
    if not _database_is_away(sys.exception()):
        return server_error(request)
    page = loader.get_template("503.html").render()
    return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": RETRY_AFTER})


def _database_is_away(error: BaseException | None) -> bool:
    """No connection was free or answered, or another held a lock too long; SQLite says the same of a missing table."""
    cause = error.__cause__ if error else None
    if isinstance(cause, sqlite3.OperationalError):
        return cause.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN)
    return isinstance(error, OperationalError | InterfaceError)
