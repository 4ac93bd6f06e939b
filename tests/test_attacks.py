"""Attempts to get round the rules of access, by people who are signed in and know the addresses of others."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, Task
from contacts.actions import give_access
from contacts.models import AccessKind, Person
from crm.actions import end_role
from crm.models import Membership
from crm.refusal import Refused
from crm.roles import Role
from tests.factories import FAMILY, MunicipalityFactory, coordinator_of, give, joint_project, member
from tests.factories.crm import PASSWORD, UserFactory
from tests.reports.histories import TODAY, mover, selection_of, table, values
from tests.test_pages import signed_in
from tests.world import World, build_world

pytestmark = pytest.mark.django_db

HUGE = "9" * 5000  # more digits than Python reads as a number
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture
def coordinator(world) -> Client:
    return signed_in(world.users[Role.COORDINATOR])


# Figures: what is subtracted from what


@pytest.mark.parametrize("hidden_by", ["restriction", "bar"])
def test_own_column_beside_others_less_ones_exact_figures_is_nothing(hidden_by) -> None:
    """A coordinator who also leads the project sees one municipality exactly and all of them cleared."""
    posio, pello = MunicipalityFactory(), MunicipalityFactory()
    maija, other = coordinator_of(posio), coordinator_of(posio, pello)
    give(maija, Role.PROJECT_LEAD, joint_project(posio, pello))
    opened = TODAY.replace(year=2025, month=3, day=1)
    for place in (posio, pello):
        for _number in range(4):
            mover(place, other, opened=opened, people=FAMILY)
    hidden = mover(posio, other, opened=opened, people=FAMILY, restricted=hidden_by == "restriction")
    if hidden_by == "bar":
        give_access(
            household=hidden.household,
            user=maija,
            kind=AccessKind.BARRED,
            reason="sukulainen",
            starts=TODAY,
            by=other,
            at=timezone.now(),
        )
    exact = table("contacts", selection_of(maija, posio))
    beside = table("contacts", selection_of(maija, posio, pello))
    assert values(exact)["opened"] == 4
    assert values(beside, 0)["opened"] == 4
    assert values(beside)["opened"] == 8
    everybody = table("contacts", selection_of(member(Role.MANAGER, posio), posio))
    assert values(everybody)["opened"] == (4 if hidden_by == "restriction" else 5)


# Keys of others in an address of one's own


@pytest.mark.parametrize("of", ["foreign", "restricted", "barred"])
@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("case_step_date", "transition"),
        ("case_person_date", "fact"),
        ("case_person_take_back", "fact"),
        ("case_postpone_undo", "postponement"),
    ],
)
def test_a_row_of_another_case_is_not_reached_through_ones_own(world: World, coordinator, of, name, key) -> None:
    theirs = getattr(world.hidden[of], key)
    address = reverse(name, args=[world.own.case.reference, theirs.pk])
    assert [coordinator.get(address).status_code, coordinator.post(address, {"on": "1.1.2026"}).status_code] == [
        404
    ] * 2


@pytest.mark.parametrize("of", ["foreign", "restricted", "barred"])
def test_lists_do_not_answer_about_what_does_not_exist(world: World, coordinator, of) -> None:
    things = world.hidden[of]
    for name, query in [
        ("case_list", {"q": things.case.reference, "state": "all"}),
        ("case_list", {"q": things.secret, "state": "all", "after": things.case.pk}),
        ("case_list", {"coordinator": things.case.coordinator_id, "municipality": things.case.municipality.code}),
        ("people", {"q": things.secret, "unnamed": "on"}),
        ("people", {"q": things.person.email, "after": things.person.pk}),
    ]:
        response = coordinator.get(reverse(name), query)
        assert response.status_code == 200, "a reference in sight would lead to its case"
        links = re.findall(r'href="(/(?:cases|people|households)/[^"?]+)"', response.content.decode())
        assert not [link for link in links if things.case.reference in link or f"/{things.household.pk}/" in link]
    for query in ({"household": things.household.pk}, {"household": HUGE}, {"advice": HUGE}):
        assert coordinator.get(reverse("case_new"), query).status_code == 404


@pytest.mark.parametrize("of", ["restricted", "barred"])
def test_the_duplicate_warning_is_silent_whatever_keys_it_is_told(world: World, coordinator, of) -> None:
    things = world.hidden[of]
    typed = {"given_name": things.person.given_name, "family_name": things.secret, "email": things.person.email}
    answers = [
        coordinator.post(f"{reverse('person_duplicates')}?municipality={world.town.pk}&{more}", typed).content
        for more in (f"household={things.household.pk}", f"person={things.person.pk}", "")
    ]
    nobody = {**typed, "family_name": "Xylofonsson", "email": "nobody@nowhere.example"}
    silent = coordinator.post(f"{reverse('person_duplicates')}?municipality={world.town.pk}", nobody).content
    assert answers == [silent] * 3


def test_an_import_belongs_to_who_uploaded_it(world: World) -> None:
    colleague = signed_in(coordinator_of(world.town))
    for step, token in world.imports.items():
        for name in ("import_batch", f"import_{step}", "import_undo", "import_discard"):
            assert colleague.get(reverse(name, args=[token])).status_code == 404, (name, step)
        assert colleague.post(reverse("import_running", args=[token]), {"seen": "0"}).status_code == 404


def test_no_number_is_too_long(world: World, coordinator) -> None:
    reference = world.own.case.reference
    assert coordinator.get(reverse("case_timeline", args=[reference]), {"before": HUGE}).status_code == 404
    assert (
        coordinator.post(reverse("case_take_back", args=[reference]), {"version": HUGE, "why": "x"}).status_code == 422
    )
    assert (
        coordinator.post(reverse("import_running", args=[world.imports["running"]]), {"seen": HUGE}).status_code == 302
    )
    query = f"municipality={HUGE}&household={HUGE}&person={HUGE}"
    assert coordinator.post(f"{reverse('person_duplicates')}?{query}").status_code == 200


@pytest.mark.parametrize("address", ["/my-day/take/%00/", "/import/%00/", "/cases/%00/major-project/", "/cases/?q=%00"])
def test_a_null_character_is_a_bad_request(coordinator, address) -> None:
    assert [coordinator.get(address).status_code, coordinator.post(address).status_code] == [400, 400]


# What is sent back


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere(world: World, coordinator, target) -> None:
    ticked = coordinator.post(reverse("task_done", args=[world.own.task.pk]), {"done": "1", "next": target})
    chosen = coordinator.post(reverse("preferences"), {"language": "fi", "next": target})
    assert [ticked.url, chosen.url] == [reverse("case", args=[world.own.case.reference]), "/"]


def test_what_is_typed_never_becomes_markup(world: World, coordinator) -> None:
    things = world.own
    Person.objects.filter(pk=things.person.pk).update(given_name=SCRIPT)
    Task.objects.filter(pk=things.task.pk).update(title=SCRIPT)
    things.case.household.name = SCRIPT
    things.case.household.save(update_fields=["name"])
    for address in [
        reverse("case", args=[things.case.reference]),
        reverse("household", args=[things.household.pk]),
        reverse("person_edit", args=[things.person.pk]),
        reverse("case_list"),
        reverse("people"),
    ]:
        assert SCRIPT not in coordinator.get(address).content.decode(), address


# Signing in, roles and mail


def test_the_mailed_link_leads_to_the_installation_whatever_the_request_calls_its_host(client, posted) -> None:
    client.post(reverse("account_reset_password"), {"email": UserFactory().email}, headers={"host": "testserver:8443"})
    [message] = posted()
    assert f"{settings.BASE_URL}/account/password/reset/key/" in message.body
    assert "testserver" not in message.body


def test_a_session_from_before_signing_in_is_not_carried_on(client) -> None:
    user = UserFactory()
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert client.get(reverse("account")).status_code == 200
    assert client.session.session_key != planted


def test_a_form_without_its_token_changes_nothing(world: World) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(world.users[Role.COORDINATOR], backend=settings.AUTHENTICATION_BACKENDS[0])
    assert careful.post(reverse("task_done", args=[world.own.task.pk]), {"done": "1"}).status_code == 403
    assert Case.objects.get(pk=world.own.case.pk).version == world.own.case.version


def test_ending_a_role_never_lengthens_it() -> None:
    user = member(Role.COORDINATOR, MunicipalityFactory(), ends=TODAY)
    membership = Membership.objects.get(user=user)
    with pytest.raises(Refused):
        end_role(membership=membership, last_day=TODAY + timedelta(days=365), by=member(Role.ADMINISTRATOR))
    membership.refresh_from_db()
    assert membership.ends == TODAY
