"""What is answered where a page failed."""

from __future__ import annotations

import sqlite3
import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views.defaults import server_error

RETRY_AFTER = "10"  # seconds


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
