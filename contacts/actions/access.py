"""Who may see a household: restricted or not, and who is named on it or barred from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from contacts.models import Access, AccessKind, Household, Restriction
from crm.audit import acting, made_in_bulk
from crm.models import User
from crm.refusal import Refused


def restrict(
    *, household: Household, reason: str, named: Iterable[User], on: date, by: User, at: datetime
) -> Household:
    """Make the household visible only to those named on it: `named` and whoever records it.

    Cases copy the flag: call `cases.actions.restrict_household`, which calls this.
    """
    if not reason.strip():
        raise Refused(_("Give the reason."))
    with transaction.atomic(), acting(by):
        household = Household.objects.select_for_update().get(pk=household.pk)
        if household.restricted:
            raise Refused(_("The household is already restricted."))
        _set_restricted(household, True)
        record_restriction(household=household, restricted=True, reason=reason, on=on, by=by, at=at)
        people = {user.pk: user for user in (by, *named)}
        name_on(people.values(), household=household, reason=reason, on=on, by=by, at=at)
    return household


def lift_restriction(*, household: Household, reason: str, on: date, by: User, at: datetime) -> Household:
    """The household is as any other again. Call `cases.actions.lift_restriction`, which calls this."""
    if not reason.strip():
        raise Refused(_("Give the reason."))
    with transaction.atomic(), acting(by):
        household = Household.objects.select_for_update().get(pk=household.pk)
        if not household.restricted:
            raise Refused(_("The household is not restricted."))
        _set_restricted(household, False)
        record_restriction(household=household, restricted=False, reason=reason, on=on, by=by, at=at)
        for access in household.accesses.in_force(on).filter(kind=AccessKind.NAMED).order_by("pk"):
            access.ends = on
            access.save(update_fields=["ends"])  # one by one: each is logged
    return household


def _set_restricted(household: Household, restricted: bool) -> None:
    household.restricted = restricted
    household.save(update_fields=["restricted"])
    household.people.update(restricted=restricted)


def record_restriction(
    *, household: Household, restricted: bool, reason: str, on: date, by: User, at: datetime
) -> Restriction:
    return Restriction.objects.create(
        household=household, restricted=restricted, reason=reason, happened_on=on, recorded_at=at, by=by
    )


def name_on(users: Iterable[User], *, household: Household, reason: str, on: date, by: User, at: datetime) -> None:
    """Name each of `users` on the household, as part of restricting it."""
    named = Access.objects.bulk_create(
        Access(household=household, user=user, kind=AccessKind.NAMED, starts=on, reason=reason, by=by, recorded_at=at)
        for user in users
    )
    made_in_bulk(named, by=by)


def give_access(
    *,
    household: Household,
    user: User,
    kind: AccessKind,
    reason: str,
    starts: date,
    ends: date | None = None,
    by: User,
    at: datetime,
) -> Access:
    """Name a user on a household, or bar one from it. Being named never widens anyone's municipality."""
    if not reason.strip():
        raise Refused(_("Give the reason."))
    if ends is not None and ends < starts:
        raise Refused(_("The last day is before the first day. Correct one of them."))
    with transaction.atomic(), acting(by):
        household = Household.objects.select_for_update().get(pk=household.pk)
        if household.accesses.in_force(starts).filter(user=user, kind=kind).exists():
            raise Refused(_("%(name)s is already on the list.") % {"name": user.name})
        if kind == AccessKind.BARRED:
            _keep_somebody_named(household, starts, without=user.pk)
        return Access.objects.create(
            household=household, user=user, kind=kind, starts=starts, ends=ends, reason=reason, by=by, recorded_at=at
        )


def _keep_somebody_named(household: Household, day: date, *, without: int) -> None:
    """Refuse to leave a restricted household without anybody who sees it for good."""
    in_force = household.accesses.in_force(day)
    barred = in_force.filter(kind=AccessKind.BARRED).values("user")
    named = in_force.filter(kind=AccessKind.NAMED, ends__isnull=True).exclude(user__in=barred)
    if household.restricted and not named.exclude(user=without).exists():
        raise Refused(_("Somebody must stay named on the household. Name another person first."))


def end_access(*, access: Access, last_day: date, by: User) -> Access:
    """Let an access end after `last_day`. The last one named on a restricted household cannot be taken away."""
    with transaction.atomic(), acting(by):
        access = locked_access(access)
        household = access.household
        if access.kind == AccessKind.NAMED:
            _keep_somebody_named(household, last_day, without=access.user_id)
        access.ends = max(last_day, access.starts)
        access.save(update_fields=["ends"])
    return access


def locked_access(access: Access) -> Access:
    """It as it is now: whatever changes one holds the lock of its household."""
    Household.objects.select_for_update().get(pk=access.household_id)
    return Access.objects.select_related("household", "user").get(pk=access.pk)
