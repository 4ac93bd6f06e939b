"""What is sent to a form and is no form: it is refused with a page in the user's language, and nothing is recorded."""

from __future__ import annotations

import itertools
import json

import pytest
from django.conf import settings
from django.test import Client

from crm.roles import Role
from tests.fuzzing.asking import FORM, Answer, ask
from tests.fuzzing.test_addresses import failures, who_opens
from tests.fuzzing.test_forms import form_of
from tests.pages import PAGES, Page
from tests.test_pages import signed_in
from tests.world import World

pytestmark = pytest.mark.django_db

PARTS = "multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nAino\r\n'
FILE = (
    b'--b\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\nContent-Type: text/csv\r\n\r\nx;y\r\n--b--\r\n'
)
MANY = b"&".join(b"f%d=1" % number for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
LONG = b"text=" + b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)

BODIES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", FORM),
    "empty parts": (b"", PARTS),
    "parts cut short": (PART[:-8], PARTS),
    "a part without an end": (PART, PARTS),
    "a part without a name": (b"--b\r\nContent-Disposition: form-data\r\n\r\nAino\r\n--b--\r\n", PARTS),
    "parts without a boundary": (PART, "multipart/form-data"),
    "a boundary that is none": (PART, "multipart/form-data; boundary=\xff"),
    "a boundary too long": (PART, "multipart/form-data; boundary=" + "b" * 500),
    "an unheard-of encoding of a part": (
        PART.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n") + b"--b--\r\n",
        PARTS,
    ),
    "a null character in a part": (PART.replace(b"Aino", b"Ai\0no") + b"--b--\r\n", PARTS),
    "bytes that are no text in a part": (PART.replace(b"Aino", b"\xff\xed\xa0\x80") + b"--b--\r\n", PARTS),
    "JSON": (json.dumps({"title": "Aino"}).encode(), "application/json"),
    "JSON that is none": (b"{", "application/json"),
    "a text": (b"title=Aino", "text/plain"),
    "no kind": (b"title=Aino", ""),
    "a kind that is none": (b"title=Aino", "\xff/;;=;"),
    "an unheard-of charset": (b"title=Aino", f"{FORM}; charset=unheard-of"),
    "another charset": ("title=Äinö".encode("latin-1"), f"{FORM}; charset=iso-8859-1"),
    "a charset for two bytes": ("title=Aino".encode("utf-16"), f"{FORM}; charset=utf-16"),
    "an unheard-of charset of parts": (PART + b"--b--\r\n", f"{PARTS}; charset=unheard-of"),
    "a file nobody asked for": (FILE % (b"title", b"x.csv"), PARTS),
    "a file without a name": (FILE % (b"file", b""), PARTS),
    "a file with a path": (FILE % (b"file", b"../../x.csv"), PARTS),
    "a file that is no sheet": (FILE % (b"file", b"x.xlsx"), PARTS),
}  # fmt: skip
TOO_MUCH: dict[str, tuple[bytes, str]] = {
    "too many fields": (MANY, FORM),
    "a body too long": (LONG, FORM),
    "a part too long": (PART.replace(b"Aino", LONG) + b"--b--\r\n", PARTS),
    "too many parts": (PART * (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1) + b"--b--\r\n", PARTS),
    "too many files": (
        FILE[:-7] % (b"file", b"x.csv") * (settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1) + b"--b--\r\n",
        PARTS,
    ),
}  # fmt: skip
SENT_TO = [entry for entry in PAGES if not entry.download and not entry.redirects]
TAKING_LONG = next(entry for entry in PAGES if entry.name == "case_log")
every_form = pytest.mark.parametrize("entry", SENT_TO, ids=str)


def send(client: Client, address: str, body: tuple[bytes, str]) -> Answer:
    return ask(client, "POST", address, *body)


@every_form
def test_any_body_may_be_sent(entry: Page, world: World) -> None:
    """Each form gets a third of them, the next form others."""
    client, address = signed_in(who_opens(world, entry)), entry.address(world)
    some = itertools.islice(BODIES.items(), SENT_TO.index(entry) % 3, None, 3)
    assert failures((what, send(client, address, body)) for what, body in some) == []


@every_form
def test_what_is_sent_without_any_field_is_not_passed_over_in_silence(entry: Page, world: World) -> None:
    """It is done, where nothing needs to be told; else the form says what is missing."""
    client, address = signed_in(who_opens(world, entry)), entry.address(world)
    if not form_of(client, address).fields:
        return  # what has no form of its own is not sent to
    answers = {"empty": send(client, address, (b"", FORM)), "empty parts": send(client, address, (b"", PARTS))}
    assert {what: answer.status for what, answer in answers.items() if answer.status not in {302, 422}} == {}


@pytest.mark.parametrize("what", TOO_MUCH)
@pytest.mark.parametrize(
    ("language", "said"), [("fi", "Lähetit liian paljon kerralla"), ("en", "Too much was sent at once")]
)
def test_too_much_is_told_in_the_users_language(what: str, language: str, said: str, world: World) -> None:
    for user in (world.users[Role.COORDINATOR], world.users[Role.ADMINISTRATOR]):
        entry = TAKING_LONG if user == who_opens(world, TAKING_LONG) else next(e for e in PAGES if e.name == "user_new")
        answer = send(signed_in(user, language), entry.address(world), TOO_MUCH[what])
        assert answer.status == 413, answer.failure
        assert said in answer.shown


def test_a_sheet_that_is_missing_is_asked_for(world: World) -> None:
    entry = next(entry for entry in PAGES if entry.name == "import_new")
    client, address = signed_in(who_opens(world, entry)), entry.address(world)
    told = {one.name: one.value or "".join(one.options[:1]) for one in form_of(client, address).fields}
    for body in ("&".join(f"{name}={value}" for name, value in told.items() if name != "file"), "file=x"):
        assert ask(client, "POST", address, body).status == 422
