"""Which case a request may open: scope first, then 404."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404

from cases.actions import with_facts
from cases.models import Case
from contacts.models import Household, NoticeGiven
from contacts.requests import StaffRequest
from crm.access import require
from crm.permissions import Permission


def visible_case(request: StaffRequest, permission: Permission, **by: Any) -> Case:
    """The case found by `by`, with its household, coordinator and what the lifecycle asks of it: one statement.

    `notice_version` and `notice_given_on` tell of the privacy notice last given, None where there was none.

    Http404 where the user may not know of it; PermissionDenied where they may see it but lack `permission`.
    """
    notice = NoticeGiven.objects.filter(household=OuterRef("household")).order_by("-given_on", "-pk")
    cases = (
        with_facts(Case.objects.visible_to(request.scope))
        .select_related("household", "coordinator")
        .annotate(
            notice_version=Subquery(notice.values("version")[:1]),
            notice_given_on=Subquery(notice.values("given_on")[:1]),
        )
    )
    case = get_object_or_404(cases, **by)
    require(request.scope, permission, case.municipality_id)
    return case


def visible_household(request: StaffRequest, permission: Permission, pk: int) -> Household:
    """The household `pk`, under the same rule."""
    household = get_object_or_404(Household.objects.visible_to(request.scope), pk=pk)
    require(request.scope, permission, household.municipality_id)
    return household
