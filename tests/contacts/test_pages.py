"""The pages of people and households as a coordinator uses them; who may open which: tests/test_pages.py."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.actions import PersonData
from contacts.models import AccessKind, Household, Person, Relation
from tests.factories import MunicipalityFactory, coordinator_of, publish
from tests.factories.cases import FAMILY, household_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return MunicipalityFactory(name_fi="Posio")


@pytest.fixture
def coordinator(place):
    return coordinator_of(place, name="Marja Lahti")


def signed_in(user, **headers) -> Client:
    client = Client(headers=headers)
    client.force_login(user)
    return client


@pytest.fixture
def client(coordinator) -> Client:
    return signed_in(coordinator)


def single(place, by, given_name: str, family_name: str, **told) -> Household:
    data = PersonData(given_name=given_name, family_name=family_name, **told)
    return household_of(place, by, people=[(data, Relation.CONTACT)])


def names_on(response) -> list[str]:
    return [person.name for person in response.context["page"].rows]


def test_people_are_found_by_name_phone_and_e_mail(place, coordinator, client) -> None:
    single(place, coordinator, "Otso", "Järvinen", phone="040 123 4567", email="otso@example.fi")
    single(place, coordinator, "Aino", "Salo")
    household_of(place, coordinator, people=[(PersonData(), Relation.CONTACT)])
    assert names_on(client.get("/people/")) == ["Otso Järvinen", "Aino Salo"]
    for text in ("jarvinen otso", "JÄRV", "+358401234567", "0401234567", "OTSO@example.fi"):
        assert names_on(client.get("/people/", {"q": text})) == ["Otso Järvinen"], text
    assert "Hakua vastaavia muuttajia ei löytynyt" in client.get("/people/", {"q": "nobody"}).text
    assert names_on(client.get("/people/", {"unnamed": "on", "sort": "-recorded"})) == [
        "Henkilö ilman nimeä",
        "Aino Salo",
        "Otso Järvinen",
    ]
    assert names_on(client.get("/people/", {"sort": "-name"})) == ["Aino Salo", "Otso Järvinen"]
    assert names_on(client.get("/people/", {"sort": "nonsense", "after": "x"})) == ["Otso Järvinen", "Aino Salo"]


def test_people_with_a_similar_name_are_shown_where_nobody_has_it(place, coordinator, client) -> None:
    single(place, coordinator, "Otso", "Järvinen")
    single(place, coordinator, "Aino", "Salo")
    response = client.get("/people/", {"q": "Jarvnen"})
    assert names_on(response) == ["Otso Järvinen"]
    assert "Nämä nimet ovat samankaltaisia" in response.text
    assert "samankaltaisia" not in client.get("/people/", {"q": "Järvinen"}).text


def test_a_search_that_finds_too_many_people_shows_the_newest_and_says_so(
    place, coordinator, client, monkeypatch
) -> None:
    monkeypatch.setattr("crm.paging.MOST_FOUND", 2)
    for given_name in ("Aino", "Otso", "Saara"):
        single(place, coordinator, given_name, "Järvinen")
    response = client.get("/people/", {"q": "Järvinen"})
    assert names_on(response) == ["Otso Järvinen", "Saara Järvinen"]
    assert "Hakuun sopii yli 2" in response.text
    assert "Hakuun sopii yli" not in client.get("/people/", {"q": "Aino"}).text


def test_the_municipality_is_asked_for_where_there_are_several(place) -> None:
    other = MunicipalityFactory(name_fi="Pello")
    both = coordinator_of(place, other)
    single(place, both, "Otso", "Järvinen")
    single(other, both, "Aino", "Salo")
    client = signed_in(both)
    assert names_on(client.get("/people/")) == ["Otso Järvinen", "Aino Salo"]
    assert names_on(client.get("/people/", {"municipality": other.pk})) == ["Aino Salo"]


def test_only_those_named_can_ask_for_the_restricted(place, coordinator, client) -> None:
    single(place, coordinator, "Aino", "Salo")
    assert "restricted" not in client.get("/people/").context["listed"].form.fields
    secret = household_of(place, coordinator, people=FAMILY, restricted=True)
    found = client.get("/people/", {"restricted": "on"})
    assert {person.household_id for person in found.context["page"].rows} == {secret.pk}
    colleague = signed_in(coordinator_of(place))
    assert names_on(colleague.get("/people/", {"restricted": "on"})) == ["Aino Salo"]


def test_a_page_of_fifty_leads_to_the_next(place, coordinator, client) -> None:
    people = [(PersonData(given_name=f"Nimi {n:02}", family_name="Sama"), Relation.OTHER) for n in range(60)]
    household_of(place, coordinator, people=people)
    first = client.get("/people/")
    second = client.get("/people/", {"after": first.context["page"].next})
    assert len(names_on(first)) == 50
    assert len(names_on(second)) == 10
    assert not set(names_on(first)) & set(names_on(second))
    assert "60 henkilöä" in first.text


def test_a_household_shows_its_members_and_is_logged_once(place, coordinator, client) -> None:
    household = household_of(place, coordinator, people=FAMILY, moves_from="Tromssa", from_country="NO")
    response = client.get(reverse("household", args=[household.pk]))
    for text in ("Testi Muuttaja", "Kolmas Muuttaja", "Tromssa, Norja", "Ei annettu", "Posio"):
        assert text in response.text
    seen = LogEntry.objects.filter(action=LogEntry.Action.ACCESS)
    assert [(entry.actor, entry.object_pk) for entry in seen] == [(coordinator, str(household.pk))]


def test_another_look_after_ten_minutes_is_another_row(place, coordinator, client) -> None:
    household = household_of(place, coordinator, people=FAMILY)
    rows = LogEntry.objects.get_for_object(household).filter(action=LogEntry.Action.ACCESS)
    for minutes, expected in [(0, 1), (9, 1), (10, 2)]:
        rows.update(timestamp=timezone.now() - timedelta(minutes=minutes))
        client.get(reverse("household", args=[household.pk]))
        assert rows.count() == expected, f"{minutes} minutes later"


def test_who_leaves_a_household_is_among_its_former_members(place, coordinator, client, today) -> None:
    household = household_of(place, coordinator, people=FAMILY)
    child = household.people.get(given_name="Kolmas")
    future = client.post(reverse("member_end", args=[child.pk]), {"last_day": today + timedelta(days=1)})
    assert future.status_code == 422
    client.post(reverse("member_end", args=[child.pk]), {"last_day": today})
    page = client.get(reverse("household", args=[household.pk]))
    assert [row.person for row in page.context["former"]] == [child]
    assert page.context["household"].size == 2


def test_what_is_told_of_a_person_is_changed(place, coordinator, client) -> None:
    household = household_of(place, coordinator, people=FAMILY)
    person = household.people.get(given_name="Testi")
    address = reverse("person_edit", args=[person.pk])
    assert 'value="1988"' in client.get(address).text
    told = {"given_name": "Testi", "family_name": "Uusinimi", "relation": "contact", "birth": "1.2.1988"}
    response = client.post(address, told | {"citizenships_1": "Norja", "declined": ["phone"]})
    assert response.url == reverse("household", args=[household.pk])
    person.refresh_from_db()
    assert (person.family_name, person.birth_date, person.birth_year) == ("Uusinimi", date(1988, 2, 1), 1988)
    assert (person.citizenships, person.declined) == (["NO"], ["phone"])
    assert Household.objects.get(pk=household.pk).name == "Testi Uusinimi"


def test_bad_input_keeps_what_was_typed(place, coordinator, client) -> None:
    person = single(place, coordinator, "Otso", "Järvinen").people.get()
    told = {
        "given_name": "Otto",
        "family_name": "Järvinen",
        "relation": "contact",
        "phone": "puh",
        "languages_1": "kurdi",
    }
    response = client.post(reverse("person_edit", args=[person.pk]), told)
    assert response.status_code == 422
    for value in ("Otto", "puh", "kurdi"):
        assert f'value="{value}"' in response.text
    assert Person.objects.get(pk=person.pk).given_name == "Otso"


def test_a_dialog_returns_to_the_page_behind_it(place, coordinator) -> None:
    household = single(place, coordinator, "Otso", "Järvinen")
    person = household.people.get()
    behind = "/cases/POS-2026-0001/?tab=x"
    client = signed_in(coordinator, **{"HX-Request": "true", "HX-Target": "dialog-body"})
    response = client.post(
        reverse("person_edit", args=[person.pk]),
        {"given_name": "Otto", "family_name": "Järvinen", "relation": "contact"},
        headers={"HX-Current-URL": f"http://testserver{behind}"},
    )
    assert response.status_code == 204
    assert behind in response.headers["HX-Location"]
    elsewhere = client.get(
        reverse("person_edit", args=[person.pk]), headers={"HX-Current-URL": "https://elsewhere.example/x"}
    )
    assert "elsewhere.example" not in elsewhere.text
    assert "<html" not in elsewhere.text


def test_the_place_in_the_household_is_asked_and_not_assumed(place, coordinator, client, today) -> None:
    address = reverse("member_add", args=[single(place, coordinator, "Aino", "Salo").pk])
    assert client.get(address).context["form"]["relation"].value() is None
    answer = client.post(address, {"given_name": "Otso", "joined_on": today, "relation": ""})
    assert answer.status_code == 422
    assert "relation" in answer.context["form"].errors


def test_a_member_who_may_be_known_already_waits_for_a_second_look(place, coordinator, client, today) -> None:
    known = single(place, coordinator, "Otso", "Järvinen")
    household = single(place, coordinator, "Aino", "Salo")
    address = reverse("member_add", args=[household.pk])
    told = {"given_name": "Otso", "family_name": "Jarvine n", "relation": "partner", "joined_on": today}
    asked = client.post(address, told)
    assert asked.status_code == 422
    assert reverse("household", args=[known.pk]) in asked.text
    assert "Tallenna silti" in asked.text
    assert household.people.count() == 1
    client.post(address, told | {"save_anyway": "on"})
    assert sorted(household.people.values_list("given_name", "memberships__relation")) == [
        ("Aino", "contact"),
        ("Otso", "partner"),
    ]


def test_a_form_sent_twice_adds_one_also_of_whom_no_name_is_known(place, coordinator, client, today) -> None:
    household = single(place, coordinator, "Aino", "Salo")
    address = reverse("member_add", args=[household.pk])
    for children in (1, 2):  # and the form opened anew another child of whom as little is told
        told = {"age_group": "child", "relation": "child", "joined_on": today}
        told["seen_last"] = client.get(address).context["form"]["seen_last"].value()
        assert [client.post(address, told).status_code for _time in range(2)] == [302, 302]
        assert household.people.count() == 1 + children
    assert client.post(address, told | {"age_group": "adult"}).status_code == 302
    assert household.people.count() == 4, "what is told of them otherwise is of somebody else"


def test_the_live_warning_names_who_it_found_and_keeps_restricted_people_unsaid(place, coordinator) -> None:
    known = single(place, coordinator, "Otso", "Järvinen")
    household_of(place, coordinator, people=[(PersonData("Olli", "Salainen"), Relation.CONTACT)], restricted=True)
    colleague = signed_in(coordinator_of(place))
    address = reverse("person_duplicates") + "?prefix=people-0"
    found = colleague.post(address, {"people-0-given_name": "Järvinen", "people-0-family_name": "Otso"})
    assert reverse("household", args=[known.pk]) in found.text
    assert "sama nimi" in found.text
    assert 'name="people-0-save_anyway"' in found.text
    silent = colleague.post(address, {"people-0-given_name": "Olli", "people-0-family_name": "Salainen"})
    assert silent.status_code == 200
    assert not silent.text.strip()
    told = signed_in(coordinator).post(address, {"people-0-given_name": "Olli", "people-0-family_name": "Salainen"})
    assert "Olli Salainen" in told.text


def test_the_live_warning_asks_one_statement_of_the_register(place, coordinator, django_assert_num_queries) -> None:
    for _n in range(3):
        single(place, coordinator, "Otso", "Järvinen", phone="0401234567")
    client = signed_in(coordinator)
    with django_assert_num_queries(5):  # session, user, scope twice, candidates
        client.post(reverse("person_duplicates"), {"given_name": "Otso", "family_name": "Järvinen"})


def test_the_live_warning_looks_in_the_register_that_is_chosen_and_in_no_other(place) -> None:
    other, elsewhere = MunicipalityFactory(), MunicipalityFactory()
    both = coordinator_of(place, other)
    single(other, both, "Otso", "Järvinen")
    client, told = signed_in(both), {"given_name": "Otso", "family_name": "Järvinen"}
    address = reverse("person_duplicates")
    assert "Otso" not in client.post(address, told).text
    assert "Otso" not in client.post(address, told | {"municipality": place.pk}).text
    assert "Otso" in client.post(address, told | {"municipality": other.pk}).text
    assert client.post(address, told | {"municipality": elsewhere.pk}).status_code == 404


def test_the_privacy_notice_is_recorded_by_version_and_language(place, coordinator, client, today) -> None:
    household = single(place, coordinator, "Otso", "Järvinen")
    address = reverse("household_notice", args=[household.pk])
    assert "Pyydä Asetun pääkäyttäjää" in client.get(address).text
    notices = [publish(place, version="2.0", language=code, on=today, text="Näin se on.") for code in ("fi", "en")]
    foreign = publish(MunicipalityFactory(), version="9", on=today)
    coming = publish(place, version="3.0", on=today + timedelta(days=1))
    assert "Näin se on." in client.get(address).text
    for other in (foreign, coming):
        assert client.post(address, {"notice": other.pk, "given_on": today}).status_code == 422
    assert client.post(address, {"notice": notices[1].pk, "given_on": today}).status_code == 302
    given = household.notices_given.get()
    assert (given.version, given.language, given.given_on, given.by) == ("2.0", "en", today, coordinator)
    assert "2.0, Englanti" in client.get(reverse("household", args=[household.pk])).text


@pytest.mark.parametrize(("service", "language"), [("en", "en"), ("", "fi"), ("ar", "fi")])
def test_the_notice_in_the_language_of_the_household_is_chosen_else_of_the_page(
    place, coordinator, client, today, service, language
) -> None:
    household = single(place, coordinator, "Otso", "Järvinen", service_language=service)
    notices = {code: publish(place, version="2.0", language=code, on=today) for code in ("en", "fi", "sv")}
    form = client.get(reverse("household_notice", args=[household.pk])).context["form"]
    assert form["notice"].value() == notices[language].pk


def test_where_they_move_from_is_changed(place, coordinator, client) -> None:
    household = single(place, coordinator, "Otso", "Järvinen")
    client.post(reverse("household_origin", args=[household.pk]), {"moves_from": "Tartto", "from_country": "EE"})
    household.refresh_from_db()
    assert (household.moves_from, household.from_country) == ("Tartto", "EE")


def test_a_colleague_is_barred_and_let_in_again(place, coordinator, client, today) -> None:
    household = single(place, coordinator, "Otso", "Järvinen")
    colleague = coordinator_of(place, name="Jouni Salmela")
    page = reverse("household", args=[household.pk])
    address = reverse("access_give", args=[household.pk, "barred"])
    assert client.post(address, {"user": colleague.pk, "starts": today}).status_code == 422  # a reason is wanted
    client.post(address, {"user": colleague.pk, "starts": today, "reason": "naapuri"})
    assert "Jouni Salmela" in client.get(page).text
    assert signed_in(colleague).get(page).status_code == 404
    access = household.accesses.get(kind=AccessKind.BARRED)
    again = client.post(address, {"user": colleague.pk, "starts": today, "reason": "naapuri"})
    assert again.status_code == 422
    assert "Jouni Salmela on jo luettelossa." in again.text
    access.starts = today - timedelta(days=2)
    access.save()
    client.post(reverse("access_end", args=[access.pk]), {"last_day": today - timedelta(days=1)})
    assert signed_in(colleague).get(page).status_code == 200


def test_who_bars_oneself_goes_to_the_list(place, coordinator, client, today) -> None:
    household = single(place, coordinator, "Otso", "Järvinen")
    response = client.post(
        reverse("access_give", args=[household.pk, "barred"]),
        {"user": coordinator.pk, "starts": today, "reason": "sisko"},
        follow=True,
    )
    assert response.redirect_chain == [(reverse("people"), 302)]
    assert names_on(response) == []


def test_a_colleague_is_named_on_a_restricted_household_only(place, coordinator, client, today) -> None:
    colleague, elsewhere = coordinator_of(place), coordinator_of(MunicipalityFactory())
    usual = single(place, coordinator, "Aino", "Salo")
    assert client.get(reverse("access_give", args=[usual.pk, "named"])).status_code == 404
    secret = household_of(place, coordinator, people=FAMILY, restricted=True)
    address = reverse("access_give", args=[secret.pk, "named"])
    assert signed_in(colleague).get(address).status_code == 404
    told = {"starts": today, "reason": "hoitaa asiaa"}
    assert client.post(address, told | {"user": elsewhere.pk}).status_code == 422
    assert client.post(address, told | {"user": colleague.pk}).status_code == 302
    page = signed_in(colleague).get(reverse("household", args=[secret.pk]))
    assert "vain sille nimetyt" in page.text
    assert "hoitaa asiaa" in page.text


def test_somebody_must_stay_named(place, coordinator, client, today) -> None:
    secret = household_of(place, coordinator, people=FAMILY, restricted=True)
    access = secret.accesses.get()
    refused = client.post(reverse("access_end", args=[access.pk]), {"last_day": today})
    assert refused.status_code == 422
    assert "Nimeä ensin joku muu." in refused.text
    told = {"user": coordinator.pk, "starts": today, "reason": "sisko"}
    refused = client.post(reverse("access_give", args=[secret.pk, "barred"]), told)
    assert "Nimeä ensin joku muu." in refused.text
    assert client.get(reverse("household", args=[secret.pk])).status_code == 200
