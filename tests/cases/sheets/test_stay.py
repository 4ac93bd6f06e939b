"""How long those of a sheet stay: told by words of a column, else answered once for the whole sheet."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from cases.import_models import ImportBatch, ImportWord
from cases.models import Case, CaseStay, Stay
from cases.sheets import actions
from cases.sheets.stays import UNTOLD, guess_stay, stay_choices
from cases.sheets.words import pattern_of
from crm.refusal import Refused
from tests.cases.sheets.test_flow import answer_columns, answer_questions, answer_stages, upload
from tests.factories import MunicipalityFactory, coordinator_of
from tests.factories.sheets import HEADINGS, Line, checked_import, csv_sheet, run_import
from tests.reports.histories import selection_of, table, values

pytestmark = pytest.mark.django_db

STAYS = (*HEADINGS, "Pysyvä / määräaikainen / kausi")


@pytest.fixture
def town():
    return MunicipalityFactory(name_fi="Kemijärvi", prefix="KMJ")


@pytest.fixture
def user(town):
    return coordinator_of(town)


def with_stay(stay: str, *, name: str = "Testinen, Tiina", stage: str = "asuu 22.4. alk.") -> list[str]:
    return ["18.3.2025", name, "", "", "Oulu", "", "1", "", stage, "", stay]


@pytest.mark.parametrize(
    ("text", "stay"),
    [
        ("pysyvä", Stay.PERMANENT),
        ("Vakituinen asunto", Stay.PERMANENT),
        ("toistaiseksi", Stay.PERMANENT),
        ("permanent", Stay.PERMANENT),
        ("kausi 30.9. asti", Stay.SEASONAL),
        ("määräaikainen", Stay.SEASONAL),
        ("mökki -> vakituinen", Stay.SECOND_HOME),
        ("osan vuotta", Stay.PART_YEAR),
        ("ehkä pysyvä", Stay.UNCERTAIN),
        ("ei pysyvä", ""),
        ("vuokralla", ""),
    ],
)
def test_what_the_words_mean(text, stay):
    assert guess_stay(pattern_of(text)) == stay
    assert {"", guess_stay(pattern_of(text))} <= {"", *(value for value, _label in stay_choices())}


@pytest.mark.parametrize(
    ("said", "answer", "stay", "ends_on"),
    [
        ("pysyvä", "", Stay.PERMANENT, None),
        ("", "", Stay.UNKNOWN, None),
        ("?", Stay.PERMANENT, Stay.PERMANENT, None),
        ("kausi 30.9. asti", Stay.PERMANENT, Stay.SEASONAL, date(2025, 9, 30)),
        ("kausi", Stay.PERMANENT, Stay.UNKNOWN, None),  # a season without its end is none, and no permanent stay
        ("vuokralla", Stay.PERMANENT, Stay.UNKNOWN, None),  # nobody said what it means
    ],
)
def test_a_word_holds_before_the_answer_for_the_whole_sheet(town, user, said, answer, stay, ends_on):
    run_import(checked_import(town, user, csv_sheet([with_stay(said)], headings=STAYS), stay=answer))
    case = Case.objects.get()
    assert (case.stay, case.season_ends_on) == (stay, ends_on)
    assert CaseStay.objects.get(case=case).stay == stay


def test_a_season_without_an_end_is_told(town, user):
    batch = checked_import(town, user, csv_sheet([with_stay("kausi"), with_stay("vuokralla")], headings=STAYS))
    told = [[code for code, _more in row.remarks if "stay" in code or "season" in code] for row in batch.rows.all()]
    assert sorted(told) == [["no_season_end"], ["stay_unknown"]]


def test_words_are_chosen_and_remembered(client, user):
    client.force_login(user)
    content = csv_sheet([with_stay("pysyvä"), *[with_stay("vuokralla", name="Muu, Meri")] * 2], headings=STAYS)
    upload(client, content)
    batch = ImportBatch.objects.get()
    answer_columns(client, batch)
    assert answer_stages(client, batch).status_code == 422  # nobody knows what «vuokralla» says of the stay
    page = client.get(reverse("import_stages", args=[batch.token]))
    place = [word.pattern for word in page.context["about_stays"].words].index("vuokralla")
    assert answer_stages(client, batch, **{f"stay-{place}": UNTOLD}).status_code == 302
    answer_questions(client, batch, stay=Stay.PART_YEAR)
    assert ImportWord.objects.get(kind="stay", word="vuokralla").meaning == UNTOLD
    run_import(ImportBatch.objects.get())
    assert set(Case.objects.values_list("household__name", "stay")) == {
        ("Tiina Testinen", Stay.PERMANENT),
        ("Meri Muu", Stay.PART_YEAR),
    }

    upload(client, content)
    again = ImportBatch.objects.latest("pk")
    answer_columns(client, again)
    form = client.get(reverse("import_stages", args=[again.token])).context["about_stays"]
    assert form.fields[str(place)].initial == UNTOLD


def test_without_a_column_about_it_only_the_question_is_asked(client, user):
    client.force_login(user)
    upload(client, csv_sheet([Line(stage="asuu 22.4. alk.")]))
    batch = ImportBatch.objects.get()
    answer_columns(client, batch)
    assert "asuminen" not in client.get(reverse("import_stages", args=[batch.token])).text
    answer_stages(client, batch)
    page = client.get(reverse("import_questions", args=[batch.token])).text
    assert "Pysyvä" in page
    assert "Kausi" not in page  # its end is each household's own
    answer_questions(client, batch, stay=Stay.PERMANENT)
    again = client.get(reverse("import_questions", args=[batch.token])).context["form"]
    assert again.initial["stay"] == Stay.PERMANENT


def test_whoever_stays_for_good_is_counted_among_the_new_residents(town, user):
    lines = [with_stay("pysyvä"), with_stay("", name="Muu, Meri")]
    run_import(checked_import(town, user, csv_sheet(lines, headings=STAYS)))
    assert values(table("new_residents", selection_of(user)))["total"] == 1


def test_the_words_of_an_import_that_was_started_hold(town, user):
    batch = run_import(checked_import(town, user, csv_sheet([with_stay("pysyvä")], headings=STAYS)))
    assert not batch.may_change
    with pytest.raises(Refused):
        actions.save_words(batch=batch, stages={}, stays={})
