"""Keeps locale/ in step with the sources, with Babel alone: GNU gettext is not on a fresh machine.

English is the source text. The Finnish catalogue holds every message; the English and the Swedish one hold
only what somebody translated in them (Swedish is for the pages newcomers see).
"""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as extract_from
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[3]
LANGUAGES = ("fi", "en", "sv")
COMPLETE = "fi"  # the catalogue that must hold everything
SOURCES = ("crm", "contacts", "cases", "projects", "reports", "desk", "templates")

# As Babel wants them: where the message, its plural and its context («c») stand among the arguments.
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(rf"(?<!\w)(_|n?p?gettext)\(((?:\s*{STRING}\s*,?)+)")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")

Key = tuple[str | None, str]  # context, message
Text = str | Sequence[str] | None


class Command(BaseCommand):
    help = "Brings the catalogues up to date and lists what lacks a Finnish translation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail if anything is stale or missing")
        parser.add_argument("--compile", action="store_true", help="write the .mo files that Django reads")
        parser.add_argument(
            "--add",
            type=Path,
            metavar="FILE.json",
            help='translations: {"message" or "context|||message": "text" or ["one", "many"]}',
        )
        parser.add_argument("--language", choices=LANGUAGES, default=COMPLETE, help="the language of --add")

    def handle(self, *, check: bool, compile: bool, add: Path | None, language: str, **options) -> None:
        if check:
            self._check()
            return
        if compile:
            for path in compile_catalogues():
                self.stdout.write(f"wrote {path.relative_to(ROOT)}")
            return
        messages = extract()
        for code in LANGUAGES:
            catalogue = brought_up_to_date(code, messages)
            if add and code == language:
                _add(catalogue, messages, json.loads(add.read_text(encoding="utf-8")))
            _write(code, catalogue)
        compile_catalogues()
        for complaint in complaints(_read(COMPLETE)):
            self.stdout.write(complaint)

    def _check(self) -> None:
        messages = extract()
        found = []
        for code in LANGUAGES:
            stored = _read(code)
            expected, kept = _keys(brought_up_to_date(code, messages)), _keys(stored)
            found += [f"{code}: not in the catalogue: {_show(key)}" for key in sorted(expected - kept, key=str)]
            found += [f"{code}: no longer in the sources: {_show(key)}" for key in sorted(kept - expected, key=str)]
            found += complaints(stored)
        if found:
            found.append("Run: manage.py translations, and translate what it lists.")
            raise CommandError("\n".join(found))
        self.stdout.write(f"{len(messages)} messages, all translated.")


def extract() -> dict[Key, str]:
    """Every message of the sources with its plural ("" where it has none)."""
    found: dict[Key, str] = {}
    for path in _source_files():
        method = "python" if path.suffix == ".py" else _calls_in_template
        with path.open("rb") as file:
            for _line, message, _comments, context in extract_from(method, file, KEYWORDS):
                singular, plural = (message, "") if isinstance(message, str) else message
                found[context, singular] = plural or found.get((context, singular), "")
    return found


def _source_files() -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def _calls_in_template(file: Any, keywords, comment_tags, options) -> Iterator[Any]:
    """Babel's extraction method for Django templates: what Django writes for xgettext, read without it."""
    for function, arguments in TEMPLATE_CALL.findall(templatize(file.read().decode())):
        yield 1, function, [ast.literal_eval(text) for text in re.findall(STRING, arguments)], []


def brought_up_to_date(language: str, messages: dict[Key, str]) -> Catalog:
    """The catalogue with exactly the messages of the sources, keeping the translations it has."""
    old, new = _read(language), Catalog(locale=language)
    for (context, message), plural in messages.items():
        known = old.get(message, context)
        translation = known.string if known and bool(plural) == known.pluralizable else ""
        if language == COMPLETE or _is_translated(translation):
            flags = known.flags - {"python-format", "python-brace-format"} if known else ()
            empty: str | tuple[str, ...] = ("",) * new.num_plurals if plural else ""
            new.add((message, plural) if plural else message, translation or empty, context=context, flags=flags)
    return new


def complaints(catalogue: Catalog) -> list[str]:
    """What is missing, uncertain or broken in a catalogue, a line each."""
    found = []
    for message in _messages(catalogue):
        name = f"{catalogue.locale}: {_show((message.context, _singular(message)))}"
        if not _is_translated(message.string):
            found.append(f"{name}: not translated")
        elif message.fuzzy:
            found.append(f"{name}: marked fuzzy")
        elif not _same_placeholders(message):
            found.append(f"{name}: the placeholders differ from the source")
    return found


def _texts(text: Text) -> list[str]:
    """The forms of a message or translation: one, or one for each plural."""
    return [text or ""] if text is None or isinstance(text, str) else list(text)


def _is_translated(text: Text) -> bool:
    return all(_texts(text))


def _same_placeholders(message: Message) -> bool:
    """Of a plural the last form must have all of the source's; the first may leave out the number."""
    source, forms = _texts(message.id), _texts(message.string)
    wanted = set(PLACEHOLDER.findall(source[-1]))
    given = [set(PLACEHOLDER.findall(form)) for form in forms]
    return given[-1] == wanted and all(form <= wanted for form in given)


def _add(catalogue: Catalog, messages: dict[Key, str], translations: dict[str, str | list[str]]) -> None:
    unknown = []
    for name, text in translations.items():
        context, _separator, message = name.rpartition("|||")
        key = (context or None, message)
        if key not in messages:
            unknown.append(_show(key))
            continue
        plural = messages[key]
        catalogue.delete(message, context=key[0])
        catalogue.add((message, plural) if plural else message, tuple(text) if plural else str(text), context=key[0])
    if unknown:
        raise CommandError("Not in the sources:\n" + "\n".join(unknown))


def compile_catalogues() -> list[Path]:
    """Write the .mo of each catalogue that changed since; returns the files written."""
    written = []
    for language in LANGUAGES:
        source = _path(language)
        target = source.with_suffix(".mo")
        if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
            continue
        # Beside it first, then in one step: another process may be reading.
        half = target.with_suffix(f".{os.getpid()}")
        with half.open("wb") as file:
            write_mo(file, _read(language))
        half.replace(target)
        written.append(target)
    return written


def _path(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def _read(language: str) -> Catalog:
    path = _path(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def _write(language: str, catalogue: Catalog) -> None:
    """Sorted, without places and dates, so that a catalogue changes only where a message does."""
    path = _path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(
            'msgid ""\nmsgstr ""\n'
            f'"Language: {language}\\n"\n'
            '"MIME-Version: 1.0\\n"\n'
            '"Content-Type: text/plain; charset=utf-8\\n"\n'
            '"Content-Transfer-Encoding: 8bit\\n"\n'
            f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'.encode()
        )
        write_po(file, catalogue, sort_output=True, no_location=True, omit_header=True, width=110)


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _singular(message: Message) -> str:
    return _texts(message.id)[0]


def _keys(catalogue: Catalog) -> set[Key]:
    return {(message.context, _singular(message)) for message in _messages(catalogue)}


def _show(key: Key) -> str:
    context, message = key
    return f"{context}|||{message!r}" if context else repr(message)
