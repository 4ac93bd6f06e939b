"""Language, colours and keyboard: chosen by anyone, kept in a cookie on this device and on the user's own row."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from crm.models import ColourScheme, User

SCHEME_COOKIE = "asetu_colours"
SHORTCUTS_COOKIE = "asetu_shortcuts"


def language_of(request: HttpRequest) -> str:
    """The language of staff pages chosen on this device, else the installation's own."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in settings.STAFF_LANGUAGES else settings.LANGUAGE_CODE


def scheme_of(request: HttpRequest) -> str:
    """The colour scheme chosen on this device, else the device's own."""
    chosen = request.COOKIES.get(SCHEME_COOKIE, "")
    return chosen if chosen in ColourScheme.values else ColourScheme.SYSTEM.value


def shortcuts_of(request: HttpRequest) -> bool:
    """Whether single keys move about (WCAG 2.1.4: they can be turned off)."""
    return request.COOKIES.get(SHORTCUTS_COOKIE) != "off"


def remember(response: HttpResponseBase, **cookies: str) -> None:
    """Keep the given cookies (by their full names) for a year; none of them identifies anyone."""
    for name, value in cookies.items():
        response.set_cookie(
            name,
            value,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite="Lax",
            httponly=True,
        )


def remember_user(response: HttpResponseBase, user: User) -> None:
    """Bring the user's own choices to the device they have just signed in on."""
    remember(response, **{settings.LANGUAGE_COOKIE_NAME: user.language, SCHEME_COOKIE: user.colour_scheme})
