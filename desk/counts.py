"""The counts beside the lines of the sidebar, all in one statement."""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Task
from contacts.access import Scope
from crm.counts import count_each, told
from crm.permissions import Permission

# What the numbers count: less than the pages show, which look a week ahead.
COUNTED: dict[str, Promise] = {
    "my_day": _("Your tasks due today or before, and your pauses to review"),
    "case_list": _("Open cases"),
}


def sidebar_counts(scope: Scope, today: date) -> dict[str, str]:
    """By the name of the page: what of mine is due by today, how many cases are open; nothing for who sees none."""
    if not scope.may_somewhere(Permission.VIEW_CASES):
        return {}
    cases = Case.objects.visible_to(scope)
    counts = count_each(
        scope.user_id,
        {
            "tasks": Task.objects.visible_to(scope).due_by(today).going_on().filter(assignee=scope.user_id),
            "reviews": cases.pause_over(today).filter(coordinator=scope.user_id),
            "open": cases.open(),
        },
    )
    return {"my_day": told(counts["tasks"] + counts["reviews"]), "case_list": told(counts["open"])}
