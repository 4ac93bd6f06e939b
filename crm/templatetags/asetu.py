"""Template tags every page may use without loading them."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from heroicons.templatetags.heroicons import heroicon_outline

from crm.unsent import WHOSE, Unsent, is_kept, mark_of, take_kept

register = template.Library()

_WHOSE = SafeString(f'<input type="hidden" name="{WHOSE}" value="{{}}">')
_SELECTED, _NOT_SELECTED = SafeString(" selected"), SafeString("")


@register.simple_tag
@functools.lru_cache(maxsize=256)
def icon(name: str) -> str:
    """The outline icon `name` of Heroicons as inline SVG, silent to screen readers; the text beside it speaks."""
    return heroicon_outline(name, size=None, **{"class": "icon", "aria-hidden": "true"})


@register.filter
def initials(name: str) -> str:
    """The first letters of the first two words of a name, for an avatar."""
    return "".join(word[0] for word in str(name).split()[:2]).upper()


@register.filter
def options(groups: Iterable[tuple[str | None, Iterable[Mapping[str, Any]], int]]) -> SafeString:
    """The options of a select, by the groups in which its widget lists them, as markup; most stand in none."""
    alone, named = '<option value="{}"{}>{}</option>', '<optgroup label="{}">{}</optgroup>'
    drawn = ((name, format_html_join("", alone, map(_option, some))) for name, some, _number in groups)
    return format_html_join("", "{}", ((format_html(named, name, some) if name else some,) for name, some in drawn))


def _option(option: Mapping[str, Any]) -> tuple[Any, SafeString, Any]:
    return option["value"], _SELECTED if option["selected"] else _NOT_SELECTED, option["label"]


@register.tag
def csrf_token(parser, token) -> _OwnTokenNode:
    """In place of Django's own, so that no form can be without it: the token, and whose page the form stands on."""
    return _OwnTokenNode()


class _OwnTokenNode(CsrfTokenNode):
    def render(self, context):
        mark = mark_of(context["request"]) if "request" in context else ""
        return super().render(context) + (_WHOSE.format(mark) if mark else "")


@register.simple_tag(takes_context=True)
def kept_forms(context) -> list[Unsent]:
    """The forms that were sent after the session had ended, once their user is back (crm/unsent.py); given once."""
    return take_kept(context["request"])


@register.simple_tag(takes_context=True)
def something_kept(context) -> bool:
    """Whether a form that was sent after the session had ended waits for its user to sign in again."""
    return is_kept(context["request"])
