"""How a view answers: a page, a fragment of it, or word that something was done."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django_htmx.http import HttpResponseLocation, trigger_client_event

from crm.conflicts import Held, save
from crm.refusal import Outdated, Refused

MAIN = "main"  # the id of the page's own part in base.html


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part to put into the page; what goes into `#main` is cut out of a whole page."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and htmx.target != MAIN and not htmx.history_restore_request


def fragment_or_page(
    request: HttpRequest, fragment: str, page: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The fragment for htmx, else the page around the same fragment (its name is in the context as `fragment`)."""
    template = fragment if wants_fragment(request) else page
    return render(request, template, {"fragment": fragment, **context}, status=status)


def came_from(request: HttpRequest) -> str:
    """The page of ours that a form or the address names as `next`, to go back to; "" where there is none."""
    address = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if ours else ""


def leading_back(address: str, back: str) -> str:
    """The address of a dialog that leads back to the page `back` when it is done; "" where it goes its own way."""
    return f"{address}?{urlencode({'next': back})}" if back else address


def typed(request: HttpRequest) -> Any:
    """What was sent, None where the form is only shown."""
    return request.POST if request.method == "POST" else None


def sent_as_one[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Let a view answer what is sent in one transaction: what it has locked stays as it read it until it is saved."""

    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request: Any = args[0]
        with transaction.atomic() if request.method == "POST" else nullcontext():
            return view(*args, **kwargs)

    return answer


def dialog(
    request: HttpRequest,
    form: forms.BaseForm,
    act: Callable[[], HttpResponse],
    *,
    heading: str | Promise,
    back: str,
    fragment: str = "_components/dialog.html",
    changed: str = "",
    held: Held | None = None,
    **context: Any,
) -> HttpResponse:
    """Show `form`; where it was sent and is valid, let `act` do it and answer.

    `held` tells an edit form what it is about: what another has saved meanwhile is merged, or asked about. What the
    action refuses stands on the form with all that was typed, at status 422. `changed` says what somebody recorded
    meanwhile; it is told alone: what else would be wrong with the form is so because of it. The fragment gets
    `outdated` where somebody was first.
    """
    outdated = bool(changed)
    if changed:
        form.errors.clear()
        form.add_error(None, changed)
    elif form.is_bound:
        try:
            if answer := save(form, act, held):
                return answer
        except Refused as refused:
            outdated = isinstance(refused, Outdated)
            form.add_error(None, list(refused.reasons))
    context = {"form": form, "heading": heading, "back": back, "outdated": outdated, **context}
    return fragment_or_page(request, fragment, "dialog_page.html", context, 422 if form.is_bound else 200)


def done(request: HttpRequest, url: str, message: str = "", offer: tuple[str, str] | None = None) -> HttpResponse:
    """Go to `url` and say `message` in the live region; in a dialog the page behind it is fetched anew.

    `offer` is a link beside the message, as its text and the address of a dialog: («Take back», …).
    """
    if not request.htmx:  # type: ignore[attr-defined]
        if message:
            messages.success(request, _with_link(message, *offer) if offer else message)
        return redirect(url)
    response = HttpResponseLocation(url, target=f"#{MAIN}", select=f"#{MAIN}", swap="outerHTML")
    response.status_code = 204
    if message:
        detail = {"text": str(message)}
        if offer:
            detail |= {"offer": str(offer[0]), "url": offer[1]}
        trigger_client_event(response, "notice", detail)
    return response


def _with_link(message: str, text: str, url: str) -> SafeString:
    return format_html('{} <a href="{}" data-dialog>{}</a>', message, url, text)
