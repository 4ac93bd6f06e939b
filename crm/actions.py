"""What is done on the ground floor: accounts, roles, settings."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm

from crm.audit import acting
from crm.models import Membership, Municipality, RoleGroup, User
from crm.notices import tell_inspectors_of_grant
from crm.refusal import Refused
from crm.roles import MUNICIPALITY_PERMISSIONS, Role


def role_group(*, role: Role, municipality: Municipality | None = None, project=None) -> RoleGroup:
    """The group of `role` in that place, made with its grants when first asked for."""
    found = RoleGroup.objects.filter(role=role, municipality=municipality, project=project).first()
    if found:
        return found
    with transaction.atomic():
        place = municipality.code if municipality else f"project-{project.pk}" if project else "installation"
        group = Group.objects.create(name=f"{role.value}:{place}")
        made = RoleGroup.objects.create(group=group, role=role, municipality=municipality, project=project)
        for permission in sorted(MUNICIPALITY_PERMISSIONS.get(role, ())):
            assign_perm(permission.value, group, municipality)
    return made


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
    """Give `user` a role from `starts` until `ends`; tells the inspectors of the municipality. Never to oneself."""
    if by is not None and by.pk == user.pk:
        raise Refused(_("You cannot give a role to yourself. Ask another administrator."))
    if ends is not None and ends < starts:
        raise Refused(_("The last day is before the first day. Correct one of them."))
    with transaction.atomic(), acting(by):
        group = role_group(role=role, municipality=municipality, project=project).group
        if Membership.objects.in_force(starts).filter(user=user, group=group).exists():
            raise Refused(_("%(name)s already has this role. End it first if the dates change.") % {"name": user.name})
        membership = Membership.objects.create(
            user=user, group=group, starts=starts, ends=ends, by=by, standing_in_for=standing_in_for
        )
        transaction.on_commit(lambda: tell_inspectors_of_grant(membership, municipality))
    return membership


def end_role(*, membership: Membership, last_day: date, by: User) -> Membership:
    """Let a membership end after `last_day`; one that has not begun by then is taken back whole."""
    if by.pk == membership.user_id:
        raise Refused(_("You cannot change your own roles. Ask another administrator."))
    with transaction.atomic(), acting(by):
        membership = Membership.objects.select_for_update().get(pk=membership.pk)
        if last_day < membership.starts:
            membership.delete()
            return membership
        membership.ends = last_day
        membership.save(update_fields=["ends"])
    return membership
