"""What is asked about projects."""

from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.conflicts import EditForm
from crm.fields import DateField, TextField
from crm.forms import GrantForm
from crm.models import Municipality, User
from crm.roles import PROJECT_ROLES
from projects.models import MajorProject, Partner, Project


class ProjectForm(EditForm):
    """What is said of a joint project."""

    code = TextField(
        label=_("Funder's code"),
        max_length=Project._meta.get_field("code").max_length,
        validators=[RegexValidator(r"^[A-Za-z0-9-]+$", _("Write the code with letters, digits and hyphens alone."))],
        help_text=_("For example S22169"),
    )
    name = TextField(label=_("Name"), max_length=Project._meta.get_field("name").max_length)
    lead = forms.ModelChoiceField(
        label=_("Lead municipality"),
        queryset=Municipality.objects.order_by("name_fi"),
        help_text=_("It joins as a partner, too, by a decision of its own."),
    )
    starts = DateField(label=_("First day"))
    ends = DateField(label=_("Last day"), required=False, help_text=_("Empty: not known yet"))


def _decision() -> TextField:
    return TextField(
        label=_("Register number of the decision"),
        max_length=Partner._meta.get_field("decision").max_length,
        required=False,
        help_text=_("For example 33/06.061/2020"),
    )


class JoinForm(forms.Form):
    """Which municipality joins, from which day, by which decision."""

    municipality = forms.ModelChoiceField(label=_("Municipality"), queryset=Municipality.objects.none())
    joined = DateField(label=_("Day of joining"))
    decision = _decision()

    def __init__(self, *args, municipalities: QuerySet[Municipality], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = municipalities  # type: ignore[attr-defined]


class LeaveForm(forms.Form):
    withdrew = DateField(label=_("Last day in the project"))


class PartnerCorrectionForm(EditForm):
    """The right days and decision; the last day only of who has left."""

    joined = DateField(label=_("Day of joining"))
    withdrew = DateField(
        label=_("Last day in the project"), required=False, help_text=_("Empty: it did not leave after all")
    )
    decision = _decision()
    why = TextField(
        label=_("Why it is corrected"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Give the reason.")},
    )

    def __init__(self, *args, has_left: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not has_left:
            del self.fields["withdrew"]

    def clean(self) -> dict:
        return {"withdrew": None, **(super().clean() or {})}


class ProjectRoleForm(GrantForm):
    """Who does what in a project."""

    roles = PROJECT_ROLES

    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.active())
    field_order = ["user", "role"]


class MajorProjectForm(EditForm):
    """What is said of a major project."""

    name = TextField(label=_("Name"), max_length=MajorProject._meta.get_field("name").max_length)
    starts = DateField(label=_("Begins"), required=False, help_text=_("Empty: not known yet"))
    ends = DateField(label=_("Ends"), required=False, help_text=_("Empty: not known yet"))


class NewMajorProjectForm(MajorProjectForm):
    """Of which municipality, too, where there are several `places`."""

    municipality = forms.ModelChoiceField(label=_("Municipality"), queryset=Municipality.objects.none())
    field_order = ["municipality"]

    def __init__(self, *args, places: QuerySet[Municipality], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.only_place = places[0] if len(places) == 1 else None
        if self.only_place:
            del self.fields["municipality"]
        else:
            self.fields["municipality"].queryset = places  # type: ignore[attr-defined]

    def clean(self) -> dict:
        return {"municipality": self.only_place, **(super().clean() or {})}


class ChooseMajorProjectForm(EditForm):
    """Which major project draws a household; those of the case's municipality, or none."""

    major_project = forms.ModelChoiceField(
        MajorProject.objects.none(), label=_("Major project"), required=False, empty_label=_("None")
    )

    def __init__(self, *args, municipality_id: int, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["major_project"].queryset = (  # type: ignore[attr-defined]
            MajorProject.objects.filter(municipality_id=municipality_id).order_by("name", "pk")
        )
