"""What no page expects to be sent, as it stands in an address or in a form: percent-encoded bytes."""

from __future__ import annotations

from urllib.parse import quote

SCRIPT = "<script>alert(1)</script>"

NUMBERS = ("0", "-1", "1.5", "1e9", "NaN", "inf", "٣", "²", "1_000", "+1", " 1 ", f"{2**31}", f"{2**63}", "9" * 5000)
DATES = (
    "0000-00-00",
    "31.2.2026",
    "1.1.1",
    "1.1.0001",
    "31.12.9999",
    "9999-12-31",
    "10000-01-01",
    "2026-W01",
    "2026-1",
    "-1.-1.-1",
    "1.1.99",
)
TEXTS = (
    "",
    "   ",
    "Ääkkönen Šímon",
    "\N{FAMILY}\N{VARIATION SELECTOR-16}\N{PILE OF POO}",
    "\N{RIGHT-TO-LEFT OVERRIDE}nurin\N{ZERO WIDTH SPACE}\N{ZERO WIDTH JOINER}",
    "a\r\nb\tc\x0b\x0c\x1b\x7f\x85\u2028",
    "e\N{COMBINING ACUTE ACCENT}" * 300,
    "pitkä " * 20_000,
    "x" * 100_000,
    SCRIPT,
    "' OR 1=1; --",
    "\"'`<>&",
    "{{ settings.SECRET_KEY }}{% debug %}",
    "%s %(x)s %%",
    "{0.__class__}",
    "\\",
    "__proto__",
    "../../../etc/passwd",
    "=1+1",
    "None",
    "null",
    "[]",
    "a@b",
    "https://elsewhere.example/",
)
NULL = "%00"
# Bytes that are no text: half a surrogate, a byte that begins nothing, a text cut short, an encoding that is too long.
NO_TEXT = ("%ED%A0%80", "%FF", "a%C3", "%C0%80", "%", "%zz", "%u0041")

WELL_FORMED = tuple(quote(text) for text in (*NUMBERS, *DATES, *TEXTS))
VALUES = (*WELL_FORMED, NULL, f"Aino{NULL}", *NO_TEXT)


def is_shown_again(value: str) -> bool:
    """Whether a page can show the value as it was sent: it is text, and no character of it is lost on the way."""
    return value in WELL_FORMED
