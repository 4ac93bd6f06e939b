"""What people write in the cells of a sheet: dates, sizes, names, phones, reasons to move.

Pure functions: text in, meaning out; they never raise. Words are compared folded (`contacts.names.fold`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import pycountry
from babel import Locale
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cases.import_models import NameOrder
from cases.models import MoveReason
from contacts.names import fold, phone_key

# What stands in a cell where nothing is known.
NOTHING = frozenset(
    {
        "",
        "?",
        "-",
        "ei",
        "ei tietoa",
        "ei tiedossa",
        "ei kysytty",
        "tuntematon",
        "none",
        "no",
        "n a",
        "unknown",
        "okand",
    }
)
NO_NAME = NOTHING | {"ei nimea", "nimeton", "anonyymi", "nimi puuttuu", "no name", "anonymous", "inget namn", "anonym"}
# What says that a household is not to be told of: the ban by its names, and an address that is said to be secret.
_HUSHED = r"sala(?:in|is|ttu|tut|ssa)\w*"
_RESTRICTED = re.compile(
    r"(?:turva|luovutus)[\s-]*k(?:iel|\.)"
    rf"|\b{_HUSHED}\s+(?:koti)?(?:osoit|yhteystie)|(?:osoit|yhteystie)\w*\W+(?:on\s+|ovat\s+)?{_HUSHED}"
    r"|spärrmarker|sekretessmarker|säkerhetsförbud|(?:hemlig|skyddad)e?\s+(?:adress|person|kontakt)"
    r"|non[\s-]*disclosure|(?:secret|protected)\s+address",
    re.IGNORECASE,
)
_NEGATION = re.compile(r"\b(?:ei|inte|ingen)\s+$|\bei\s+ole\s+$", re.IGNORECASE)
_NO_BAN = frozenset({"ei", "ei ole", "no", "nej", "false", "epatosi", "0"})  # under a heading that asks about it


def is_nothing(text: str) -> bool:
    return (fold(text) or text.strip()) in NOTHING or not any(c.isalnum() for c in text)


def refers_elsewhere(text: str) -> bool:
    """«ks. sähköposti»: the cell only points to another one."""
    return fold(text).split()[:1] in (["ks"], ["katso"], ["kts"], ["see"], ["se"])


def tells_of_restriction(text: str, heading: str = "") -> bool:
    """Whether a cell says that a household is not to be told of; under a heading that asks so, whatever is not a no.

    «ei turvakieltoa» says that there is none; any other mention is taken at its word.
    """
    if not text:
        return False
    mentions = list(_RESTRICTED.finditer(text))
    if mentions:
        return not all(_denied(text, mention) for mention in mentions)
    return _asks_for_a_ban(heading) and not is_nothing(text) and fold(text) not in _NO_BAN


@lru_cache(200)  # the same few headings for each of thousands of rows
def _asks_for_a_ban(heading: str) -> bool:
    return bool(_RESTRICTED.search(heading))


def _denied(text: str, mention: re.Match) -> bool:
    return bool(_NEGATION.search(text[: mention.start()]))


# Dates

_DMY = re.compile(r"(?<!\d)(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4}|\d{2})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_DM = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.?(?![\d.])")
_SERIAL = re.compile(r"[2-6]\d{4}")
_SERIAL_ZERO = date(1899, 12, 30)  # Excel's day nought
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def parse_date(text: str) -> date | None:
    """A whole date: 24.1.2024, 24.01.2024, 24.1.24, 24/1/2024, 2024-01-24, or Excel's day number; else None."""
    text = text.strip()
    if found := _ISO.search(text):
        return _date(*map(int, found.groups()))
    if found := _DMY.search(text):
        day, month, year = map(int, found.groups())
        return _date(2000 + year if len(found[3]) == 2 else year, month, day)
    if is_day_number(text):
        return _SERIAL_ZERO + timedelta(days=int(text))
    return None


def is_day_number(text: str) -> bool:
    """A bare number that a spreadsheet may have meant as a day; it may be any other number too."""
    return _SERIAL.fullmatch(text.strip()) is not None


