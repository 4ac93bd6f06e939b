"""Two browsers with the form of one person open: the second sees both versions and chooses by the keyboard."""

from __future__ import annotations

from django.urls import reverse
from playwright.sync_api import Browser, expect

from contacts.models import Person
from crm.roles import Role
from tests.browser.checks import Desk
from tests.factories import coordinator_of
from tests.world import World


def test_who_comes_second_sees_both_and_chooses(desk: Desk, browser: Browser, live_server, world: World) -> None:
    form = reverse("person_edit", args=[world.own.person.pk])
    page = desk.sign_in(world.users[Role.COORDINATOR])
    desk.open(reverse("household", args=[world.own.household.pk]))
    page.locator(f"#main a[href='{form}']").first.click()
    phone = page.locator("#dialog #id_phone")
    phone.fill("040 123 4567")

    elsewhere = Desk(browser.new_context(viewport={"width": 1440, "height": 900}).new_page(), live_server.url)
    other = elsewhere.sign_in(coordinator_of(world.town, name="Aino Niemi"))
    elsewhere.open(form)
    other.locator("#id_phone").fill("040 999 8888")
    other.get_by_role("button", name="Tallenna", exact=True).click()
    other.wait_for_url("**/households/**")

    page.locator("#dialog").get_by_role("button", name="Tallenna", exact=True).click()
    asked = page.locator("#dialog .conflict")
    expect(asked).to_be_focused()
    expect(asked).to_contain_text("Aino Niemi tallensi uudemman version klo")
    expect(phone).to_have_value("040 123 4567")
    choice = asked.get_by_role("group", name="Puhelin")
    expect(choice.get_by_role("radio", checked=True)).to_have_count(0)
    assert desk.examine() == []

    with page.expect_response(lambda answer: answer.status == 422):
        page.locator("#dialog").get_by_role("button", name="Tallenna", exact=True).click()
    expect(asked).to_be_focused()
    assert Person.objects.get(pk=world.own.person.pk).phone == "040 999 8888", "nothing was chosen yet"

    choice.get_by_role("radio", name="Sinun versiosi: 040 123 4567").focus()
    page.keyboard.press("Space")
    page.locator("#dialog").get_by_role("button", name="Tallenna", exact=True).press("Enter")
    expect(page.locator("#dialog")).to_be_hidden()
    assert Person.objects.get(pk=world.own.person.pk).phone == "040 123 4567"
    other.context.close()
