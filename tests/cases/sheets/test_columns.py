"""Headings to meanings, in Finnish, Swedish and English."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.sheets.columns import REPEATABLE, Meaning, guess_columns, guess_heading, twice
from tests.factories.sheets import HEADINGS


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Pvm", Meaning.CONTACT_ON),
        ("Yhteydenotto: Pvm", Meaning.CONTACT_ON),
        ("Muutto: Pvm", Meaning.PLANNED_MOVE_ON),
        ("Puh.", Meaning.PHONE),
        ("Puh.nro", Meaning.PHONE),
        ("Sähköposti", Meaning.EMAIL),
        ("E-mail", Meaning.EMAIL),
        ("Mistä muuttaa", Meaning.MOVES_FROM),
        ("KUNTA", Meaning.MUNICIPALITY),
        ("Hlöä", Meaning.SIZE),
        ("Muuton syy", Meaning.MOVE_REASON),
        ("Vaihe", Meaning.STAGE),
        ("Tila", Meaning.STAGE),
        ("Huom.", Meaning.NOTE),
        ("Lisätietoja", Meaning.NOTE),
        ("Tilläggsuppgifter", Meaning.NOTE),
        ("Kotikunta", Meaning.MUNICIPALITY),
        ("Hemkommun", Meaning.MUNICIPALITY),
        ("Etunimi", Meaning.GIVEN_NAME),
        ("Efternamn", Meaning.FAMILY_NAME),
        ("Skede", Meaning.STAGE),
        ("Birth year", Meaning.BIRTH_YEAR),
        ("Tavoite", Meaning.GOAL),
        ("Kieli", Meaning.LANGUAGE),
        ("Muuttopäivä", Meaning.PLANNED_MOVE_ON),
        ("Asettunut pvm", Meaning.SETTLED_ON),
        ("Kissan nimi", Meaning.SKIP),
        ("Kunta johon he aikovat muuttaa", Meaning.SKIP),  # a sentence
        ("", Meaning.SKIP),
    ],
)
def test_a_heading(heading, meaning):
    assert guess_heading(heading) == meaning


def test_the_usual_sheet_is_understood_whole():
    assert Meaning.SKIP not in guess_columns(HEADINGS, {})


def test_what_was_said_before_wins_over_the_guess():
    assert guess_columns(["Tila", "Jutut"], {"tila": "note", "jutut": "goal"}) == [Meaning.NOTE, Meaning.GOAL]


def test_a_meaning_no_longer_known_is_guessed():
    assert guess_columns(["Pvm"], {"pvm": "gone"}) == [Meaning.CONTACT_ON]


@given(st.lists(st.one_of(st.sampled_from(HEADINGS), st.text(max_size=12)), max_size=20))
def test_no_guess_gives_a_meaning_twice(headings):
    meanings = guess_columns(headings, {})
    assert len(meanings) == len(headings)
    assert twice(meanings) == []
    once = [meaning for meaning in meanings if meaning not in REPEATABLE]
    assert len(once) == len(set(once))
