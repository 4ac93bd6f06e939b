"""What was typed into a form that was sent in vain: given back to who typed it, and to nobody else."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

LONGEST = 200_000  # characters of a form that is kept; the longest of ours hold a tenth
KEPT_FOR = 60 * 60  # seconds
MOST = 3  # forms that are kept at once, from as many windows in which one was open when the session ended
_KEPT = "unsent"  # in the session
_LAST_USER = "asetu_last_user"  # a signed cookie
WHOSE = "whose"  # in every form, beside its token: the user for whom the page was made
# What the page itself puts into its forms: hidden fields, the names of buttons, and the marks of what was shown.
_TECHNICAL = re.compile(
    "(csrfmiddlewaretoken|whose|form_key|version|case|(.+-)?(seen|seen_last|choose-.+)|.*_FORMS"
    "|next|done|allowed|format|after|fate|anyway|preview|add_person|remove_person)$",
    re.DOTALL,
)
_ROW = re.compile(r"^.+-(\d{1,4})-")  # before the name of a field that there is one of for each member
_BY_HAND = (forms.TextInput, forms.Textarea)
_KEY = re.compile(r"[\w-]*")  # what a tick or a choice from a list is sent as


def is_technical(name: str) -> bool:
    """Whether the field holds nothing that a person has typed or chosen."""
    return bool(_TECHNICAL.match(name))


@dataclass(frozen=True)
class Unsent:
    """A form as it was sent to `address`, without its token, from the page at `page` ("" where that was not told)."""

    address: str
    page: str
    fields: list[tuple[str, str]]

    @property
    def filled(self) -> list[tuple[str, str]]:
        """What a person has typed or chosen in it, or left as it was offered."""
        return [(name, value) for name, value in self.fields if value.strip() and not is_technical(name)]

    @property
    def readable(self) -> list[tuple[str, str]]:
        """What a person has written in it, each beside its label; "" where it is not known which of our forms it was.

        What was chosen from a list is left out: it is sent as a key, which says nothing.
        """
        names = {_ROW.sub("", name) for name, _value in self.fields}
        found = ((name, _ROW.sub("", name), value) for name, value in self.filled)
        return [
            (_of_member(sent, _label(name, names)), value)
            for sent, name, value in found
            if _is_written(name) or not _KEY.fullmatch(value)
        ]


def _of_member(name: str, label: str) -> str:
    """The label, with the number of the member whose field it is."""
    row = _ROW.match(name)
    return f"{_('Person %(number)s') % {'number': int(row[1]) + 1}}: {label}" if row and label else label


def _is_written(name: str) -> bool:
    return any(name in form for form in _written())


def _label(name: str, sent: set[str]) -> str:
    """The label of a field, by the largest form of ours whose fields were all sent: a browser sends empty ones too."""
    found = [form for form in _written() if name in form and form.keys() <= sent]
    largest = max(map(len, found), default=0)
    labels = {str(form[name]) for form in found if len(form) == largest}
    return labels.pop() if len(labels) == 1 else ""


@cache
def _written() -> list[dict[str, Any]]:
    """The labels, by name, of what is written by hand in each form that is declared."""
    return [
        {name: one.label for name, one in form.base_fields.items() if isinstance(one.widget, _BY_HAND)}
        for form in _forms(forms.BaseForm)
    ]


def _forms(form: Any) -> Iterator[Any]:
    for kind in form.__subclasses__():
        if hasattr(kind, "base_fields"):
            yield kind
        yield from _forms(kind)


def sent_in(request: HttpRequest) -> Unsent | None:
    """The form of a request; None where there is nothing to give back, or a password in it."""
    fields = [
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", WHOSE)  # a form that is given back has its own
    ]
    unsent = Unsent(request.get_full_path(), page_before(request), fields)
    too_long = sum(len(name) + len(value) for name, value in fields) > LONGEST
    secret = any("password" in name for name, _value in fields)
    return None if secret or too_long or not unsent.filled else unsent


def is_from_our_page(request: HttpRequest) -> bool:
    """Whether the browser says so: another site can keep these two headers back, but not make them up."""
    return _is_ours(_read(request.headers.get("Origin") or request.headers.get("Referer", "")), request)


def mark_of(request: HttpRequest) -> str:
    """What the forms of a page say of whose it is; "" for who has not signed in."""
    user = getattr(request, "user", None)  # none where the request was refused before it was known
    return str(user.pk) if user and user.is_authenticated else ""


def is_from_own_page(request: HttpRequest) -> bool:
    """Whether the form is from a page of who is signed in, or was signed in last where the session has ended.

    A window may be open since before another signed in: what was typed there is not theirs to read or to send.
    """
    mark = request.POST.get(WHOSE)
    return bool(mark) and mark == (mark_of(request) or _last_user(request))


def page_before(request: HttpRequest) -> str:
    """The address within the installation of the page that a request came from; "" where none is told."""
    page = _read(request.headers.get("Referer", ""))
    address = page.path + (f"?{page.query}" if page.query else "")
    is_ours = _is_ours(page, request) and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_ours else ""


def _is_ours(address: SplitResult, request: HttpRequest) -> bool:
    return (address.scheme, address.netloc) == (request.scheme, request.get_host())


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


def forget_user(response: HttpResponseBase) -> None:
    """Whoever stands at the device after a sign-out leaves nothing for who was there before."""
    response.delete_cookie(_LAST_USER, samesite="Lax")


def _last_user(request: HttpRequest) -> str:
    longest = 2 * settings.SESSION_COOKIE_AGE
    return request.get_signed_cookie(_LAST_USER, default="", salt=_LAST_USER, max_age=longest) or ""


def keep(request: HttpRequest) -> None:
    """Keep the form of a request that came after the session had ended, until its user has signed in again.

    With it those that were kept before: each window has its own, and the first page after the sign-in gives them all.
    """
    user, unsent = _last_user(request), sent_in(request)
    if user and unsent:
        now = {"user": user, "until": time.time() + KEPT_FOR, **asdict(unsent)}
        request.session.set_expiry(KEPT_FOR)
        request.session[_KEPT] = [now, *(one for one in _kept(request) if not _is_same(one, unsent))][:MOST]


def _kept(request: HttpRequest) -> list[dict[str, Any]]:
    kept = request.session.get(_KEPT, [])
    return kept if isinstance(kept, list) else [kept | {"page": ""}]  # as an older release kept one


def _is_same(kept: dict[str, Any], unsent: Unsent) -> bool:
    return (kept["address"], [tuple(field) for field in kept["fields"]]) == (unsent.address, unsent.fields)


def is_kept(request: HttpRequest) -> bool:
    """Whether something waits for its user to sign in again."""
    return any(one["until"] >= time.time() for one in _kept(request))


def usual_length(request: HttpRequest) -> None:
    """The session of who has signed in lasts as long as any: the hour was for what was kept for them."""
    request.session.set_expiry(None)


def take_kept(request: HttpRequest) -> list[Unsent]:
    """What was kept for the user who has signed in, the newest first; it is given once, with a whole page."""
    if not request.user.is_authenticated or _KEPT not in request.session or request.headers.get("HX-Request"):
        return []
    kept = _kept(request)
    del request.session[_KEPT]
    theirs = (one for one in kept if one["user"] == str(request.user.pk) and one["until"] >= time.time())
    return [Unsent(one["address"], one["page"], [(name, value) for name, value in one["fields"]]) for one in theirs]
