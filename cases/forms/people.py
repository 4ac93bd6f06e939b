"""Choosing among the members of a household."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _

from contacts.models import Person


class PersonsField(forms.TypedMultipleChoiceField):
    """Checkboxes, one a person; cleans to the set of their ids."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, people: Iterable[Person], **kwargs) -> None:
        choices = [(person.pk, _told(person)) for person in people]
        super().__init__(choices=choices, coerce=int, **kwargs)

    def clean(self, value) -> frozenset[int]:
        return frozenset(super().clean(value))


def _told(person: Person) -> str:
    if person.birth_year or person.birth_date:
        year = person.birth_date.year if person.birth_date else person.birth_year
        return _("%(name)s, born %(year)s") % {"name": person.name, "year": year}
    return person.name
