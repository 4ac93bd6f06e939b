"""A form as a browser would send it."""

from __future__ import annotations

import re
from html import unescape

_NEVER_SENT = ("checkbox", "radio", "submit")  # unless ticked


def filled(page: str) -> dict[str, str]:
    """What the inputs of `page` would send as they are shown. Selects and textareas are left out."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if (told.get("name") and told.get("type") not in _NEVER_SENT) or " checked" in tag:
            found[told["name"]] = unescape(told.get("value", ""))
    return found
