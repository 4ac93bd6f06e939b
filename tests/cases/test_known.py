"""Somebody typed in as a new contact who is in the register: told with the case, and the contact recorded on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import lifecycle
from cases.models import Case, Event, EventKind
from contacts.actions import give_access
from contacts.models import AccessKind
from crm.roles import Role
from tests.factories import MunicipalityFactory, case_of, coordinator_of, give, household_of
from tests.factories.cases import PersonData, Relation
from tests.reports.histories import NOW, step

pytestmark = pytest.mark.django_db

OTSO = ((PersonData(given_name="Otso", family_name="Kuusela", email="otso@example.fi"), Relation.CONTACT),)


@pytest.fixture
def known(town, marja) -> Case:
    return case_of(town, marja, people=OTSO)


@pytest.fixture
def desk(client, marja):
    client.force_login(marja)
    return client


def told_of(desk, case: Case, query: str = "?first_contact=1"):
    return desk.get(reverse("household_known", args=[case.household_id]) + query)


def typed(today, **told) -> dict:
    return {
        "channel": "phone",
        "on": f"{today.day}.{today.month}.{today.year}",
        "text": "Kysyi asuntoa.",
        "people-TOTAL_FORMS": "1",
        "people-INITIAL_FORMS": "0",
        "people-0-given_name": "Otso",
        "people-0-phone": "040 765 4321",
    } | told


def test_the_warning_asks_for_the_case_and_says_why_in_the_middle_of_a_sentence(desk, town, known):
    address = f"{reverse('person_duplicates')}?municipality={town.pk}&prefix=people-0"
    page = desk.post(address, {"people-0-given_name": "Otso", "people-0-email": "otso@example.fi"}).text
    assert f'hx-get="{reverse("household_known", args=[known.household_id])}"' in page
    assert "sama sähköposti" in page
    assert "Sama sähköposti" not in page


def test_reference_and_stage_are_told_and_the_contact_can_be_recorded_on_the_open_case(desk, known):
    page = told_of(desk, known).text
    assert known.reference in page
    assert "Yhteydenotto" in page
    assert f'formaction="{reverse("case_log_contact", args=[known.reference])}"' in page
    elsewhere = told_of(desk, known, query="").text  # a dialog in which no contact is typed
    assert known.reference in elsewhere
    assert "formaction" not in elsewhere


def test_on_a_closed_case_nothing_is_recorded(desk, known, marja, today):
    step(known, lifecycle.CLOSE, today, marja, reason="no_work")
    page = told_of(desk, known).text
    assert known.reference in page
    assert "Päättynyt" in page
    assert "formaction" not in page


def test_a_household_without_a_case(desk, town, marja):
    household = household_of(town, marja, people=OTSO)
    assert "Ei vielä asiakkuutta" in desk.get(reverse("household_known", args=[household.pk])).text


def test_what_was_typed_stands_in_the_form_of_the_case(desk, known, today):
    before = Event.objects.count()
    on = today - timedelta(days=2)
    told = typed(
        on,
        **{
            "people-0-languages_0": ["fi"],
            "people-0-languages_1": "thai",
            "people-0-gender": "man",
            "moves_from": "Malaga",
            "stay": "permanent",
            "restricted": "on",
        },
    )
    response = desk.post(reverse("case_log_contact", args=[known.reference]), told)
    assert response.status_code == 200
    form = response.context["form"]
    assert form["on"].value() == told["on"]
    assert form["direction"].value() == "in"
    assert form["text"].value().split("\n") == [
        "Kysyi asuntoa.",
        "Yhteyshenkilö: Etunimi: Otso; Puhelin: 040 765 4321; Sukupuoli: Mies; Kielet: suomi, thai",
        "Mistä muuttaa: Malaga; Turvakielto: kyllä",
        "Asuminen: Pysyvä",
    ]
    assert Event.objects.count() == before
    assert response.context["url"] == reverse("case_log", args=[known.reference, "call"])

    desk.post(response.context["url"], {bound.html_name: bound.value() or "" for bound in form})
    event = Event.objects.get(case=known, kind=EventKind.CALL)
    assert event.text.startswith("Kysyi asuntoa.")
    assert timezone.localdate(event.happened_at) == on


@pytest.mark.parametrize(
    ("channel", "kind"), [("phone", "call"), ("email", "email"), ("visit", "meeting"), ("web", "note"), ("x", "note")]
)
def test_the_channel_tells_what_is_logged(desk, known, today, channel, kind):
    response = desk.post(reverse("case_log_contact", args=[known.reference]), typed(today, channel=channel))
    assert response.context["url"] == reverse("case_log", args=[known.reference, kind])


def test_what_cannot_be_read_is_carried_as_it_is(desk, known, today):
    told = typed(today, on="joskus", text="x" * 5001)
    form = desk.post(reverse("case_log_contact", args=[known.reference]), told).context["form"]
    assert form["on"].value() == "joskus"
    assert "x" * 5001 in form["text"].value()
    assert desk.post(reverse("case_log_contact", args=[known.reference])).status_code == 200


# Whose existence one may not know of


def test_a_restricted_household_is_nobody_to_who_is_not_named(client, town, marja, known, today):
    hidden = case_of(town, marja, people=OTSO, restricted=True)
    client.force_login(coordinator_of(town))
    assert told_of(client, hidden).status_code == 404
    address = reverse("case_log_contact", args=[hidden.reference])
    assert client.post(address, typed(today)).status_code == 404
    page = client.post(
        f"{reverse('person_duplicates')}?municipality={town.pk}&prefix=people-0",
        {"people-0-email": "otso@example.fi"},
    ).text
    assert reverse("household_known", args=[known.household_id]) in page
    assert reverse("household_known", args=[hidden.household_id]) not in page


def test_to_who_is_named_on_it_a_restricted_household_is_told(desk, town, marja):
    hidden = case_of(town, marja, people=OTSO, restricted=True)
    assert hidden.reference in told_of(desk, hidden).text


def test_who_is_barred_is_told_nothing(client, town, marja, known, today):
    barred = coordinator_of(town)
    give_access(
        household=known.household, user=barred, kind=AccessKind.BARRED, starts=today, reason="naapuri", by=marja, at=NOW
    )
    client.force_login(barred)
    assert told_of(client, known).status_code == 404
    assert client.post(reverse("case_log_contact", args=[known.reference]), typed(today)).status_code == 404


def test_anothers_register_is_nobodys(client, known, today):
    elsewhere = MunicipalityFactory()
    client.force_login(coordinator_of(elsewhere))
    assert told_of(client, known).status_code == 404
    assert client.post(reverse("case_log_contact", args=[known.reference]), typed(today)).status_code == 404


def test_who_only_sees_figures_is_told_nothing(client, town, known):
    manager = coordinator_of(MunicipalityFactory())
    give(manager, Role.MANAGER, town)
    client.force_login(manager)
    assert told_of(client, known).status_code == 404