@dataclass(frozen=True)
class Found:
    """A date in a text; `inferred` where the text does not say the year."""

    on: date
    inferred: bool = False


def find_date(text: str, *, after: date, not_after: date | None = None) -> Found | None:
    """The date in `text`; a year that is not told is inferred.

    It is the next such day on or after `after`; where that is later than `not_after` (an arrival has happened), the
    latest such day by then.
    """
    if whole := parse_date(text):
        return Found(whole)
    found = _day_and_month(text)
    if not found:
        return None
    day, month = map(int, found.groups())
    coming = next(_on_years(day, month, range(after.year, after.year + 5), lambda on: on >= after), None)
    if not_after is not None and (coming is None or coming > not_after):
        coming = next(
            _on_years(day, month, range(not_after.year, not_after.year - 9, -1), lambda on: on <= not_after), None
        )
    return Found(coming, inferred=True) if coming else None


def has_date(text: str) -> bool:
    return parse_date(text) is not None or _day_and_month(text) is not None


def is_only_a_date(text: str) -> bool:
    """Whether a date is all there is in the text, so that nothing is lost with the rest."""
    return is_day_number(text) or without_dates(text).strip() == "…"


def _day_and_month(text: str) -> re.Match | None:
    """A day of a year that is not told; of a whole date that cannot be right nothing is read."""
    return None if _ISO.search(text) or _DMY.search(text) else _DM.search(text)


def without_dates(text: str) -> str:
    """The text with each date in it replaced by «…»."""
    for dates in (_ISO, _DMY, _DM):
        text = dates.sub(" … ", text)
    return text


def pattern_of(text: str) -> str:
    """The word with its dates left open, so that «muuttaa 11.4.» and «muuttaa 18.8.» are one: «muuttaa …»."""
    if is_nothing(text):
        return ""
    return " ".join(without_dates(text).lower().split())[:80]


def _on_years(day: int, month: int, years: range, fits) -> Iterator[date]:
    """The day on each of the years where it exists and fits: the 29th of February skips most."""
    return (on for year in years if (on := _date(year, month, day)) and fits(on))


