"""Forms of the ground floor: what may be typed, in which shape."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.conflicts import EditForm
from crm.fields import DateField, MailField, TextField
from crm.models import ColourScheme, Municipality, SettledCriterion, User
from crm.roles import INSTALLATION_ROLES, MUNICIPALITY_ROLES, Role


class PreferencesForm(forms.Form):
    """What a button of the menu sends: any one of these."""

    language = forms.ChoiceField(choices=[(code, code) for code in settings.STAFF_LANGUAGES], required=False)
    colour_scheme = forms.ChoiceField(choices=ColourScheme, required=False)
    shortcuts = forms.ChoiceField(choices=[("on", "on"), ("off", "off")], required=False)


class OwnAccountForm(EditForm, forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "language", "colour_scheme"]
        field_classes = {"name": TextField}
        widgets = {"language": forms.RadioSelect, "colour_scheme": forms.RadioSelect}
        labels = {"colour_scheme": _("Colours")}


class UserForm(EditForm, forms.ModelForm):
    """Who signs in, and in which language they are written to."""

    class Meta:
        model = User
        fields = ["name", "email", "language"]
        field_classes = {"name": TextField, "email": MailField}
        widgets = {"language": forms.RadioSelect}

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is already an account with this e-mail. Look for it in the list."))
        return email


class UserFilterForm(forms.Form):
    q = TextField(label=_("Name or e-mail"), required=False)
    closed = forms.BooleanField(label=_("Closed accounts too"), required=False)


class GrantForm(forms.Form):
    """Which of `roles` is given, from when until when, and whom it stands in for."""

    roles: tuple[Role, ...] = ()

    role = forms.ChoiceField(label=_("Role"))
    starts = DateField(label=_("First day"))
    ends = DateField(label=_("Last day"), required=False, help_text=_("Empty: until further notice"))
    standing_in_for = forms.ModelChoiceField(
        label=_("Standing in for"),
        queryset=User.objects.active(),
        required=False,
        help_text=_("Whose work they do meanwhile, if anybody's"),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in self.roles]  # type: ignore[attr-defined]
        self.fields["role"].initial = self.roles[0]

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class RoleForm(GrantForm):
    """A role in a municipality or in the whole installation; roles in projects are given on the projects' page."""

    roles = (*MUNICIPALITY_ROLES, *INSTALLATION_ROLES)

    municipality = forms.ModelChoiceField(
        label=_("Municipality"),
        queryset=Municipality.objects.order_by("name_fi"),
        required=False,
        help_text=_("An administrator's role covers the whole installation: leave this empty."),
    )
    field_order = ["role", "municipality"]

    def clean(self):
        answers = super().clean() or {}
        local = answers.get("role") in MUNICIPALITY_ROLES
        if local and answers.get("municipality") is None and "municipality" not in self.errors:
            self.add_error("municipality", _("Choose the municipality in which the role is held."))
        if not local:
            answers["municipality"] = None
        return answers


class LastDayForm(EditForm):
    last_day = DateField(label=_("Last day"), help_text=_("The role is still in force on this day."))


class MunicipalityForm(EditForm):
    """What each municipality decides for itself."""

    settled_criteria = forms.MultipleChoiceField(
        label=_("What a household needs before it counts as settled"),
        choices=SettledCriterion,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("For each one that is not met, a written reason is asked for."),
    )
    stale_after_days = forms.IntegerField(
        label=_("Quiet after (days)"),
        min_value=1,
        max_value=365,
        help_text=_("A case without contact for this long is shown on My day."),
    )
