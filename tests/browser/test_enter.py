"""Enter in a field sends the form as its saving does, whatever other buttons stand above that."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cases.models import Case
from contacts.models import Person
from crm.roles import Role
from tests.browser.checks import Desk
from tests.world import World

NAMES = ["Otso", "Aino", "Väinö"]


@pytest.mark.parametrize("scripts", [True, False])
def test_enter_saves_a_new_contact_and_loses_nobody(new_context, live_server, world: World, scripts: bool) -> None:
    desk = Desk(new_context(java_script_enabled=scripts).new_page(), live_server.url)
    page = desk.sign_in(world.users[Role.COORDINATOR])
    desk.open(reverse("case_new"))
    for number, name in enumerate(NAMES):
        if number:
            page.get_by_role("button", name="Lisää jäsen").click()
        page.locator(f"[name=people-{number}-given_name]").fill(name)
        page.locator(f"[name=people-{number}-family_name]").fill("Kuusela")
    page.locator("[name=on]").fill("31.2.2026")
    page.locator("[name=people-1-given_name]").press("Enter")
    expect(page.locator("[data-errors]")).to_contain_text("Sellaista päivää ei ole.")
    given = [page.locator(f"[name=people-{number}-given_name]").input_value() for number in range(len(NAMES))]
    assert given == NAMES

    page.locator("[name=on]").fill("3.2.2026")
    page.locator("[name=people-2-given_name]").press("Enter")
    page.wait_for_url("**/cases/*-*/")
    household = Case.objects.latest("pk").household
    assert sorted(Person.objects.filter(household=household).values_list("given_name", flat=True)) == sorted(NAMES)
    assert desk.complaints == []


def test_enter_in_another_move_date_saves_it(desk: Desk, world: World) -> None:
    page = desk.sign_in(world.users[Role.COORDINATOR])
    desk.open(reverse("case_postpone", args=[world.own.case.reference]))
    before = Case.objects.get(pk=world.own.case.pk).planned_move_on
    assert page.locator("[name=preview]").is_visible()
    page.locator("[name=why]").fill("Asunto valmistuu myöhemmin.")
    page.locator("[name=to]").fill("1.12.2027")
    page.locator("[name=to]").press("Enter")
    page.wait_for_url(f"**{reverse('case', args=[world.own.case.reference])}**")
    assert Case.objects.get(pk=world.own.case.pk).planned_move_on != before
