"""A phone or an e-mail in common under quite another name: a family member, taken in and pointed out."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import restrict_household
from cases.import_models import Fate
from cases.models import Case
from tests.cases.sheets.test_flow import row, run, to_check
from tests.factories import MunicipalityFactory, case_of, coordinator_of
from tests.factories.cases import PersonData, Relation
from tests.factories.sheets import Line, csv_sheet

pytestmark = pytest.mark.django_db

TOLD = PersonData(given_name="Otso", family_name="Kuusela", phone="+358 40 7654321", email="koti@sheet.example")


@pytest.fixture
def town():
    return MunicipalityFactory(name_fi="Kemijärvi")


@pytest.fixture
def user(town):
    return coordinator_of(town)


@pytest.fixture
def desk(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def known(town, user) -> Case:
    return case_of(town, user, people=((TOLD, Relation.CONTACT),))


def test_who_shares_a_phone_with_somebody_of_the_register_is_taken_in_and_pointed_out(desk, known):
    batch = to_check(desk, csv_sheet([Line(name="Rautio, Hilla", phone="040 7654321", email="koti@sheet.example")]))
    assert (row(batch, 4).shown_fate, row(batch, 4).shares_with_id) == (Fate.NEW, known.household.people.get().pk)
    page = desk.get(reverse("import_check", args=[batch.token])).text
    assert f"Sama puhelin tai sähköposti kuin rekisterissä toisella nimellä: Otso Kuusela, {known.reference}" in page
    run(desk, batch)
    assert Case.objects.count() == 2


def test_who_shares_a_phone_with_an_earlier_row_is_taken_in_and_pointed_out(desk):
    lines = [Line(name="Kuusela, Otso", phone="0407654321"), Line(name="Rautio, Hilla", phone="0407654321")]
    batch = to_check(desk, csv_sheet(lines))
    assert (row(batch, 5).shown_fate, row(batch, 5).shares_with_row) == (Fate.NEW, 4)
    assert "kuin rivillä 4 toisella nimellä" in desk.get(reverse("import_check", args=[batch.token])).text
    run(desk, batch)
    assert Case.objects.count() == 2


def test_such_a_row_can_be_left_out(desk, known):
    batch = to_check(desk, csv_sheet([Line(name="Rautio, Hilla", phone="0407654321"), Line()]))
    address = reverse("import_anyway", args=[batch.token, 4])
    desk.post(address, {"anyway": "no"})
    page = desk.get(reverse("import_check", args=[batch.token]))
    assert (page.context["counts"]["new"], page.context["counts"]["duplicate"]) == (1, 1)
    assert [view.row.number for view in only(desk, batch, "duplicate")] == [4]
    assert [view.row.number for view in only(desk, batch, "new")] == [5]
    desk.post(address, {"anyway": "yes"})
    assert [view.row.number for view in only(desk, batch, "new")] == [4, 5]
    desk.post(address, {"anyway": "no"})
    run(desk, batch)
    assert Case.objects.exclude(pk=known.pk).count() == 1
    assert [view.row.number for view in only(desk, batch, "duplicate", step="done")] == [4]


def only(desk, batch, fate: str, step: str = "check"):
    return desk.get(reverse(f"import_{step}", args=[batch.token]), {"fate": fate}).context["rows"]


@pytest.mark.parametrize("name", ["Kuusela, O.", "O. Kuusela", "Kuusela Otso"])
def test_an_initial_is_a_like_name(desk, known, name):
    batch = to_check(desk, csv_sheet([Line(name=name, phone="0407654321")]))
    assert (row(batch, 4).shown_fate, row(batch, 4).shares_with_id) == (Fate.DUPLICATE, None)


def test_an_initial_alone_is_nobody(desk, known):
    batch = to_check(desk, csv_sheet([Line(name="Kuusela, O.")]))
    assert (row(batch, 4).shown_fate, row(batch, 4).duplicate) == (Fate.NEW, False)


def test_a_like_name_is_told_before_a_shared_phone(desk, known, town, user):
    """Of two people found, the row repeats the one of its own name."""
    hilla = PersonData(given_name="Hilla", family_name="Rautio")
    case_of(town, user, people=((hilla, Relation.CONTACT),))
    batch = to_check(desk, csv_sheet([Line(name="Rautio, Hilla", phone="0407654321", email="koti@sheet.example")]))
    assert (row(batch, 4).shown_fate, row(batch, 4).duplicate_of.family_name) == (Fate.DUPLICATE, "Rautio")


def test_whom_one_may_no_longer_know_of_nobody_shares_with(desk, known, town):
    colleague = coordinator_of(town)
    batch = to_check(desk, csv_sheet([Line(name="Rautio, Hilla", phone="0407654321")]))
    desk.post(reverse("import_anyway", args=[batch.token, 4]), {"anyway": "no"})
    at = timezone.now()
    restrict_household(
        household=known.household, reason="väkivalta", named=[], on=timezone.localdate(at), by=colleague, at=at
    )
    page = desk.get(reverse("import_check", args=[batch.token]))
    assert [(view.fate, view.shares) for view in page.context["rows"]] == [(Fate.NEW, None)]
    assert (page.context["counts"]["new"], page.context["counts"]["duplicate"]) == (1, 0)
    assert "Kuusela" not in page.text
    assert desk.post(reverse("import_anyway", args=[batch.token, 4]), {"anyway": "yes"}).status_code == 404
    run(desk, batch)
    assert Case.objects.exclude(pk=known.pk).count() == 1
