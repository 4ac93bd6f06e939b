"""Whom one row marks as non-disclosure no other row, rejected row or earlier case may leave open to everyone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import restrict_household
from cases.import_models import Fate, ImportBatch, ImportRow
from cases.models import Case
from cases.sheets import actions
from contacts.models import Access
from tests.factories import MunicipalityFactory, case_of, coordinator_of, household_of, scope_of
from tests.factories.cases import PersonData, Relation
from tests.factories.sheets import HEADINGS, Line, checked_import, csv_sheet, run_import

pytestmark = pytest.mark.django_db

OPEN = Line(name="Kuusela, Otso", email="otso@sheet.example", stage="uusi")
MARKED = Line("3.11.2025", name="Otso Kuusela", email="otso@sheet.example", note="turvakielto")
UNDATED = Line("", name="Otso Kuusela", email="otso@sheet.example", note="turvakielto")
ANOTHER = Line(name="Rautio, Hilla", email="hilla@sheet.example")
OTSO = PersonData(given_name="Otso", family_name="Kuusela", email="otso@sheet.example")


@pytest.fixture
def town():
    return MunicipalityFactory(name_fi="Kemijärvi", prefix="KMJ")


@pytest.fixture
def user(town):
    return coordinator_of(town)


@pytest.fixture
def desk(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def checked(town, user):
    """An import brought to the check by a user who leaves the cases to a colleague."""
    colleague = coordinator_of(town)
    return lambda *lines: checked_import(town, user, csv_sheet(lines), coordinator=colleague)


def row(batch: ImportBatch, number: int) -> ImportRow:
    return ImportRow.objects.get(batch=batch, number=number)


def look(desk, batch: ImportBatch, page: str = "import_check", fate: str = ""):
    return desk.get(reverse(page, args=[batch.token]), {"fate": fate})


@pytest.mark.parametrize(
    "lines",
    [
        (MARKED, OPEN),
        (OPEN, MARKED),
        (OPEN, UNDATED),
        (UNDATED, OPEN),
        # The mark reaches the first row by way of one that repeats both: an e-mail with one, a phone with the other.
        (
            Line(name="Kuusela, Otso", phone="040 1234567"),
            Line(name="Kuusela, O.", phone="040 1234567", email="otso@sheet.example"),
            MARKED,
        ),
    ],
    ids=["on the first row", "on the second", "on a rejected one", "on a rejected one before", "by way of a third"],
)
def test_whichever_row_is_marked_the_household_becomes_restricted(checked, user, town, lines):
    run_import(checked(*lines, ANOTHER))
    restricted, other = Case.objects.select_related("household").order_by("-restricted")
    assert restricted.household.name == "Otso Kuusela"
    assert restricted.household.restricted
    assert restricted.coordinator == user
    assert list(Access.objects.values_list("household", "user")) == [(restricted.household_id, user.pk)]
    assert not Case.objects.visible_to(scope_of(coordinator_of(town))).filter(pk=restricted.pk).exists()
    assert (other.household.name, other.restricted) == ("Hilla Rautio", False)


def test_the_mark_is_not_lost_between_the_parts_that_are_written(checked, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 1)
    run_import(checked(OPEN, ANOTHER, MARKED))
    assert list(Case.objects.order_by("pk").values_list("restricted", flat=True)) == [True, False]


def test_the_check_tells_which_row_the_mark_is_on_and_nothing_untrue(desk, checked):
    first, second = look(desk, checked(OPEN, MARKED)).context["rows"]
    assert (first.fate, first.remarks) == (
        Fate.NEW,
        [
            "Rivi 5 koskee samaa henkilöä, ja siinä on merkintä turvakiellosta: taloudelle tulee turvakielto, "
            "ja vain sinä näet sen."
        ],
    )
    assert (second.fate, second.remarks[:1]) == (
        Fate.DUPLICATE,
        ["Merkintä turvakiellosta: jos samasta henkilöstä tuodaan toinen rivi, sen taloudelle tulee turvakielto."],
    )


def test_who_only_shares_a_phone_with_somebody_restricted_stays_as_they_are(checked):
    marked = Line(name="Kuusela, Otso", phone="040 1234567", note="turvakielto")
    run_import(checked(marked, Line(name="Rautio, Hilla", phone="040 1234567")))
    restricted = dict(Case.objects.values_list("household__name", "restricted"))
    assert restricted == {"Otso Kuusela": True, "Hilla Rautio": False}


def test_a_column_of_its_own_tells_it_too(town, user):
    lines = [("3.2.2025", "Kuusela, Otso", "x"), ("3.2.2025", "Rautio, Hilla", "ei")]
    run_import(checked_import(town, user, csv_sheet(lines, headings=("Pvm", "Nimi", "Turvakielto"))))
    restricted = dict(Case.objects.values_list("household__name", "restricted"))
    assert restricted == {"Otso Kuusela": True, "Hilla Rautio": False}


def test_a_mark_on_a_line_of_its_own_is_pointed_out(desk, checked):
    alone = ["turvakielto", *[""] * (len(HEADINGS) - 1)]
    [_first, view] = look(desk, checked(OPEN, alone)).context["rows"]
    assert view.fate == Fate.REJECTED
    assert view.remarks == ["Merkintä turvakiellosta ilman henkilöä. Selvitä, ketä se koskee."]


# Already in the register


@pytest.mark.parametrize(
    ("lines", "number"),
    [((MARKED,), 4), ((UNDATED,), 4), ((OPEN, MARKED), 4), ((OPEN, MARKED), 5), ((OPEN, UNDATED), 4)],
)
def test_who_is_open_in_the_register_is_to_be_restricted_there(desk, checked, user, town, lines, number):
    known = case_of(town, user, people=((OTSO, Relation.CONTACT),))
    batch = checked(*lines, ANOTHER)
    page = look(desk, batch, fate=Fate.RESTRICT)
    assert number in [view.row.number for view in page.context["rows"]]
    assert page.context["counts"]["restrict"] == len(lines)
    assert page.context["counts"]["duplicate"] + page.context["counts"]["rejected"] == 0
    assert "mutta rekisterissä taloudella ei ole turvakieltoa" in page.text
    assert reverse("household_restrict", args=[known.household_id]) in page.text

    run_import(batch)
    assert look(desk, batch, "import_done").context["counts"]["restrict"] == len(lines)
    restrict_household(
        household=known.household, reason="uhka", named=[], on=timezone.localdate(), by=user, at=timezone.now()
    )
    done = look(desk, batch, "import_done")
    assert done.context["counts"]["restrict"] == 0
    assert "Turvakielto rekisteriin" not in done.text


def test_the_register_s_household_is_not_told_of_once_it_is_out_of_sight(desk, checked, user, town):
    household = household_of(town, user, people=((OTSO, Relation.CONTACT),))
    batch = checked(MARKED, UNDATED)
    run_import(batch)
    colleague = coordinator_of(town)
    restrict_household(
        household=household, reason="uhka", named=[], on=timezone.localdate(), by=colleague, at=timezone.now()
    )
    page = look(desk, batch, "import_done")
    assert page.context["counts"]["restrict"] == 0
    assert [(view.row.number, view.fate, view.duplicate) for view in page.context["rows"]] == [(5, Fate.REJECTED, None)]


def test_who_is_taken_in_anyway_is_restricted_and_nobody_else_is_to_be(desk, checked, user, town):
    case_of(town, user, people=((OTSO, Relation.CONTACT),))
    batch = checked(MARKED)
    desk.post(reverse("import_anyway", args=[batch.token, 4]), {"anyway": "yes"})
    page = look(desk, batch)
    assert page.context["counts"]["restrict"] == 0
    assert [view.fate for view in page.context["rows"]] == [Fate.NEW]
    run_import(ImportBatch.objects.get(pk=batch.pk))
    assert Case.objects.get(import_row__batch=batch).restricted


def test_what_was_told_is_told_anew_when_the_rows_are_checked_again(desk, checked, town, user):
    batch = checked(OPEN, MARKED)
    assert row(batch, 4).restricted_by_row == 5
    ImportRow.objects.filter(batch=batch, number=5).update(cells=row(batch, 4).cells)
    actions.check_rows(batch=batch, scope=scope_of(user), at=timezone.now() + timedelta(minutes=1))
    assert [row(batch, number).restricted_by_row for number in (4, 5)] == [None, None]
