"""The administrator's pages: accounts, roles and municipalities; never one's own roles, never a case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.core import mail
from django.test import Client
from django.urls import reverse

from crm.models import Membership, User
from crm.roles import Role
from tests.factories import (
    MunicipalityFactory,
    UserFactory,
    case_of,
    coordinator_of,
    joint_project,
    member,
    scope_of,
)
from tests.filled import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return member(Role.ADMINISTRATOR, name="Anna Ylläpitäjä")


@pytest.fixture
def desk(administrator) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


def role_fields(role: Role, **fields) -> dict:
    return {"role": role.value, "municipality": "", "starts": "1.12.2026", "ends": "", "standing_in_for": "", **fields}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_reaches_them(client, role) -> None:
    town = MunicipalityFactory()
    places = {Role.PROJECT_LEAD, Role.APPROVER, Role.AUDITOR}
    client.force_login(member(role, joint_project(town) if role in places else town))
    other = UserFactory()
    pages = [reverse("user", args=[other.pk]), *map(reverse, ("administration", "municipalities", "project_list"))]
    assert {client.get(page).status_code for page in pages} == {403}
    sent = {"name": "X", "email": "x@example.fi", "language": "fi"}
    assert client.post(reverse("user_new"), sent).status_code == 403
    assert not User.objects.filter(email="x@example.fi").exists()


def test_an_administrator_sees_no_case(desk, administrator) -> None:
    town = MunicipalityFactory()
    case = case_of(town, by=coordinator_of(town))
    assert scope_of(administrator).grants == {}
    for page in (reverse("administration"), reverse("municipalities"), reverse("project_list"), "/account/"):
        assert case.reference not in desk.get(page).content.decode()


# Accounts


def test_a_new_account_gets_a_link_to_choose_a_password(
    desk, administrator, client, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = desk.post(
            reverse("user_new"), {"name": "Uusi Henkilö", "email": "Uusi@Example.fi", "language": "en"}
        )
    user = User.objects.get(email="uusi@example.fi")
    assert response.url == reverse("user", args=[user.pk])
    assert (user.name, user.language, user.has_usable_password()) == ("Uusi Henkilö", "en", False)
    message = mail.outbox[0]
    assert (message.to, message.subject) == (["uusi@example.fi"], "Your account in Asetu")
    link = next(word for word in message.body.split() if word.startswith("http://127.0.0.1:8000/"))
    page = client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    assert "password1" in page.content.decode()
    assert LogEntry.objects.get_for_object(user).get(action=LogEntry.Action.CREATE).actor == administrator


def test_an_e_mail_belongs_to_one_account(desk) -> None:
    UserFactory(email="aino@example.fi")
    response = desk.post(reverse("user_new"), {"name": "X", "email": "AINO@example.fi", "language": "fi"})
    assert response.status_code == 422
    assert "on jo tunnus" in response.content.decode()


def test_accounts_are_found_by_name_and_closed_ones_on_request(desk) -> None:
    UserFactory(name="Aino Avoin")
    UserFactory(name="Aino Suljettu", is_active=False)
    found = desk.get(reverse("administration"), {"q": "aino"}).content.decode()
    assert "Aino Avoin" in found
    assert "Aino Suljettu" not in found
    assert "Anna Ylläpitäjä" not in found.split("<main")[1]
    assert "Aino Suljettu" in desk.get(reverse("administration"), {"q": "aino", "closed": "on"}).content.decode()
    assert "ei löytynyt" in desk.get(reverse("administration"), {"q": "nobody at all"}).content.decode()


def test_a_long_list_goes_on_without_a_gap(desk) -> None:
    names = {f"Sama Nimi {number // 3:02}" for number in range(120)}
    for number in range(120):
        UserFactory(name=f"Sama Nimi {number // 3:02}")
    seen, after = [], None
    while True:
        page = desk.get(reverse("administration"), {"q": "Sama", **({"after": after} if after else {})}).context["page"]
        seen += [user.pk for user in page]
        after = page.next
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 120
    assert {user.name for user in User.objects.filter(pk__in=seen)} == names


def test_a_closed_account_is_signed_out_and_can_be_opened(desk, client) -> None:
    user = UserFactory()
    client.force_login(user)
    address = reverse("user_sign_in", args=[user.pk])
    assert "Suljetaanko tunnus?" in desk.get(address).content.decode()
    close = filled(desk.get(address))
    desk.post(address, close)
    assert client.get("/account/").status_code == 302
    desk.post(address, close)
    assert not User.objects.get(pk=user.pk).is_active, "who was asked whether to close it does not open it"
    desk.post(address, filled(desk.get(address)))
    assert User.objects.get(pk=user.pk).is_active


def test_one_cannot_close_ones_own_account(desk, administrator) -> None:
    assert desk.post(reverse("user_sign_in", args=[administrator.pk])).status_code == 404
    assert User.objects.get(pk=administrator.pk).is_active


def test_the_link_is_sent_again_to_those_who_never_came(desk, client) -> None:
    user = UserFactory()
    assert desk.post(reverse("user_welcome", args=[user.pk])).status_code == 302
    assert mail.outbox[0].to == [user.email]
    client.force_login(user)
    assert desk.post(reverse("user_welcome", args=[user.pk])).status_code == 404


# Roles


def test_a_role_in_a_municipality_is_told_to_its_inspector_alone(desk, django_capture_on_commit_callbacks) -> None:
    town, other = MunicipalityFactory(name_fi="Kemijärvi"), MunicipalityFactory()
    inspector = member(Role.INSPECTOR, town)
    member(Role.INSPECTOR, other)
    colleague, user = UserFactory(), UserFactory(name="Aino Uusi")
    fields = role_fields(
        Role.COORDINATOR, municipality=town.pk, ends="31.12.2026", standing_in_for=colleague.pk, starts="24.11.2026"
    )
    with django_capture_on_commit_callbacks(execute=True):
        response = desk.post(reverse("role_grant", args=[user.pk]), fields)
    assert response.url == reverse("user", args=[user.pk])
    membership = Membership.objects.get(user=user)
    assert (membership.group.role_group.role, membership.group.role_group.municipality) == (Role.COORDINATOR, town)
    assert (membership.ends.isoformat(), membership.standing_in_for) == ("2026-12-31", colleague)
    assert [message.to for message in mail.outbox] == [[inspector.email]]
    assert "Aino Uusi" in mail.outbox[0].body
    assert "24.11.2026–31.12.2026" in mail.outbox[0].body


def test_a_project_role_is_told_to_the_inspectors_of_the_partners(desk, django_capture_on_commit_callbacks) -> None:
    posio, pello, outside = MunicipalityFactory(), MunicipalityFactory(), MunicipalityFactory()
    inspectors = {member(Role.INSPECTOR, place).email for place in (posio, pello)}
    member(Role.INSPECTOR, outside)
    project = joint_project(posio, pello)
    user = UserFactory()
    fields = {**role_fields(Role.PROJECT_LEAD, starts="1.1.2026"), "user": user.pk}
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(reverse("project_role_grant", args=[project.code]), fields)
    assert Membership.objects.get(user=user).group.role_group.project == project
    assert {message.to[0] for message in mail.outbox} == inspectors
    assert user.name in desk.get(reverse("project_list")).content.decode()


def test_a_new_administrator_is_told_to_every_inspector(desk, django_capture_on_commit_callbacks) -> None:
    inspectors = {member(Role.INSPECTOR, MunicipalityFactory()).email for _place in range(2)}
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(reverse("role_grant", args=[UserFactory().pk]), role_fields(Role.ADMINISTRATOR))
    assert {message.to[0] for message in mail.outbox} == inspectors


def test_never_a_role_to_oneself(desk, administrator) -> None:
    town = MunicipalityFactory()
    own = Membership.objects.get(user=administrator)
    fields = role_fields(Role.COORDINATOR, municipality=town.pk)
    granted = desk.post(reverse("role_grant", args=[administrator.pk]), fields)
    ended = desk.post(reverse("role_end", args=[own.pk]), {"last_day": "1.1.2027"})
    project = joint_project(town)
    lead = desk.post(
        reverse("project_role_grant", args=[project.code]),
        {**role_fields(Role.PROJECT_LEAD), "user": administrator.pk},
    )
    assert [response.status_code for response in (granted, ended, lead)] == [422] * 3
    assert "Pyydä toista pääkäyttäjää" in granted.content.decode()
    assert list(Membership.objects.filter(user=administrator)) == [own]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Valitse kunta"),
        ({"starts": "32.1.2026"}, "Sellaista päivää ei ole"),
        ({"starts": "2.1.2026", "ends": "1.1.2026"}, "ensimmäistä"),
        ({"ends": "x"}, "päivä.kuukausi.vuosi"),
    ],
)
def test_a_refusal_says_what_to_do_and_keeps_what_was_typed(desk, fields, said) -> None:
    town = MunicipalityFactory()
    sent = role_fields(Role.COORDINATOR, **fields) | ({"municipality": town.pk} if fields else {})
    response = desk.post(reverse("role_grant", args=[UserFactory().pk]), sent, headers={"hx-request": "true"})
    page = response.content.decode()
    assert response.status_code == 422
    assert page.lstrip().startswith("<section")
    assert said in page
    assert f'value="{sent["starts"]}"' in page


def test_a_role_ends_after_its_last_day(desk, today) -> None:
    user = member(Role.MANAGER, MunicipalityFactory())
    membership = Membership.objects.get(user=user)
    assert scope_of(user).grants
    yesterday = today - timedelta(days=1)
    address = reverse("role_end", args=[membership.pk])
    desk.post(address, {"last_day": f"{yesterday.day}.{yesterday.month}.{yesterday.year}"})
    assert scope_of(user).grants == {}
    assert desk.get(address).status_code == 404


# Municipalities


def test_municipalities_with_staff_come_first(desk) -> None:
    MunicipalityFactory(name_fi="Akaa")
    busy = MunicipalityFactory(name_fi="Utsjoki")
    member(Role.COORDINATOR, busy)
    member(Role.MANAGER, busy, ends=None)
    page = desk.get(reverse("municipalities")).context["page"]
    assert [(place.name_fi, place.staff) for place in page] == [("Utsjoki", 2), ("Akaa", 0)]


def test_a_municipality_is_found_by_name_code_and_prefix(desk) -> None:
    wanted = MunicipalityFactory(name_fi="Kemijärvi", code="320", prefix="KMJ")
    MunicipalityFactory(name_fi="Posio", code="614", prefix="POS")
    for words in ("kemi", "320", "kmj"):
        assert list(desk.get(reverse("municipalities"), {"q": words}).context["page"]) == [wanted]


def test_a_municipality_decides_what_settled_asks_for(desk, administrator) -> None:
    town = MunicipalityFactory()
    address = reverse("municipality_edit", args=[town.code])
    assert desk.post(address, {"settled_criteria": ["home"], "stale_after_days": 0}).status_code == 422
    desk.post(address, {"settled_criteria": ["home", "registered"], "stale_after_days": 21, "name_fi": "Toinen"})
    town.refresh_from_db()
    assert (town.settled_criteria, town.stale_after_days) == (["home", "registered"], 21)
    assert town.name_fi != "Toinen"
    change = LogEntry.objects.get_for_object(town).get(action=LogEntry.Action.UPDATE)
    assert change.actor == administrator
    assert set(change.changes) == {"settled_criteria", "stale_after_days"}
