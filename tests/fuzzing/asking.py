"""Requests as no page makes them; each is undone, and what a view fails with is part of the answer."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from django.db import transaction
from django.test import Client

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """`failure` tells where a view failed; "" where it answered."""

    status: int
    content: str = ""
    failure: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """The content as a person reads it, the values of fields included."""
        return unescape(self.content)


def ask(client: Client, method: str, address: str, body: str | bytes = b"", content_type: str = FORM, **told) -> Answer:
    """The answer to one request, with what it recorded taken back."""
    sent = body.encode() if isinstance(body, str) else body
    with undone():
        try:
            response = client.generic(method, address, sent, content_type, **told)
            content = b"".join(response.streaming_content) if response.streaming else response.content
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-3:]
            at = " < ".join(f"{step.filename.rsplit('/', 1)[-1]}:{step.lineno}" for step in reversed(last))
            return Answer(500, failure=f"{type(error).__name__}: {str(error)[:150]} ({at})")
    return Answer(response.status_code, content.decode(errors="replace"), headers=dict(response.headers))


@contextmanager
def undone() -> Iterator[None]:
    """What is recorded meanwhile is taken back, also where the database refused to go on."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


@dataclass
class Field:
    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    checked: bool = False

    @property
    def is_text(self) -> bool:
        return self.kind in {"text", "email", "textarea", "tel", "search", "url"}


@dataclass
class Form:
    """A form of a page as a browser would send it; `buttons` are the names and values of those that have one."""

    action: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.into: Field | None = None

    def handle_starttag(self, tag, attrs) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form" and told.get("method") == "post":
            self.open = Form(told.get("action", ""))
            self.forms.append(self.open)
        if self.open is None:
            return
        if tag == "option" and self.into:
            self.into.options.append(told.get("value", ""))
            if "selected" in told:
                self.into.value = told["value"]
        elif tag == "button" and told.get("name"):
            self.open.buttons.append((told["name"], told.get("value", "")))
        elif tag in {"input", "select", "textarea"} and told.get("name"):
            self._field(tag, told)

    def _field(self, tag: str, told: dict[str, str]) -> None:
        kind = told.get("type", "text") if tag == "input" else tag
        same = [known for known in self.open.fields if known.name == told["name"] and known.kind == kind]
        if kind in {"checkbox", "radio"}:
            if not same:
                self.open.fields.append(Field(told["name"], kind, told.get("value", "on"), checked="checked" in told))
            elif "checked" in told:
                same[0].value, same[0].checked = told.get("value", "on"), True
            return
        self.into = Field(told["name"], kind, told.get("value", ""))
        self.open.fields.append(self.into)

    def handle_endtag(self, tag) -> None:
        if tag == "form":
            self.open = None
        if tag in {"select", "textarea"}:
            self.into = None

    def handle_data(self, data) -> None:
        if self.into is not None and self.into.kind == "textarea":
            self.into.value += data


def forms_in(content: str) -> list[Form]:
    """The forms of a page that are sent by POST."""
    reader = _Reader()
    reader.feed(content)
    return reader.forms
