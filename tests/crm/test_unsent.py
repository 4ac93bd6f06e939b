"""What was typed into a form that was sent in vain comes back to who typed it, and to nobody else."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from urllib.parse import urlencode

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm import unsent
from crm.models import User
from tests.factories import PASSWORD, MunicipalityFactory, UserFactory, coordinator_of
from tests.fuzzing.asking import forms_in

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


@pytest.mark.parametrize("ended_before", [False, True], ids=["in a session", "after its end"])
def test_nothing_is_kept_for_who_has_signed_out(client, user, ended_before) -> None:
    if ended_before:
        end_session(client)
    client.get(reverse("account_logout"))
    assert client.cookies["asetu_last_user"].value, "only a question"
    client.post(reverse("account_logout"))
    client.post(ACCOUNT, TYPED)
    sign_in(client, user)
    assert TYPED_IN_PAGE not in client.get(ACCOUNT).content.decode()


def test_the_sign_in_page_says_that_it_is_kept_where_it_is(client, user, monkeypatch) -> None:
    end_session(client)
    for address, sent in (ACCOUNT, {"format": "csv"}), (ACCOUNT, TYPED):
        page = client.get(client.post(address, sent).url).content.decode()
        assert ("Kirjoittamasi on tallessa" in page) is (sent is TYPED)
    wrong = client.post(reverse("account_login"), {"login": user.email, "password": "väärä"})
    assert "Kirjoittamasi on tallessa" in wrong.content.decode()
    later = unsent.time.time() + unsent.KEPT_FOR + 1
    monkeypatch.setattr(unsent.time, "time", lambda: later)
    assert "Kirjoittamasi on tallessa" not in client.get(reverse("account_login")).content.decode()


@pytest.fixture
def careful() -> Client:
    """Signed in, with a page open whose token is from before."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())
    client.get(ACCOUNT)
    return client


def typed_in(client: Client, **typed: str) -> dict[str, str]:
    """The form of the account page as its user sends it, with the token of that page."""
    form = next(one for one in forms_in(client.get(ACCOUNT).content.decode()) if one.action == "")
    hidden = {one.name: one.value for one in form.fields if one.name in ("csrfmiddlewaretoken", "whose")}
    return {**hidden, **(typed or TYPED)}


OLD = {"csrfmiddlewaretoken": "a" * 64}  # as that of a page from before a sign-in


def test_a_page_from_before_signing_in_gives_back_what_was_typed(careful) -> None:
    typed = typed_in(careful)
    answer = careful.post(ACCOUNT, typed | OLD, headers=OURS)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert page.count(TYPED_IN_PAGE) == 2  # to be read, and to be sent
    token = answer.context["csrf_token"]
    assert careful.post(ACCOUNT, typed | {"csrfmiddlewaretoken": str(token)}, headers=OURS).status_code == 302


def sign_in_carefully(client: Client, user: User) -> None:
    token = client.get(reverse("account_login")).context["csrf_token"]
    told = {"login": user.email, "password": PASSWORD, "csrfmiddlewaretoken": str(token)}
    assert client.post(reverse("account_login"), told, headers=OURS).status_code == 302


@pytest.mark.parametrize("signs_out", [False, True], ids=["her session ends", "she signs out"])
def test_a_window_of_one_user_is_not_given_to_the_next(signs_out) -> None:
    client, marja, aino = Client(enforce_csrf_checks=True), UserFactory(), UserFactory()
    sign_in_carefully(client, marja)
    typed = typed_in(client)
    if signs_out:
        told = typed_in(client, next="")
        assert client.post(reverse("account_logout"), told, headers=OURS).status_code == 302
    end_session(client)
    sign_in_carefully(client, aino)
    answer = client.post(ACCOUNT, typed, headers=OURS)
    assert answer.status_code == 403, "nor is it saved as if it were hers"
    assert TYPED_IN_PAGE not in answer.content.decode()
    end_session(client)
    assert TYPED_IN_PAGE not in client.post(ACCOUNT, typed, headers=OURS).content.decode(), "nor after her session"
    sign_in_carefully(client, marja)
    assert TYPED_IN_PAGE in client.post(ACCOUNT, typed, headers=OURS).content.decode(), "it is her own"
    end_session(client)
    assert TYPED_IN_PAGE in client.post(ACCOUNT, typed, headers=OURS).content.decode(), "she will come back"


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"referer": "http://["}, {"origin": "null"}, {}]
)
def test_what_another_site_may_have_sent_is_not_given_back(careful, headers) -> None:
    answer = careful.post(ACCOUNT, typed_in(careful) | OLD, headers=headers)
    assert answer.status_code == 403
    assert TYPED_IN_PAGE not in answer.content.decode()


