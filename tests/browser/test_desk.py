"""What every page of the desk does by keyboard: the dialog, the menus, the lists, what outlives a session."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from crm.models import User
from crm.roles import Role
from tests.browser.checks import Desk
from tests.factories import PASSWORD
from tests.world import World

ADMINISTRATOR = Role.ADMINISTRATOR


@pytest.fixture
def administration(desk: Desk, world: World) -> Page:
    desk.sign_in(world.users[ADMINISTRATOR])
    return desk.open("/administration/")


def open_dialog(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#dialog")).to_be_visible()


def test_a_dialog_takes_the_focus_and_gives_it_back(administration: Page) -> None:
    open_dialog(administration, "Uusi käyttäjä")
    expect(administration.locator("#id_name")).to_be_focused()
    administration.keyboard.press("Escape")
    expect(administration.locator("#dialog")).to_be_hidden()
    expect(administration.get_by_role("link", name="Uusi käyttäjä")).to_be_focused()
    open_dialog(administration, "Uusi käyttäjä")
    administration.get_by_role("link", name="Peruuta").click()
    expect(administration.locator("#dialog")).to_be_hidden()
    assert administration.url.endswith("/administration/")


def test_a_dialog_shows_errors_keeps_what_was_typed_and_then_what_changed(administration: Page, desk: Desk) -> None:
    open_dialog(administration, "Uusi käyttäjä")
    administration.keyboard.type("Aino Uusi")
    administration.keyboard.press("Enter")
    expect(administration.locator("#dialog [data-errors]")).to_be_focused()
    assert desk.examine() == []
    expect(administration.locator("#id_name")).to_have_value("Aino Uusi")
    administration.locator("#dialog .errors a").first.click()
    expect(administration.locator("#id_email")).to_be_focused()
    administration.keyboard.type("aino.uusi@example.fi")
    administration.keyboard.press("Enter")
    expect(administration.locator("#main h1")).to_have_text("Aino Uusi")
    expect(administration.locator("#main h1")).to_be_focused()
    expect(administration.locator("#dialog")).to_be_hidden()
    expect(administration.locator("#notices")).to_contain_text("Tunnus on avattu: Aino Uusi")
    user = User.objects.get(email="aino.uusi@example.fi")
    assert administration.url.endswith(f"/administration/users/{user.pk}/")
    administration.go_back()
    expect(administration.locator("#main h1")).to_have_text("Käyttäjät")


def test_a_dialog_outlives_the_session(administration: Page, world: World, desk: Desk) -> None:
    open_dialog(administration, "Uusi käyttäjä")
    administration.locator("#id_name").fill("Aino Uusi")
    administration.locator("#id_email").fill("aino.uusi@example.fi")
    administration.context.clear_cookies(name="sessionid")
    administration.get_by_role("button", name="Tallenna").click()
    expect(administration.locator("#dialog .notice")).to_contain_text("Istuntosi on päättynyt")
    assert desk.examine() == []
    with administration.context.expect_page() as opened:
        administration.locator("#dialog .notice a").click()
    other = opened.value
    other.locator("input[name=login]").fill(world.users[ADMINISTRATOR].email)
    other.locator("input[name=password]").fill(PASSWORD)
    other.locator("main button[type=submit]").click()
    other.wait_for_url("**/administration/")
    other.close()
    administration.get_by_role("button", name="Tallenna").click()
    expect(administration.locator("#main h1")).to_have_text("Aino Uusi")


def test_language_and_colours_in_ones_own_menu_by_keyboard(administration: Page) -> None:
    page = administration
    page.get_by_role("button", name="Oma valikko").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/administration/")
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
    # waits: the mark stands as soon as the page begins to be read, the colours once its style has come
    expect(page.locator("body")).to_have_css("background-color", "rgb(16, 21, 31)")


def test_the_menu_of_a_phone(administration: Page, desk: Desk) -> None:
    page = administration
    page.set_viewport_size({"width": 320, "height": 700})
    expect(page.locator("#side")).to_be_hidden()
    page.get_by_role("button", name="Valikko", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#side")).to_be_visible()
    assert desk.examine_width(320) == []
    page.keyboard.press("Escape")
    expect(page.locator("#side")).to_be_hidden()


def test_where_the_menu_begins_to_hide_nothing_of_it_is_left_behind(administration: Page) -> None:
    background = "shell => getComputedStyle(shell).backgroundImage"
    for width, is_beside in ((900, False), (901, True)):
        administration.set_viewport_size({"width": width, "height": 700})
        expect(administration.locator(".side")).to_be_visible(visible=is_beside)
        assert (administration.locator(".shell").evaluate(background) != "none") is is_beside


def test_rows_are_walked_by_single_keys_until_these_are_turned_off(administration: Page) -> None:
    page, links = administration, administration.locator("[data-rows] a")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/administration/users/*/")
    page.goto(page.url.split("/administration")[0] + "/account/")
    page.get_by_role("button", name="Poista yhden näppäimen").click()
    page.get_by_role("button", name="Ota yhden näppäimen").wait_for()
    page.goto(page.url.split("/account")[0] + "/administration/")
    page.keyboard.press("j")
    expect(links.nth(0)).not_to_be_focused()


def test_the_skip_link_leads_to_the_content(administration: Page) -> None:
    administration.keyboard.press("Tab")
    expect(administration.locator(".skip")).to_be_focused()
    administration.keyboard.press("Enter")
    expect(administration.locator("#main")).to_be_focused()


def test_a_phone_number_and_an_e_mail_stand_apart(desk: Desk, world: World) -> None:
    person = world.own.person
    person.phone = "049 953 2177"
    person.save()
    page = desk.sign_in(world.users[Role.COORDINATOR])
    desk.open("/people/")
    reach = page.locator(".reach-list").filter(has_text=person.phone)
    for width in (320, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        phone, email = (reach.locator("a").nth(place).bounding_box() for place in range(2))
        assert phone["y"] + phone["height"] <= email["y"] or phone["x"] + phone["width"] + 8 <= email["x"]
