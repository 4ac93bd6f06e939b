"""What the browser would send of a form as it stands on the page."""

from __future__ import annotations

from html.parser import HTMLParser


class _Filled(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._text = self._select = ""

    def handle_starttag(self, tag: str, attrs: list) -> None:
        told = dict(attrs)
        name, value = told.get("name") or "", told.get("value") or ""
        ticked = told.get("type") not in {"radio", "checkbox"} or "checked" in told
        if tag == "input" and name and ticked:
            self.sent.setdefault(name, []).append(value)
        elif tag == "textarea":
            self._text = name
            self.sent[name] = [""]
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in told or self._select not in self.sent):
            self.sent[self._select] = [value]

    def handle_data(self, data: str) -> None:
        if self._text:
            self.sent[self._text][0] += data.removeprefix("\n").replace("\n", "\r\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = ""


def filled(response, **changes) -> dict[str, list[str]]:
    """The fields of the forms of an answer, sent untouched but for `changes` (name of the field: its value)."""
    parser = _Filled()
    parser.feed(response.content.decode())
    return parser.sent | {name: value if isinstance(value, list) else [str(value)] for name, value in changes.items()}