def test_a_password_is_never_given_back(careful) -> None:
    told = typed_in(careful, oldpassword="very secret", password1="more secret", password2="more secret")
    answer = careful.post(reverse("account_change_password"), told | OLD, headers=OURS)
    assert answer.status_code == 403
    assert "secret" not in answer.content.decode()


def test_what_is_too_long_is_not_given_back_in_its_names_either(careful) -> None:
    sent = urlencode({**typed_in(careful), **OLD, "n" * unsent.LONGEST: "x"})
    answer = careful.post(ACCOUNT, sent, content_type="application/x-www-form-urlencoded", headers=OURS)
    assert answer.status_code == 403
    assert TYPED_IN_PAGE not in answer.content.decode()


def test_only_what_was_typed_is_read_out(careful) -> None:
    """Not the marks by which the form knows what another has changed, nor which of two versions was chosen."""
    hidden = {"seen": "name:0123456789abcdef", "choose-name": "mine 0123456789abcdef"}
    answer = careful.post(ACCOUNT, {**typed_in(careful), **OLD, **hidden}, headers=OURS)
    assert answer.context["unsent"].readable == [("Nimi", TYPED["name"])]
    assert {*hidden.items()} < {*answer.context["unsent"].fields}


def test_what_is_read_out_says_which_field_it_was_in(client) -> None:
    """The day of a first contact, not that of a note. A text of unknown field speaks for itself, a key does not."""
    client.force_login(coordinator_of(MunicipalityFactory()))
    shown = forms_in(client.get(reverse("case_new")).content.decode())
    names = dict.fromkeys((one.name for form in shown if form.action == "" for one in form.fields), "")
    typed = {"on": "1.2.2026", "people-0-given_name": "Aino", "unmet_home": "Vielä hotellissa"}
    chosen = {"channel": "email", "people-0-declined": "gender", "met_school": "on"}
    read = unsent.Unsent(ACCOUNT, "", [*(names | typed | chosen).items()]).readable
    assert read == [("Yhteydenoton päivä", "1.2.2026"), ("Henkilö 1: Etunimi", "Aino"), ("", "Vielä hotellissa")]
    assert unsent.Unsent(ACCOUNT, "", [("text", "Soitti."), ("reason", "Ei")]).readable == [
        ("", "Soitti."),
        ("Syy", "Ei"),
    ]


@pytest.mark.parametrize(
    "sent",
    [{"format": "csv"}, {"allowed": "no"}, {"done": "1", "next": "/tasks/"}, {"seen": "a:b"}, {"name": " "}],
    ids=str,
)
def test_a_button_pressed_too_late_is_pressed_anew_on_its_page(client, user, sent) -> None:
    end_session(client)
    client.post(ACCOUNT, sent)
    sign_in(client, user)
    page = client.get(ACCOUNT)
    assert (page.status_code, "kept" in page.context and page.context["kept"]) == (200, [])


def test_each_window_gets_its_own_back(client, user) -> None:
    end_session(client)
    for name in ("Aino", "Bertta", "Bertta"):
        client.post(ACCOUNT, TYPED | {"name": name})
    sign_in(client, user)
    assert client.get(ACCOUNT, headers={"hx-request": "true"}).context["kept"] == [], "that page is cut to pieces"
    kept = client.get(ACCOUNT).context["kept"]
    assert [dict(one.fields)["name"] for one in kept] == ["Bertta", "Aino"]


def test_it_says_on_which_page_it_was_written(client, user) -> None:
    end_session(client)
    client.post(ACCOUNT, TYPED, headers={"referer": "http://testserver/cases/new/?advice=3"})
    sign_in(client, user)
    assert 'href="/cases/new/?advice=3"' in client.get(ACCOUNT).content.decode()


@pytest.mark.parametrize(
    "referer", ["http://evil.example/", "https://testserver/a/", "http://testserver//evil.example/"]
)
def test_no_other_page_is_called_ours(rf, referer) -> None:
    assert unsent.page_before(rf.post(ACCOUNT, headers={"referer": referer})) == ""
    assert not unsent.is_from_our_page(rf.post(ACCOUNT, headers={"origin": "https://testserver"}))
    assert unsent.is_from_our_page(rf.post(ACCOUNT, headers={"origin": "https://testserver"}, secure=True))


def test_whichever_way_one_signs_in_the_session_is_as_long_as_any(client, user) -> None:
    end_session(client)
    answer = client.post(ACCOUNT, TYPED)
    request = answer.wsgi_request
    assert request.session.get_expiry_age() == unsent.KEPT_FOR
    get_adapter().login(request, user)
    assert request.session.get_expiry_age() == settings.SESSION_COOKIE_AGE
