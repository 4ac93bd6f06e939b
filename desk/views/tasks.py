"""Tehtäväni: all that I have still to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.attention import TASK_DAYS
from cases.casefile import task_row
from cases.models import Task
from cases.querysets import TaskQuerySet
from contacts.requests import StaffRequest
from crm.access import require_somewhere
from crm.counts import count_each, told
from crm.exports import exported
from crm.models import Municipality
from crm.pages import fragment_or_page
from crm.paging import in_order, page_after
from crm.permissions import Permission
from desk.exports import task_export


class Due(models.TextChoices):
    """When it is due, as it stands in the address."""

    ALL = "", pgettext_lazy("tasks", "All")
    LATE = "late", pgettext_lazy("tasks", "Late")
    WEEK = "week", _("Within a week")
    LATER = "later", pgettext_lazy("tasks", "Later")
    NO_DATE = "none", _("No date")


LAST_WITHOUT_DATE = Coalesce("due_on", Value(date.max))
ORDER = ("due_or_last",)


def my_tasks(request: StaffRequest) -> HttpResponse:
    """What is undone and mine in all cases that go on, the most urgent first; narrowed by `?due=`."""
    require_somewhere(request.scope, Permission.VIEW_CASES)
    due = _due(request)
    tasks = tasks_of(request).undone()
    within = _within(request.today)
    counts = count_each(request.scope.user_id, {choice.name: tasks.filter(within[choice]) for choice in Due})
    rows = tasks.filter(within[due]).annotate(due_or_last=LAST_WITHOUT_DATE)
    page = page_after(rows, ORDER, request.GET.get("after"))
    context = {
        "page": page,
        "rows": [task_row(task, request.today) for task in page],
        "chips": [_chip(choice, counts, current=choice is due) for choice in Due],
        "narrowed": due is not Due.ALL,
        "export_url": reverse("my_tasks_export") + _query(due),
        "next": request.get_full_path(),
        "workable": request.scope.municipalities(Permission.WORK_CASES),
    }
    return fragment_or_page(request, "desk/_tasks.html", "desk/tasks.html", context)


def my_tasks_export(request: StaffRequest) -> HttpResponseBase:
    """The same tasks as a file."""
    places = require_somewhere(request.scope, Permission.VIEW_CASES)
    due = _due(request)
    tasks = tasks_of(request).undone().filter(_within(request.today)[due])
    rows = in_order(tasks.annotate(due_or_last=LAST_WITHOUT_DATE), ORDER)
    municipalities = Municipality.objects.by_name(places)
    back = reverse("my_tasks") + _query(due)
    return exported(request, task_export(rows, request.scope, municipalities, words=lambda: str(due.label), back=back))


def tasks_of(request: StaffRequest) -> TaskQuerySet:
    """The user's own tasks in the cases that go on and are in sight, with case and household."""
    tasks = Task.objects.visible_to(request.scope).going_on().filter(assignee=request.scope.user_id)
    return tasks.select_related("case__household")


def _due(request: StaffRequest) -> Due:
    return Due(request.GET["due"]) if request.GET.get("due") in Due.values else Due.ALL


def _query(due: Due) -> str:
    return f"?due={due.value}" if due.value else ""


def _within(today: date) -> Mapping[Due, Q]:
    week = today + timedelta(days=TASK_DAYS)
    return {
        Due.ALL: Q(),
        Due.LATE: Q(due_on__lt=today),
        Due.WEEK: Q(due_on__range=(today, week)),
        Due.LATER: Q(due_on__gt=week),
        Due.NO_DATE: Q(due_on__isnull=True),
    }


def _chip(due: Due, counts: Mapping[str, int], *, current: bool) -> dict[str, Any]:
    label: str | Promise = due.label
    return {
        "name": due.name.lower(),
        "label": label,
        "count": told(counts[due.name]),
        "url": reverse("my_tasks") + _query(due),
        "current": current,
    }
