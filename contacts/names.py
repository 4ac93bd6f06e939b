"""Keys by which people are found: folded names, how they sound, phone numbers, e-mail addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, islice, product

import phonenumbers

# Letters that do not decompose into a base letter and a mark.
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})

LOST = "?"  # stands where a program wrote a letter it does not have: «Y?ld?z»

# Ways to write the same sound in Finnish and in other languages, the longest first.
_SPELLINGS = (
    *(("sch", "s"), ("sh", "s"), ("zh", "s"), ("ch", "k"), ("kh", "h"), ("gh", "k"), ("ph", "v"), ("ck", "k")),
    *(("th", "t"), ("ae", "a"), ("oe", "o"), ("ue", "u"), ("x", "ks"), ("q", "k"), ("c", "k"), ("w", "v"), ("f", "v")),
    *(("z", "s"), ("y", "i"), ("j", "i"), ("d", "t"), ("b", "p"), ("g", "k")),
)
_LONGEST_WORD = 60  # characters that are remembered folded
_MOST_WORDS = 6
_MOST_KEYS = 400


def fold(text: str, keep: str = "") -> str:
    """Lower case without marks: «Øvrebø» → «ovrebo», «Järvinen» → «jarvinen»; punctuation becomes a space."""
    # A sheet or a search compares the same words over and over; a note stands once, and is not to stay in memory.
    return _fold_word(text, keep) if len(text) <= _LONGEST_WORD else _fold(text, keep)


@lru_cache(20_000)
def _fold_word(text: str, keep: str) -> str:
    return _fold(text, keep)


def _fold(text: str, keep: str) -> str:
    text = text.lower().translate(_LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() or c in keep else " " for c in bare).split())


def name_key(*names: str) -> str:
    """The folded words of a name in alphabetical order, so that «Järvinen Otso» finds «Otso Järvinen»."""
    return " ".join(sorted(fold(" ".join(names)).split()))


def name_words(*names: str) -> list[str]:
    """The folded words of a name as written, at most six; a lost letter stays in its word."""
    return [word for word in fold(" ".join(names), keep=LOST).split() if word.strip(LOST)][:_MOST_WORDS]


@lru_cache(20_000)
def spelling(word: str) -> str:
    """One way to write what can be written in many: «Mohammed» and «Mohamed», «Alexander» and «Aleksanter»."""
    for written, sounds in _SPELLINGS:
        word = word.replace(written, sounds)
    return re.sub(r"(.)\1+", r"\1", word)


# What a lost letter can have been: the letters that Windows-1252 lacks, as they sound; a vowel does not count.
_LOST_LETTERS = sorted(
    {spelling(fold(letter)) for letter in map(chr, range(0x100, 0x180)) if not letter.encode("cp1252", "ignore")}
    & set("hklnrstv")
)


@lru_cache(20_000)
def sound(word: str) -> str:
    """The consonants of a folded word, each once in a row: «jarvinen» → «rvn»; its spelling where it has none."""
    spelt = spelling(word.replace(LOST, ""))
    return re.sub(r"(.)\1+", r"\1", re.sub("[aeiou]", "", spelt)) or spelt


def sound_keys(*names: str) -> tuple[str, str]:
    """Two keys of a stored name's two longest words: the one whole with the beginning of the other, and turned.

    Whoever misspells one of the words, or writes them the other way round, still meets one of the keys.
    A single word is no name to go by: ("", "").
    """
    longest = sorted(name_words(*names), key=lambda word: (-len(word), word))[:2]
    if len(longest) < 2:
        return "", ""
    first, second = longest
    return _sound_key(first, second), _sound_key(second, first)


def _sound_key(whole: str, beginning: str) -> str:
    return f"{sound(whole)} {sound(beginning)[:2]}"[:40]


def wanted_sound_keys(*names: str) -> set[str]:
    """Every key under which the person of a typed name may be stored, for each reading of it (at most 400)."""
    keys = (
        _sound_key(*pair)
        for words in readings(name_words(*names))
        for one, other in combinations(_telling(words), 2)
        for filled in product(_with_lost_letters(one), _with_lost_letters(other))
        for pair in (filled, filled[::-1])
    )
    return set(islice(keys, _MOST_KEYS))


def _telling(words: list[str]) -> list[str]:
    """Without single letters, where two words are left: the «n» of «Jarvine n» would meet half the register."""
    longer = [word for word in words if len(word) > 1]
    return longer if len(longer) > 1 else words


def readings(words: list[str]) -> Iterator[list[str]]:
    """The words as they are, and with each two neighbours as one: a space that strayed into «Jarvine n»."""
    yield words
    if len(words) > 2:
        for at in range(len(words) - 1):
            yield [*words[:at], words[at] + words[at + 1], *words[at + 2 :]]


def _with_lost_letters(word: str) -> Iterator[str]:
    """The word with each lost letter as a vowel (left out) and as each consonant it can have been."""
    parts = word.split(LOST)
    for letters in product(["", *_LOST_LETTERS], repeat=len(parts) - 1):
        yield "".join(part + letter for part, letter in zip(parts, [*letters, ""], strict=True))


@lru_cache(5_000)
def phone_key(text: str) -> str:
    """The number in E.164 («+358401234567»), read as a Finnish one where no country is given; "" where it is none."""
    try:
        number = phonenumbers.parse(text, "FI")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_key(text: str) -> str:
    """The address in lower case without spaces around; "" where there is none."""
    return text.strip().lower()
