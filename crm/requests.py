"""The request as the middleware leaves it, for the types of views; never made by hand."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from crm.access import Scope
from crm.models import User

LONGEST_NUMBER = 18  # digits; no id is longer, and what is much longer Python refuses to read


def number_in(text: str) -> int | None:
    """The number that was sent as `text`, such as an id; None where it is none or longer than any that we give."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else None


class StaffRequest(HttpRequest):
    """A signed-in request: who asks, what they may, on which Helsinki date, and whether htmx asks for a part."""

    user: User
    scope: Scope
    today: date
    htmx: HtmxDetails
    LANGUAGE_CODE: str
    colour_scheme: str
    shortcuts: bool
