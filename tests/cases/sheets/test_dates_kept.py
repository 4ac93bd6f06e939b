"""Nothing that stands in a column of dates vanishes: it is on the case, in its note, or the row says why not."""

from __future__ import annotations

from datetime import date

import pytest

from cases.import_models import Fate
from cases.models import Case, CasePerson, Transition
from cases.sheets.columns import Meaning
from cases.sheets.stages import stage_choices
from tests.factories import MunicipalityFactory, coordinator_of
from tests.factories.sheets import HEADINGS, Line, checked_import, csv_sheet, many_lines, run_import

pytestmark = pytest.mark.django_db

COLUMNS = {
    Meaning.PLANNED_MOVE_ON: "Muuttopäivä",
    Meaning.ARRIVED_ON: "Saapumispäivä",
    Meaning.SETTLED_ON: "Asettumispäivä",
}
STAGES = ["", *(value for value, _label in stage_choices())]
TEXTS = {
    "1.3.2026": date(2026, 3, 1),
    "2026-03-01": date(2026, 3, 1),
    "1.3.2027": date(2027, 3, 1),
    "31.2.2027": None,
    "1.1.0001": None,
    "keväällä 2027": None,
    "1.3.2026 tai myöhemmin": date(2026, 3, 1),
}


@pytest.fixture
def town():
    return MunicipalityFactory(name_fi="Kemijärvi", prefix="KMJ")


@pytest.fixture
def user(town):
    return coordinator_of(town)


def sheet(rows: list[dict[Meaning, str]]) -> bytes:
    """Rows about different people, with the three columns of dates and the stage words that are the meanings."""
    lines = [
        ["3.2.2025", who.name, who.phone, who.email, "Oulu", "", "1", "", row.get(Meaning.STAGE, ""), "", *dates]
        for who, row in zip(many_lines(len(rows)), rows, strict=True)
        for dates in [[row.get(meaning, "") for meaning in COLUMNS]]
    ]
    return csv_sheet(lines, headings=(*HEADINGS, *COLUMNS.values()))


def note_of(case: Case) -> str:
    return "\n".join(case.events.filter(kind="note").values_list("text", flat=True))


def recorded(case: Case, meaning: Meaning) -> set[date]:
    if meaning == Meaning.PLANNED_MOVE_ON:
        return {case.planned_move_on}
    if meaning == Meaning.ARRIVED_ON:
        return set(CasePerson.objects.filter(case=case, kind="arrived").values_list("happened_on", flat=True))
    return set(Transition.objects.filter(case=case, to_state="settled").values_list("happened_on", flat=True))


@pytest.mark.parametrize(("goal", "beside"), [("asunto", ""), ("", "1.2.2026")], ids=["alone", "with an arrival"])
@pytest.mark.parametrize("meaning", COLUMNS)
def test_what_stands_in_a_column_of_dates_is_on_the_case_or_in_its_note(town, user, meaning, beside, goal):
    told = [(stage, text) for stage in STAGES for text in TEXTS]
    words = {stage: f"sana {'abcdefghijklmnopqrstuvwxyz'[place]}" for place, stage in enumerate(STAGES) if stage}
    rows = [{Meaning.ARRIVED_ON: beside, meaning: text, Meaning.STAGE: words.get(stage, "")} for stage, text in told]
    chosen = {word: stage for stage, word in words.items()}
    batch = run_import(checked_import(town, user, sheet(rows), stages=chosen, goal=goal))
    imported = list(batch.rows.select_related("case").order_by("number"))
    assert len(imported) == len(STAGES) * len(TEXTS)
    for row, (stage, text) in zip(imported, told, strict=True):
        assert row.case, (stage, text, row.reasons)
        where = (stage, text, row.remarks)
        on_case = TEXTS[text] in recorded(row.case, meaning) if TEXTS[text] else False
        in_note = f"{COLUMNS[meaning]}: {text}" in note_of(row.case)
        assert on_case or in_note, where
        if "tai" in text:
            assert in_note, where
        codes = {code for code, _more in row.remarks}
        if TEXTS[text] is None:
            assert "unread" in codes, where
        elif not on_case:
            assert codes & {"date_unfit", "unread"}, where
        if meaning == Meaning.PLANNED_MOVE_ON and TEXTS[text]:
            assert on_case, where


def test_a_year_that_nobody_means_is_no_date_of_contact(town, user):
    batch = checked_import(town, user, csv_sheet([Line(on="1.1.0001"), Line(on="1.1.01")]))
    first, second = batch.rows.order_by("number")
    assert (first.fate, first.reasons) == (Fate.REJECTED, [["bad_date", {"text": "1.1.0001"}]])
    assert second.opened_on == date(2001, 1, 1)


def test_a_number_read_as_a_day_is_told(town, user):
    row = checked_import(town, user, csv_sheet([Line(on="45000")])).rows.get()
    assert row.opened_on == date(2023, 3, 15)
    assert ["day_number", {"text": "45000", "date": "15.3.2023"}] in row.remarks


def test_a_rejected_row_says_only_why(town, user):
    content = csv_sheet([Line(), HEADINGS, Line(on="31.2.2025", email="ei ole", size="perhe")])
    rejected = checked_import(town, user, content).rows.filter(fate=Fate.REJECTED).order_by("number")
    assert [([code for code, _more in row.reasons], row.remarks) for row in rejected] == [
        (["headings_again"], []),
        (["bad_date"], []),
    ]
