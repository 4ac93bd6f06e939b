"""What is done on the ground floor: accounts, roles, settings."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm

from crm.audit import acting
from crm.models import Export, ExportedList, FileFormat, Membership, Municipality, RoleGroup, User
from crm.notices import send_welcome, tell_inspectors_of_end, tell_inspectors_of_grant, tell_of_new_address
from crm.refusal import Refused
from crm.roles import MUNICIPALITY_PERMISSIONS, Role


def role_group(*, role: Role, municipality: Municipality | None = None, project=None) -> RoleGroup:
    """The group of `role` in that place, made with its grants when first asked for."""
    role_groups = RoleGroup.objects.filter(role=role, municipality=municipality, project=project)
    if found := role_groups.first():
        return found
    place = municipality.code if municipality else f"project-{project.pk}" if project else "installation"
    with transaction.atomic():
        # Of two who make it at once the second waits here until the first is done, and takes what that one made.
        group, made = Group.objects.get_or_create(name=f"{role.value}:{place}")
        if not made:
            return role_groups.get()
        new = RoleGroup.objects.create(group=group, role=role, municipality=municipality, project=project)
        for permission in sorted(MUNICIPALITY_PERMISSIONS.get(role, ())):
            assign_perm(permission.value, group, municipality)
    return new


def grant_role(
    *,
    user: User,
    role: Role,
    by: User | None,
    starts: date,
    ends: date | None = None,
    municipality: Municipality | None = None,
    project=None,
    standing_in_for: User | None = None,
) -> Membership:
    """Give `user` a role from `starts` until `ends`. Never to oneself; the inspectors concerned are told."""
    if by is not None and by.pk == user.pk:
        raise Refused(_("You cannot give a role to yourself. Ask another administrator."))
    if ends is not None and ends < starts:
        raise Refused(_("The last day is before the first day. Correct one of them."))
    with transaction.atomic(), acting(by):
        User.objects.select_for_update().get(pk=user.pk)  # two administrators do not grant the same at once
        group = role_group(role=role, municipality=municipality, project=project).group
        if Membership.objects.overlapping(starts, ends).filter(user=user, group=group).exists():
            raise Refused(_("%(name)s already has this role. End it first if the dates change.") % {"name": user.name})
        membership = Membership.objects.create(
            user=user, group=group, starts=starts, ends=ends, by=by, standing_in_for=standing_in_for
        )
        transaction.on_commit(lambda: tell_inspectors_of_grant(membership))
    return membership


def end_role(*, membership: Membership, last_day: date, by: User) -> Membership:
    """Let a membership end after `last_day`; one that has not begun by then is taken back whole.

    The inspectors concerned are told, as they were of the grant. Never later than it ends anyhow: a longer role is a
    new grant.
    """
    if by.pk == membership.user_id:
        raise Refused(_("You cannot change your own roles. Ask another administrator."))
    with transaction.atomic(), acting(by):
        membership = Membership.objects.select_for_update().get(pk=membership.pk)
        if membership.ends is not None and last_day > membership.ends:
            raise Refused(_("The role ends earlier than that. Give it anew from the day after its last day."))
        transaction.on_commit(lambda: tell_inspectors_of_end(membership, last_day, by))
        if last_day < membership.starts:
            membership.delete()
            return membership
        membership.ends = last_day
        membership.save(update_fields=["ends"])
    return membership


def create_user(*, email: str, name: str, language: str, by: User | None) -> User:
    """A new member of staff, who gets a link by mail to choose a password; without a role nothing is open to them."""
    with transaction.atomic(), acting(by):
        user = User.objects.create_user(email, name=name, language=language)
        transaction.on_commit(lambda: send_welcome(user))
    return user


def change_user(*, user: User, email: str, name: str, language: str, by: User) -> User:
    """Change an account. A new e-mail is told to the old address and to the inspectors where the user has a role."""
    with transaction.atomic(), acting(by):
        before = User.objects.values_list("email", flat=True).get(pk=user.pk)
        user.email, user.name, user.language = email.lower(), name, language
        user.save(update_fields=["email", "name", "language"])
        if user.email != before:
            transaction.on_commit(lambda: tell_of_new_address(user, before, by))
    return user


def change_own_account(*, user: User, **chosen: str) -> User:
    """What one may change of oneself: name, language, colour_scheme; any of them."""
    if unknown := chosen.keys() - {"name", "language", "colour_scheme"}:
        raise ValueError(f"not one's own to change: {sorted(unknown)}")
    with transaction.atomic(), acting(user):
        for field, value in chosen.items():
            setattr(user, field, value)
        user.save(update_fields=list(chosen))
    return user


def set_sign_in(*, user: User, allowed: bool, by: User) -> User:
    """Close or open an account. A closed one is signed out at its next click; its roles stay until they end."""
    if by.pk == user.pk:
        raise Refused(_("You cannot close your own account. Ask another administrator."))
    with transaction.atomic(), acting(by):
        user.is_active = allowed
        user.save(update_fields=["is_active"])
    return user


def change_municipality(
    *, municipality: Municipality, settled_criteria: list[str], stale_after_days: int, by: User
) -> Municipality:
    """What the municipality asks for before «settled», and after how many quiet days a case comes to My day."""
    with transaction.atomic(), acting(by):
        municipality.settled_criteria, municipality.stale_after_days = settled_criteria, stale_after_days
        municipality.save(update_fields=["settled_criteria", "stale_after_days"])
    return municipality


def record_export(
    *,
    by: User,
    at: datetime,
    what: ExportedList,
    file_format: FileFormat,
    rows: int,
    municipalities: Collection[int],
    words: str,
) -> Export:
    """Record that `by` takes `rows` rows of a list, of these municipalities, as a file; before it is sent."""
    with transaction.atomic():
        export = Export.objects.create(
            by=by, recorded_at=at, what=what, file_format=file_format, rows=rows, words=words
        )
        export.municipalities.set(municipalities)
    return export
