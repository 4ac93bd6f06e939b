"""Uusi yhteydenotto and Kirjaa neuvonta: one screen, one transaction, and nothing twice."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.actions import log_advice
from cases.models import Advice, AdviceTopic, Case, Channel, EventKind
from contacts.actions import give_access
from contacts.models import AccessKind, Household, NoticeGiven, Person
from tests.factories import MunicipalityFactory, case_of, coordinator_of, household_of, publish, scope_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def before(client, marja):
    """Marja before the screen: what it would send as it is shown, with `told` filled in."""
    client.force_login(marja)

    def fill(query: str = "", **told) -> dict:
        context = client.get(reverse("case_new") + query).context
        forms = [context["opening"]]
        if context["new"]:
            people = context["new"].people
            forms += [context["new"].household, people.management_form, *people]
        shown = {bound.html_name: bound.value() for form in forms for bound in form}
        return {name: value for name, value in shown.items() if value or (value == 0 and value is not False)} | told

    return fill


def send(client, told: dict, query: str = ""):
    return client.post(reverse("case_new") + query, told)


def person(number: int = 0, **told) -> dict:
    return {f"people-{number}-{name}": value for name, value in told.items()}


@pytest.fixture
def notice(town, today):
    publish(town, version="1", on=today - timedelta(days=100))
    publish(town, version="3", on=today + timedelta(days=1))
    return publish(town, version="2", on=today)


def test_one_screen_puts_everything_on_record(client, before, town, marja, today, notice):
    told = before(
        **person(given_name="Amina", family_name="Haddad", phone="040 123 4567", service_language="ar"),
        **person(1, given_name="Youssef", family_name="Haddad", relation="partner"),
        **{"people-TOTAL_FORMS": "2", "moves_from": "Tampere", "from_country": "FI", "channel": "email"},
        move_reason="work",
        stay="seasonal",
        season_ends_on=f"{today + timedelta(days=90):%d.%m.%Y}",
        planned_move_on=f"{today + timedelta(days=20):%d.%m.%Y}",
        text="Hei, muutamme!",
        notice=str(notice.pk),
    )
    response = send(client, told)
    case = Case.objects.select_related("household").get()
    assert response.url == reverse("case", args=[case.reference])
    assert (case.household.title, case.household.size) == ("Amina Haddad perheineen", 2)
    assert (case.household.moves_from, case.household.from_country) == ("Tampere", "FI")
    assert (case.channel, case.move_reason, case.stay, case.coordinator) == ("email", "work", "seasonal", marja)
    assert case.season_ends_on == today + timedelta(days=90)
    assert case.planned_move_on == today + timedelta(days=20)
    assert case.opened_on == case.last_contact_on == today
    assert case.events.get(kind=EventKind.TRANSITION).text == "Hei, muutamme!"
    given = NoticeGiven.objects.get(household=case.household)
    assert (given.version, given.language, given.given_on) == ("2", "fi", today)


def test_a_name_is_not_required(client, before):
    send(client, before())
    assert Case.objects.get().household.anonymous


def test_only_the_notice_in_force_is_offered(before, client, notice):
    page = client.get(reverse("case_new")) if before() else None
    choices = [value for value, _label in page.context["opening"].fields["notice"].choices]
    assert choices == ["", str(notice.pk)]


def test_a_season_asks_for_its_end_and_nothing_typed_is_lost(client, before):
    response = send(client, before(**person(given_name="Linh"), stay="seasonal", text="Marjanpoimintaan"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Anna päivä, jona kausi päättyy." in page
    assert "Marjanpoimintaan" in page
    assert 'value="Linh"' in page
    assert not Household.objects.exists()


def test_a_day_to_come_is_refused(client, before, today):
    response = send(client, before(on=f"{today + timedelta(days=1):%d.%m.%Y}"))
    assert response.status_code == 422
    assert response.context["opening"].errors["on"]


def test_add_a_member_keeps_what_was_typed(client, before):
    response = send(client, before(**person(given_name="Linh"), text="Hei", add_person="1"))
    page = response.content.decode()
    assert response.status_code == 200
    assert len(response.context["new"].people.forms) == 2
    assert "data-errors" not in page
    assert 'value="Linh"' in page
    assert "Hei" in page
    assert not Case.objects.exists()


def test_a_member_added_by_mistake_is_removed_and_the_others_stay(client, before):
    people = person(given_name="Linh") | person(1, given_name="Vahinko") | person(2, given_name="Mai", birth="1990")
    response = send(client, before(**people, **{"people-TOTAL_FORMS": "3"}, remove_person="1"))
    forms = response.context["new"].people.forms
    assert [form["given_name"].value() for form in forms] == ["Linh", "Mai"]
    assert forms[1]["birth"].value() == "1990"
    assert (
        send(client, before(**people, remove_person="0")).context["new"].people.forms[0]["given_name"].value() == "Linh"
    )


def test_what_is_wrong_is_in_one_box_and_says_whose_it_is(client, before):
    told = before(**person(given_name="Linh"), **person(1, given_name="Mai", birth="1850"), on="31.2.2026")
    page = send(client, told | {"people-TOTAL_FORMS": "2"}).content.decode()
    assert page.count("data-errors") == 1
    assert "Henkilö 2: Syntymäaika" in page
    assert "Sellaista päivää ei ole." in page


def test_the_languages_offered_are_those_people_have_and_the_page_is_small(client, before):
    page = client.get(reverse("case_new")).content.decode()
    assert "inarinsaame" in page
    assert "klingon" not in page
    assert len(page.encode()) < 50_000


def test_a_likely_duplicate_is_asked_about_once_more(client, before, town, marja):
    known = household_of(town, marja)
    someone = known.people.get()
    told = before(**person(given_name=someone.given_name, family_name=someone.family_name, birth="1988"))
    response = send(client, told)
    assert response.status_code == 422
    assert reverse("household", args=[known.pk]) in response.content.decode()
    assert Person.objects.count() == 1
    assert send(client, {**told, "people-0-save_anyway": "on"}).status_code == 302
    assert Person.objects.count() == 2


def test_a_likely_duplicate_is_asked_about_together_with_what_is_wrong(client, before, town, marja):
    someone = household_of(town, marja).people.get()
    who = person(given_name=someone.given_name, family_name=someone.family_name, birth="1988")
    page = send(client, before(**who, on="31.2.2026")).content.decode()
    assert "Sellaista päivää ei ole." in page
    assert "Yhteyshenkilö: Henkilö saattaa" in page
    assert 'name="people-0-save_anyway"' in page
    assert Person.objects.count() == 1


def test_nothing_is_said_of_a_restricted_duplicate(client, before, town):
    someone = household_of(town, coordinator_of(town), restricted=True).people.get()
    told = before(**person(given_name=someone.given_name, family_name=someone.family_name, birth="1988"))
    assert send(client, told).status_code == 302


def test_a_form_sent_twice_opens_one_case(client, before):
    told = before(**person(given_name="Amina", family_name="Haddad", email="amina@example.fi"))
    first, second = send(client, told), send(client, told)
    assert first.url == second.url == reverse("case", args=[Case.objects.get().reference])
    assert Person.objects.count() == 1
    assert send(client, before()).url != first.url


def test_a_restricted_household_is_its_recorders_alone(client, before, town, marja):
    aino = coordinator_of(town)
    told = before(restricted="on", restricted_reason="turvakielto")
    assert send(client, {**told, "coordinator": aino.pk}).status_code == 422
    assert send(client, {**told, "restricted_reason": ""}).status_code == 422
    assert not Case.objects.exists()
    assert send(client, told).status_code == 302
    case = Case.objects.get()
    assert case.restricted
    assert not case.reference.startswith(town.prefix)
    assert Case.objects.visible_to(scope_of(marja)).exists()
    assert not Case.objects.visible_to(scope_of(aino)).exists()


def test_the_coordinator_works_in_the_municipality(client, town, today):
    other = MunicipalityFactory()
    both, there = coordinator_of(town, other), coordinator_of(other)
    client.force_login(both)
    told = {
        "form_key": str(uuid4()),
        "municipality": town.pk,
        "channel": "phone",
        "on": today.isoformat(),
        "coordinator": there.pk,
        "people-TOTAL_FORMS": "1",
        "people-INITIAL_FORMS": "0",
    }
    response = send(client, told)
    assert response.status_code == 422
    assert response.context["opening"].errors["coordinator"]
    assert send(client, {**told, "municipality": other.pk}).status_code == 302
    assert Case.objects.get().municipality == other
    assert send(client, {**told, "municipality": MunicipalityFactory().pk}).status_code in (302, 422)
    assert Case.objects.count() == 1


def test_a_known_household_is_asked_for_its_case_alone(client, before, town, marja):
    household = household_of(town, marja)
    query = f"?household={household.pk}"
    response = client.get(reverse("case_new") + query)
    assert response.context["new"] is None
    assert household.title in response.content.decode()
    assert LogEntry.objects.get_for_object(household).filter(action=LogEntry.Action.ACCESS, actor=marja).count() == 1
    send(client, before(query, move_reason="work"), query)
    case = Case.objects.get()
    assert case.household == household
    # Who has an open case goes on with it.
    assert client.get(reverse("case_new") + query).url == reverse("case", args=[case.reference])
    refused = send(
        client, {"form_key": str(uuid4()), "channel": "phone", "on": timezone.localdate().isoformat()}, query
    )
    assert refused.status_code == 422
    assert "avoin asiakkuus" in refused.content.decode()


def test_a_household_or_advice_out_of_sight_is_nothing(client, before, town, marja):
    elsewhere = MunicipalityFactory()
    neighbour, aino = coordinator_of(elsewhere), coordinator_of(town)
    barred = household_of(town, aino)
    give_access(
        household=barred,
        user=marja,
        kind=AccessKind.BARRED,
        reason="sukulainen",
        starts=timezone.localdate(),
        by=aino,
        at=timezone.now(),
    )
    hidden = [household_of(elsewhere, neighbour), household_of(town, aino, restricted=True), barred]
    queries = [f"?household={household.pk}" for household in hidden]
    queries += [f"?advice={advice(elsewhere, neighbour).pk}", "?household=x", "?advice=", f"?household={'9' * 30}"]
    client.force_login(marja)
    for query in queries:
        assert client.get(reverse("case_new") + query).status_code == 404
        assert send(client, {}, query).status_code == 404


def test_few_statements_on_one_screen(client, before, notice):
    told = before()
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("case_new"))
    assert told
    assert len(captured) <= 12


# Advice.


def advice(municipality, by, **told) -> Advice:
    told = {"topic": AdviceTopic.WORK, "language": "en", "channel": Channel.EMAIL, "minutes": 3} | told
    return log_advice(municipality=municipality, given_on=timezone.localdate(), by=by, at=timezone.now(), **told)


def advice_told(client, **told) -> dict:
    form = client.get(reverse("advice_new")).context["form"]
    return {bound.html_name: bound.value() for bound in form if bound.value() not in (None, "")} | told


def test_advice_is_ready_when_its_topic_is_chosen(client, town, marja, today):
    client.force_login(marja)
    told = advice_told(client, language="fi", topic="housing")
    assert client.post(reverse("advice_new"), told).status_code == 302
    stored = Advice.objects.get()
    assert (stored.municipality, stored.topic, stored.minutes, stored.given_on) == (town, "housing", 5, today)
    client.post(reverse("advice_new"), told)
    assert Advice.objects.count() == 1
    assert client.post(reverse("advice_new"), advice_told(client, language="fi")).status_code == 422


def test_advice_becomes_a_case_in_one_click(client, before, town, marja):
    given = advice(town, marja)
    client.force_login(marja)
    query = f"?advice={given.pk}"
    assert reverse("case_new") + query in client.get(reverse("advice_new")).content.decode()
    told = before(query)
    assert (told["channel"], told["people-0-service_language"]) == ("email", "englanti")
    send(client, told, query)
    case = Case.objects.get()
    assert Advice.objects.get().case == case
    assert case.reference in client.get(reverse("advice_new")).content.decode()
    assert client.get(reverse("case_new") + query).url == reverse("case", args=[case.reference])


def test_advice_that_became_a_restricted_case_is_out_of_sight(client, town, marja):
    aino = coordinator_of(town)
    Advice.objects.filter(pk=advice(town, aino).pk).update(case=case_of(town, aino, restricted=True))
    assert not Advice.objects.visible_to(scope_of(marja)).exists()
    assert Advice.objects.visible_to(scope_of(aino)).exists()
    client.force_login(marja)
    assert list(client.get(reverse("advice_new")).context["latest"]) == []
