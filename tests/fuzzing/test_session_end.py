"""Every form, sent after the session had ended: what was typed is on the page after signing in again."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from crm import unsent
from crm.models import User
from tests.factories import PASSWORD
from tests.fuzzing.asking import Form, forms_in
from tests.fuzzing.test_addresses import who_opens
from tests.pages import PAGES, Page
from tests.world import World

pytestmark = pytest.mark.django_db

LOGIN = reverse("account_login")
ALWAYS_OPEN = {reverse("preferences"), reverse("account_logout")}  # no sign-in is asked for, nothing is typed


def sign_in(client: Client, user: User, address: str):
    return client.post(LOGIN, {"login": user.email, "password": PASSWORD, "next": address})


@pytest.mark.parametrize("entry", [entry for entry in PAGES if not entry.download], ids=str)
def test_what_is_typed_into_any_form_is_on_the_page_after_signing_in(entry: Page, world: World) -> None:
    """And what the page itself put into the form does not count as typed."""
    user, address = who_opens(world, entry), entry.address(world)
    client = Client()
    sign_in(client, user, address)
    for form in forms_in(client.get(address).content.decode()):
        if form.action in ALWAYS_OPEN:
            continue
        own = [one.name for one in form.fields if one.kind == "hidden"] + [name for name, _value in form.buttons]
        assert [name for name in own if not unsent.is_technical(name)] == []
        told = {one.name: f"Kirjoitettu {number}" for number, one in enumerate(form.fields) if one.is_text}
        if told:
            assert texts_lost(client, user, address, form, told) == []


def texts_lost(client: Client, user: User, address: str, form: Form, told: dict[str, str]) -> list[str]:
    """Which of `told` neither the page after the sign-in nor what is sent from it holds."""
    client.session.delete()
    sent = {one.name: one.value for one in form.fields if one.kind != "file"} | told
    answer = client.post(form.action or address, sent, headers={"referer": f"http://testserver{address}"})
    assert answer.url.startswith(LOGIN)
    page = client.get(sign_in(client, user, address).url).content.decode()
    copy = next(one for one in forms_in(page) if one.action == (form.action or address))
    held = {one.name: one.value for one in copy.fields}
    return [name for name, text in told.items() if held.get(name) != text or not is_read_out(text, page)]


def is_read_out(text: str, page: str) -> bool:
    return bool(re.search(rf"<li>(<span[^>]*>[^<]*</span><br>)?{text}</li>", page))
