"""Forms of the daily work: contacts, plan and tasks, facts, the move date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cases.actions import EDITABLE_FACTS
from cases.models import Case, Direction, EventKind, Service, Stay, Task, TaskKind
from crm.conflicts import EditForm
from crm.fields import DateField, TextField
from crm.models import User

DIRECTIONS = [(Direction.OUT.value, _("We to the household")), (Direction.IN.value, _("The household to us"))]


class LogForm(forms.Form):
    """A call, meeting, note or e-mail; asks only for what belongs to that kind."""

    direction = forms.ChoiceField(label=_("Who to whom"), choices=DIRECTIONS, widget=forms.RadioSelect, initial="out")
    subject = TextField(label=_("Subject"), max_length=200, required=False)
    text = TextField(
        label=_("What was said or agreed"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=600, required=False)
    on = DateField(label=_("Date"))
    time = forms.TimeField(
        label=_("Time"),
        help_text=_("For example 14:20"),
        widget=forms.TimeInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": _("Write the time as hours and minutes, for example 14:20.")},
    )

    def __init__(self, *args, kind: EventKind, now: datetime, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        here = timezone.localtime(now)
        self.fields["on"].initial, self.fields["time"].initial = here.date(), here.time().replace(second=0)
        left_out = {
            EventKind.CALL: ["subject"],
            EventKind.MEETING: ["subject", "direction"],
            EventKind.EMAIL: ["minutes"],
            EventKind.NOTE: ["subject", "direction", "minutes"],
        }
        for name in left_out[kind]:
            del self.fields[name]
        if kind == EventKind.NOTE:
            self.fields["text"].label = _("Note")
            self.fields["text"].required = True
            self.fields["text"].error_messages["required"] = _("Write the note.")

    def told(self) -> dict[str, Any]:
        """What was told, as `log_event` takes it; the subject of an e-mail is the first line of its text."""
        data = self.cleaned_data
        moment = datetime.combine(data["on"], data["time"], timezone.get_default_timezone())
        lines = [data.get("subject", ""), data["text"]]
        return {
            "direction": data.get("direction", ""),
            "minutes": data.get("minutes"),
            "text": "\n".join(line for line in lines if line),
            "happened_at": moment,
        }


class TaskForm(EditForm):
    """Something to do, by when and by whom."""

    title = TextField(label=_("What is to be done"), max_length=200, error_messages={"required": _("Write it.")})
    due_on = DateField(label=_("Due"), required=False)
    assignee = forms.ModelChoiceField(label=_("Who does it"), queryset=User.objects.none(), required=False)

    def __init__(self, *args, workers: QuerySet[User], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = workers  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        """What was told, as `add_task` takes it."""
        return {"kind": TaskKind.TASK, **self.cleaned_data}


class PlanForm(TaskForm):
    """A service of the catalogue, or a goal in one's own words."""

    service = forms.ModelChoiceField(
        label=_("Service"), queryset=Service.objects.none(), required=False, empty_label=_("None: a goal in own words")
    )
    field_order = ["service", "title", "due_on", "assignee"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = Service.objects.order_by("name_fi", "pk")  # type: ignore[attr-defined]
        self.fields["title"].required = False
        self.fields["title"].label = _("In own words")
        self.fields["title"].help_text = _("The goal; or, with a service, what exactly is arranged")

    def told(self) -> dict[str, Any]:
        return {"kind": TaskKind.SERVICE if self.cleaned_data["service"] else TaskKind.GOAL, **self.cleaned_data}


class CaseForm(EditForm, forms.ModelForm):
    """The facts of a case that may be changed at any time. Never saved: `told` goes to `edit_case`.

    Of a stay that is known already the day is asked from which the new one holds, today where nothing else is said:
    a report on an earlier period keeps what was so then. No day stands for a mistake: one field asks both, and who
    changes something else need not look at it.
    """

    season_ends_on = DateField(label=_("Season ends"), required=False)
    stay_since = DateField(
        label=_("Stay changed on"),
        required=False,
        help_text=_("Counts only if you change the stay. Leave empty if it was recorded wrongly."),
    )
    together = (("stay", "season_ends_on"),)
    field_order = ["coordinator", "move_reason", "channel", "stay", "season_ends_on", "stay_since", "registration"]

    class Meta:
        model = Case
        fields = ["coordinator", "move_reason", "channel", "stay", "season_ends_on", "registration"]

    def __init__(self, *args, workers: QuerySet[User], today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stay_since"].initial = today
        if self.instance.stay == Stay.UNKNOWN:
            del self.fields["stay_since"]
        field, now = self.fields["coordinator"], self.instance.coordinator
        field.queryset, field.required = workers, False  # type: ignore[attr-defined]
        if now is not None and now not in workers:
            field.help_text = _("%(name)s can no longer work with this household. Choose another.") % {"name": now.name}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("season_ends_on") and data.get("stay") in (Stay.PERMANENT, Stay.SECOND_HOME):
            self.add_error("season_ends_on", _("This kind of stay has no end. Choose another, or leave this empty."))
        return data

    def told(self) -> dict[str, Any]:
        """What was told, as `edit_case` takes it."""
        changes = {name: self.cleaned_data[name] for name in EDITABLE_FACTS}
        return {"changes": changes, "stay_since": self.cleaned_data.get("stay_since")}


class PostponeForm(EditForm):
    """Another planned move date; which of the tasks with a due date move along, shown with their new dates.

    The date before and what is due are watched: by how much things move depends on them.
    """

    to = DateField(label=_("New move date"))
    why = TextField(label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    tasks = forms.TypedMultipleChoiceField(
        label=_("These move along"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, tasks: Sequence[Task], before: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        moved_by = self._moved_by(before)
        self.fields["tasks"].choices = [(task.pk, _told(task, moved_by)) for task in tasks]  # type: ignore[attr-defined]
        self.fields["tasks"].initial = [task.pk for task in tasks]

    def _moved_by(self, before: date) -> timedelta | None:
        """By how much the tasks move, where a new date has been typed."""
        try:
            to = self.fields["to"].to_python(self.data.get("to", ""))
        except forms.ValidationError:
            return None
        return to - before if to else None


def _told(task: Task, moved_by: timedelta | None) -> str:
    """«Book the van: 2.12.2026 → 9.12.2026»"""
    if task.due_on is None:
        return task.title
    days = [task.due_on] if moved_by is None else [task.due_on, task.due_on + moved_by]
    return f"{task.title}: {' → '.join(date_format(day, 'SHORT_DATE_FORMAT') for day in days)}"
