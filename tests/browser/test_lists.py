"""The list of cases, the new contact and Oma päivä in a browser: what changes in place, and where the focus is."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cases.models import Case, Task
from crm.roles import Role
from tests.browser.checks import Desk
from tests.world import World

# What of these elements does not fit; the words of each.
WIDER_THAN_ITS_CARD = """tables => tables
  .filter((table) => table.getBoundingClientRect().right > table.closest(".card").getBoundingClientRect().right)
  .map((table) => table.textContent.slice(0, 40))"""
OF_TWO_LINES = """tags => tags
  .filter((tag) => tag.offsetHeight > 1.5 * parseFloat(getComputedStyle(tag).lineHeight))
  .map((tag) => tag.textContent)"""


@pytest.fixture
def page(desk: Desk, world: World):
    return desk.sign_in(world.users[Role.COORDINATOR])


def wait_for_query(page, **words: list[str]) -> None:
    """Until the address of the page holds just these words."""
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query) == words)


def test_the_list_narrows_and_sorts_in_place(page, desk: Desk, world: World) -> None:
    desk.open(reverse("case_list"))
    page.click("#state-moving")
    expect(page.locator("#state-moving")).to_be_focused()
    wait_for_query(page, state=["moving"])
    page.click("#sort-name")
    expect(page.locator("th[aria-sort='ascending']")).to_have_count(1)
    page.fill("#id_q", "Omanen")
    expect(page.locator("[data-rows] tr")).to_have_count(1)
    expect(page.locator("#id_q")).to_be_focused()
    wait_for_query(page, q=["Omanen"], state=["moving"], sort=["name"])
    page.click("a:has-text('Omanen') >> nth=0")  # the chip: the filter goes, and stays gone
    expect(page.locator("h1")).to_be_focused()
    expect(page.locator("#id_q")).to_have_value("")
    wait_for_query(page, state=["moving"], sort=["name"])
    page.reload()
    expect(page.locator("th[aria-sort='ascending']")).to_have_count(1)


def test_a_phone_sorts_by_a_list_of_choices(page, desk: Desk, world: World) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    desk.open(reverse("case_list") + "?state=all")
    page.select_option("#sort", "name")
    expect(page.locator("#sort")).to_have_value("name")
    wait_for_query(page, state=["all"], sort=["name"])


def test_lists_fit_their_card_and_tags_one_line(page, desk: Desk, world: World) -> None:
    Case.objects.filter(pk=world.own.case.pk).update(coordinator=None)
    Task.objects.filter(pk=world.own.task.pk).update(due_on="2026-01-02")
    checked_import = reverse("import_check", args=[world.imports["check"]])
    for address in (reverse("case_list"), reverse("people"), reverse("import_list"), checked_import):
        desk.open(address)
        for width in (320, 768, 920, 1000, 1280, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            faults = page.locator("table.stacked").evaluate_all(WIDER_THAN_ITS_CARD)
            faults += page.locator(".tag:visible").evaluate_all(OF_TWO_LINES)
            assert faults == [], f"{address} at {width}"


def test_a_new_member_takes_the_focus_and_the_case_opens(page, desk: Desk, world: World) -> None:
    desk.open(reverse("case_new"))
    page.fill("[name='people-0-given_name']", "Amina")
    page.click("[name='add_person']")
    expect(page.locator("[data-focus]")).to_be_focused()
    expect(page.locator("[name='people-0-given_name']")).to_have_value("Amina")
    page.click("main form .btn.primary[type='submit']")
    page.wait_for_url("**/cases/*-*/")
    case = Case.objects.latest("pk")
    assert case.reference in page.url
    assert case.household.size == 1


def test_my_day_is_ticked_off_and_taken_in_place(page, desk: Desk, world: World) -> None:
    Case.objects.filter(pk=world.own.case.pk).update(coordinator=None)
    task = world.own.task
    Task.objects.filter(pk=task.pk).update(assignee=world.users[Role.COORDINATOR], due_on="2026-01-02", done_on=None)
    desk.open(reverse("my_day"))
    page.click(f"#tick-{task.pk}")
    expect(page.locator(f"#tick-{task.pk}")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(f"#tick-{task.pk}")).to_be_focused()
