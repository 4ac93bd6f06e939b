"""Every page of the table in tests/pages.py, by each role, as a person sees it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from crm.roles import Role
from tests.browser.checks import Desk
from tests.pages import PAGES
from tests.world import World

# Each page is seen in both languages and in both colour schemes; neither depends on the other.
AS_SEEN = (("fi", "light"), ("en", "dark"))
SIGNED_OUT = ["account_login", "account_reset_password", "account_reset_password_done", "account_inactive"]


@pytest.mark.parametrize("role", Role)
def test_every_page_of_a_role(desk: Desk, world: World, role: Role) -> None:
    page = desk.sign_in(world.users[role])
    faults = []
    for entry in PAGES:
        if role not in entry.opens or not entry.shown:
            continue
        for language, scheme in AS_SEEN:
            desk.choose_language(language)
            desk.open(entry.address(world))
            assert page.locator("h1").count() == 1, entry
            assert page.locator("html").get_attribute("lang") == language
            faults += desk.examine([scheme])
    assert faults == []


@pytest.mark.parametrize("name", SIGNED_OUT)
def test_the_pages_of_signing_in(desk: Desk, world: World, name: str) -> None:
    desk.open(reverse(name))
    assert desk.examine() == []


def test_the_page_for_what_does_not_exist(desk: Desk, world: World) -> None:
    desk.sign_in(world.users[Role.COORDINATOR])
    desk.open("/no-such-page/")
    assert desk.examine() == []


def test_a_wrong_password_is_told_and_nothing_is_lost(desk: Desk, world: World) -> None:
    page = desk.open(reverse("account_login"))
    page.locator("input[name=login]").fill("ei.kukaan@example.fi")
    page.locator("input[name=password]").fill("väärä salasana")
    page.locator("main form button[type=submit]").click()
    page.wait_for_selector("[aria-invalid=true], [role=alert], .errors")
    assert page.locator("input[name=login]").input_value() == "ei.kukaan@example.fi"
    assert desk.examine() == []
