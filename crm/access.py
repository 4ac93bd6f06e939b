"""Who may what, where. `scope` is the only reader of memberships and grants: one statement a request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from crm import audit
from crm.models import Membership, User
from crm.permissions import InstallationPermission, Permission, ProjectPermission
from crm.roles import INSTALLATION_PERMISSIONS, PROJECT_PERMISSIONS, Role

if TYPE_CHECKING:
    from crm.requests import StaffRequest


@dataclass(frozen=True)
class Scope:
    """What one user may do today.

    `grants` gives the ids of the municipalities by permission; `project_grants` the ids of the projects.
    """

    user_id: int | None
    grants: Mapping[Permission, frozenset[int]]
    project_grants: Mapping[ProjectPermission, frozenset[int]]
    installation: frozenset[InstallationPermission]
    roles: frozenset[tuple[Role, int | None]]

    def municipalities(self, permission: Permission) -> frozenset[int]:
        return self.grants.get(permission, frozenset())

    def projects(self, permission: ProjectPermission) -> frozenset[int]:
        return self.project_grants.get(permission, frozenset())

    def may(self, permission: Permission, municipality_id: int) -> bool:
        return municipality_id in self.municipalities(permission)

    def may_somewhere(self, permission: Permission) -> bool:
        return bool(self.municipalities(permission))

    @property
    def administers(self) -> bool:
        return InstallationPermission.ADMINISTER in self.installation


def scope(user: User | AnonymousUser, today: date) -> Scope:
    """Everything `user` may do on `today`: one statement. Nothing for the anonymous and for the deactivated."""
    if not user.is_authenticated or not user.is_active:
        return Scope(None, {}, {}, frozenset(), frozenset())
    return _collect(user.pk, _rows(user, today))


def _rows(user: User, today: date) -> Iterable[tuple[str, int | None, int | None, str | None, int | None]]:
    return (
        Membership.objects.in_force(today)
        .filter(user=user)
        .order_by("pk")
        .values_list(
            "group__role_group__role",
            "group__role_group__municipality_id",
            "group__role_group__project_id",
            "group__municipalitygrouppermission__permission__codename",
            "group__municipalitygrouppermission__content_object_id",
        )
    )


def _collect(user_id: int, rows) -> Scope:
    grants: dict[Permission, set[int]] = defaultdict(set)
    project_grants: dict[ProjectPermission, set[int]] = defaultdict(set)
    installation: set[InstallationPermission] = set()
    roles: set[tuple[Role, int | None]] = set()
    for role_name, own_municipality, project, codename, municipality in rows:
        role = Role(role_name)
        roles.add((role, own_municipality))
        installation |= INSTALLATION_PERMISSIONS.get(role, frozenset())
        for project_permission in PROJECT_PERMISSIONS.get(role, frozenset()):
            project_grants[project_permission].add(project)
        if codename:
            grants[Permission(codename)].add(municipality)
    return Scope(
        user_id,
        {permission: frozenset(ids) for permission, ids in grants.items()},
        {permission: frozenset(ids) for permission, ids in project_grants.items()},
        frozenset(installation),
        frozenset(roles),
    )


def holders(permission: Permission, municipality_ids: Iterable[int], today: date):
    """The active users who hold `permission` in any of these on `today`, by name: those a case can be given to."""
    there = Membership.objects.in_force(today).filter(
        group__municipalitygrouppermission__content_object__in=municipality_ids,
        group__municipalitygrouppermission__permission__codename=permission,
    )
    return User.objects.filter(is_active=True, pk__in=there.values("user")).order_by("name", "pk")


def require(scope: Scope, permission: Permission, municipality_id: int) -> None:
    """Let through who holds `permission` there; Http404 to whom the place does not exist, else PermissionDenied.

    Scope first, then 404: what a user may not even see answers as if it were not there.
    """
    if scope.may(permission, municipality_id):
        return
    if permission is not Permission.VIEW_CASES and scope.may(Permission.VIEW_CASES, municipality_id):
        raise PermissionDenied
    raise Http404


def open_record(request: StaffRequest, records: QuerySet, permission: Permission, **by: Any) -> Any:
    """The one of `records`, those within the scope, that the address names; the access log has that it was opened.

    The only way in which a view gets a person, a household or a case (docs/adr/0008-access-log.md). One statement to
    get it, one more where the user has not looked at it lately. Http404 where the user may not know of it,
    PermissionDenied where they may see it but lack `permission`: neither leaves a row.
    """
    at = timezone.now()
    looked_lately = audit.looked_lately(records.model, by=request.user, at=at)
    record = get_object_or_404(records.annotate(looked_lately=looked_lately), **by)
    require(request.scope, permission, record.municipality_id)
    if not record.looked_lately:
        audit.looked_at(record, by=request.user, at=at)
    return record


def require_somewhere(scope: Scope, permission: Permission) -> frozenset[int]:
    """The municipalities where `permission` is held; PermissionDenied where there is none."""
    found = scope.municipalities(permission)
    if not found:
        raise PermissionDenied
    return found


def require_administrator(scope: Scope) -> None:
    if not scope.administers:
        raise PermissionDenied
