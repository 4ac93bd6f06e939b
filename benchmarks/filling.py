"""A form as a browser would send it."""

from __future__ import annotations

import re
from html import unescape

_FIELD = re.compile(r'<select[^>]* name="(?P<select>[^"]+)".*?</select>|<input(?P<input>[^>]*)>', re.DOTALL)


def filled(page: str) -> dict[str, str]:
    """What the fields of `page` would send as they are shown; what stands in a textarea is left out."""
    found: dict[str, str] = {}
    for field in _FIELD.finditer(page):
        found |= _sent(field)
    return found


def _sent(field: re.Match) -> dict[str, str]:
    if name := field["select"]:
        chosen = re.search(r'<option value="([^"]*)"[^>]* selected', field[0])
        return {name: unescape(chosen[1]) if chosen else ""}
    told = dict(re.findall(r'([\w-]+)="([^"]*)"', field["input"]))
    is_button = told.get("type") in ("submit", "button")
    is_ticked = told.get("type") not in ("radio", "checkbox") or re.search(r"\bchecked\b", field["input"])
    return {told["name"]: unescape(told.get("value", ""))} if "name" in told and is_ticked and not is_button else {}
