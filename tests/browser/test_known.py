"""Somebody typed in as a new contact who is in the register: the warning tells the case, and the way there."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cases.models import Event
from crm.roles import Role
from tests.browser.checks import Desk
from tests.factories import case_of
from tests.factories.cases import PersonData, Relation
from tests.world import World


@pytest.mark.parametrize("width", [320, 1440])
def test_from_a_new_contact_to_the_case_of_who_was_found(desk: Desk, world: World, width: int) -> None:
    told = PersonData(given_name="Otso", family_name="Kuusela", email="otso@example.fi")
    known = case_of(world.town, world.users[Role.COORDINATOR], people=((told, Relation.CONTACT),))
    page = desk.sign_in(world.users[Role.COORDINATOR])
    page.set_viewport_size({"width": width, "height": 900})
    desk.open(reverse("case_new"))
    page.locator("[name=text]").fill("Kysyi asuntoa.")
    page.locator("[name=people-0-email]").fill("otso@example.fi")
    record = page.get_by_role("button", name="Kirjaa tämä yhteydenotto hänelle")
    record.wait_for()
    assert page.locator(".duplicates").get_by_text(known.reference).is_visible()
    assert desk.examine() == []

    record.click()
    page.wait_for_url(f"**{reverse('case_log_contact', args=[known.reference])}")
    assert page.locator("[name=text]").input_value().startswith("Kysyi asuntoa.")
    assert desk.examine() == []
    page.get_by_role("button", name="Tallenna").click()
    page.wait_for_url(f"**{reverse('case', args=[known.reference])}")
    assert Event.objects.filter(case=known, text__startswith="Kysyi asuntoa.").count() == 1
