"""The pages for what goes wrong say what to do, in the user's language, and stand without the rest."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.views.defaults import server_error

from crm.roles import Role
from crm.urls import handler400, handler403, handler404  # noqa: F401 (Django looks for them beside the addresses)
from crm.urls import urlpatterns as product_urls
from crm.views.errors import unreadable
from tests.factories import MunicipalityFactory, UserFactory, member

pytestmark = pytest.mark.django_db


def broken(request) -> HttpResponse:
    raise ZeroDivisionError


def refused(request) -> HttpResponse:
    raise PermissionDenied


urlpatterns = [*product_urls, path("broken/", broken), path("refused/", refused)]


@pytest.fixture
def client() -> Client:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.force_login(UserFactory())
    with override_settings(ROOT_URLCONF=__name__):
        yield client


@pytest.mark.parametrize(
    ("address", "status", "finnish", "english"),
    [
        ("/no-such-page/", 404, "Sivua ei löydy", "There is no such page"),
        ("/refused/", 403, "Sinulla ei ole oikeutta tähän", "You are not allowed to do this"),
        ("/broken/", 500, "Jokin meni vikaan", "Something went wrong"),
    ],
)
def test_in_the_users_language(client, address, status, finnish, english) -> None:
    page = client.get(address)
    assert page.status_code == status
    assert finnish in page.content.decode()
    client.cookies["asetu_language"] = "en"
    assert english in client.get(address).content.decode()


@pytest.mark.parametrize(("address", "status"), [("/no-such-page/", 404), ("/refused/", 403)])
def test_who_is_signed_in_has_menu_and_search(client, address, status, django_assert_max_num_queries) -> None:
    client.force_login(member(Role.COORDINATOR, MunicipalityFactory()))
    with django_assert_max_num_queries(6):
        page = client.get(address)
    assert page.status_code == status
    assert 'id="search"' in page.content.decode()
    assert 'id="side"' in page.content.decode()
    part = client.get(address, headers={"HX-Request": "true", "HX-Target": "dialog-body"})
    assert (part.status_code, 'id="side"' in part.content.decode()) == (status, False)
    client.logout()
    plain = client.get("/no-such-page/")
    assert (plain.status_code, 'id="side"' in plain.content.decode()) == (404, False)


def test_without_a_database_for_the_menu_the_page_is_plain(client, monkeypatch) -> None:
    def away(*_args):
        raise OperationalError

    client.force_login(member(Role.COORDINATOR, MunicipalityFactory()))
    monkeypatch.setattr("desk.templatetags.desk.sidebar_counts", away)
    page = client.get("/no-such-page/")
    assert (page.status_code, 'id="side"' in page.content.decode()) == (404, False)


def test_a_form_without_its_token(client) -> None:
    page = client.post("/account/", {"name": "x"})
    assert page.status_code == 403
    assert "Sivu oli auki liian kauan" in page.content.decode()


def test_what_could_not_be_read_and_what_failed_need_nothing_to_be_told(rf) -> None:
    request = rf.get("/")
    assert "Lähetettyä ei voitu lukea" in unreadable(request, ValueError()).content.decode()
    assert "Jokin meni vikaan" in server_error(request).content.decode()


def test_pages_are_not_left_behind_on_a_shared_machine(client) -> None:
    assert client.get("/account/")["Cache-Control"] == "private, no-store"


def test_only_what_one_may_open_is_in_the_sidebar(client) -> None:
    town = MunicipalityFactory()
    shown = {}
    for role in (Role.COORDINATOR, Role.MANAGER, Role.INSPECTOR, Role.ADMINISTRATOR):
        client.force_login(member(role, None if role == Role.ADMINISTRATOR else town))
        page = client.get("/account/").content.decode()
        shown[role] = "/administration/" in page, "/import/" in page
    assert shown == {
        Role.COORDINATOR: (False, True),
        Role.MANAGER: (False, False),
        Role.INSPECTOR: (False, False),
        Role.ADMINISTRATOR: (True, False),
    }
