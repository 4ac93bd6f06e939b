"""The case that a request opens: scope first, then 404; what is opened is logged."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.shortcuts import get_object_or_404

from cases.actions import task_as_it_is, with_facts
from cases.models import Case, Task
from contacts.access import as_it_is_now
from contacts.models import Household, NoticeGiven
from contacts.requests import StaffRequest
from crm.access import open_record
from crm.permissions import Permission


def opened_case(
    request: StaffRequest, permission: Permission, *, lock: bool = False, lock_household: bool = False, **by: Any
) -> Case:
    """The case found by `by`, with its household, coordinator and what the lifecycle asks of it (`open_record`).

    `lock`: nobody changes it before the transaction that the caller has begun ends; one statement more.
    `lock_household`: nor its household, which is locked first, as everywhere (`contacts.actions.hold_household`): for
    what writes about the household too; another statement.
    `notice_version` and `notice_given_on` tell of the privacy notice last given, None where there was none.
    """
    # Statements of their own: what is read then is what whoever one had to wait for has left.
    mine = Case.objects.visible_to(request.scope).filter(**by)
    if lock_household:
        _lock(Household.objects.filter(pk__in=mine.order_by().values("household")))
    if lock:
        _lock(mine)
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


def _lock(rows: QuerySet) -> None:
    list(rows.select_for_update().order_by("pk").values_list("pk"))


def locked_case(request: StaffRequest, case: Case) -> Case:
    """An opened case as it is now, locked until it is saved; 404 where it has gone out of sight since."""
    locked = get_object_or_404(Case.objects.visible_to(request.scope).select_for_update(), pk=case.pk)
    return get_object_or_404(Case.objects.visible_to(as_it_is_now(request.scope)), pk=locked.pk)


def locked_task(request: StaffRequest, task: Task) -> Task:
    """A task of an opened case as it is now; raises Outdated where it has been removed since."""
    locked_case(request, task.case)
    return task_as_it_is(task)
