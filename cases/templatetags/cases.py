"""Template tags for what the case owns."""

from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.lifecycle import State
from cases.models import Case
from contacts.languages import language_name

register = template.Library()


@register.inclusion_tag("_components/state.html")
def state_tag(state: str):
    """A case's state as a tag with its label; `state` is the stored value."""
    return {"state": State(state)}


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
