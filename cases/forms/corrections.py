"""Forms that correct what was recorded, and those about single members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cases.forms.people import PersonsField
from contacts.models import Person
from crm.fields import DateField, RowsField, TextField
from crm.models import User


class WhyForm(forms.Form):
    """Why it is taken back."""

    why = TextField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Give the reason.")},
    )


class TakeBackForm(WhyForm):
    """The reason is one line with the usual answer in it: Enter takes a slip back."""

    why = TextField(
        label=_("Why"),
        max_length=500,
        initial=_("Recorded by mistake"),
        error_messages={"required": _("Give the reason.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class DateCorrectionForm(WhyForm):
    """The right date, and why the one before was wrong."""

    on = DateField(label=_("Right date"))
    field_order = ["on", "why"]


class PersonFactForm(forms.Form):
    """Which members, and on which day."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    on = DateField(label=_("Date"))

    def __init__(self, *args, people: Sequence[Person], chosen: Sequence[int], today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
        self.fields["persons"] = PersonsField(
            people,
            label=_("Which members"),
            initial=chosen,
            error_messages={"required": _("Choose at least one member of the household.")},
        )


class RestrictForm(forms.Form):
    """Why the household is restricted, and who else sees it."""

    reason = TextField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    named = RowsField(
        label=_("Who else may see the household"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("You are named yourself. Name those alone who must work with this household."),
    )

    def __init__(self, *args, others: QuerySet[User], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["named"].queryset = others  # type: ignore[attr-defined]


class LiftForm(WhyForm):
    """Why the restriction ends."""
