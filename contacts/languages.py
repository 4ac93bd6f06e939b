"""Names of languages and countries in the language of the page, after Unicode's CLDR; codes after ISO."""

from __future__ import annotations

import functools

import pycountry
from babel import Locale
from django.utils.translation import get_language

from contacts.names import fold

# Ticked in a form; the rest are written. Who moves to the north, after the origins of the last years.
COMMON_LANGUAGES = ("fi", "sv", "en", "uk", "ru", "et", "ar", "fa", "so", "th", "vi", "es")
COMMON_COUNTRIES = ("FI", "SE", "NO", "EE", "UA", "RU", "DE", "NL", "TH", "PH", "IQ", "AF")
SERVICE_LANGUAGES = ("fi", "sv", "en")  # first in the list of languages of service


def language_name(code: str) -> str:
    """«ar» → «arabia»; the code itself where it has no name."""
    return languages().get(code, code)


def country_name(code: str) -> str:
    """«NO» → «Norja»; the code itself where it has no name."""
    return countries().get(code, code)


def languages() -> dict[str, str]:
    """Each language by its code, two letters where it has them."""
    return _languages(_page_language())


def countries() -> dict[str, str]:
    """Each country by its two letters."""
    return _countries(_page_language())


def language_code(text: str) -> str:
    """The code of a language written in Finnish, Swedish or English, or as a code; "" where it is none."""
    return _code_by_name(_languages).get(fold(text), "")


def country_code(text: str) -> str:
    """The code of a country written in Finnish, Swedish or English, or as a code; "" where it is none."""
    return _code_by_name(_countries).get(fold(text), "")


def _page_language() -> str:
    return (get_language() or "fi")[:2]


@functools.cache
def _languages(page_language: str) -> dict[str, str]:
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
