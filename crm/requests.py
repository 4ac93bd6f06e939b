"""The request as the middleware leaves it, for the types of views; never made by hand."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from crm.access import Scope
from crm.models import User


class StaffRequest(HttpRequest):
    """A signed-in request: who asks, what they may, on which Helsinki date, and whether htmx asks for a part."""

    user: User
    scope: Scope
    today: date
    htmx: HtmxDetails
    LANGUAGE_CODE: str
    colour_scheme: str
    shortcuts: bool
