"""Signing in, passwords, the end of a session, and the addresses of allauth that we do not have."""

from __future__ import annotations

import re
from datetime import timedelta
from threading import Event

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from crm.accounts import StaffAdapter
from tests.factories import PASSWORD, MunicipalityFactory, UserFactory, case_of, coordinator_of

pytestmark = pytest.mark.django_db

NEW = "kolme pitkää sanaa peräkkäin"


def sign_in(client, user, password: str = PASSWORD, **fields):
    return client.post(reverse("account_login"), {"login": user.email, "password": password, **fields})


def test_after_signing_in_one_is_where_one_was_going(client) -> None:
    asked = client.get("/account/?from=here")
    assert asked.url == "/account/login/?next=/account/%3Ffrom%3Dhere"
    page = client.get(asked.url).content.decode()
    assert '<input type="hidden" name="next" value="/account/?from=here">' in page
    assert sign_in(client, UserFactory(), next="/account/?from=here").url == "/account/?from=here"


def test_one_is_not_sent_elsewhere_after_signing_in(client) -> None:
    assert sign_in(client, UserFactory(), next="https://elsewhere.example/").url == "/"


def test_a_form_sent_after_the_session_leads_back_to_its_page(client) -> None:
    response = client.post("/account/", {"name": "x"}, headers={"referer": "http://testserver/account/?tab=2"})
    assert response.url == "/account/login/?next=/account/%3Ftab%3D2"


def test_a_part_of_a_page_is_not_replaced_by_the_sign_in(client) -> None:
    response = client.post("/account/", {"name": "x"}, headers={"hx-request": "true"})
    assert (response.status_code, response.content) == (401, b"")


def test_a_wrong_password_and_an_unknown_e_mail_are_told_alike(client) -> None:
    user = UserFactory()
    wrong = sign_in(client, user, "wrong password").content.decode()
    unknown = client.post(reverse("account_login"), {"login": "no@example.fi", "password": "x"}).content.decode()
    said = [re.findall(r"<li>([^<]+)</li>", page) for page in (wrong, unknown)]
    assert said[0] == said[1] != []


def test_guessing_is_slowed_down(client) -> None:
    user = UserFactory()
    for _attempt in range(6):
        sign_in(client, user, "wrong password")
    assert "_auth_user_id" not in client.session
    sign_in(client, user)
    assert "_auth_user_id" not in client.session


def test_the_closed_account_does_not_open(client) -> None:
    assert sign_in(client, UserFactory(is_active=False)).url == reverse("account_inactive")
    assert client.get("/account/").status_code == 302


def test_a_forgotten_password(client, posted) -> None:
    user = UserFactory()
    response = client.post(reverse("account_reset_password"), {"email": user.email})
    assert response.url == reverse("account_reset_password_done")
    [message] = posted()
    assert message.to == [user.email]
    assert message.subject == "Uusi salasana Asetuun"
    page = client.get(re.search(rf"{settings.BASE_URL}(/\S+)", message.body)[1], follow=True)
    address = page.request["PATH_INFO"]
    assert client.post(address, {"password1": "short", "password2": "short"}).status_code == 200
    done = client.post(address, {"password1": NEW, "password2": NEW})
    assert done.url == reverse("account_reset_password_from_key_done")
    assert sign_in(client, user, NEW).url == "/"


def test_an_unknown_e_mail_gets_the_same_answer_and_no_mail(client, posted) -> None:
    response = client.post(reverse("account_reset_password"), {"email": "no@example.fi"})
    assert response.url == reverse("account_reset_password_done")
    assert posted() == []


