"""Why a case asks for attention: what Oma päivä shows and the list of cases can be narrowed to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Task
from cases.querysets import CaseQuerySet
from crm.models import Municipality

TASK_DAYS = 7  # how far ahead tasks are shown
MOVE_DAYS = 14  # how far ahead planned moves are shown
OLD_MOVE = timedelta(days=90)  # how long after its date a move is no longer due but forgotten


class Attention(models.TextChoices):
    TASK = "task", _("Task due within a week")
    REVIEW = "review", _("Pause to review")
    MOVE = "move", _("Move within two weeks, or its date has passed")
    OLD_MOVE = "old_move", _("Move date passed over three months ago")
    NEW = "new", _("New, not yet taken up")
    QUIET = "quiet", _("No contact for a while")


def needing(
    rows: CaseQuerySet, why: Attention, *, today: date, municipalities: Iterable[Municipality], user_id: int | None
) -> models.QuerySet[Case]:
    """The cases of `rows` that ask for attention for this reason; new are those nobody or `user_id` has."""
    if why == Attention.TASK:
        due = Task.objects.due_by(today + timedelta(days=TASK_DAYS))
        return rows.open().filter(Exists(due.filter(case=OuterRef("pk"))))
    if why == Attention.REVIEW:
        return rows.pause_over(today)
    if why == Attention.MOVE:
        return rows.moving_by(today + timedelta(days=MOVE_DAYS))
    if why == Attention.OLD_MOVE:
        return rows.moving_by(today - OLD_MOVE - timedelta(days=1))
    if why == Attention.NEW:
        return rows.not_taken_up(user_id)
    return rows.quiet(today, municipalities)
