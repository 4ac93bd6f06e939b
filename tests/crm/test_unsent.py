"""What was typed into a form that was sent in vain comes back to who typed it, and to nobody else."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm import unsent
from crm.models import User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

ACCOUNT = "/account/"
TYPED = {"name": "Aino <b>Uusi</b>", "language": "fi", "colour_scheme": "dark"}
TYPED_IN_PAGE = "Aino &lt;b&gt;Uusi&lt;/b&gt;"
OURS = {"origin": "http://testserver"}


def sign_in(client: Client, user: User):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD, "next": ACCOUNT})


def end_session(client: Client) -> None:
    client.session.delete()


@pytest.fixture
def user(client) -> User:
    user = UserFactory()
    sign_in(client, user)
    return user


def test_it_is_on_the_page_after_signing_in_and_can_be_sent(client, user) -> None:
    end_session(client)
    assert client.post(ACCOUNT, TYPED).url.startswith(reverse("account_login"))
    assert sign_in(client, user).url == ACCOUNT
    page = client.get(ACCOUNT).content.decode()
    assert TYPED_IN_PAGE in page
    assert "Lähetä uudelleen" in page
    assert TYPED_IN_PAGE not in client.get(ACCOUNT).content.decode(), "it is given once"
    assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE


def test_it_is_not_given_to_the_next_who_signs_in(client, user) -> None:
    end_session(client)
    client.post(ACCOUNT, TYPED)
    sign_in(client, UserFactory())
    assert TYPED_IN_PAGE not in client.get(ACCOUNT).content.decode()
    client.post(reverse("account_logout"))
    sign_in(client, user)
    assert TYPED_IN_PAGE not in client.get(ACCOUNT).content.decode()


def test_it_is_not_kept_for_long(client, user, monkeypatch) -> None:
    end_session(client)
    client.post(ACCOUNT, TYPED)
    later = unsent.time.time() + unsent.KEPT_FOR + 1
    monkeypatch.setattr(unsent.time, "time", lambda: later)
    sign_in(client, user)
    assert TYPED_IN_PAGE not in client.get(ACCOUNT).content.decode()


def test_what_nobody_came_back_for_is_deleted(client, user) -> None:
    end_session(client)
    client.post(ACCOUNT, TYPED)
    call_command("tidy", stdout=StringIO())
    kept = Session.objects.get(session_key=client.session.session_key)
    assert kept.expire_date <= timezone.now() + timedelta(seconds=unsent.KEPT_FOR)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    call_command("tidy", stdout=StringIO())
    assert not Session.objects.exists()


def test_nothing_is_kept_for_who_never_signed_in_here(client) -> None:
    client.post(ACCOUNT, TYPED)
    client.cookies["asetu_last_user"] = "1:forged"
    client.post(ACCOUNT, TYPED)
    assert not Session.objects.exists()


@pytest.fixture
def careful() -> Client:
    """Signed in, with a page open whose token is from before."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())
    client.get(ACCOUNT)
    return client


def test_a_page_from_before_signing_in_gives_back_what_was_typed(careful) -> None:
    answer = careful.post(ACCOUNT, TYPED | {"csrfmiddlewaretoken": "a" * 64}, headers=OURS)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert page.count(TYPED_IN_PAGE) == 2  # to be read, and to be sent
    token = answer.context["csrf_token"]
    assert careful.post(ACCOUNT, TYPED | {"csrfmiddlewaretoken": str(token)}, headers=OURS).status_code == 302


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"referer": "http://["}, {"origin": "null"}, {}]
)
def test_what_another_site_may_have_sent_is_not_given_back(careful, headers) -> None:
    answer = careful.post(ACCOUNT, TYPED, headers=headers)
    assert answer.status_code == 403
    assert TYPED_IN_PAGE not in answer.content.decode()


def test_a_password_is_never_given_back(careful) -> None:
    told = {"oldpassword": "very secret", "password1": "more secret", "password2": "more secret"}
    answer = careful.post(reverse("account_change_password"), told, headers=OURS)
    assert answer.status_code == 403
    assert "secret" not in answer.content.decode()


def test_what_is_too_long_is_not_given_back_in_its_names_either(careful) -> None:
    sent = urlencode({**TYPED, "n" * unsent.LONGEST: "x"})
    answer = careful.post(ACCOUNT, sent, content_type="application/x-www-form-urlencoded", headers=OURS)
    assert answer.status_code == 403
    assert TYPED_IN_PAGE not in answer.content.decode()


def test_only_what_was_typed_is_read_out(careful) -> None:
    """Not the marks by which the form knows what another has changed, nor which of two versions was chosen."""
    hidden = {"seen": "name:0123456789abcdef", "choose-name": "mine 0123456789abcdef"}
    answer = careful.post(ACCOUNT, {**TYPED, **hidden}, headers=OURS)
    assert answer.context["unsent"].texts == list(TYPED.values())
    assert {*hidden.items()} < {*answer.context["unsent"].fields}
