"""Template tags for what the case owns."""

import functools
from datetime import date

from django import template
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cases.lifecycle import State
from cases.models import Case, MoveReason
from contacts.languages import language_name

register = template.Library()


@register.simple_tag
def state_tag(state: str) -> SafeString:
    """A case's state as a tag with its label; `state` is the stored value."""
    return _drawn_state(state, get_language())


@functools.cache
def _drawn_state(state: str, _language: str) -> SafeString:
    """Drawn once for each language: a list shows one on every row."""
    return render_to_string("_components/state.html", {"state": State(state)})


@register.filter
def reason_in_words(reason: str) -> str:
    """Why a household moves; where Django's own way to the label would translate all of them for each row of a list."""
    return str(MoveReason(reason).label)


@register.inclusion_tag("_components/tag.html")
def due_tag(day: date, today: date):
    """How near a day is: berry where it has passed, amber today and tomorrow."""
    days = (day - today).days
    if days < 0:
        text = ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
        return {"text": text, "tone": "hot"}
    if days < 2:
        return {"text": _("tomorrow") if days else _("today"), "tone": "warn"}
    return {"text": date_format(day, "SHORT_DATE_FORMAT"), "tone": ""}


@register.filter
def quiet(case: Case, today: date) -> bool:
    """Whether the household has not been in contact for longer than its municipality lets pass."""
    return case.is_quiet(today)


@register.filter
def overdue(day: date | None, today: date) -> bool:
    """Whether a day has passed."""
    return day is not None and day < today


@register.filter
def language_in_words(code: str) -> str:
    """The name of a language in the language of the page."""
    return language_name(code)
