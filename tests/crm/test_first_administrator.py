"""An empty installation lets its first administrator in, and nobody after that."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from crm.models import User
from tests.factories import UserFactory, scope_of

pytestmark = pytest.mark.django_db


def test_the_first_administrator_chooses_a_password_by_the_link(capsys) -> None:
    call_command("first_administrator", "Maija@Example.fi", "Maija Mallikas")
    link = capsys.readouterr().out.split()[-1]
    maija = User.objects.get(email="maija@example.fi")
    assert not maija.has_usable_password()
    assert scope_of(maija).administers

    client = Client()
    page = client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    address = page.redirect_chain[-1][0]
    client.post(address, {"password1": "pitkä ja hankala lause", "password2": "pitkä ja hankala lause"})
    maija.refresh_from_db()
    assert maija.check_password("pitkä ja hankala lause")


def test_an_installation_in_use_makes_no_administrator_by_command() -> None:
    UserFactory()
    with pytest.raises(CommandError, match="accounts already"):
        call_command("first_administrator", "maija@example.fi", "Maija Mallikas")
    assert User.objects.count() == 1
