"""The case page in a browser: what a tick or a dialog changes is seen at once, and one stays where one was."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from crm.roles import Role
from tests.browser.checks import Desk
from tests.world import World


@pytest.fixture
def page(desk: Desk, world: World) -> Page:
    """On the page of a case with three tasks, one of them done; low, so that there is something to scroll."""
    page = desk.sign_in(world.users[Role.COORDINATOR])
    page.set_viewport_size({"width": 700, "height": 500})
    desk.open(reverse("case", args=[world.own.case.reference]))
    return page


def scrolled_to(page: Page) -> int:
    return round(page.evaluate("scrollY"))


def at_rest(page: Page) -> None:
    """Scripts and fonts are there: a letter drawn anew moves what stands below it by a pixel or two."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")


def test_a_tick_counts_and_is_told_on_the_timeline(page: Page, world: World) -> None:
    tick = page.locator(f"#tick-{world.own.task.pk}")
    count, entries = page.locator("#tasks-count"), page.locator("#timeline > li")
    before, total = entries.count(), page.locator("#tasks-heading").locator("xpath=ancestor::section").locator(".tick")
    expect(count).to_have_text(f"0 / {total.count()} tehty")
    at_rest(page)
    tick.scroll_into_view_if_needed()
    place = scrolled_to(page)
    assert place > 0
    tick.click()
    expect(count).to_have_text(f"1 / {total.count()} tehty")
    expect(tick).to_be_focused()
    expect(entries).to_have_count(before + 1)
    expect(entries.first).to_contain_text(world.own.task.title)
    page.keyboard.press("Space")
    expect(count).to_have_text(f"0 / {total.count()} tehty")
    expect(tick).to_be_focused()
    expect(entries).to_have_count(before + 2)
    assert scrolled_to(page) == place


def test_a_line_that_has_come_is_used_at_once(page: Page, world: World) -> None:
    """Unticked in the same moment as the ticked line comes: the browser does not send the form by itself."""
    at_rest(page)
    page.evaluate(
        """(id) => {
          window.stillHere = true;
          const use = () => setTimeout(() => document.getElementById(id).click());
          document.addEventListener("htmx:afterSwap", use, { once: true });
        }""",
        f"tick-{world.own.task.pk}",
    )
    entries = page.locator("#timeline > li")
    before = entries.count()
    page.locator(f"#tick-{world.own.task.pk}").click()
    expect(entries).to_have_count(before + 2)
    assert page.evaluate("window.stillHere")


def test_after_a_dialog_one_is_where_one_was(page: Page, world: World) -> None:
    at_rest(page)
    page.locator(f"#tick-{world.own.task.pk}").click()
    expect(page.locator("#tasks-count")).to_contain_text("1 / ")
    page.reload()
    at_rest(page)
    page.locator("#tasks-done summary").click()
    add = page.get_by_role("link", name="Lisää tehtävä")
    add.click()
    page.locator("#dialog #id_title").fill("Soita koululle")
    place = scrolled_to(page)
    assert place > 0
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_contain_text("Soita koululle")
    expect(page.locator("#dialog")).to_be_hidden()
    expect(add).to_be_focused()
    expect(page.locator("#tasks-done")).to_have_attribute("open", "")
    assert scrolled_to(page) == place


def test_the_page_fetched_anew_is_no_step_back(page: Page, world: World, desk: Desk) -> None:
    desk.open(reverse("case_list"))
    desk.open(reverse("case", args=[world.own.case.reference]))
    page.get_by_role("link", name="Muistiinpano").click()
    page.locator("#dialog [name=text]").fill("Avaimet on luovutettu")
    page.locator("#dialog button.primary").click()
    expect(page.locator("#timeline")).to_contain_text("Avaimet on luovutettu")
    expect(page.get_by_role("link", name="Muistiinpano")).to_be_focused()
    page.go_back()
    page.wait_for_url("**" + reverse("case_list"))


def test_a_step_that_is_gone_leaves_the_focus_at_its_card(page: Page) -> None:
    page.locator("[aria-labelledby=next-heading]").get_by_role("link", name="Laita tauolle").click()
    dialog = page.locator("#dialog")
    dialog.locator("[name=reason]").fill("Odottaa asuntoa")
    dialog.locator("button.primary").click()
    expect(page.locator("#main h1")).to_contain_text("Tauolla")
    expect(page.locator("#next-heading")).to_be_focused()
    expect(page.locator("#count-my_day")).to_be_attached()


def test_a_slip_is_taken_back_by_a_click_and_enter(page: Page) -> None:
    heading = page.locator("#main h1")
    before = str(heading.text_content())
    page.locator("[aria-labelledby=next-heading]").get_by_role("link", name="Laita tauolle").click()
    page.locator("#dialog [name=reason]").fill("Odottaa asuntoa")
    page.locator("#dialog button.primary").click()
    expect(heading).to_contain_text("Tauolla")
    page.locator("#notices").get_by_role("link", name="Kumoa").click()
    expect(page.locator("#dialog [name=why]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#dialog")).to_be_hidden()
    expect(heading).to_have_text(before)


def test_what_is_sent_while_a_preview_is_asked_for_is_not_waited_for_for_ever(page: Page, world: World) -> None:
    """A day is typed and «Tallenna» clicked at once: the answer takes away the field that asks for the preview."""
    page.locator("[aria-labelledby=next-heading]").get_by_role("link", name="Siirrä muuttopäivää").click()
    dialog = page.locator("#dialog")
    dialog.locator("[name=to]").fill("1.1.2020")
    held: list[Route] = []
    page.route("**/postpone/", lambda route: held.append(route) if _previews(route) else route.continue_())
    dialog.locator("[type=submit].primary").click()
    expect(dialog.locator("[data-errors]")).to_be_visible()
    for route in held:
        with page.expect_event("requestfinished"):
            route.continue_()
    assert held
    expect(page.locator("body.busy")).to_have_count(0)


def _previews(route: Route) -> bool:
    return "preview" in (route.request.post_data or "")
