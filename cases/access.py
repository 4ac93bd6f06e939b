"""The case that a request opens: scope first, then 404; what is opened is logged."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery

from cases.actions import with_facts
from cases.models import Case
from contacts.models import NoticeGiven
from contacts.requests import StaffRequest
from crm.access import open_record
from crm.permissions import Permission


def opened_case(request: StaffRequest, permission: Permission, **by: Any) -> Case:
    """The case found by `by`, with its household, coordinator and what the lifecycle asks of it (`open_record`).

    `notice_version` and `notice_given_on` tell of the privacy notice last given, None where there was none.
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
    return open_record(request, cases, permission, **by)
