"""Template tags every page may use without loading them."""

from __future__ import annotations

import functools

from django import template
from heroicons.templatetags.heroicons import heroicon_outline

from crm.unsent import Unsent, take_kept

register = template.Library()


@register.simple_tag
@functools.lru_cache(maxsize=256)
def icon(name: str) -> str:
    """The outline icon `name` of Heroicons as inline SVG, silent to screen readers; the text beside it speaks."""
    return heroicon_outline(name, size=None, **{"class": "icon", "aria-hidden": "true"})


@register.filter
def initials(name: str) -> str:
    """The first letters of the first two words of a name, for an avatar."""
    return "".join(word[0] for word in str(name).split()[:2]).upper()


@register.simple_tag(takes_context=True)
def kept_form(context) -> Unsent | None:
    """The form that was sent after the session had ended, once its user is back (crm/unsent.py); it is given once."""
    return take_kept(context["request"])
