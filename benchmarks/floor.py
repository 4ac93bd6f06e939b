"""The floor of a page: the same content by hand-written SQL and one flat template, in the same process.

Its template is cut from the page itself, once, before anything is measured: the page as it was rendered, with each
kind of row as one loop over the rows of a hand-written statement. So it is flat, has no includes, and cannot grow
apart from the page. Session and middleware are the product's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.utils.html import escape

from crm.permissions import Permission

Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class Statement:
    """One hand-written statement; with `row` its rows are a loop of the page.

    `row` is a pattern that finds the beginning of each of these rows in the page's markup, `end` what follows the
    last of them. A statement without is only read: its few values stand in the page as they were rendered.
    """

    sql: str
    row: str = ""
    end: str = ""


@dataclass(frozen=True)
class Floor:
    """A page's statements, and from the request and the page's address to what they are asked with."""

    statements: Sequence[Statement]
    parameters: Callable[[HttpRequest], Parameters]
    writes: bool = False  # then all of it in one transaction, and the answer leads elsewhere

    def cut(self, body: bytes, request: HttpRequest) -> Any:
        """The flat template of a rendered page. ValueError where a row that a statement gives is not on it."""
        source = _plain(body.decode())
        rows = self.read(request)
        for number, statement in enumerate(self.statements):
            if statement.row:
                source = _with_loop(source, number, statement, rows[number])
        return Template(source)

    def read(self, request: HttpRequest) -> list[list[tuple[str, ...]]]:
        """The rows of each statement as texts of the page: one statement after another, none prepared beforehand."""
        parameters, literals = self.parameters(request), _literals(request)
        found = []
        with connection.cursor() as cursor:
            for statement in self.statements:
                cursor.execute(statement.sql.format(**literals), parameters)
                found.append([tuple(map(_told, row)) for row in cursor.fetchall()])
        return found

    def answer(self, template: Any, request: HttpRequest) -> HttpResponse:
        """The same answer again, from what was cut."""
        if self.writes:
            with transaction.atomic():
                self.read(request)
            return HttpResponse(status=HTTPStatus.FOUND)
        return HttpResponse(template.render(Context({f"rows{n}": rows for n, rows in enumerate(self.read(request))})))


def _literals(request: HttpRequest) -> dict[str, str]:
    """The scope as lists of ids; 0 is nobody's."""
    scope = request.scope  # type: ignore[attr-defined]
    ids = {"places": scope.municipalities(Permission.VIEW_CASES), "named": scope.named, "barred": scope.barred}
    return {name: ", ".join(map(str, sorted(found) or [0])) for name, found in ids.items()}


def _plain(page: str) -> str:
    """The page without what the template language would read; pages hold no such text, but a name could."""
    return page.replace("{{", "{ {").replace("{%", "{ %").replace("{#", "{ #")


def _with_loop(source: str, number: int, statement: Statement, rows: Sequence[tuple[str, ...]]) -> str:
    begins = [match.start() for match in re.finditer(statement.row, source)]
    if not begins and not rows:
        return source
    if len(begins) != len(rows):
        raise ValueError(f"{len(begins)} rows on the page, {len(rows)} from {statement.sql!r}")
    end = source.index(statement.end, begins[-1])
    first = source[begins[0] : begins[1] if len(begins) > 1 else end]
    for place, value in enumerate(rows[0]):
        if len(value) > 2:  # shorter ones stand in the markup for other things
            first = first.replace(escape(value), f"{{{{ row.{place} }}}}")
    return f"{source[: begins[0]]}{{% for row in rows{number} %}}{first}{{% endfor %}}{source[end:]}"


def _told(value: Any) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return f"{value.day}.{value.month}.{value.year} {value:%H:%M}"
        case date():
            return f"{value.day}.{value.month}.{value.year}"
    return str(value)