def _date(year: int, month: int, day: int) -> date | None:
    """The day, where it exists and a year is told that anybody can have meant («1.1.0001» is a slip)."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


# Households


@dataclass(frozen=True)
class Size:
    """How many belong to a household; `others` are those of whom it is not said whether adult or child."""

    adults: int = 0
    children: int = 0
    others: int = 0

    @property
    def total(self) -> int:
        return self.adults + self.children + self.others


ONE = Size(others=1)
LARGEST = 20
_PLUS = re.compile(r"(\d{1,2})\s*\+\s*(\d{1,2})")
_ADULTS = re.compile(r"(\d{1,2})\s*(?:aik|ad|vux|v\b)", re.IGNORECASE)
_CHILDREN = re.compile(r"(\d{1,2})\s*(?:la|ch|kid|bar|l\b)", re.IGNORECASE)
_NUMBER = re.compile(r"(\d{1,2})\s*(?:hl\w*|hen\w*|per\w*|p\.?)?", re.IGNORECASE)


def parse_size(text: str) -> Size | None:
    """«4», «2+2», «2 aik. 1 lapsi», «2 adults 1 child»; ONE where the cell is empty, None where it tells no number."""
    text = text.strip()
    if is_nothing(text):
        return ONE
    if found := _PLUS.fullmatch(text):
        size = Size(adults=int(found[1]), children=int(found[2]))
    elif adults := _ADULTS.search(text):
        children = _CHILDREN.search(text)
        size = Size(adults=int(adults[1]), children=int(children[1]) if children else 0)
    elif found := _NUMBER.fullmatch(text):
        size = Size(others=int(found[1]))
    else:
        return None
    return size if 1 <= size.total <= LARGEST and size.adults + size.others >= 1 else None


# Names


@dataclass(frozen=True)
class Name:
    """A name; `guessed` where nothing in it tells which of its words is the family name."""

    given: str = ""
    family: str = ""
    guessed: bool = False

    def __bool__(self) -> bool:
        return bool(self.given or self.family)

    @property
    def written(self) -> str:
        """Family name first with a comma, so that a wrong guess of the order shows."""
        return f"{self.family}, {self.given}" if self.given and self.family else self.given or self.family


# Endings of Finnish and Swedish family names that hardly end a given name.
_FAMILY = re.compile(
    r"(nen|mäki|niemi|järvi|joki|lahti|saari|virta|harju|kangas|koski|ranta|salo|sto|stö|salmi|aho|lampi|suo|maa|pää|lä|"
    r"ström|berg|lund|gren|qvist|man|sson|sen|blom|holm|dahl)$",
    re.IGNORECASE,
)
_LONE_LETTER = re.compile(r"(?<=[a-zà-ÿ]{3}) ([a-zà-ÿ])(?=\s|,|$)")


def parse_name(text: str, email: str = "", order: str = NameOrder.MIXED) -> Name:
    """Given and family name; an empty Name where there is none («(ei nimeä)»).

    A comma says that the family name is first. Without one the order asked for the batch decides; where it
    varies, the e-mail address («aino.virtanen@…») does. Where that says nothing, the order is guessed by the endings
    of family names, else given name first.
    """
    if fold(text) in NO_NAME:
        return Name()
    text = _LONE_LETTER.sub(r"\1", " ".join(text.split()))  # «Järvine n»: a slip of the space bar
    if text.isupper():
        text = text.title()
    if "," in text:
        family, _comma, given = text.partition(",")
        return Name(given.strip(" ,"), family.strip())
    words = text.split()
    if len(words) == 1:
        return Name(given=words[0])
    told = _told_order(words, email) if order == NameOrder.MIXED else order
    first, last = bool(_FAMILY.search(words[0])), bool(_FAMILY.search(words[-1]))
    guessed = not told and not (last and not first)  # «Aino Virtanen» is in the usual order
    if told == NameOrder.FAMILY_FIRST or (not told and first and not last):
        return Name(" ".join(words[1:]), words[0], guessed)
    return Name(words[0], " ".join(words[1:]), guessed)


def _told_order(words: list[str], email: str) -> str:
    """The order that the e-mail address tells; "" where it tells none."""
    first, last = fold(words[0]).replace(" ", "-"), fold(words[-1]).replace(" ", "-")
    local = re.split(r"[._]", fold_address(email).partition("@")[0])
    if len(local) > 1 and first != last:
        if local[0] == first or local[-1] == last:
            return NameOrder.GIVEN_FIRST
        if local[0] == last or local[-1] == first:
            return NameOrder.FAMILY_FIRST
    return ""


def fold_address(email: str) -> str:
    """The address in lower case without marks, its punctuation kept."""
    return "".join(fold(c) or c for c in email.lower())


# Ways to reach them


def parse_phone(text: str) -> str:
    """The phone number as written; "" where the cell has none («ks. sähköposti»). A zero lost by Excel comes back."""
    text = text.strip()
    digits = "".join(c for c in text if c.isdigit())
    if text.isdigit() and 7 <= len(digits) <= 10 and digits[0] in "1245689":
        text = "0" + text
    elif text.isdigit() and digits.startswith("358") and 10 <= len(digits) <= 13:
        text = "+" + text
    return text[:40] if phone_key(text) else ""


_AT = re.compile(r"\s*(?:\(at\)|\[at\]|\(ät\)|\(a\)|\s+at\s+)\s*", re.IGNORECASE)


LONGEST_EMAIL = 254


def parse_email(text: str) -> str:
    """The address, «(at)» read as @; "" where the cell has none."""
    address = _AT.sub("@", text.strip()).removeprefix("mailto:").strip(" <>;,")
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if len(address) <= LONGEST_EMAIL else ""


def parse_year(text: str, *, today: date) -> int | None:
    """A birth year between 1900 and this year; read also from a whole birth date."""
    whole = parse_date(text) if not text.strip().isdigit() else None
    found = re.search(r"(?<!\d)(19\d\d|20\d\d)(?!\d)", text)
    year = whole.year if whole else int(found[1]) if found else None
    return year if year and 1900 <= year <= today.year else None


_LANGUAGES = {
    "suomi": "fi", "ruotsi": "sv", "englanti": "en", "venaja": "ru", "ukraina": "uk", "viro": "et", "arabia": "ar",
    "saksa": "de", "ranska": "fr", "espanja": "es", "puola": "pl", "turkki": "tr", "vietnam": "vi", "thai": "th",
    "kiina": "zh", "persia": "fa", "farsi": "fa", "dari": "fa", "somali": "so", "kurdi": "ku", "norja": "no",
    "saame": "se", "filipino": "tl", "finska": "fi", "svenska": "sv", "engelska": "en", "ryska": "ru",
}  # fmt: skip


def parse_languages(text: str) -> list[str]:
    """ISO 639-1 codes of the languages named in Finnish, Swedish, English or by code; unknown words are left out."""
    codes = []
    for word in re.split(r"[,;/+&]| ja | and | och ", text):
        name = fold(word)
        code = _LANGUAGES.get(name) or _language_code(name)
        if code and code not in codes:
            codes.append(code)
    return codes


def _language_code(name: str) -> str:
    if not 2 <= len(name) <= 30:
        return ""
    try:
        return getattr(pycountry.languages.lookup(name), "alpha_2", "")
    except LookupError:
        return ""


_COUNTRIES = {
    fold(name): code
    for language in ("sv", "en", "fi")
    for code, name in Locale(language).territories.items()
    if len(code) == 2 and code.isalpha()
}
_ABROAD = re.compile(r"(.+?)(?:\s*,\s*|\s*\(\s*)([^,()]+?)\)?")


def parse_origin(text: str) -> tuple[str, str]:
    """The place and the country's code: «Malaga, Espanja» → («Malaga», «ES»), «Haaparanta (SE)», «Viro»; else «»."""
    text = text.strip()
    if is_nothing(text):
        return "", ""
    if fold(text) in _COUNTRIES:
        return text, _COUNTRIES[fold(text)]
    found = _ABROAD.fullmatch(text)
    if not found:
        return text, ""
    place, country = found.groups()
    code = country.upper() if len(country) == 2 and country.upper() in _COUNTRIES.values() else ""
    code = code or _COUNTRIES.get(fold(country), "")
    return (place, code) if code else (text, "")


