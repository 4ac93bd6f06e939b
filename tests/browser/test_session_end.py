"""What was typed into the form of a page when the session had ended is in it again, or stands beside it."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from cases.models import Case
from contacts.models import Person
from crm.models import User
from crm.roles import Role
from tests.browser.checks import Desk
from tests.factories import PASSWORD
from tests.world import World

ADMINISTRATOR = Role.ADMINISTRATOR


@pytest.fixture
def coordinator(world: World) -> User:
    return world.users[Role.COORDINATOR]


def send_too_late(page: Page, user: User, button: Locator) -> None:
    """The session ends, the button is pressed, and the person signs in again and is back on the page."""
    address = page.url
    page.context.clear_cookies(name="sessionid")
    button.click()
    page.wait_for_url("**/account/login/**")
    sign_in(page, user)
    page.wait_for_url(address)


def sign_in(page: Page, user: User) -> None:
    page.locator("input[name=login]").fill(user.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()


def copies(page: Page) -> Locator:
    """What stands beside the page to be read and sent again."""
    return page.get_by_role("region", name="Istuntosi oli päättynyt, kun lähetit tämän")


def test_a_form_outlives_the_session(desk: Desk, world: World) -> None:
    page = desk.sign_in(world.users[ADMINISTRATOR])
    address = f"/administration/users/{world.newcomer.pk}/roles/new/"
    desk.open(address)
    page.locator("#id_role").select_option("manager")
    page.locator("#id_ends").fill("31.12.2030")
    send_too_late(page, world.users[ADMINISTRATOR], page.locator("main button[type=submit]"))
    expect(page.locator("#id_role")).to_have_value("manager")
    expect(page.locator("#id_ends")).to_have_value("31.12.2030")
    expect(page.locator("#notices")).to_contain_text("Kirjoittamasi on taas sivulla")
    page.reload()
    expect(page.locator("#id_ends")).to_have_value("")


def test_what_one_typed_is_not_shown_to_the_next_who_signs_in(desk: Desk, world: World) -> None:
    page = desk.sign_in(world.users[Role.MANAGER])
    desk.open("/account/")
    page.locator("#id_name").fill("Toinen Nimi")
    send_too_late(page, world.users[ADMINISTRATOR], page.locator("#main form button[type=submit]").first)
    expect(page.locator("#id_name")).to_have_value(world.users[ADMINISTRATOR].name)
    expect(copies(page)).to_have_count(0)


def test_what_a_colleague_saved_meanwhile_is_not_overwritten(desk: Desk, coordinator: User, world: World) -> None:
    person = world.own.person
    page = desk.sign_in(coordinator)
    desk.open(reverse("person_edit", args=[person.pk]))
    page.locator("#id_email").fill("oma@example.fi")
    Person.objects.filter(pk=person.pk).update(phone="+358409998888")
    save = page.get_by_role("button", name="Tallenna", exact=True)
    send_too_late(page, coordinator, save)
    expect(page.locator("#id_email")).to_have_value("oma@example.fi")
    save.click()
    page.wait_for_url("**/households/**")
    person.refresh_from_db()
    assert (str(person.phone), person.email) == ("+358409998888", "oma@example.fi")


def test_a_step_taken_meanwhile_is_told(desk: Desk, coordinator: User, world: World) -> None:
    page = desk.sign_in(coordinator)
    desk.open(reverse("case_step", args=[world.own.case.reference, "pause"]))
    page.locator("#id_reason").fill("Odottaa työlupaa")
    Case.objects.filter(pk=world.own.case.pk).update(version=world.own.case.version + 1)
    save = page.locator("#main .dialog-foot .primary")
    send_too_late(page, coordinator, save)
    expect(page.locator("#id_reason")).to_have_value("Odottaa työlupaa")
    with page.expect_navigation() as sent:
        save.click()
    assert sent.value.status == 422


def test_the_members_that_were_added_stand_beside_the_page(desk: Desk, coordinator: User) -> None:
    page = desk.sign_in(coordinator)
    desk.open(reverse("case_new"))
    given = ["Aino", "Bertta", "Cecilia"]
    for number, name in enumerate(given):
        if number:
            page.get_by_role("button", name="Lisää jäsen").click()
        page.locator(f"#id_people-{number}-given_name").fill(name)
    send_too_late(page, coordinator, page.get_by_role("button", name="Tallenna yhteydenotto"))
    expect(copies(page)).to_be_focused()
    expect(page.locator("#opening")).to_be_hidden()
    for name in given:
        expect(copies(page)).to_contain_text(name)
    expect(page.locator("#notices")).to_be_empty()
    assert desk.examine() == []
    copies(page).get_by_role("button", name="Lähetä uudelleen").click()
    page.wait_for_url("**/cases/*-*/")
    assert sorted(Person.objects.filter(given_name__in=given).values_list("given_name", flat=True)) == given


def test_what_is_thrown_away_makes_room_for_the_form_of_the_page(desk: Desk, coordinator: User) -> None:
    page = desk.sign_in(coordinator)
    desk.open(reverse("case_new"))
    page.get_by_role("button", name="Lisää jäsen").click()
    page.locator("#id_people-1-given_name").fill("Bertta")
    send_too_late(page, coordinator, page.get_by_role("button", name="Tallenna yhteydenotto"))
    expect(page.locator("#opening")).to_be_hidden()
    copies(page).get_by_role("button", name="Hylkää kirjoittamani").click()
    page.get_by_role("button", name="Hylkää", exact=True).click()
    expect(copies(page)).to_have_count(0)
    expect(page.locator("#opening")).to_be_visible()
    expect(page.locator("#main")).to_be_focused()
