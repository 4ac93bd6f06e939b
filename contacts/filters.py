"""What the list of people can be narrowed and sorted by; all of it stands in the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.models import Person
from contacts.querysets import PersonQuerySet
from crm.models import Municipality
from crm.paging import newest_of, told_of_cut

if TYPE_CHECKING:
    from contacts.access import Scope

# What the list can be sorted by: the word in the address, the label, the columns of an index.
SORTS = {
    "name": (_("Name"), ("family_name", "given_name")),
    "-name": (_("Name, from the end"), ("-family_name", "-given_name")),
    "-recorded": (_("Newest first"), ("-pk",)),
    "recorded": (_("Oldest first"), ("pk",)),
}
DEFAULT_SORT = "name"


class PersonFilter(django_filters.FilterSet):
    """The filters of the list. People without a name are left out until they are asked for."""

    q = django_filters.CharFilter(method="search", label=_("Name, phone or e-mail"), max_length=100)
    municipality = django_filters.ChoiceFilter(
        field_name="municipality_id", label=_("Municipality"), empty_label=_("All of mine")
    )
    restricted = django_filters.BooleanFilter(
        method="only_restricted", label=_("Only restricted"), widget=forms.CheckboxInput
    )
    unnamed = django_filters.BooleanFilter(
        method="with_unnamed", label=_("Also those without a name"), widget=forms.CheckboxInput
    )

    class Meta:
        model = Person
        fields: tuple[str, ...] = ()

    def __init__(self, data: QueryDict, *, scope: Scope, municipalities: Sequence[Municipality]) -> None:
        super().__init__(data, Person.objects.visible_to(scope))
        self.municipalities = {str(place.pk): place for place in municipalities}
        self.is_near = self.is_cut = False  # whether a search found only similar names, or more than can be shown
        self.filters["municipality"].extra["choices"] = [(place.pk, place.name) for place in municipalities]
        if len(municipalities) < 2:
            del self.filters["municipality"]
        if not scope.named:
            del self.filters["restricted"]
        self.form.full_clean()

    def search(self, rows: PersonQuerySet, name: str, text: str) -> PersonQuerySet:
        """Who is meant by the text; where nobody has such a name, who has a similar one.

        Who is found is looked up once, and is no more than one can look through.
        """
        found = rows.sought(text)
        if "@" in text:
            return found
        ids, self.is_cut = newest_of(found, "pk")
        if not ids:
            self.is_near = True
            return rows.named_nearly(text)
        return rows.filter(pk__in=ids)

    def only_restricted(self, rows: QuerySet[Person], name: str, wanted: bool) -> QuerySet[Person]:
        return rows.filter(restricted=True) if wanted else rows

    def with_unnamed(self, rows: QuerySet[Person], name: str, wanted: bool) -> QuerySet[Person]:
        return rows if wanted else rows.exclude(name_key="")

    @property
    def sort(self) -> str:
        word = self.data.get("sort", "")
        return word if word in SORTS else DEFAULT_SORT

    @property
    def order(self) -> tuple[str, ...]:
        """What `crm.paging` orders the rows by."""
        return SORTS[self.sort][1]

    @property
    def query(self) -> str:
        """The query of the address of this list, at its first page."""
        words = self.data.copy()
        words.pop("after", None)
        return f"?{words.urlencode()}" if words else ""

    @property
    def notes(self) -> list[str]:
        """What to know of the search, in whole sentences; there once `qs` has been asked for."""
        near = gettext("Nobody has exactly that name. These names are similar.") if self.is_near else ""
        return [note for note in (near, told_of_cut() if self.is_cut else "") if note]

    def in_words(self) -> str:
        """The filters that are set, for the record of who took the list as a file."""
        values = self.form.cleaned_data.items()
        return "; ".join(f"{self.filters[name].label}: {self._told(name, value)}" for name, value in values if value)

    def _told(self, name: str, value: str | bool) -> str:
        if name == "municipality":
            return self.municipalities[str(value)].name
        return gettext("yes") if value is True else str(value)

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order is asked for."""
        return any(self.form.cleaned_data.values())
