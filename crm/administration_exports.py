"""What of the administrator's lists goes into a file: accounts, exports, municipalities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from crm import models
from crm.exports import Column, Export, Given, Listed
from crm.models import ExportedList, Municipality, User
from crm.paging import in_order


def accounts_as_export(users: QuerySet[User], order: tuple[str, ...], *, words: Callable[[], str], back: str) -> Export:
    """These accounts, each with its `memberships` as the list tells them."""
    return Export(
        what=ExportedList.ACCOUNTS,
        title=_("Accounts"),
        columns=[
            Column(_("Name"), lambda user: user.name, 30),
            Column(_("E-mail"), lambda user: user.email, 30),
            Column(_("Account closed"), lambda user: "" if user.is_active else pgettext("account", "closed")),
            Column(_("Roles"), _roles, 50),
            Column(_("Last signed in"), lambda user: user.last_login and timezone.localdate(user.last_login)),
        ],
        source=Listed(
            in_order(users.prefetch_related(None), order),
            lambda ids: users.filter(pk__in=ids).order_by("pk"),
            municipality=None,
        ),
        back=back,
        words=words,
        personal=False,
    )


def _roles(user: User) -> str:
    return "; ".join(str(membership.group.role_group) for membership in user.memberships.all())


def exports_as_export(exports: QuerySet[models.Export], order: tuple[str, ...], *, back: str) -> Export:
    """These exports as `told`: the words by which a list was narrowed are not read at all, a search may name a person.

    Of no municipality itself, though many may have been in what was exported.
    """
    return Export(
        what=ExportedList.EXPORTS,
        title=_("Exports"),
        columns=[
            Column(pgettext_lazy("export", "When"), _moment),
            Column(_("Who"), lambda export: export.by.name, 30),
            Column(pgettext_lazy("export", "List"), lambda export: export.get_what_display(), 24),
            Column(_("Municipality"), _places, 30),
            Column(pgettext_lazy("export", "File"), lambda export: export.get_file_format_display()),
            Column(pgettext_lazy("export", "Rows"), lambda export: export.rows),
        ],
        source=Listed(
            in_order(exports, order), lambda ids: exports.filter(pk__in=ids).order_by("pk"), municipality=None
        ),
        back=back,
        personal=False,
    )


def _moment(export: models.Export) -> str:
    """Day and minute as ISO has them, as the dates of a file are: a cell's own date has no time of day."""
    return timezone.localtime(export.recorded_at).strftime("%Y-%m-%d %H:%M")


def _places(export: Any) -> str:
    if export.places and export.places > export.NAMED:
        told = ngettext("%(number)s municipality", "%(number)s municipalities", export.places)
        return told % {"number": export.places}
    return ", ".join(place.name for place in export.few)


def municipalities_as_export(found: Sequence[Municipality], *, words: Callable[[], str], back: str) -> Export:
    """These municipalities, each with its number of `staff`."""
    return Export(
        what=ExportedList.MUNICIPALITIES,
        title=_("Municipalities"),
        columns=[
            Column(_("Name"), lambda place: place.name, 24),
            Column(_("Prefix"), lambda place: place.prefix),
            Column(_("Region"), lambda place: place.region_fi, 24),
            Column(_("Staff"), lambda place: place.staff),
            Column(_("Criteria for settled"), lambda place: len(place.settled_criteria)),
            Column(_("Quiet after (days)"), lambda place: place.stale_after_days),
        ],
        source=Given(found, [place.pk for place in found]),
        back=back,
        words=words,
        personal=False,
    )
