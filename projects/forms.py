"""What is asked about projects."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms import GrantForm
from crm.models import User
from crm.roles import PROJECT_ROLES
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


class ProjectRoleForm(GrantForm):
    """Who does what in a project."""

    roles = PROJECT_ROLES

    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.active())
    field_order = ["user", "role"]
