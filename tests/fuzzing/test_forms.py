"""Every form, with each of its fields in turn filled with nonsense: it is refused in words, and no text is lost."""

from __future__ import annotations

import itertools
from urllib.parse import quote, unquote_plus

import pytest
from django.test import Client

from tests.fuzzing.asking import Answer, Field, Form, ask, forms_in
from tests.fuzzing.bad import VALUES, is_shown_again
from tests.fuzzing.test_addresses import failures, who_opens
from tests.pages import PAGES, Page
from tests.test_pages import signed_in
from tests.world import World

pytestmark = pytest.mark.django_db

# Each field gets every so many of the values, each field others; 1 for all of them (some minutes).
EVERY = 20
WITH_A_FORM = [entry for entry in PAGES if not entry.download]
every_page = pytest.mark.parametrize("entry", WITH_A_FORM, ids=str)


def form_of(client: Client, address: str) -> Form:
    """The form that the page sends to itself; one without fields where it has none."""
    own = {"", address, address.partition("?")[0]}
    forms = forms_in(ask(client, "GET", address).content)
    return next((form for form in forms if form.action in own), Form(address))


def filled(form: Form) -> dict[str, str]:
    """As it is shown, and with something in each field that can have any word."""
    return {one.name: quote(one.value or _something(one)) for one in form.fields if one.kind != "file"}


def _something(one: Field) -> str:
    if one.kind == "select":
        return next(filter(None, one.options), "")
    return "Aino" if one.is_text else ""


def send(client: Client, address: str, told: dict[str, str]) -> Answer:
    return ask(client, "POST", address, "&".join(f"{name}={value}" for name, value in told.items()))


@every_page
def test_any_field_may_hold_anything(entry: Page, world: World) -> None:
    client, address = signed_in(who_opens(world, entry)), entry.address(world)
    form = form_of(client, address)
    values = itertools.cycle(VALUES)
    for one in [*form.fields, Field("version", "hidden"), Field("unheard_of", "text")]:
        asked = []
        for value in itertools.islice(values, len(VALUES) // EVERY):
            answer = send(client, address, filled(form) | {one.name: value})
            asked.append((f"{one.name}={value}", answer))
            assert not is_lost(answer, one, value), f"{one.name}={value[:80]}: {answer.status}"
        assert failures(iter(asked)) == []


def is_lost(answer: Answer, one: Field, value: str) -> bool:
    """Whether a text was typed that the page, which was put back before the person, does not hold."""
    if answer.status not in {200, 422} or not one.is_text or one.name == "unheard_of" or not is_shown_again(value):
        return False
    typed, shown = ("\n".join(text.splitlines()) for text in (unquote_plus(value).strip(), answer.shown))
    return typed not in shown
