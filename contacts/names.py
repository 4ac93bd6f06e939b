"""Keys by which people are found: folded names, phone numbers, e-mail addresses."""

from __future__ import annotations

import unicodedata

import phonenumbers

# Letters that do not decompose into a base letter and a mark.
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


def fold(text: str) -> str:
    """Lower case without marks: «Øvrebø» → «ovrebo», «Järvinen» → «jarvinen»; punctuation becomes a space."""
    text = text.lower().translate(_LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


def name_key(*names: str) -> str:
    """The folded words of a name in alphabetical order, so that «Järvinen Otso» finds «Otso Järvinen»."""
    return " ".join(sorted(fold(" ".join(names)).split()))


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
