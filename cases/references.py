"""References of cases: KMJ-2026-0042 in sequence; random for restricted households, telling nothing."""

from __future__ import annotations

import re
import secrets

from django.db import connection

from crm.models import Municipality

_SHORT = re.compile(r"(.*\b[0-9]{4})-([0-9]{1,3})")
# The first of a year makes the counter, each later one raises it: one statement, the same on both databases.
_RAISED = """INSERT INTO cases_referencecounter (municipality_id, year, last) VALUES (%s, %s, %s)
    ON CONFLICT (municipality_id, year) DO UPDATE SET last = cases_referencecounter.last + excluded.last
    RETURNING last"""
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, 1/I: they are read aloud


def next_references(municipality: Municipality, year: int, count: int = 1) -> list[str]:
    """The next `count` references of that municipality and year.

    Unique under concurrent creation: raising the counter locks its row until the transaction ends. A
    transaction that is rolled back may leave a gap.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RAISED, [municipality.pk, year, count])
        last = cursor.fetchone()[0]
    return [f"{municipality.prefix}-{year}-{number:04d}" for number in range(last - count + 1, last + 1)]


def with_zeros(typed: str) -> str:
    """A reference as people say it, «KMJ-2026-25» or «2026-25», with the zeros that are written: «KMJ-2026-0025»."""
    short = _SHORT.fullmatch(typed)
    return f"{short[1]}-{short[2]:0>4}" if short else typed


def random_reference() -> str:
    """Eight random letters, such as X4QT-9MPR: without prefix and outside the sequence (40 bits)."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"
