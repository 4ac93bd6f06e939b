"""Form fields as people in Finland fill them in."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

gettext_noop("- Select an option -")  # of Django's own words this one has no Finnish in its catalogue


class DateInput(forms.DateInput):
    """A text field that shows 1.12.2026."""

    def __init__(self, attrs=None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value):
        return f"{value.day}.{value.month}.{value.year}" if isinstance(value, date) else value


class DateField(forms.DateField):
    """A date written 1.12.2026, 1.12.26 or 2026-12-01; commas and spaces of a phone's keypad are forgiven."""

    widget = DateInput
    default_error_messages = {"invalid": _("Write the date as day.month.year, for example 1.12.2026.")}

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("help_text", _("For example 1.12.2026"))
        super().__init__(**kwargs)

    def to_python(self, value):
        if isinstance(value, str):
            value = value.replace(",", ".").replace(" ", "").rstrip(".")
        return super().to_python(value)
