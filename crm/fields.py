"""Form fields as people in Finland fill them in."""

from __future__ import annotations

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from crm.requests import number_in

# A day and a month, two digits of the year, the sign of the century (new signs since 2023), three digits, a check.
_IDENTITY_CODE = re.compile(
    r"(?<!\w)((?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d)([-+A-FU-Y])(\d{3})([0-9A-FHJ-NPR-Y])(?!\w)", re.IGNORECASE
)
_CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
HIDDEN_CODE = "******-****"


def has_identity_code(text: str) -> bool:
    """Whether a Finnish personal identity code seems to stand in the text; a phone number such as 040123-4567 is none.

    Only a code of digits alone is checked to the end (its number modulo 31), because only it can be a phone number.
    """
    return any(map(_is_code, _IDENTITY_CODE.finditer(text)))


def _is_code(found: re.Match[str]) -> bool:
    day, century, number, check = found.groups()
    could_be_phone = century in "-+" and check.isdigit()
    return not could_be_phone or _CHECKS[int(day + number) % 31] == check


def without_identity_codes(text: str) -> str:
    """The text with `HIDDEN_CODE` in place of each personal identity code."""
    return _IDENTITY_CODE.sub(lambda found: HIDDEN_CODE if _is_code(found) else found[0], text)


def no_identity_code(text: str) -> None:
    """Validator of every field in which somebody might write one: of each `TextField` and `MailField`."""
    if has_identity_code(text):
        raise ValidationError(_("This looks like a personal identity code. It is not recorded here: take it out."))


gettext_noop("- Select an option -")  # of Django's own words this one has no Finnish in its catalogue


class TextField(forms.CharField):
    """Text that is recorded; a house test holds that no form records text in another field."""

    default_validators = [no_identity_code]


class MailField(forms.EmailField):
    default_error_messages = {"invalid": _("This is not an e-mail address. Write it like name@example.fi.")}
    default_validators = [*forms.EmailField.default_validators, no_identity_code]


class DateInput(forms.DateInput):
    """A text field that shows 1.12.2026."""

    def __init__(self, attrs=None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value):
        return f"{value.day}.{value.month}.{value.year}" if isinstance(value, date) else value


_DAY = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2}")
NO_SUCH_DAY, NO_SUCH_YEAR = "no_such_day", "no_such_year"
YEARS = range(1900, 2101)  # nobody here was born before them, and no plan reaches beyond


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
        try:
            day = super().to_python(value)
        except ValidationError:
            if isinstance(value, str) and _DAY.fullmatch(value):
                raise ValidationError(_("There is no such day. Check the day and the month."), NO_SUCH_DAY) from None
            raise
        if day and day.year not in YEARS:
            raise ValidationError(_("Check the year."), NO_SUCH_YEAR)
        return day


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows, by their ids; an id that is longer than any is that of no row, and no database is asked for it."""

    def clean(self, value):
        for key in value or ():
            if number_in(str(key)) is None:
                raise ValidationError(self.error_messages["invalid_pk_value"], "invalid_pk_value", {"pk": key})
        return super().clean(value)
