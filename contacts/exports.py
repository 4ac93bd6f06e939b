"""What of the list of people goes into a file, and the columns that every list of somebody's rows has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.access import Scope, as_it_is_now
from contacts.filters import PersonFilter
from contacts.models import Person
from crm.exports import Column, Export, Listed
from crm.models import ExportedList, Municipality
from crm.paging import in_order

READ = (
    "restricted",
    "family_name",
    "given_name",
    "household__name",
    "household__size",
    "phone",
    "email",
    "household__moves_from",
    "municipality_id",
)
COLUMNS = (
    Column(_("Family name"), lambda row: row.family_name, 20),
    Column(_("Given name"), lambda row: row.given_name, 20),
    Column(_("Household"), lambda row: row.household__name, 30),
    Column(_("Persons"), lambda row: row.household__size, 10),
    Column(_("Phone"), lambda row: row.phone, 20),
    Column(_("E-mail"), lambda row: row.email, 30),
    Column(_("Moves from"), lambda row: row.household__moves_from, 20),
)


def restricted_column(scope: Scope, name: str = "restricted") -> list[Column]:
    """A first column that marks who is under non-disclosure; none for who is named on nobody, and sees no such row."""
    label = _("Non-disclosure")
    return [Column(label, lambda row: str(label) if getattr(row, name) else "", 14)] if scope.named else []


def municipality_column(places: Iterable[Municipality], name: str = "municipality_id") -> Column:
    """The name of the municipality whose register a row is of."""
    by_id = {place.pk: place for place in places}
    return Column(_("Municipality"), lambda row: by_id[getattr(row, name)].name)


def person_export(listed: PersonFilter, scope: Scope, places: Iterable[Municipality]) -> Export:
    """The people that the list shows, of all its pages and in its order."""

    def read(ids: Sequence[int]) -> Iterable[Any]:
        people = Person.objects.visible_to(as_it_is_now(scope)).filter(pk__in=ids).order_by("pk")
        return people.values_list("pk", *READ, named=True)

    return Export(
        what=ExportedList.PEOPLE,
        title=_("People and households"),
        columns=[*restricted_column(scope), *COLUMNS, municipality_column(places)],
        source=Listed(in_order(listed.qs, listed.order), read),
        back=f"{reverse('people')}{listed.query}",
        words=listed.in_words,
        notes=listed.notes,
        phones=True,
        secret=bool(scope.named) and listed.qs.filter(restricted=True).exists(),
    )
