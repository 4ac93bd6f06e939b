"""What is asked about projects."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.fields import DateField
from crm.models import User
from crm.roles import PROJECT_ROLES, Role
from projects.models import MajorProject


class MajorProjectForm(forms.Form):
    """Which major project draws a household; those of the case's municipality, or none."""

    major_project = forms.ModelChoiceField(
        MajorProject.objects.none(), label=_("Major project"), required=False, empty_label=_("None")
    )

    def __init__(self, *args, municipality_id: int, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["major_project"].queryset = (  # type: ignore[attr-defined]
            MajorProject.objects.filter(municipality_id=municipality_id).order_by("name", "pk")
        )


class ProjectRoleForm(forms.Form):
    """Who does what in a project, from when until when."""

    user = forms.ModelChoiceField(
        label=_("Person"), queryset=User.objects.filter(is_active=True).order_by("name", "pk")
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=[(role.value, role.label) for role in PROJECT_ROLES], initial=Role.PROJECT_LEAD
    )
    starts = DateField(label=_("First day"))
    ends = DateField(label=_("Last day"), required=False, help_text=_("Empty: until further notice"))
    standing_in_for = forms.ModelChoiceField(
        label=_("Standing in for"),
        queryset=User.objects.active(),
        required=False,
        help_text=_("Whose work they do meanwhile, if anybody's"),
    )
