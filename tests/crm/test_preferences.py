"""Language, colours and keyboard: remembered on the device and on the user."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.urls import reverse

from crm.models import ColourScheme, User
from crm.preferences import SCHEME_COOKIE, SHORTCUTS_COOKIE
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def test_the_signed_out_choose_for_the_device(client) -> None:
    response = client.post(reverse("preferences"), {"language": "en", "next": "/account/login/"})
    assert response.url == "/account/login/"
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    page = client.get("/account/login/")
    assert '<html lang="en" data-scheme="system">' in page.content.decode()
    assert page.headers["Content-Language"] == "en"


def test_the_browser_does_not_decide(client) -> None:
    page = client.get("/account/login/", headers={"accept-language": "en"})
    assert '<html lang="fi"' in page.content.decode()


def test_the_signed_in_choose_for_themselves_too(client) -> None:
    user = UserFactory()
    client.force_login(user)
    client.post(reverse("preferences"), {"colour_scheme": "dark", "next": "/account/"})
    client.post(reverse("preferences"), {"language": "en", "next": "/account/"})
    kept = User.objects.get(pk=user.pk)
    assert (kept.language, kept.colour_scheme) == ("en", ColourScheme.DARK)
    assert '<html lang="en" data-scheme="dark">' in client.get("/account/").content.decode()


def test_one_takes_ones_own_choices_to_another_device(client) -> None:
    user = UserFactory(language="en", colour_scheme=ColourScheme.DARK)
    response = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert response.cookies[SCHEME_COOKIE].value == "dark"


def test_single_keys_can_be_turned_off(client) -> None:
    client.force_login(UserFactory())
    assert "data-shortcuts" in client.get("/account/").content.decode()
    response = client.post(reverse("preferences"), {"shortcuts": "off", "next": "/account/"})
    assert response.cookies[SHORTCUTS_COOKIE].value == "off"
    assert "data-shortcuts" not in client.get("/account/").content.decode()


@pytest.mark.parametrize("sent", [{"language": "sv"}, {"language": "xx"}, {"colour_scheme": "pink"}])
def test_what_no_page_offers_is_refused(client, sent) -> None:
    response = client.post(reverse("preferences"), sent)
    assert response.status_code == 400
    assert response.cookies.keys() <= {settings.CSRF_COOKIE_NAME}  # the page that says so has forms


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_one_is_not_sent_elsewhere(client, target) -> None:
    assert client.post(reverse("preferences"), {"language": "fi", "next": target}).url == "/"


def test_a_get_changes_nothing(client) -> None:
    assert client.get(reverse("preferences")).status_code == 405
