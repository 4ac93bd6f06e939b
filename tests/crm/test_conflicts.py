"""The three versions of a form that two fill in at once: what was shown, what was typed, what is stored."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from contacts.fields import Birth, BirthField
from crm.conflicts import EditForm
from crm.fields import DateField, TextField


class _Thing(EditForm):
    """One field of each sort; the day and the place belong together."""

    together = (("day", "place"),)

    name = TextField(label="Nimi", required=False, max_length=40)
    born = BirthField(label="Syntynyt")
    text = TextField(label="Teksti", required=False, widget=forms.Textarea)
    day = DateField(label="Päivä", required=False)
    place = forms.ChoiceField(label="Paikka", choices=[("", "–"), ("p", "Posio"), ("k", "Kemi")], required=False)
    tags = forms.MultipleChoiceField(
        label="Tunnisteet", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple, required=False
    )
    open = forms.BooleanField(label="Avoin", required=False)


SHOWN = {"name": "Aino", "born": 1990, "text": "a\nb", "day": date(2026, 12, 1), "place": "p", "tags": ["a", "b"]}
SHOWN |= {"open": True}
SENT = {"name": "Aino", "born": "1990", "text": "a\r\nb", "day": "1.12.2026", "place": "p", "tags": ["b", "a"]}
SENT |= {"open": "on"}


def seen_of(shown: dict) -> str:
    """What the hidden field carries where `shown` is shown."""
    return _Thing(initial=shown)["seen"].value()


def met(typed: dict, now: dict, *, shown: dict | None = None, **more) -> _Thing:
    """The form that showed `shown` (SHOWN), sent with `typed` over it, while `now` over it is stored."""
    shown = shown or SHOWN
    form = _Thing({**SENT, "seen": seen_of(shown), **typed, **more}, initial=shown)
    form.meet({**shown, **now})
    return form


def outcome(form: _Thing) -> dict:
    assert form.is_valid(), (form.errors, form.conflicts)
    return form.cleaned_data


@pytest.mark.parametrize(
    ("typed", "now", "kept"),
    [
        ({}, {}, "Aino"),
        ({}, {"name": "Aila"}, "Aila"),
        ({"name": "Anna"}, {}, "Anna"),
        ({"name": "Aila"}, {"name": "Aila"}, "Aila"),
        ({"name": ""}, {}, ""),
        ({}, {"name": ""}, ""),
        ({"name": " Aino "}, {"name": "Aila"}, "Aila"),
        ({"name": "Anna"}, {"name": "Aila"}, None),
        ({"name": ""}, {"name": "Aila"}, None),
        ({"name": "Anna"}, {"name": ""}, None),
    ],
)
def test_what_stays_of_what_was_typed_and_what_is_stored(typed, now, kept) -> None:
    form = met(typed, now)
    if kept is not None:
        assert outcome(form)["name"] == kept
        return
    assert not form.is_valid()
    [conflict] = form.conflicts
    assert (conflict.label, conflict.mine, conflict.stored) == ("Nimi", typed["name"], now["name"])
    assert form["name"].value() == typed["name"]


@pytest.mark.parametrize(
    "typed",
    [{"day": "01.12.26"}, {"day": "2026-12-01"}, {"born": " 1990 "}, {"text": "a\nb"}, {"tags": ["a", "b"]}],
)
def test_another_way_of_writing_the_same_is_no_change(typed) -> None:
    now = {"day": date(2026, 12, 9), "born": 1991, "text": "c", "tags": ["a"]}
    told = outcome(met(typed, now))
    assert (told["day"], told["born"].year, told["text"], told["tags"]) == (date(2026, 12, 9), 1991, "c", ["a"])


UNTICKED = {"open": []}


@pytest.mark.parametrize(
    ("shown", "typed", "stored", "kept"),
    [
        (True, {}, True, True),
        (True, {}, False, False),
        (False, UNTICKED, True, True),
        (False, UNTICKED, False, False),
        (True, UNTICKED, True, False),
        (False, {}, False, True),
        (True, UNTICKED, False, False),
        (False, {}, True, True),
    ],
)
def test_a_tick_is_kept_as_any_other_value(shown, typed, stored, kept) -> None:
    form = met(typed, {"open": stored}, shown={**SHOWN, "open": shown})
    assert outcome(form)["open"] is kept


def test_what_belongs_together_is_kept_or_chosen_together() -> None:
    form = met({"day": "5.12.2026"}, {"place": "k"})
    [conflict] = form.conflicts
    assert conflict.fields == ("day", "place")
    assert (conflict.label, conflict.mine, conflict.stored) == (
        "Päivä · Paikka",
        "5.12.2026 · Posio",
        "1.12.2026 · Kemi",
    )


@pytest.mark.parametrize(
    ("typed", "now", "mine", "stored"),
    [
        ({"day": "5.12.26"}, {"day": date(2026, 12, 9)}, "5.12.2026", "9.12.2026"),
        ({"day": "2026-12-05"}, {"day": date(2026, 12, 9)}, "5.12.2026", "9.12.2026"),
        ({"day": "joulukuussa"}, {"day": date(2026, 12, 9)}, "joulukuussa", "9.12.2026"),
        ({"born": "05.12.1991"}, {"born": Birth(date(1991, 12, 9), 1991)}, "5.12.1991", "9.12.1991"),
        ({"born": " 1992 "}, {"born": Birth(None, 1991)}, "1992", "1991"),
        ({"name": " Anna "}, {"name": "Aila"}, "Anna", "Aila"),
    ],
)
def test_both_versions_are_told_in_one_way_of_writing(typed, now, mine, stored) -> None:
    form = met(typed, now)
    [conflict] = form.conflicts
    assert conflict.mine.removesuffix(" · Posio") == mine
    assert conflict.stored.removesuffix(" · Posio") == stored
    [name] = typed
    assert form[name].value() == typed[name], "the field keeps what was typed"


def test_a_text_of_several_lines_is_told_apart_from_a_word() -> None:
    [text] = met({"text": "c"}, {"text": "d"}).conflicts
    [name] = met({"name": "Anna"}, {"name": "Aila"}).conflicts
    assert (text.long, name.long) == (True, False)


def test_a_choice_counts_against_the_version_it_was_made_beside() -> None:
    typed, now = {"name": "Anna"}, {"name": "Aila"}
    first = met(typed, now)
    [conflict] = first.conflicts
    assert not first.missed, "it was not asked yet"
    again = {"seen": first.data["seen"]}
    mine = {conflict.choice: f"mine {conflict.version}"}
    theirs = {conflict.choice: f"stored {conflict.version}"}
    assert outcome(met(typed, now, **again, **mine))["name"] == "Anna"
    assert outcome(met(typed, now, **again, **theirs))["name"] == "Aila"
    assert outcome(met({"name": "Aino"}, now, **again, **mine))["name"] == "Aino", "back to what it was, and meant"
    for nothing in ({}, {conflict.choice: "nonsense"}):
        asked = met(typed, now, **again, **nothing)
        assert ([one.missed for one in asked.conflicts], asked.missed) == ([True], True)
    for chosen in (mine, theirs):
        [anew] = met(typed, {"name": "Alma"}, **again, **chosen).conflicts
        assert (anew.stored, anew.missed) == ("Alma", False)


def test_the_rest_of_a_form_in_conflict_is_as_stored_now() -> None:
    form = met({"name": "Anna"}, {"name": "Aila", "day": date(2026, 12, 9), "tags": ["a"]})
    assert (form["day"].value(), form["tags"].value()) == ("9.12.2026", ["a"])
    # Sent again it is what was seen: another change of it is met anew, and one's own counts.
    later = {"name": "Aila", "day": date(2026, 12, 9), "tags": ["a"]}
    again = _Thing({**{name: form[name].value() for name in SENT}, "seen": form.data["seen"], "day": "10.12.2026"})
    again.meet({**SHOWN, **later})
    assert [conflict.label for conflict in again.conflicts] == ["Nimi"]
    assert again["day"].value() == "10.12.2026"


def test_a_field_that_the_form_did_not_have_is_as_stored() -> None:
    shown = {name: value for name, value in SHOWN.items() if name != "name"}
    form = _Thing({**SENT, "name": "", "seen": seen_of(shown)})
    form.meet(SHOWN)
    assert outcome(form)["name"] == "Aino"


def test_what_is_only_watched_is_told_once() -> None:
    seen = seen_of({**SHOWN, "ends": None})
    form = _Thing({**SENT, "seen": seen})
    form.meet({**SHOWN, "ends": date(2026, 12, 1)})
    assert form.overtaken
    assert not form.is_valid()
    again = _Thing({**SENT, "seen": form.data["seen"]})
    again.meet({**SHOWN, "ends": date(2026, 12, 1)})
    assert again.is_valid()


@pytest.mark.parametrize("seen", ["name", "name:", ":::", "\0", "x" * 5000, "name:zz day:zz", "{'a': [[["])
def test_marks_that_nobody_gave_lose_nothing(seen) -> None:
    form = met({"name": "Anna"}, {"name": "Aila"}, seen=seen)
    assert form.is_valid() is False or outcome(form)["name"] == "Aila"


NAMES, DAYS, PLACES = ["", "Aino", "Aila"], [None, date(2026, 12, 1), date(2026, 12, 2)], ["", "p", "k"]
states = st.fixed_dictionaries(
    {"name": st.sampled_from(NAMES), "day": st.sampled_from(DAYS), "place": st.sampled_from(PLACES)}
)
EDITORS = 2


@given(
    first=states,
    presses=st.lists(
        st.tuples(st.integers(0, EDITORS - 1), st.booleans(), states, st.sampled_from(["mine", "stored", ""])),
        max_size=8,
    ),
)
def test_no_value_that_somebody_saved_is_overwritten_by_who_has_not_seen_it(first, presses) -> None:
    """Two editors open, type and save in any order; a save replaces only what that editor was shown."""
    stored = dict(first)
    forms_open: list[_Thing | None] = [None] * EDITORS
    for editor, opens, typed, choice in presses:
        form = forms_open[editor]
        if opens or form is None:
            forms_open[editor] = _Thing(initial=dict(stored))
            continue
        beside = {conflict.fields: conflict.stored for conflict in form.conflicts}
        known = dict(form.initial)
        sent = {name: value or "" for name, value in typed.items()}
        sent["day"] = typed["day"].strftime("%d.%m.%Y") if typed["day"] else ""
        chosen = {conflict.choice: f"{choice} {conflict.version}" for conflict in form.conflicts if choice}
        marks = form.data["seen"] if form.is_bound else seen_of(known)
        next_form = _Thing({**sent, "seen": marks, **chosen}, initial=known)
        next_form.meet(stored)
        before = dict(stored)
        if not next_form.is_valid():
            forms_open[editor] = next_form
            next_form.initial = before  # what is shown now: both versions of what is in conflict
            assert stored == before
            continue
        after = {name: next_form.cleaned_data[name] for name in stored}
        for group in (("name",), ("day", "place")):
            old, new = ([version[name] for name in group] for version in (before, after))
            if new == old:
                continue
            assert new == [typed[name] for name in group], "only what was typed is written"
            assert [known[name] for name in group] == old or group in beside, "and only over what was shown"
        stored = after
        forms_open[editor] = None
