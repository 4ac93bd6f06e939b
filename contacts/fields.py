"""Form fields of what people tell: phones, births, languages and countries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from contacts.names import phone_key
from crm.fields import NO_SUCH_DAY, DateField, MailField, TextField


class OptionalTextField(TextField):
    """Text that may be left empty."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**{"required": False, **kwargs})


class PhoneField(OptionalTextField):
    def __init__(self, **kwargs) -> None:
        attrs = {"type": "tel", "autocomplete": "off"}
        super().__init__(max_length=40, widget=forms.TextInput(attrs), **kwargs)

    def clean(self, value) -> str:
        value = super().clean(value)
        if value and not phone_key(value):
            raise ValidationError(_("This is not a phone number. Write it like 040 123 4567 or +46 70 123 45 67."))
        return value


class OptionalMailField(MailField):
    def __init__(self, **kwargs) -> None:
        widget = forms.EmailInput({"autocomplete": "off"})
        super().__init__(required=False, max_length=254, widget=widget, **kwargs)


class Birth(NamedTuple):
    """When somebody was born, as far as it is told: a date or a year alone."""

    date: date | None
    year: int | None


class BirthField(OptionalTextField):
    """«1.12.1990» or «1990»; cleans to a `Birth`, empty where nothing is written."""

    def __init__(self, **kwargs) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs), help_text=_("For example 1.12.1990, or 1990"), **kwargs)

    def prepare_value(self, value):
        if not isinstance(value, Birth):
            return value
        return f"{value.date.day}.{value.date.month}.{value.date.year}" if value.date else value.year

    def clean(self, value) -> Birth:
        text = super().clean(value)
        if text.isdecimal() and len(text) == 4:
            return Birth(None, int(text))
        try:
            born = DateField(required=False).clean(text)
        except ValidationError as error:
            if error.code == NO_SUCH_DAY:
                raise
            raise ValidationError(_("Write the birth date like 1.12.1990, or the year alone like 1990.")) from error
        return Birth(born, born.year if born else None)


class CodeField(OptionalTextField):
    """One language or country, completed from a list of the page; cleans to its code, "" where nothing is written."""

    def __init__(
        self, *, name_of: Callable[[str], str], code_of: Callable[[str], str], datalist: str, **kwargs
    ) -> None:
        self.name_of, self.code_of = name_of, code_of
        widget = forms.TextInput({"list": datalist, "autocomplete": "off"})
        super().__init__(max_length=100, widget=widget, **kwargs)

    def prepare_value(self, value):
        return self.name_of(value) if value else value

    def clean(self, value) -> str:
        name = super().clean(value)
        code = self.code_of(name) if name else ""
        if name and not code:
            raise ValidationError(
                _("«%(name)s» is not known. Choose from the list, or write the whole name."), params={"name": name}
            )
        return code


class CodesWidget(forms.MultiWidget):
    """The common ones to tick, the others to write."""

    template_name = "contacts/_codes.html"
    use_fieldset = True

    def __init__(self, common: Sequence[str], name_of: Callable[[str], str], datalist: str) -> None:
        self.common, self.name_of = common, name_of
        boxes = forms.CheckboxSelectMultiple()
        super().__init__([boxes, forms.TextInput({"list": datalist, "autocomplete": "off"})])

    def get_context(self, name, value, attrs):
        # Django takes a list for what the parts hold; a list of codes is the whole value.
        if value and all(isinstance(part, str) for part in value):
            value = self.decompress(value)
        return super().get_context(name, value, attrs)

    def decompress(self, value: Sequence[str] | None) -> list:
        codes = value or ()
        others = [self.name_of(code) for code in codes if code not in self.common]
        return [[code for code in codes if code in self.common], ", ".join(others)]


class CodesField(forms.MultiValueField):
    """Several languages or countries; cleans to their codes in the order of the choices, then as written."""

    def __init__(
        self,
        *,
        common: Sequence[str],
        name_of: Callable[[str], str],
        code_of: Callable[[str], str],
        datalist: str,
        **kwargs,
    ) -> None:
        self.code_of = code_of
        boxes = forms.MultipleChoiceField(choices=lambda: [(code, name_of(code)) for code in common], required=False)
        super().__init__(
            [boxes, OptionalTextField(max_length=200)],
            widget=CodesWidget(common, name_of, datalist),
            required=False,
            require_all_fields=False,
            **kwargs,
        )
        self.widget.widgets[0].choices = boxes.choices

    def compress(self, values: list) -> list[str]:
        ticked, written = values or ([], "")
        codes = list(ticked)
        for name in filter(None, (part.strip() for part in (written or "").split(","))):
            code = self.code_of(name)
            if not code:
                raise ValidationError(
                    _("«%(name)s» is not known. Write the whole name and separate several with commas."),
                    params={"name": name},
                )
            codes.append(code)
        return list(dict.fromkeys(codes))
