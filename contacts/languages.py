"""Names of languages in the language of the page, after Unicode's CLDR."""

from __future__ import annotations

import functools

from babel import Locale
from django.utils.translation import get_language


def language_name(code: str) -> str:
    """«ar» → «arabia»; the code itself where it has no name."""
    return _names((get_language() or "fi")[:2]).get(code, code)


@functools.cache
def _names(page_language: str) -> dict[str, str]:
    return dict(Locale(page_language).languages)
