"""One's own account: what one sees of it, and what one may change."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.models import User
from crm.roles import PROJECT_ROLES, WITHOUT_PAGES, Role
from tests.factories import MunicipalityFactory, UserFactory, give, joint_project, member

pytestmark = pytest.mark.django_db


def test_roles_that_hold_or_are_to_come_are_shown_until_when(client, today) -> None:
    town = MunicipalityFactory(name_fi="Kemijärvi")
    user = member(Role.COORDINATOR, town, ends=today + timedelta(days=3))
    give(user, Role.EDITOR, town, starts=today - timedelta(days=9), ends=today - timedelta(days=1))
    give(user, Role.MANAGER, town, starts=today + timedelta(days=1))
    client.force_login(user)
    page = client.get("/account/").content.decode()
    last = today + timedelta(days=3)
    assert f"1.8.2020–{last.day}.{last.month}.{last.year}" in page
    assert f"{Role.MANAGER.label}: Kemijärvi" in page
    assert "ei vielä alkanut" in page
    assert str(Role.EDITOR.label) not in page


def test_without_a_role_one_is_told_whom_to_ask(client) -> None:
    client.force_login(UserFactory())
    assert client.get("/").url == "/account/"
    assert "Pyydä roolia" in client.get("/account/").content.decode()


@pytest.mark.parametrize("role", sorted(WITHOUT_PAGES))
def test_who_has_a_role_without_pages_is_told_so_and_until_when(client, today, role) -> None:
    town = MunicipalityFactory(name_fi="Kemijärvi")
    place = joint_project(town) if role in PROJECT_ROLES else town
    last = today + timedelta(days=3)
    user = member(role, place, ends=last)
    give(user, Role.COORDINATOR, town, starts=last)
    client.force_login(user)
    page = client.get("/", follow=True).content.decode()
    assert f"Sinulla on rooli ”{role.label}: {place}” {last.day}.{last.month}.{last.year} asti." in page
    assert "Sillä ei ole vielä sivuja tässä versiossa" in page
    assert str(Role.COORDINATOR.label) not in page
    menu = page.split("<nav", 1)[1].split("</nav>")[0]
    assert 'href="/start/" aria-current="page"' in menu


@pytest.mark.parametrize(
    ("role", "keys"), [(Role.COORDINATOR, ["Ctrl", "j"]), (Role.ADMINISTRATOR, ["j"]), (Role.EDITOR, [])]
)
def test_only_keys_that_lead_somewhere_are_told(client, role, keys) -> None:
    client.force_login(member(role, None if role == Role.ADMINISTRATOR else MunicipalityFactory()))
    page = client.get("/account/").content.decode()
    assert [key for key in ("Ctrl", "j") if f"<dt><kbd>{key}</kbd>" in page] == keys


def test_name_language_and_colours_are_ones_own_to_change(client) -> None:
    user = UserFactory()
    client.force_login(user)
    sent = {"name": "Aino Uusi", "language": "en", "colour_scheme": "light", "email": "other@example.fi"}
    response = client.post("/account/", sent)
    kept = User.objects.get(pk=user.pk)
    assert response.url == "/account/"
    assert (kept.name, kept.language, kept.colour_scheme) == ("Aino Uusi", "en", "light")
    assert kept.email == user.email
    assert '<html lang="en" data-scheme="light">' in client.get("/account/").content.decode()


def test_an_empty_name_is_not_taken_and_stays_to_be_mended(client) -> None:
    user = UserFactory()
    client.force_login(user)
    response = client.post("/account/", {"name": "", "language": "en", "colour_scheme": "dark"})
    assert response.status_code == 422
    assert "data-errors" in response.content.decode()
    assert User.objects.get(pk=user.pk).name == user.name
