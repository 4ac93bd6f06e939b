"""A list taken as a file in a browser: the dialog, the file, and the page that stays where it was."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.urls import reverse
from playwright.sync_api import expect

from crm.roles import Role
from tests.browser.checks import Desk
from tests.world import World


@pytest.fixture
def page(desk: Desk, world: World):
    return desk.sign_in(world.users[Role.COORDINATOR])


def test_what_the_list_was_narrowed_to_in_place_goes_into_the_file(page, desk: Desk, world: World) -> None:
    desk.open(reverse("case_list"))
    page.fill("#id_q", "Omanen")
    expect(page.locator("[data-rows] tr")).to_have_count(1)
    page.click("#cases .list-tools a")
    expect(page.locator("dialog[open]")).to_contain_text("1 rivi")
    with page.expect_download() as waiting:
        page.click("dialog[open] button[value=xlsx]")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("#cases .list-tools a")).to_be_focused()
    expect(page.locator("#id_q")).to_have_value("Omanen")
    assert waiting.value.suggested_filename.startswith("asiakkuudet-")
    content = waiting.value.path().read_bytes()  # the file has no ending that openpyxl would know it by
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet.max_row == 2
    assert world.own.case.reference in [cell.value for cell in sheet[2]]


def test_by_keyboard_alone(page, desk: Desk) -> None:
    desk.open(reverse("people"))
    page.locator("#people header a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#dialog-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#people header a")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("dialog[open] button[value=csv]").focus()
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert waiting.value.suggested_filename.endswith(".csv")


def test_without_javascript(new_context, live_server, world: World) -> None:
    desk = Desk(new_context(java_script_enabled=False).new_page(), live_server.url)
    page = desk.sign_in(world.users[Role.COORDINATOR])
    desk.open(reverse("people"))
    page.click("#people header a")
    with page.expect_download() as waiting:
        page.click("button[value=csv]")
    assert waiting.value.suggested_filename.startswith("muuttajat-")
    page.click("a[data-close]:has-text('Peruuta')")
    assert page.url.endswith(reverse("people"))