def test_the_time_of_the_answer_does_not_tell_of_an_account(client, posted, monkeypatch) -> None:
    """The same statements are made and the same mail is written; the mail server is not waited for."""
    arrives, written, statements = Event(), [], []
    deliver, render = EmailMessage.send, StaffAdapter.render_mail
    monkeypatch.setattr(EmailMessage, "send", lambda message: arrives.wait(10) and deliver(message))
    monkeypatch.setattr(StaffAdapter, "render_mail", lambda *told: written.append(told[1]) or render(*told))
    for email in (UserFactory().email, "no@example.fi", UserFactory(is_active=False).email):
        with CaptureQueriesContext(connection) as captured:
            client.post(reverse("account_reset_password"), {"email": email})
        # PostgreSQL numbers its cursors: the number is not part of the statement.
        statements.append([re.sub(r"_django_curs_\w+", "", query["sql"].split("WHERE")[0]) for query in captured])
    assert statements[1:] == statements[:1] * 2
    assert written == ["account/email/password_reset_key"] * 3
    assert mail.outbox == []
    arrives.set()
    assert len(posted()) == 1


def test_a_mail_server_that_is_away_is_told_in_the_log(client, posted, monkeypatch, caplog) -> None:
    def fail(_message) -> None:
        raise OSError("connection refused")

    monkeypatch.setattr(EmailMessage, "send", fail)
    response = client.post(reverse("account_reset_password"), {"email": UserFactory().email})
    assert response.url == reverse("account_reset_password_done")
    posted()
    assert "could not send «Uusi salasana Asetuun»" in caplog.text


def test_a_used_link_says_what_to_do(client) -> None:
    page = client.get("/account/password/reset/key/1-bad-key/").content.decode()
    assert "Linkki ei enää toimi" in page


def test_changing_ones_password(client) -> None:
    user = UserFactory()
    client.force_login(user)
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post(reverse("account_change_password"), sent).status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW)


@pytest.fixture
def told_of_a_child(client) -> str:
    """The page that would say «… was added», not opened yet, after the message was made for it."""
    town = MunicipalityFactory()
    user = coordinator_of(town)
    sign_in(client, user)
    household = case_of(town, user).household
    child = {
        "given_name": "Zahra",
        "family_name": "Noori",
        "relation": "other",
        "joined_on": timezone.localdate().isoformat(),
    }
    return client.post(reverse("member_add", args=[household.pk]), child).url


def test_a_message_stands_on_the_next_page_once(client, told_of_a_child) -> None:
    region = re.compile('<div class="notices".*?</div>', re.DOTALL)
    first, second = (region.search(client.get(told_of_a_child).content.decode())[0] for _time in range(2))
    assert "Zahra" in first
    assert "Zahra" not in second


def test_a_message_is_not_shown_to_whoever_comes_after_signing_out(client, told_of_a_child) -> None:
    client.post(reverse("account_logout"))
    assert "Zahra" not in client.get(reverse("account_login")).content.decode()


def test_a_message_is_not_shown_to_whoever_comes_after_the_end_of_the_session(client, told_of_a_child) -> None:
    client.session.delete()
    assert "Zahra" not in client.get(told_of_a_child, follow=True).content.decode()


def test_no_cookie_holds_a_message(client, told_of_a_child) -> None:
    assert {*client.cookies} == {"sessionid", "csrftoken", "asetu_language", "asetu_colours", "asetu_last_user"}


def test_a_message_does_not_lengthen_the_session(client, told_of_a_child, monkeypatch) -> None:
    signed_in = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: signed_in + timedelta(hours=11))
    client.get(told_of_a_child)  # takes the message out of it
    ends = Session.objects.get(session_key=client.session.session_key).expire_date
    assert ends == pytest.approx(signed_in + timedelta(hours=12), abs=timedelta(minutes=1))


def test_signing_out_asks_for_a_post(client) -> None:
    client.force_login(UserFactory())
    client.get(reverse("account_logout"))
    assert client.get("/account/").status_code == 200
    assert client.post(reverse("account_logout")).url == reverse("account_login")
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_set_password", "account_reauthenticate"])
def test_what_we_do_not_offer_has_no_address(name) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_no_placeholder_speaks_instead_of_a_label(client) -> None:
    for name in ("account_login", "account_reset_password"):
        assert "placeholder" not in client.get(reverse(name)).content.decode()
