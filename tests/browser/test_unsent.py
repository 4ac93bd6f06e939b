"""What was typed and not sent is not lost unasked: by leaving the page, or by closing the dialog."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Dialog, Page, expect

from cases.models import Case, Event
from crm.roles import Role
from tests.browser.checks import Desk
from tests.world import World

RELOAD = "setTimeout(() => location.reload())"


@pytest.fixture
def page(desk: Desk, world: World) -> Page:
    return desk.sign_in(world.users[Role.COORDINATOR])


@pytest.fixture
def asked(page: Page) -> list[str]:
    """The questions that the browser itself asks; each is answered with staying."""
    questions: list[str] = []

    def answer(dialog: Dialog) -> None:
        questions.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", answer)
    return questions


@pytest.fixture
def note(page: Page, desk: Desk, world: World) -> Page:
    """The case of the town with the dialog of a note open."""
    desk.open(reverse("case", args=[world.own.case.reference]))
    page.locator("#main .page-head").get_by_role("link", name="Muistiinpano").click()
    expect(page.locator("#dialog textarea")).to_be_focused()
    return page


def is_asked(page: Page, leave: Callable[[], object]) -> None:
    """That the browser asks before `leave` leaves the page."""
    with page.expect_event("dialog") as question:
        leave()
    assert question.value.type == "beforeunload"


def test_leaving_a_form_asks_only_when_something_is_typed(page: Page, desk: Desk, asked: list[str]) -> None:
    desk.open(reverse("case_new"))
    page.locator("#id_text").focus()
    page.keyboard.type("Hei")
    is_asked(page, lambda: page.evaluate(RELOAD))
    is_asked(page, page.locator("#side").get_by_role("link", name="Asiakkuudet").click)
    expect(page.locator("#id_text")).to_have_value("Hei")
    page.locator("#id_text").focus()
    for _letter in "Hei":
        page.keyboard.press("Backspace")
    expect(page.locator("#id_text")).to_have_value("")
    asked.clear()
    page.reload()
    page.locator("#side").get_by_role("link", name="Asiakkuudet").click()
    expect(page.locator("h1")).to_have_text("Asiakkuudet")
    assert asked == []


def test_what_the_server_put_back_into_the_form_is_not_saved_either(page: Page, desk: Desk, asked: list[str]) -> None:
    desk.open(reverse("case_new"))
    page.locator("#id_people-0-given_name").press_sequentially("Aino")
    page.get_by_role("button", name="Lisää jäsen").click()
    expect(page.locator("#id_people-1-given_name")).to_be_visible()
    is_asked(page, lambda: page.evaluate(RELOAD))
    page.locator("#id_on").fill("eilen")
    page.get_by_role("button", name="Tallenna yhteydenotto").click()
    expect(page.locator("[data-errors]")).to_be_focused()
    page.keyboard.press("Tab")
    is_asked(page, lambda: page.evaluate(RELOAD))
    assert asked == ["beforeunload"] * 2


def test_sending_does_not_ask(page: Page, desk: Desk, asked: list[str]) -> None:
    desk.open(reverse("case_new"))
    page.locator("#id_text").press_sequentially("Hei, etsimme asuntoa.")
    page.get_by_role("button", name="Tallenna yhteydenotto").click()
    page.wait_for_url("**/cases/*-*/")
    page.locator("#main .page-head").get_by_role("link", name="Muistiinpano").click()
    page.locator("#dialog textarea").press_sequentially("Soitan huomenna.")
    page.locator("#dialog .primary").click()
    expect(page.locator("#dialog")).to_be_hidden()
    expect(page.locator("#main .timeline")).to_contain_text("Soitan huomenna.")
    page.reload()
    assert asked == []
    assert Case.objects.filter(events__text="Soitan huomenna.").exists()


def test_searching_does_not_ask(page: Page, desk: Desk, asked: list[str]) -> None:
    for name in ("people", "case_list"):
        desk.open(reverse(name))
        page.locator("#id_q").press_sequentially("Oma")
        page.reload()
    assert asked == []


def test_escape_asks_before_what_is_written_is_discarded(note: Page, desk: Desk) -> None:
    page, question = note, note.locator("#unsent")
    page.keyboard.type("Soitettu")
    for _time in range(3):  # the browser itself would close the dialog the second time, come what may
        page.keyboard.press("Escape")
        expect(question.get_by_role("button", name="Jatka kirjoittamista")).to_be_focused()
        page.keyboard.press("Escape")
        expect(question).to_be_hidden()
        expect(page.locator("#dialog textarea")).to_have_value("Soitettu")
        expect(page.locator("#dialog textarea")).to_be_focused()
    page.locator("#dialog").get_by_role("link", name="Peruuta").click()
    assert desk.examine() == []
    page.keyboard.press("Enter")
    expect(page.locator("#dialog textarea")).to_have_value("Soitettu")
    page.keyboard.press("Escape")
    question.get_by_role("button", name="Hylkää").click()
    expect(page.locator("#dialog")).to_be_hidden()
    expect(page.locator("#main .page-head").get_by_role("link", name="Muistiinpano")).to_be_focused()
    assert not Event.objects.filter(text__startswith="Soitettu").exists()


def test_an_unchanged_dialog_closes_at_once(note: Page) -> None:
    note.keyboard.type("x")
    note.keyboard.press("Backspace")
    note.keyboard.press("Escape")
    expect(note.locator("#dialog")).to_be_hidden()
    expect(note.locator("#unsent")).to_be_hidden()


def test_a_refused_dialog_asks(note: Page) -> None:
    note.keyboard.type("Soitettu")
    note.locator("#dialog [name=on]").fill("eilen")
    note.locator("#dialog .primary").click()
    expect(note.locator("#dialog [data-errors]")).to_be_focused()
    note.keyboard.press("Escape")
    expect(note.locator("#unsent")).to_be_visible()
