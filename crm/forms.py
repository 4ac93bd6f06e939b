"""Forms of the ground floor: what may be typed, in which shape."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.models import ColourScheme, User


class PreferencesForm(forms.Form):
    """What a button of the menu sends: any one of these."""

    language = forms.ChoiceField(choices=[(code, code) for code in settings.STAFF_LANGUAGES], required=False)
    colour_scheme = forms.ChoiceField(choices=ColourScheme, required=False)
    shortcuts = forms.ChoiceField(choices=[("on", "on"), ("off", "off")], required=False)


class OwnAccountForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "language", "colour_scheme"]
        widgets = {"language": forms.RadioSelect, "colour_scheme": forms.RadioSelect}
        labels = {"colour_scheme": _("Colours")}
