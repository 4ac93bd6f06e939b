"""The form of a transition: built from its rule, so that it asks only for what that transition asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import lifecycle
from cases.forms.people import PersonsField
from cases.lifecycle import Answers, CloseReason, Facts, Need, Rule, State
from cases.models import Task
from contacts.models import Person
from crm.fields import DateField, TextField
from crm.models import SettledCriterion

REVIEW_AFTER = timedelta(days=30)
ON_LABELS: dict[str, Promise] = {
    lifecycle.CONFIRM_MOVE.name: _("Date of the decision"),
    lifecycle.REGISTER_ARRIVAL.name: _("Arrival date"),
    lifecycle.CONFIRM_SETTLED.name: _("Settled on"),
    lifecycle.PAUSE.name: _("First day of the pause"),
    lifecycle.MOVE_AWAY.name: _("Moved away on"),
}


class StepForm(forms.Form):
    """Questions in the order of `rule.asks`; refusals of the rule stand at the question they belong to.

    `people` are those the question about persons offers, `chosen` those ticked beforehand; `undone` are the tasks
    about which is to be decided where the household settles or the case closes.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args,
        rule: Rule,
        facts: Facts,
        people: Sequence[Person],
        chosen: frozenset[int],
        undone: Sequence[Task] = (),
        version: int,
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rule, self.facts, self.people, self.chosen = rule, facts, people, chosen
        self.fields["version"].initial = version
        for name in rule.asks:
            if name == "criteria":
                self.fields.update(self._criteria())
            else:
                self.fields[name] = _QUESTIONS[name](self)
                self._word_as_the_rule_does(name)
        if undone:
            self.fields["drop_tasks"] = forms.BooleanField(
                label=_("Remove what is undone: it is no longer needed"),
                required=False,
                help_text=_("The timeline keeps what it was. Without a tick it stays on the case as left undone.")
                if State.CLOSED in rule.targets
                else _("The timeline keeps what it was. Without a tick it stays on the case and on My day."),
            )

    def _word_as_the_rule_does(self, name: str) -> None:
        """An empty answer is refused in the rule's own sentence."""
        need = next((need for need in self.rule.needs if need.field == name and name not in ("on", "text")), None)
        if need is not None:
            self.fields[name].error_messages["required"] = str(need.refusal)

    def _criteria(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        for criterion in self.facts.criteria:
            fields[f"met_{criterion}"] = forms.BooleanField(label=SettledCriterion(criterion).label, required=False)
            fields[f"unmet_{criterion}"] = TextField(
                label=_("Reason, if this is not met"), max_length=200, required=False
            )
        return fields

    @property
    def questions(self) -> Iterator[dict[str, Any]]:
        """For the template: each question as a field, the criteria together as pairs of tick and reason."""
        for name in self.rule.asks:
            if name != "criteria":
                yield {"field": self[name]}
            elif self.facts.criteria:
                yield {"criteria": [self._pair(criterion) for criterion in self.facts.criteria]}
        if "drop_tasks" in self.fields:
            yield {"field": self["drop_tasks"]}

    def _pair(self, criterion: str) -> tuple[BoundField, BoundField]:
        return self[f"met_{criterion}"], self[f"unmet_{criterion}"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "on" not in data:
            return data
        for need in self.rule.unmet(self.facts, self.answers()):
            self._refuse(need)
        return data

    def _refuse(self, need: Need) -> None:
        if need.field == "criteria":
            for criterion in self._unanswered():
                self.add_error(f"met_{criterion}", _("Tick it, or write why it is not met."))
        elif need.field in self.fields:
            if need.field not in self.errors:
                self.add_error(need.field, str(need.refusal))
        else:
            self.add_error(None, str(need.refusal))

    def _unanswered(self) -> list[str]:
        data = self.cleaned_data
        return [name for name in self.facts.criteria if not data.get(f"met_{name}") and not data.get(f"unmet_{name}")]

    def answers(self) -> Answers:
        """What was answered, for the action; valid once the form is."""
        data = self.cleaned_data
        asked = {name: data[name] for name in self.rule.asks if data.get(name)}
        met = frozenset(name for name in self.facts.criteria if data.get(f"met_{name}"))
        reasons = {
            name: data[f"unmet_{name}"] for name in self.facts.criteria if name not in met and data.get(f"unmet_{name}")
        }
        return Answers(**asked, criteria_met=met, criteria_reasons=reasons)


def _on(form: StepForm) -> forms.Field:
    label = ON_LABELS.get(form.rule.name, _("Date"))
    field = DateField(label=label, initial=form.facts.today)
    if form.rule is lifecycle.REGISTER_ARRIVAL:
        field.help_text = _(
            "Those who lived here before the first contact (%(date)s): give the date they came. "
            "They are counted as already here, not as arrivals."
        ) % {"date": date_format(form.facts.opened_on, "SHORT_DATE_FORMAT")}
    return field


def _persons(form: StepForm) -> forms.Field:
    arriving = form.rule is lifecycle.REGISTER_ARRIVAL
    return PersonsField(
        form.people, label=_("Who arrived") if arriving else _("Who moves"), initial=sorted(form.chosen)
    )


def _reason(form: StepForm) -> forms.Field:
    if form.rule is lifecycle.CLOSE:
        never_left = {CloseReason.STAYS} if form.facts.arrived else set()  # who has arrived does not stay elsewhere
        reasons = [(reason.value, reason.label) for reason in CloseReason if reason not in never_left]
        return forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose the reason")), *reasons])
    return TextField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


def _text(form: StepForm) -> forms.Field:
    help_text = _("Needed with the reason “other”.") if form.rule is lifecycle.CLOSE else ""
    return TextField(
        label=_("Note"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=help_text
    )


def _target(form: StepForm) -> forms.Field:
    choices = [(state.value, state.label) for state in map(State, form.rule.targets) if state != form.facts.state]
    initial = choices[0][0] if len(choices) == 1 else None
    return forms.ChoiceField(label=_("Go back to"), choices=choices, widget=forms.RadioSelect, initial=initial)


_QUESTIONS: dict[str, Callable[[StepForm], forms.Field]] = {
    "on": _on,
    "planned_move_on": lambda form: DateField(label=_("Planned move date")),
    "review_on": lambda form: DateField(label=_("The pause is reviewed on"), initial=form.facts.today + REVIEW_AFTER),
    "persons": _persons,
    "reason": _reason,
    "target": _target,
    "text": _text,
}
