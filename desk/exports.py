"""What of my tasks goes into a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import Task, TaskKind
from contacts.access import Scope, as_it_is_now
from contacts.exports import municipality_column, restricted_column
from crm.exports import Column, Export, Listed, in_words
from crm.models import ExportedList, Municipality

READ = (
    "case__restricted",
    "title",
    "kind",
    "due_on",
    "case__household__name",
    "case__reference",
    "case__municipality_id",
)


def _columns() -> list[Column]:
    return [
        Column(_("Task"), lambda row: row.title, 40),
        Column(pgettext_lazy("task", "Kind"), in_words(TaskKind, "kind")),
        Column(_("Due"), lambda row: row.due_on),
        Column(_("Household"), lambda row: row.case__household__name, 30),
        Column(_("Reference"), lambda row: row.case__reference),
    ]


def task_export(
    rows: QuerySet[Task], scope: Scope, places: Iterable[Municipality], *, words: Callable[[], str], back: str
) -> Export:
    """These tasks in their order."""

    def read(ids: Sequence[int]) -> Iterable[Any]:
        tasks = Task.objects.visible_to(as_it_is_now(scope)).filter(pk__in=ids).order_by("pk")
        return tasks.values_list("pk", *READ, named=True)

    return Export(
        what=ExportedList.TASKS,
        title=_("My tasks"),
        columns=[
            *restricted_column(scope, "case__restricted"),
            *_columns(),
            municipality_column(places, "case__municipality_id"),
        ],
        source=Listed(rows, read, "case__municipality_id"),
        back=back,
        words=words,
        secret=bool(scope.named) and rows.filter(case__restricted=True).exists(),
    )
