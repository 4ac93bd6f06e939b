"""Vaihenäkymä in a browser: a card moved by hand and by keyboard, to the same dialogs."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cases.lifecycle import State
from crm.roles import Role
from tests.browser.checks import Desk
from tests.factories import case_of
from tests.world import World


@pytest.fixture
def page(desk: Desk, world: World):
    return desk.sign_in(world.users[Role.COORDINATOR])


@pytest.fixture
def card(page, desk: Desk, world: World):
    """The card of a case in assessment whose plan is not empty, on the open board."""
    case = case_of(world.town, world.users[Role.COORDINATOR], state=State.ASSESSMENT)
    desk.open(reverse("case_board"))
    return page.locator(f"[data-case='{reverse('case', args=[case.reference])}']")


def test_dragged_onto_another_column_a_card_opens_the_step_that_leads_there(page, card) -> None:
    card.drag_to(page.locator("#column-paused h2"))
    dialog = page.locator("#dialog")
    expect(dialog).to_be_visible()
    dialog.locator("[name='reason']").fill("odottaa vastausta työpaikasta")
    dialog.locator("[name='review_on']").fill("1.12.2099")
    dialog.locator("button[type='submit']").click()
    expect(
        page.locator("#column-paused [data-case]").filter(has_text=card.locator(".num").first.inner_text())
    ).to_have_count(1)
    expect(dialog).to_be_hidden()
    assert page.url.endswith(reverse("case_board"))
    expect(page.locator("#notices a")).to_be_visible()  # «Take back»


def test_where_no_step_leads_the_board_says_so(page, card) -> None:
    card.drag_to(page.locator("#column-moving h2"))
    expect(page.locator("#notices")).to_contain_text(page.locator("[data-board]").get_attribute("data-impossible"))
    expect(page.locator("#dialog")).to_be_hidden()


def test_by_keyboard_the_link_of_the_card_leads_the_same_way_and_the_focus_follows_it(page, card) -> None:
    card.locator("a[data-dialog]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#dialog .next-step a").first).to_be_visible()
    page.locator("#dialog a[href*='/pause/']").focus()
    page.keyboard.press("Enter")
    page.locator("#dialog [name='reason']").fill("odottaa")
    page.locator("#dialog [name='review_on']").fill("1.12.2099")
    page.keyboard.press("Enter")
    moved = page.locator("#column-paused [data-case]").filter(has=page.locator("a[data-dialog]:focus"))
    expect(moved).to_have_count(1)


def test_on_a_phone_the_chips_lead_to_the_columns(page, desk: Desk, card) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.locator("a[href='#column-paused']").click()
    expect(page.locator("#heading-paused")).to_be_in_viewport()
