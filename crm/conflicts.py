"""Two who change the same at once: what one has saved is not overwritten by another who has not seen it.

A form that changes what is stored carries a mark of each value it showed. Sent, it knows three versions of every
field: what was shown, what was typed and what is stored now, read under the lock under which it is saved
(docs/adr/0012-two-savers.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.datastructures import MultiValueDict

from crm.audit import Change, last_change

MINE, STORED = "mine", "stored"


class SeenField(forms.Field):
    """A mark of each value that a form showed, «name:mark name:mark»; cleans to marks by name.

    It is not signed: who changes it deceives nobody but themselves, since nothing is read from it but marks.
    """

    widget = forms.HiddenInput

    def prepare_value(self, value):
        return " ".join(f"{name}:{mark}" for name, mark in value.items()) if isinstance(value, dict) else value

    def to_python(self, value) -> dict[str, str]:
        parts = (part.partition(":") for part in (value or "").split())
        return {name: mark for name, _colon, mark in parts}


@dataclass(frozen=True)
class Conflict:
    """Fields that must be chosen together, with what was typed and what another has stored, in words.

    `version` is a mark of what is stored: a choice counts only against the version that was shown beside it.
    `long`: they are texts of several lines. `missed`: it was asked already, and the form was sent without a choice.
    """

    fields: tuple[str, ...]
    label: str
    choice: str  # the name of its radio buttons
    version: str
    mine: str
    stored: str
    long: bool = False
    missed: bool = False

    @property
    def asked(self) -> str:
        """Under which name `seen` tells that the form showed this choice."""
        return _asked(self.fields)


@dataclass(frozen=True)
class Held:
    """What an edit form is about. `now` locks it and gives its values as the form takes them for `initial`; it is
    called within the transaction that saves. `changed` tells who last changed any of some fields, and when."""

    now: Callable[[], Mapping[str, Any]]
    changed: Callable[[Collection[str]], Change | None]


class EditForm(forms.Form):
    """A form that changes what is stored: `initial` (of a ModelForm its instance) holds the stored values.

    What of `initial` is no field of the form is only watched: `overtaken` names what of it changed meanwhile. A form
    that removes or ends something watches what it is about; sent again it goes through, since that has been told.
    """

    together: ClassVar[Sequence[tuple[str, ...]]] = ()  # fields that mean something only with one another

    seen = SeenField(required=False)

    conflicts: Sequence[Conflict] = ()
    overtaken: Collection[str] = ()
    change: Change | None = None  # by whom it was overtaken, and when; None: not known

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        if field_name == "seen":
            return {name: self._mark_of_stored(name, value) for name, value in self.initial.items()}
        return super().get_initial_for_field(field, field_name)

    @property
    def missed(self) -> bool:
        """Whether it was sent without a choice that it had asked for."""
        return any(conflict.missed for conflict in self.conflicts)

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound:
            self.cleaned_data.pop("seen", None)  # it is no answer to anything

    def is_valid(self) -> bool:
        return super().is_valid() and not self.conflicts and not self.overtaken

    def meet(self, now: Mapping[str, Any]) -> None:
        """Bring what was sent up to what is stored `now`, before it is validated.

        A field whose value was not touched takes the stored one. One that both changed, to different values, is in
        conflict until it is chosen which stays. A form that says nothing of what it showed is taken at its word.
        """
        seen = self.fields["seen"].clean(self["seen"].data)
        self.data = data = _copy(self.data)
        self._errors = None
        marks: dict[str, str] = {}
        self.conflicts = []
        for group in self._groups(now):
            marks |= self._meet_group(data, group, now, seen)
        marks |= {name: _mark(value) for name, value in now.items() if name not in self.fields}
        watched = marks.keys() - self.fields.keys()
        self.overtaken = {name for name in watched if seen.get(name, marks[name]) != marks[name]}
        marks |= {conflict.asked: conflict.version for conflict in self.conflicts}
        data[self.add_prefix("seen")] = self.fields["seen"].prepare_value(marks)

    def _groups(self, now: Mapping[str, Any]) -> Iterable[tuple[str, ...]]:
        groups = {name: group for group in self.together for name in group}
        return dict.fromkeys(groups.get(name, (name,)) for name in now if name in self.fields)

    def _meet_group(
        self, data: MultiValueDict, group: tuple[str, ...], now: Mapping[str, Any], seen: Mapping[str, str]
    ) -> dict[str, str]:
        """Merge the fields of `group`; returns the marks of what the form shows from now on."""
        stored = {name: self._mark_of_stored(name, now[name]) for name in group}
        typed = {name: self._mark_of_raw(name, self[name].data) for name in group}
        # A field that the form did not have was not touched; one that came without a word of what it showed is meant.
        shown = {name: seen.get(name, typed[name]) for name in group} if seen else stored
        version = _mark([*stored.values()])
        choice = self.add_prefix(_asked(group))
        chosen = data.get(choice)
        if chosen == f"{STORED} {version}" or (typed == shown and chosen != f"{MINE} {version}"):
            for name in group:
                if typed[name] != stored[name]:
                    _write(data, self.add_prefix(name), self.fields[name].widget, self._prepared(name, now[name]))
        elif chosen != f"{MINE} {version}" and shown != stored != typed:
            differing = tuple(name for name in group if typed[name] != stored[name])
            label = " · ".join(str(self[name].label) for name in differing)
            mine = _joined(self._typed_in_words(name) for name in differing)
            theirs = _joined(self._stored_in_words(name, now[name]) for name in differing)
            long = any(isinstance(self.fields[name].widget, forms.Textarea) for name in differing)
            missed = seen.get(_asked(group)) == version
            conflict = Conflict(group, label, choice, version, mine, theirs, long, missed)
            self.conflicts = [*self.conflicts, conflict]
            return shown
        return stored

    def _prepared(self, name: str, value: Any) -> Any:
        return self.fields[name].prepare_value(value)

    def _raw(self, name: str, value: Any) -> Any:
        """What the form sends back of a stored value that is not touched."""
        data: MultiValueDict = MultiValueDict()
        widget = self.fields[name].widget
        _write(data, name, widget, self._prepared(name, value))
        return widget.value_from_datadict(data, {}, name)

    def _mark_of_stored(self, name: str, value: Any) -> str:
        return self._mark_of_raw(name, self._raw(name, value)) if name in self.fields else _mark(value)

    def _mark_of_raw(self, name: str, raw: Any) -> str:
        """A mark that is the same for all ways of writing the same value: «1.12.26» and «01.12.2026»."""
        field = self.fields[name]
        if isinstance(field, forms.MultipleChoiceField):
            return _mark(sorted(map(str, raw or ())))
        if isinstance(field, forms.ChoiceField):  # of a model's rows, too: no statement is needed
            return _mark(str(raw or ""))
        try:
            value = field.clean(raw)
        except ValidationError:
            value = raw
        return _mark(value.replace("\r\n", "\n") if isinstance(value, str) else value)

    def _typed_in_words(self, name: str) -> str:
        """As what is stored is told, however it was typed: «1.12.26» as «1.12.2026»; what cannot be read as it is."""
        field, raw = self.fields[name], self[name].data
        if not isinstance(field, forms.ChoiceField):
            with suppress(ValidationError):
                raw = self._raw(name, field.clean(raw))
        return _in_words(field, raw)

    def _stored_in_words(self, name: str, value: Any) -> str:
        """As `_in_words`, and a row that can no longer be chosen, too: it is named by what is stored alone."""
        field, raw = self.fields[name], self._raw(name, value)
        words = _in_words(field, raw)
        if raw and not words and isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
            words = str(field.queryset.model._base_manager.get(pk=raw))
        return words


def held_row(row: Model, fields: Collection[str]) -> Held:
    """`fields` of a row that holds its own lock and whose changes are logged."""
    rows = row._meta.model._base_manager.select_for_update()
    return Held(lambda: model_to_dict(get_object_or_404(rows, pk=row.pk), fields), partial(last_change, row))


def save(form: forms.BaseForm, act: Callable[[], HttpResponse | None], held: Held | None = None) -> HttpResponse | None:
    """What `act` answers where the form can be saved; None where it is to be shown again.

    What it is about (`held`) is locked from the comparison with what is stored until it is saved.
    """
    if held is None or not isinstance(form, EditForm):
        return act() if form.is_valid() else None
    with transaction.atomic():
        form.meet(held.now())
        if form.is_valid():
            return act()
    if form.conflicts or form.overtaken:
        both = {name for conflict in form.conflicts for name in conflict.fields}
        form.change = held.changed(both or form.overtaken)
    return None


def _asked(group: Sequence[str]) -> str:
    return f"choose-{group[0]}"


def _joined(words: Iterable[str]) -> str:
    return " · ".join(filter(None, words))


def _mark(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, default=str).encode()).hexdigest()[:16]


def _copy(data: Any) -> MultiValueDict:
    """What was sent, to be changed; where code fills the form, a plain dict."""
    if isinstance(data, MultiValueDict):
        return data.copy()
    return MultiValueDict({name: value if isinstance(value, list) else [value] for name, value in data.items()})


def _write(data: MultiValueDict, name: str, widget: forms.Widget, value: Any) -> None:
    """Put `value` where the browser would send it from an untouched `widget`."""
    if isinstance(widget, forms.MultiWidget):
        names: list[str] = widget.widgets_names  # type: ignore[attr-defined]
        parts = zip(names, widget.widgets, widget.decompress(value) or (), strict=True)
        for suffix, part_widget, part in parts:
            _write(data, name + suffix, part_widget, part)
        return
    if isinstance(widget, forms.CheckboxInput):  # of a box that is not ticked nothing is sent
        data.setlist(name, ["on"] if widget.check_test(value) else [])
        return
    shown = widget.format_value(value)
    data.setlist(name, shown if isinstance(shown, list) else ["" if shown is None else str(shown)])


def _in_words(field: forms.Field, raw: Any) -> str:
    """How a value that was sent, or would be, is told: the labels of choices, else as it is written; "" for none."""
    if isinstance(field, forms.MultiValueField):
        parts = zip(field.fields, raw or [""] * len(field.fields), strict=True)
        return ", ".join(filter(None, (_in_words(part, value) for part, value in parts)))
    if isinstance(field, forms.ChoiceField):
        chosen = {str(value) for value in (raw if isinstance(raw, list) else [raw]) if value}
        choices: Any = field.choices
        return ", ".join(str(label) for value, label in choices if str(value) in chosen)
    return str(raw or "")
