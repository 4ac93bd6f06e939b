"""What stays in memory of the texts that were compared."""

from __future__ import annotations

from contacts import names
from contacts.names import fold


def test_a_note_is_folded_as_a_word_is_and_does_not_stay_in_memory():
    note = " ".join(["Järvinen,", "Øvrebø", "soitti"] * 300)
    assert fold(note) == " ".join(["jarvinen", "ovrebo", "soitti"] * 300)
    before = names._fold_word.cache_info().misses
    assert fold("Järvinen, Øvrebø soitti ensin") == "jarvinen ovrebo soitti ensin"
    assert names._fold_word.cache_info().misses == before + 1
    for number in range(100):
        fold(f"{note} {number}")
    assert names._fold_word.cache_info().misses == before + 1
