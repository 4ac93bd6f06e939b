"""Sessions in the database, as Django's own, that end a fixed time after the sign-in."""

from __future__ import annotations

from datetime import UTC, datetime
from time import time

from django.conf import settings
from django.contrib.sessions.backends import db
from django.http import HttpRequest

_UNTIL = "until"  # in the session; seconds


def begin(request: HttpRequest) -> None:
    """From now on the session of who has just signed in is as long as any."""
    request.session[_UNTIL] = int(time()) + settings.SESSION_COOKIE_AGE


class SessionStore(db.SessionStore):
    """Django counts the length anew whenever a session is written to, which each message does."""

    def get_expiry_date(self, **kwargs) -> datetime:
        ends = super().get_expiry_date(**kwargs)
        return min(ends, datetime.fromtimestamp(self[_UNTIL], UTC)) if _UNTIL in self else ends
