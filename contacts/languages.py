"""Names of languages and countries in the language of the page, after Unicode's CLDR; codes after ISO."""

from __future__ import annotations

import functools

import pycountry
from babel import Locale
from django.utils.translation import get_language

from contacts.names import fold

# The languages offered: the living ones of ISO 639-1, and those without two letters that people in Finland have:
# Inari and Skolt Saami, Romani, Karelian, Meänkieli, Sorani, Filipino, Cebuano, Rohingya.
_WITHOUT_TWO_LETTERS = frozenset({"smn", "sms", "rom", "krl", "fit", "ckb", "fil", "ceb", "rhg"})
_ALSO_CALLED = {"farsi": "fa", "dari": "fa", "kurmandzi": "ku", "kurmanji": "ku", "tagalog": "tl"}
# Ticked in a form; the rest are written. Who moves to the north, after the origins of the last years.
COMMON_LANGUAGES = ("fi", "sv", "en", "uk", "ru", "et", "ar", "fa", "so", "th", "vi", "es")
COMMON_COUNTRIES = ("FI", "SE", "NO", "EE", "UA", "RU", "DE", "NL", "TH", "PH", "IQ", "AF")


def language_name(code: str) -> str:
    """«ar» → «arabia»; the code itself where it has no name."""
    return _every_language(_page_language()).get(code, code)


def country_name(code: str) -> str:
    """«NO» → «Norja»; the code itself where it has no name."""
    return countries().get(code, code)


def languages() -> dict[str, str]:
    """Each language that is offered by its code, two letters where it has them; in the order of the alphabet."""
    return {code: name for code, name in _every_language(_page_language()).items() if code in _offered()}


def languages_by_use() -> list[tuple[str, str]]:
    """The languages that are offered as choices, the common ones first."""
    names = languages()
    first = [(code, names[code]) for code in COMMON_LANGUAGES]
    return [*first, *(pair for pair in names.items() if pair not in first)]


def countries() -> dict[str, str]:
    """Each country by its two letters."""
    return _countries(_page_language())


def language_code(text: str) -> str:
    """The code of a language written in Finnish, Swedish or English, or as a code; "" where it is none."""
    name = fold(text)
    return _ALSO_CALLED.get(name) or _code_by_name(_every_language).get(name, "")


def country_code(text: str) -> str:
    """The code of a country written in Finnish, Swedish or English, or as a code; "" where it is none."""
    return _code_by_name(_countries).get(fold(text), "")


def _page_language() -> str:
    return (get_language() or "fi")[:2]


@functools.cache
def _offered() -> frozenset[str]:
    living = {getattr(language, "alpha_2", "") for language in pycountry.languages if language.type == "L"}
    return _WITHOUT_TWO_LETTERS | (living - {""})


@functools.cache
def _every_language(page_language: str) -> dict[str, str]:
    known = {getattr(language, "alpha_2", language.alpha_3) for language in pycountry.languages}
    return _in_order({code: name for code, name in Locale(page_language).languages.items() if code in known})


@functools.cache
def _countries(page_language: str) -> dict[str, str]:
    known = {country.alpha_2 for country in pycountry.countries} | {"XK"}
    return _in_order({code: name for code, name in Locale(page_language).territories.items() if code in known})


def _in_order(names: dict[str, str]) -> dict[str, str]:
    return dict(sorted(names.items(), key=lambda pair: (fold(pair[1]), pair[0])))


@functools.cache
def _code_by_name(names_in) -> dict[str, str]:
    found = {fold(code): code for code in names_in("fi")}
    return found | {fold(name): code for language in ("sv", "en", "fi") for code, name in names_in(language).items()}
