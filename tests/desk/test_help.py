"""The help page: the lifecycle drawn from the code."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cases.lifecycle import RULES, State
from crm.roles import Role
from tests.factories import MunicipalityFactory, coordinator_of, member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["fi", "en"])
def test_shows_every_state_and_transition_in_the_users_language(client, language):
    client.force_login(coordinator_of(MunicipalityFactory()))
    client.cookies["asetu_language"] = language
    page = client.get(reverse("help_lifecycle")).content.decode()
    assert ("Kirjaa muuttaneeksi" in page) == (language == "fi")
    assert ("Record arrival" in page) == (language == "en")
    assert page.count('class="node ') == len(State)
    assert page.count('<th scope="row">') == len(RULES)


def test_is_open_to_everybody_who_has_signed_in(client):
    client.force_login(member(Role.ADMINISTRATOR))
    assert client.get(reverse("help_lifecycle")).status_code == 200


def test_is_closed_to_others(client):
    assert client.get(reverse("help_lifecycle")).status_code == 302
