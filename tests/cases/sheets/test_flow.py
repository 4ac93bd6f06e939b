"""The import as a coordinator walks it: upload, columns, words, questions, check, import, undo."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cases.actions import restrict_household
from cases.import_models import Fate, ImportBatch, ImportRow, ImportStep, ImportWord
from cases.lifecycle import State
from cases.models import Case, CasePerson, Event, EventKind, PersonFactKind, Transition
from cases.sheets import actions
from cases.sheets.reading import MAX_BYTES
from contacts.models import Access, NoticeGiven, Person
from crm.models import Municipality
from crm.refusal import Refused
from crm.roles import Role
from tests.factories import MunicipalityFactory, case_of, coordinator_of, give, household_of
from tests.factories.cases import PersonData, Relation
from tests.factories.sheets import HEADINGS, Line, csv_sheet, many_lines, xlsx_sheet

pytestmark = pytest.mark.django_db


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


def upload(desk, content: bytes, name: str = "taulukko.csv", municipality=None):
    data = {"file": SimpleUploadedFile(name, content)}
    if municipality:
        data["municipality"] = municipality.pk
    return desk.post(reverse("import_new"), data)


def answer_columns(desk, batch, **changes):
    """Accept the columns as guessed; `changes` name those to choose otherwise by their place."""
    form = desk.get(reverse("import_columns", args=[batch.token])).context["form"]
    return desk.post(reverse("import_columns", args=[batch.token]), accepted(form) | changes)


def answer_stages(desk, batch, **changes):
    asked = desk.get(reverse("import_stages", args=[batch.token])).context
    answers = accepted(asked["about_stages"]) | accepted(asked["about_stays"])
    return desk.post(reverse("import_stages", args=[batch.token]), answers | changes)


def accepted(form) -> dict[str, str]:
    return {form.add_prefix(name): field.initial for name, field in form.fields.items()}


def answer_questions(desk, batch, **changes):
    answers = {
        "coordinator": batch.by_id,
        "notice_given": "yes",
        "notice_version": "2024-1",
        "notice_language": "fi",
        "criteria_reason": "vanhasta taulukosta",
    }
    return desk.post(reverse("import_questions", args=[batch.token]), answers | changes)


def to_check(desk, content: bytes, *, name: str = "taulukko.csv", stages: dict | None = None, **answers) -> ImportBatch:
    """Up to the dry run, everything accepted as guessed."""
    upload(desk, content, name)
    batch = ImportBatch.objects.latest("pk")
    answer_columns(desk, batch)
    if ImportBatch.objects.get(pk=batch.pk).step == ImportStep.STAGES:
        answer_stages(desk, batch, **(stages or {}))
    answer_questions(desk, batch, **answers)
    return ImportBatch.objects.get(pk=batch.pk)


def run(desk, batch):
    """Press the button until the import is done; returns the last answer."""
    while (batch := ImportBatch.objects.get(pk=batch.pk)).step != ImportStep.DONE:
        response = desk.post(reverse("import_running", args=[batch.token]), {"seen": batch.done_through})
    return response


def row(batch, number: int) -> ImportRow:
    return ImportRow.objects.get(batch=batch, number=number)


def test_from_the_file_to_the_cases(desk, user, town):
    batch = to_check(
        desk,
        csv_sheet(
            [
                Line("3.2.2025", "Testinen, Tiina", "040 1234567", stage="uusi", note="soitti"),
                Line("2025-03-18", "Heli Mäkelä", size="2+2", stage="asuu 22.4. alk."),
                Line("4.5.25", "Peltonen Onni", stage="kartoitettu"),
            ]
        ),
    )
    assert batch.step == ImportStep.CHECK
    page = desk.get(reverse("import_check", args=[batch.token]))
    assert page.context["goes_in"] == 3
    assert not Case.objects.exists()

    run(desk, batch)
    cases = {case.household.name: case for case in Case.objects.select_related("household")}
    assert {name: case.state for name, case in cases.items()} == {
        "Tiina Testinen": State.CONTACT,
        "Heli Mäkelä": State.ARRIVED,
        "Onni Peltonen": State.ASSESSMENT,
    }
    assert all(case.coordinator == user and case.channel == "sheet" for case in cases.values())
    assert sorted(case.reference for case in cases.values()) == ["KMJ-2025-0001", "KMJ-2025-0002", "KMJ-2025-0003"]
    assert NoticeGiven.objects.filter(version="2024-1", given_on="2025-02-03").count() == 1


def test_what_is_written_of_an_arrival(desk, town):
    batch = to_check(
        desk, csv_sheet([Line("18.3.2025", "Mäkelä, Heli", size="2+2", stage="asuu 22.4. alk.", note="koira")])
    )
    assert ("year_inferred", "22.4.2025") in [(code, told.get("date")) for code, told in row(batch, 4).remarks]
    run(desk, batch)
    case = Case.objects.get()
    steps = list(case.transitions.order_by("sequence").values_list("name", "happened_on", "date_known"))
    contact, arrival = case.opened_on, case.opened_on + timedelta(days=35)
    assert steps == [
        ("open", contact, True),
        ("start_assessment", contact, False),
        ("register_arrival", arrival, True),
    ]
    facts = CasePerson.objects.filter(case=case)
    assert {(fact.kind, fact.happened_on, fact.date_known) for fact in facts} == {
        (PersonFactKind.ARRIVED, arrival, True)
    }
    assert facts.count() == 4
    people = Person.objects.filter(household=case.household).order_by("pk")
    assert [(p.given_name, p.age_group) for p in people] == [
        ("Heli", "adult"),
        ("", "adult"),
        ("", "child"),
        ("", "child"),
    ]
    note = Event.objects.get(case=case, kind=EventKind.NOTE)
    assert note.text == "koira\nVaihe: asuu 22.4. alk."
    assert timezone.localdate(note.happened_at) == contact


def test_already_here_has_no_date_and_stays_out_of_time(desk):
    run(desk, to_check(desk, csv_sheet([Line("18.3.2025", stage="asuu jo")])))
    fact = CasePerson.objects.get()
    assert (fact.kind, fact.date_known) == (PersonFactKind.ALREADY_HERE, False)
    assert Case.objects.get().state_since == Case.objects.get().opened_on


def test_settled_with_dates_of_their_own_columns(desk):
    headings = (*HEADINGS, "Saapunut", "Asettunut pvm")
    cells = ("18.3.2025", "Testinen, Tiina", "", "", "Oulu", "", "1", "", "asettunut", "", "1.5.2025", "")
    run(desk, to_check(desk, csv_sheet([cells], headings=headings)))
    case = Case.objects.get()
    assert case.state == State.SETTLED
    settled = case.transitions.get(name="confirm_settled")
    assert (settled.happened_on.isoformat(), settled.date_known) == ("2025-05-01", False)
    assert settled.answers["criteria_reasons"]["home"] == "vanhasta taulukosta"


@pytest.mark.parametrize(
    ("stage", "settled_on", "happened_on"),
    [
        ("asettunut 12.8.2025", "", date(2025, 8, 12)),
        ("asettunut 1.3.", "", date(2026, 3, 1)),  # the first such day after the arrival
        ("asettunut 12.8.2025", "1.9.2025", date(2025, 9, 1)),
    ],
)
def test_the_date_in_the_words_of_who_has_settled_is_that_of_settling(desk, stage, settled_on, happened_on):
    headings = (*HEADINGS, "Saapunut", "Asettunut pvm")
    cells = ("3.2.2025", "Testinen, Tiina", "", "", "Oulu", "", "1", "", stage, "", "1.5.2025", settled_on)
    run(desk, to_check(desk, csv_sheet([cells], headings=headings)))
    steps = Case.objects.get().transitions.order_by("-sequence").values_list("name", "happened_on", "date_known")
    assert list(steps[:2]) == [
        ("confirm_settled", happened_on, True),
        ("register_arrival", date(2025, 5, 1), True),
    ]


@pytest.mark.parametrize(
    ("stage", "answers", "state", "code"),
    [
        ("asettunut", {}, State.ASSESSMENT, "no_arrival_date"),
        ("asettunut 12.8.2025", {}, State.ASSESSMENT, "no_arrival_date"),
        ("suunnitelma", {}, State.ASSESSMENT, "plan_item"),
        ("suunnitelma", {"goal": "koti ja työ"}, State.PLAN, None),
        ("muuttaa 11.4.", {"goal": "koti"}, State.MOVING, None),
        ("muuttaa 11.4.", {}, State.ASSESSMENT, "plan_item"),
        ("kartoitettu", {"notice_given": "no"}, State.CONTACT, "notice_given"),
        ("asuu jo", {"notice_given": "no"}, State.CONTACT, "notice_given"),
        ("tauolla", {}, State.PAUSED, None),
        ("peruuntui, ei asuntoa", {}, State.CLOSED, None),
        ("?", {}, State.CONTACT, None),
        ("", {}, State.CONTACT, None),
    ],
)
def test_a_row_stops_where_something_is_missing(desk, stage, answers, state, code):
    batch = to_check(desk, csv_sheet([Line(stage=stage)]), **answers)
    planned = row(batch, 4)
    assert planned.to_state == state
    assert [reason for reason, _told in planned.reasons] == ([code] if code else [])
    assert planned.fate == (Fate.STOPS if code else Fate.NEW)
    run(desk, batch)
    assert Case.objects.get().state == state
    if stage.startswith("muuttaa"):
        assert Case.objects.get().planned_move_on.isoformat() == "2025-04-11"


@pytest.mark.parametrize(
    ("line", "answers", "lacks"),
    [
        (Line(stage="asuu 22.4. alk.", size="2"), {"notice_given": "no"}, "notice_given"),
        (Line(name="(ei nimeä)", stage="asuu 22.4. alk.", size="2"), {}, "named_person"),
    ],
)
def test_who_has_arrived_is_recorded_as_arrived_though_no_assessment_is_possible(desk, line, answers, lacks):
    batch = to_check(desk, csv_sheet([line]), **answers)
    planned = row(batch, 4)
    assert (planned.to_state, planned.fate, planned.reasons) == (State.ARRIVED, Fate.NEW, [])
    remarks = [code for code, _told in planned.remarks]
    assert remarks[remarks.index("straight_to_arrived") :] == ["straight_to_arrived", lacks]
    page = desk.get(reverse("import_check", args=[batch.token])).content.decode()
    assert "Muutto kirjataan suoraan yhteydenotosta, ilman kartoitusta." in page
    run(desk, batch)
    steps = Case.objects.get().transitions.order_by("sequence").values_list("name", "to_state")
    assert list(steps) == [("open", State.CONTACT), ("register_arrival", State.ARRIVED)]
    assert CasePerson.objects.filter(kind=PersonFactKind.ARRIVED, happened_on=date(2025, 4, 22)).count() == 2


def test_who_settled_without_a_notice_arrives_and_stops_only_at_the_criteria(desk):
    headings = (*HEADINGS, "Saapunut")
    cells = ("18.3.2025", "Testinen, Tiina", "", "", "Oulu", "", "1", "", "asettunut", "", "1.5.2025")
    batch = to_check(desk, csv_sheet([cells], headings=headings), notice_given="no", criteria_reason="")
    assert (row(batch, 4).to_state, row(batch, 4).reasons) == (State.ARRIVED, [["criteria", {}]])


def test_a_pause_is_reviewed_in_thirty_days(desk, today):
    run(desk, to_check(desk, csv_sheet([Line(stage="tauolla")])))
    case = Case.objects.get()
    assert case.review_on == today + timedelta(days=30)
    assert "tauolla" in case.transitions.get(name="pause").reason


def test_a_closed_case_keeps_its_reason(desk):
    run(
        desk,
        to_check(desk, csv_sheet([Line(stage="peruuntui, ei asuntoa"), Line(name="Muu, Meri", stage="lopetettu")])),
    )
    assert set(Case.objects.values_list("close_reason", flat=True)) == {"no_housing", "other"}
    assert set(Transition.objects.filter(name="close").values_list("date_known", flat=True)) == {False}


def test_without_a_name_it_stays_a_contact(desk):
    batch = to_check(desk, csv_sheet([Line(name="(ei nimeä)", stage="kartoitettu", email="joku(at)sheet.example")]))
    assert [code for code, _told in row(batch, 4).reasons] == ["named_person"]
    run(desk, batch)
    case = Case.objects.select_related("household").get()
    assert case.state == State.CONTACT
    assert case.household.anonymous
    assert Person.objects.get().email == "joku@sheet.example"


def test_non_disclosure_in_a_note_makes_the_household_restricted(desk, user, town):
    colleague = coordinator_of(town)
    batch = to_check(
        desk,
        csv_sheet([Line(note="turvakielto!", stage="uusi"), Line(name="Muu, Meri", note="ei turvakieltoa")]),
        coordinator=colleague.pk,
    )
    run(desk, batch)
    case = Case.objects.get(restricted=True)
    assert not case.reference.startswith("KMJ")
    assert case.household.restricted
    assert case.household.people.get().restricted
    assert case.coordinator == user
    assert Access.objects.get(household=case.household).user == user
    assert Case.objects.get(restricted=False).coordinator == colleague


def test_rows_of_another_municipality_are_refused_by_name(desk):
    MunicipalityFactory(name_fi="Posio")
    batch = to_check(
        desk,
        csv_sheet(
            [Line(municipality="posio"), Line(name="Muu, Meri", municipality="KEMIJARVI"), Line(municipality="Höpölä")]
        ),
    )
    assert row(batch, 4).reasons == [["no_right", {"name": "Posio"}]]
    assert row(batch, 5).fate == Fate.NEW
    assert row(batch, 6).reasons == [["no_municipality", {"text": "Höpölä"}]]
    page = desk.get(reverse("import_check", args=[batch.token]), {"fate": "rejected"}).content.decode()
    assert "Sinulla ei ole oikeutta tuoda rivejä tähän kuntaan: Posio." in page
    run(desk, batch)
    assert Case.objects.count() == 1


def test_another_of_ones_own_municipalities_is_another_import(desk, user, town):
    posio = MunicipalityFactory(name_fi="Posio")
    give(user, Role.COORDINATOR, posio)
    upload(desk, csv_sheet([Line(municipality="Posio"), Line(municipality="Kemijärvi")]), municipality=posio)
    batch = ImportBatch.objects.get()
    answer_columns(desk, batch)
    answer_stages(desk, batch)
    answer_questions(desk, batch)
    assert row(batch, 4).fate == Fate.NEW
    assert row(batch, 5).reasons == [["another_own", {"name": "Kemijärvi"}]]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["2025 jatkuu", *[""] * 9], "between"),
        (list(HEADINGS), "headings_again"),
        (["", "Testinen, Tiina", "", "", "Oulu", "", "", "", "uusi", ""], "no_date"),
        (["joskus keväällä", "Testinen, Tiina", "", "", "", "", "", "", "uusi", ""], "bad_date"),
        (["1.1.2099", "Testinen, Tiina", "", "", "", "", "", "", "uusi", ""], "future_date"),
    ],
)
def test_rows_that_cannot_be_taken_in(desk, cells, code):
    batch = to_check(desk, csv_sheet([cells, Line()]))
    assert (row(batch, 4).fate, row(batch, 4).reasons[0][0]) == (Fate.REJECTED, code)
    run(desk, batch)
    assert Case.objects.count() == 1


# The same people twice


def test_the_same_person_on_an_earlier_row_is_left_out(desk):
    batch = to_check(
        desk,
        csv_sheet(
            [
                Line(name="Kuusela, Otso", email="otso@sheet.example"),
                Line("3.11.2025", name="Otso Kuusel a", email="otso(at)sheet.example"),
                Line("3.11.2025", name="Rautio, Hilla", email="hilla@sheet.example"),
            ]
        ),
    )
    assert (row(batch, 5).shown_fate, row(batch, 5).duplicate_row) == (Fate.DUPLICATE, 4)
    assert row(batch, 6).shown_fate == Fate.NEW
    page = desk.get(reverse("import_check", args=[batch.token])).content.decode()
    assert "sama henkilö kuin rivillä 4" in page
    assert "Sama sähköposti" in page
    run(desk, batch)
    assert Case.objects.count() == 2


def test_a_person_of_the_register_is_named_and_can_be_imported_anyway(desk, user, town):
    told = PersonData(given_name="Otso", family_name="Kuusela", phone="+358 40 7654321")
    known = case_of(town, user, people=((told, Relation.CONTACT),))
    batch = to_check(desk, csv_sheet([Line(name="KUUSELA OTSO", phone="0407654321")]))
    page = desk.get(reverse("import_check", args=[batch.token])).content.decode()
    assert f"Näyttää olevan Otso Kuusela, joka on jo rekisterissä: {known.reference}" in page
    assert "0 riviä tuodaan" in page

    desk.post(reverse("import_anyway", args=[batch.token, 4]), {"anyway": "yes"})
    assert desk.get(reverse("import_check", args=[batch.token])).context["goes_in"] == 1
    desk.post(reverse("import_anyway", args=[batch.token, 4]), {"anyway": "no"})
    desk.post(reverse("import_anyway", args=[batch.token, 4]), {"anyway": "yes"})
    run(desk, batch)
    assert Case.objects.count() == 2


def test_a_restricted_household_is_no_duplicate_to_whom_it_does_not_exist(desk, town):
    colleague = coordinator_of(town)
    told = PersonData(given_name="Otso", family_name="Kuusela", email="otso@sheet.example")
    household_of(town, colleague, people=((told, Relation.CONTACT),), restricted=True)
    batch = to_check(desk, csv_sheet([Line(name="Kuusela, Otso", email="otso@sheet.example")]))
    assert row(batch, 4).shown_fate == Fate.NEW
    assert not row(batch, 4).duplicate


def test_to_whom_is_named_on_it_a_restricted_household_is_a_duplicate(desk, user, town):
    told = PersonData(given_name="Otso", family_name="Kuusela", email="otso@sheet.example")
    household_of(town, user, people=((told, Relation.CONTACT),), restricted=True)
    batch = to_check(desk, csv_sheet([Line(name="Kuusela, Otso", email="otso@sheet.example")]))
    assert row(batch, 4).shown_fate == Fate.DUPLICATE


def test_whom_one_may_no_longer_know_of_nobody_repeats(desk, user, town):
    """Restricted between the check and the look, or after the import: told as a check made now would tell it."""
    colleague = coordinator_of(town)
    told = PersonData(given_name="Otso", family_name="Kuusela", email="otso@sheet.example")
    lines = [Line(name="Kuusela, Otso", email="otso@sheet.example"), Line()]
    household = household_of(town, user, people=((told, Relation.CONTACT),))
    checked, imported = to_check(desk, csv_sheet(lines)), to_check(desk, csv_sheet(lines[:1]))
    run(desk, imported)
    restrict_household(
        household=household, reason="väkivalta", named=[], on=timezone.localdate(), by=colleague, at=timezone.now()
    )
    page = desk.get(reverse("import_check", args=[checked.token]))
    assert (page.context["counts"]["new"], page.context["counts"]["duplicate"]) == (2, 0)
    assert [(view.fate, view.duplicate) for view in page.context["rows"]] == [(Fate.NEW, None)] * 2
    assert desk.post(reverse("import_anyway", args=[checked.token, 4]), {"anyway": "yes"}).status_code == 404
    result = desk.get(reverse("import_done", args=[imported.token]))
    assert (result.context["counts"]["total"], result.context["rows"]) == (0, [])
    run(desk, checked)
    assert Case.objects.filter(import_row__batch=checked).count() == 2


def test_a_duplicate_that_came_after_the_check_is_left_out(desk, user, town):
    batch = to_check(desk, csv_sheet([Line(name="Kuusela, Otso", email="otso@sheet.example")]))
    told = PersonData(given_name="Otso", family_name="Kuusela", email="otso@sheet.example")
    household_of(town, user, people=((told, Relation.CONTACT),))
    run(desk, batch)
    assert not Case.objects.exists()
    assert row(batch, 4).shown_fate == Fate.DUPLICATE
    assert row(batch, 4).duplicate_signs == ["email", "name"]


def test_the_same_person_in_anothers_register_is_nobody(desk, user):
    elsewhere = MunicipalityFactory()
    told = PersonData(given_name="Otso", family_name="Kuusela", email="otso@sheet.example")
    give(user, Role.COORDINATOR, elsewhere)
    household_of(elsewhere, user, people=((told, Relation.CONTACT),))
    upload(desk, csv_sheet([Line(name="Kuusela, Otso", email="otso@sheet.example")]), municipality=user_town(user))
    batch = ImportBatch.objects.get()
    answer_columns(desk, batch)
    answer_stages(desk, batch)
    answer_questions(desk, batch)
    assert row(batch, 4).shown_fate == Fate.NEW


def user_town(user):
    return Municipality.objects.get(name_fi="Kemijärvi")


# What is remembered, chosen, corrected


def test_headings_as_long_as_sentences_are_remembered(desk):
    question = "Kerro tähän omin sanoin, mitä muuttaja on kertonut. " * 3
    content = csv_sheet(
        [["3.2.2025", "koira", "auto"]], headings=("Pvm", f"{question}lemmikit", f"{question}kulkeminen")
    )
    for _again in range(2):
        upload(desk, content)
        batch = ImportBatch.objects.latest("pk")
        answered = answer_columns(desk, batch, **{"meaning-1": "note", "meaning-2": "note"})
        assert answered.status_code == 302
        answer_questions(desk, batch)
    columns = desk.get(reverse("import_columns", args=[batch.token])).context["form"]
    assert [columns.fields[place].initial for place in ("1", "2")] == ["note", "note"]


def test_columns_and_words_are_remembered_by_municipality(desk, user):
    content = csv_sheet(
        [Line(stage="kuulumisia")] * 2, headings=("Pvm", "Nimi", "Puh.", "S", "M", "K", "H", "Syy", "Vaihe", "Jutut")
    )
    upload(desk, content)
    first = ImportBatch.objects.get()
    answer_columns(desk, first, **{"meaning-9": "note"})
    refused = answer_stages(desk, first)
    assert refused.status_code == 422  # nobody knows the word yet
    answer_stages(desk, first, **{"meaning-0": "assessment"})
    answer_questions(desk, first)
    assert set(ImportWord.objects.filter(word__in=["jutut", "kuulumisia"]).values_list("word", "meaning")) == {
        ("jutut", "note"),
        ("kuulumisia", "assessment"),
    }
    upload(desk, content)
    second = ImportBatch.objects.latest("pk")
    columns = desk.get(reverse("import_columns", args=[second.token])).context["form"]
    assert columns.fields["9"].initial == "note"
    answer_columns(desk, second)
    words = desk.get(reverse("import_stages", args=[second.token])).context["about_stages"]
    assert words.fields["0"].initial == "assessment"


def test_a_guessed_order_of_names_is_told_and_the_order_chosen_is_remembered(desk):
    content = csv_sheet([Line(name="Taipale Allan"), Line(name="Aino Virtanen"), Line(name="Testinen, Tiina")])
    guessed = to_check(desk, content)
    assert row(guessed, 4).remarks == [["name_guessed", {"family": "Allan", "given": "Taipale"}]]
    assert [row(guessed, number).remarks for number in (5, 6)] == [[], []]
    page = desk.get(reverse("import_check", args=[guessed.token])).content.decode()
    assert "Nimen järjestys on arvattu: sukunimi Allan, etunimi Taipale." in page

    answer_columns(desk, guessed, **{"meaning-name_order": "family_first"})
    answer_stages(desk, guessed)
    answer_questions(desk, guessed)
    upload(desk, content)
    chosen = ImportBatch.objects.latest("pk")
    answer_columns(desk, chosen)
    answer_stages(desk, chosen)
    answer_questions(desk, chosen)
    assert row(chosen, 4).name == "Taipale, Allan"
    assert not row(chosen, 4).remarks


def test_a_move_date_that_has_passed_is_to_be_checked(desk):
    batch = to_check(desk, csv_sheet([Line("3.2.2023", stage="muuttaa 11.4.2023")]), goal="asunto")
    assert ["move_passed", {"date": "11.4.2023"}] in row(batch, 4).remarks
    assert row(batch, 4).fate == Fate.NEW


def test_a_meaning_twice_and_no_date_are_refused(desk):
    upload(desk, csv_sheet([Line()]))
    batch = ImportBatch.objects.get()
    twice = answer_columns(desk, batch, **{"meaning-4": "name"})
    assert twice.status_code == 422
    assert "Vain yhdellä sarakkeella" in twice.content.decode()
    undated = answer_columns(desk, batch, **{"meaning-0": ""})
    assert undated.status_code == 422
    assert "yhteydenoton päivä" in undated.content.decode()
    assert ImportBatch.objects.get().columns == []


def test_a_step_back_and_again(desk):
    batch = to_check(desk, csv_sheet([Line(stage="tauolla")]))
    assert row(batch, 4).to_state == State.PAUSED
    answer_stages(desk, batch, **{"meaning-0": "contact"})
    answer_questions(desk, batch)
    assert row(batch, 4).to_state == State.CONTACT


def test_a_workbook_with_one_sheet_of_rows(desk):
    batch = to_check(
        desk,
        xlsx_sheet([Line(date(2025, 2, 3), phone=400316238)], more_sheets=[("Ohje", [["Täytä Vaihe-sarake"]])]),
        name="muuttajat.xlsx",
    )
    assert batch.step == ImportStep.CHECK
    run(desk, batch)
    person = Person.objects.get()
    assert (person.phone, person.phone_key) == ("0400316238", "+358400316238")
    assert Case.objects.get().opened_on == date(2025, 2, 3)


def test_a_workbook_with_two_sheets_of_rows_asks_which(desk):
    older = [list(HEADINGS), ["1.2.2020", "Vanha, Väinö", "", "", "", "", "2", "", "uusi", ""]]
    response = upload(desk, xlsx_sheet([Line()], more_sheets=[("2020", older)]), "muuttajat.xlsx")
    batch = ImportBatch.objects.get()
    assert response.url == reverse("import_sheet", args=[batch.token])
    assert "2020" in desk.get(response.url).content.decode()
    desk.post(response.url, {"sheet": "1"})
    assert [r.cells[1] for r in ImportRow.objects.filter(batch=batch)] == ["Vanha, Väinö"]
    assert ImportBatch.objects.get().rows_total == 1


# Reload, resume, press twice


def test_each_page_works_when_loaded_afresh(desk):
    batch = to_check(desk, csv_sheet([Line(), Line(name="Muu, Meri")]))
    for name in (
        "import_columns",
        "import_stages",
        "import_questions",
        "import_check",
        "import_undo",
        "import_discard",
    ):
        assert desk.get(reverse(name, args=[batch.token])).status_code == 200
    assert desk.get(reverse("import_batch", args=[batch.token])).url == reverse("import_check", args=[batch.token])
    run(desk, batch)
    for name in ("import_columns", "import_check", "import_running"):
        response = desk.get(reverse(name, args=[batch.token]), follow=True)
        assert response.redirect_chain[-1][0] == reverse("import_done", args=[batch.token])


def test_a_page_further_on_leads_back_to_where_the_import_is(desk):
    upload(desk, csv_sheet([Line()]))
    batch = ImportBatch.objects.get()
    for name in ("import_stages", "import_questions", "import_check", "import_done", "import_running"):
        response = desk.get(reverse(name, args=[batch.token]), follow=True)
        assert response.redirect_chain[-1][0] == reverse("import_columns", args=[batch.token])


@pytest.mark.parametrize("after", ["", "x", "²", "-1", "9" * 30])
def test_a_place_in_the_list_that_makes_no_sense_is_the_beginning(desk, after):
    batch = to_check(desk, csv_sheet([Line()]))
    page = desk.get(reverse("import_check", args=[batch.token]), {"after": after})
    assert [view.row.number for view in page.context["rows"]] == [4]
    assert desk.post(reverse("import_running", args=[batch.token]), {"seen": after}).status_code == 302
    assert not Case.objects.exists()


def test_a_fate_that_there_is_not_is_no_page(desk):
    batch = to_check(desk, csv_sheet([Line()]))
    assert desk.get(reverse("import_check", args=[batch.token]), {"fate": "lost"}).status_code == 404
    run(desk, batch)
    assert desk.get(reverse("import_done", args=[batch.token]), {"fate": "lost"}).status_code == 404
    assert desk.get(reverse("import_done", args=[batch.token]), {"fate": "new"}).status_code == 200


def test_long_sheets_come_page_by_page(desk):
    batch = to_check(desk, csv_sheet(many_lines(60)))
    page = desk.get(reverse("import_check", args=[batch.token]))
    assert len(page.context["rows"]) == 50
    second = desk.get(reverse("import_check", args=[batch.token]), {"after": page.context["next_after"]})
    assert [view.row.number for view in second.context["rows"]] == list(range(54, 64))
    assert second.context["next_after"] is None


def test_nothing_changes_once_it_has_been_started(desk):
    batch = to_check(desk, csv_sheet([Line()]))
    run(desk, batch)
    for call in (
        lambda: actions.save_columns(batch=batch, columns=batch.columns, name_order=batch.name_order),
        lambda: actions.set_anyway(batch=batch, number=4, anyway=True),
        lambda: actions.discard_batch(batch=batch),
    ):
        with pytest.raises(Refused):
            call()


@pytest.mark.parametrize(
    ("name", "number", "sent"),
    [
        ("import_stages", [], {}),
        ("import_questions", [], {"coordinator": "{user}", "notice_given": "no"}),
        ("import_check", [], {}),
        ("import_anyway", [5], {"anyway": "yes"}),
        ("import_discard", [], {}),
    ],
)
def test_what_another_tab_does_meanwhile_is_told(desk, user, monkeypatch, name, number, sent):
    batch = to_check(desk, csv_sheet([Line(), Line()]))
    address = reverse(name, args=[batch.token, *number])
    sent = {field: value.format(user=user.pk) for field, value in sent.items()}
    as_it_was = ImportBatch.objects.select_related("municipality", "by", "coordinator").get()
    monkeypatch.setattr("cases.sheets.views._batch", lambda request, token: as_it_was)
    run(desk, batch)
    response = desk.post(address, sent)
    assert (response.status_code, response.url) == (302, reverse("import_batch", args=[batch.token]))
    assert "on jo aloitettu" in str(list(get_messages(response.wsgi_request))[-1])
    ImportRow.objects.all().delete()
    ImportBatch.objects.all().delete()
    assert desk.post(address, sent).status_code == 404


# Whose it is


def test_an_import_is_its_uploaders_alone(desk, client, town):
    batch = to_check(desk, csv_sheet([Line()]))
    client.force_login(coordinator_of(town))
    for name in ("import_batch", "import_columns", "import_check", "import_running", "import_undo", "import_discard"):
        assert client.get(reverse(name, args=[batch.token])).status_code == 404
        assert client.post(reverse(name, args=[batch.token])).status_code in (404, 405)
    assert batch.file_name not in client.get(reverse("import_list")).content.decode()


def test_a_personal_identity_code_is_stored_nowhere(desk):
    code = "131052-308T"
    line = Line(name=f"Testinen, Tiina {code}", stage=f"uusi {code}", note=f"hetu {code}, soitti")
    batch = to_check(desk, csv_sheet([line, Line(phone="040123-4567")]), name=f"{code}.csv")
    first, second = batch.rows.order_by("number")
    assert code not in f"{batch.file_name} {first.cells} {batch.stages} {first.name}"
    assert [code for code, _parameters in first.remarks] == ["identity_code"]
    assert "Rivillä on henkilötunnus." in desk.get(reverse("import_check", args=[batch.token])).text
    assert second.remarks == []
    run(desk, batch)
    event = Event.objects.get(case__import_row=first, kind=EventKind.NOTE)
    assert event.text == "hetu ******-****, soitti\nVaihe: uusi ******-****"
    assert Case.objects.get(import_row=first).household.name == "Tiina Testinen"


def test_without_the_role_in_its_municipality_an_import_is_gone(desk, user, today):
    batch = to_check(desk, csv_sheet([Line()]))
    membership = user.memberships.get()
    membership.ends = today - timedelta(days=1)
    membership.save()
    assert desk.get(reverse("import_check", args=[batch.token])).status_code == 404
    assert desk.get(reverse("import_new")).status_code == 403


def test_no_upload_into_anothers_register(desk, user):
    elsewhere = MunicipalityFactory()
    upload(desk, csv_sheet([Line()]), municipality=elsewhere)
    assert set(ImportBatch.objects.values_list("municipality__name_fi", flat=True)) <= {"Kemijärvi"}
    give(user, Role.COORDINATOR, MunicipalityFactory())
    assert upload(desk, csv_sheet([Line()]), municipality=elsewhere).status_code == 422


def test_a_case_one_may_no_longer_know_of_is_not_among_the_rows(desk, user, today):
    lines = [Line(name="Salattu, Sanni", stage="uusi, soittaa perjantaina", note="turvakielto"), Line()]
    batch = to_check(desk, csv_sheet(lines))
    run(desk, batch)
    address = reverse("import_done", args=[batch.token])
    assert "Salattu" in desk.get(address).content.decode()
    Access.objects.filter(user=user).update(starts=today - timedelta(days=9), ends=today - timedelta(days=1))
    response = desk.get(address)
    assert [view.name for view in response.context["rows"]] == ["Testinen, Tiina"]
    assert (response.context["counts"]["total"], response.context["counts"]["imported"]) == (1, 1)
    assert "soittaa perjantaina" not in response.content.decode()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"vain yksi sana", csv_sheet([]), b"x" * (MAX_BYTES + 1)])
def test_what_is_not_a_sheet_is_refused_with_what_to_do(desk, content):
    response = upload(desk, content)
    assert response.status_code == 422
    assert response.context["form"].errors["file"]
    assert not ImportBatch.objects.exists()