# Reasons to move: the first whose beginning is found in the folded text.

_REASONS: tuple[tuple[str, MoveReason], ...] = (
    (r"etatyo|remote|distans", MoveReason.REMOTE_WORK),
    (r"puoliso\w* (tyo|opis)|partner\w* (work|job)|spouse|make\w* arbete|partners? jobb", MoveReason.PARTNERS_WORK),
    (r"mokki|vapaa ajan|second home|cottage|stuga|fritids", MoveReason.SECOND_HOME),
    (r"paluu|return|atervand|kotiseu", MoveReason.RETURN),
    (r"elak|pension|retire", MoveReason.RETIREMENT),
    (r"opisk|opinn|koulu|stud|school", MoveReason.STUDY),
    (r"suojelu|turvapaikka|pakol|protection|asylum|refugee|skydd|flykting", MoveReason.PROTECTION),
    (r"tyo|work|job|jobb|arbet", MoveReason.WORK),
    (r"perhe|puoliso|family|partner|familj|avioliit|lapse", MoveReason.FAMILY),
)


def parse_reason(text: str) -> MoveReason:
    """Why they move; UNKNOWN where nothing is said, OTHER where the words are not known."""
    if is_nothing(text):
        return MoveReason.UNKNOWN
    folded = fold(text)
    return next((reason for words, reason in _REASONS if re.search(words, folded)), MoveReason.OTHER)
