"""What was typed into a form that was sent in vain: given back to who typed it, and to nobody else."""

from __future__ import annotations

import re
import time
from dataclasses import asdict, dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

LONGEST = 200_000  # characters of a form that is kept; the longest of ours hold a tenth
KEPT_FOR = 60 * 60  # seconds
_KEPT = "unsent"  # in the session
_LAST_USER = "asetu_last_user"  # a signed cookie
_TECHNICAL = re.compile("(csrfmiddlewaretoken|form_key|version|(.+-)?(seen|seen_last|choose-.+)|.*_FORMS)$", re.DOTALL)


@dataclass(frozen=True)
class Unsent:
    """A form as it was sent to `address`, without its token."""

    address: str
    fields: list[tuple[str, str]]

    @property
    def texts(self) -> list[str]:
        """What there is to read in it."""
        return [value for name, value in self.fields if value.strip() and not _TECHNICAL.match(name)]


def sent_in(request: HttpRequest) -> Unsent | None:
    """The form of a request; None where there is nothing to give back, or a password in it."""
    fields = [
        (name, str(value)) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"
    ]
    unsent = Unsent(request.get_full_path(), fields)
    too_long = sum(len(name) + len(value) for name, value in fields) > LONGEST
    secret = any("password" in name for name, _value in fields)
    return None if secret or too_long or not unsent.texts else unsent


def is_from_our_page(request: HttpRequest) -> bool:
    """Whether the browser says so: another site can keep these two headers back, but not make them up."""
    told = _read(request.headers.get("Origin") or request.headers.get("Referer", ""))
    return told.netloc == request.get_host()


def page_before(request: HttpRequest) -> str:
    """The address within the installation of the page that a request came from; "" where none is told."""
    page = _read(request.headers.get("Referer", ""))
    return page.path + (f"?{page.query}" if page.query else "")


def _read(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # such as «http://[»
        return urlsplit("")


def remember_user(response: HttpResponseBase, user) -> None:
    """Who signed in last on this device. A page from before that has another token, so this is who has it open."""
    response.set_signed_cookie(
        _LAST_USER,
        str(user.pk),
        salt=_LAST_USER,
        max_age=2 * settings.SESSION_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def keep(request: HttpRequest) -> None:
    """Keep the form of a request that came after the session had ended, until its user has signed in again."""
    user = request.get_signed_cookie(_LAST_USER, default="", salt=_LAST_USER, max_age=2 * settings.SESSION_COOKIE_AGE)
    unsent = sent_in(request)
    if user and unsent:
        request.session.set_expiry(KEPT_FOR)
        request.session[_KEPT] = {"user": user, "until": time.time() + KEPT_FOR, **asdict(unsent)}


def take_kept(request: HttpRequest) -> Unsent | None:
    """What was kept for the user who has signed in; it is given once."""
    if not request.user.is_authenticated or _KEPT not in request.session:
        return None
    kept = request.session.pop(_KEPT)
    if kept["user"] != str(request.user.pk) or kept["until"] < time.time():
        return None
    return Unsent(kept["address"], [(name, value) for name, value in kept["fields"]])
