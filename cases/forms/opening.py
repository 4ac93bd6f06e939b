"""Forms of the first contact and of advice: what may be typed, in which shape."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cases.actions import Notice
from cases.models import AdviceTopic, Channel, MoveReason, Stay
from contacts.languages import languages_by_use
from contacts.models import PrivacyNotice
from crm.fields import DateField, TextField
from crm.models import Municipality, User

# How a contact comes in by hand; a sheet comes in by its own way.
CHANNELS = [(value, label) for value, label in Channel.choices if value != Channel.SHEET]


class SentOnceForm(forms.Form):
    """A form that carries a key: sent twice, it records what it records once."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class OpeningForm(SentOnceForm):
    """The case's own questions at the first contact. Nothing but the date and the channel must be known."""

    channel = forms.ChoiceField(label=_("Channel"), choices=CHANNELS, initial=Channel.PHONE)
    on = DateField(label=_("Date of first contact"))
    text = TextField(
        label=_("Their message, or what was said"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    move_reason = forms.ChoiceField(label=_("Reason to move"), choices=MoveReason, required=False)
    stay = forms.ChoiceField(label=_("Stay"), choices=Stay, required=False)
    season_ends_on = DateField(label=_("Season ends"), required=False)
    planned_move_on = DateField(label=_("Planned move date"), required=False)
    coordinator = forms.ModelChoiceField(
        label=_("Coordinator"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )
    notice = forms.ChoiceField(
        label=_("Privacy notice given now"), required=False, help_text=_("The version they were given or sent")
    )

    def __init__(
        self,
        *args,
        coordinators: QuerySet[User],
        notices: Sequence[PrivacyNotice],
        several: bool,
        today: date,
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.notices, self.several = {str(notice.pk): notice for notice in notices}, several
        names = [(pk, f"{row.municipality.name}: {row}" if several else str(row)) for pk, row in self.notices.items()]
        self.fields["notice"].choices = [("", _("Not yet given")), *names]  # type: ignore[attr-defined]
        self.coordinators = coordinators
        self.fields["coordinator"].queryset = coordinators  # type: ignore[attr-defined]
        self.fields["on"].initial = today
        self.today = today

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(_("The date is in the future. Give the day on which they made contact."))
        return on

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("stay") == Stay.SEASONAL and not told.get("season_ends_on") and "season_ends_on" not in self.errors:
            self.add_error("season_ends_on", _("Give the day on which the season ends."))
        return told

    def check_place(self, municipality: Municipality, workers: QuerySet[User]) -> bool:
        """Whether the notice and the coordinator belong to the municipality; says at the field where not."""
        notice = self.notices.get(self.cleaned_data["notice"])
        if notice is not None and notice.municipality_id != municipality.pk:
            self.add_error("notice", _("This is the notice of another municipality. Choose again."))
        coordinator = self.cleaned_data["coordinator"]
        # Where they are those the form offered, choosing one was the check.
        offered = workers is self.coordinators
        if coordinator is not None and not offered and not workers.filter(pk=coordinator.pk).exists():
            self.add_error("coordinator", _("This colleague cannot work with the household. Choose another."))
        return not self.errors

    def told(self) -> dict[str, Any]:
        """What `cases.actions.open_first_contact` takes of a valid form."""
        told = dict(self.cleaned_data)
        notice = self.notices.get(told["notice"])
        if told["stay"] != Stay.SEASONAL:
            told["season_ends_on"] = None
        return {**told, "notice": Notice(notice.version, notice.language) if notice else None}


class AdviceForm(SentOnceForm):
    """A short conversation: ready to be saved when its topic is chosen."""

    topic = forms.ChoiceField(
        label=_("What about?"),
        choices=AdviceTopic,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the topic.")},
    )
    language = forms.ChoiceField(label=_("Language"))
    channel = forms.ChoiceField(label=_("Channel"), choices=CHANNELS, initial=Channel.PHONE)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=600, initial=5)
    given_on = DateField(label=_("Date"))
    municipality = forms.ChoiceField(label=_("Municipality"))

    def __init__(self, *args, places: Sequence[Municipality], today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages_by_use()  # type: ignore[attr-defined]
        self.fields["given_on"].initial = today
        self.places, self.today = {str(place.pk): place for place in places}, today
        self.fields["municipality"].choices = [(pk, place.name) for pk, place in self.places.items()]  # type: ignore[attr-defined]
        if len(self.places) == 1:
            del self.fields["municipality"]

    def clean_given_on(self) -> date:
        given_on: date = self.cleaned_data["given_on"]
        if given_on > self.today:
            raise forms.ValidationError(_("The date is in the future. Give the day of the conversation."))
        return given_on

    def told(self) -> dict[str, Any]:
        """What `cases.actions.log_advice` takes of a valid form."""
        chosen = self.cleaned_data.get("municipality") or next(iter(self.places))
        return {**self.cleaned_data, "municipality": self.places[chosen]}
