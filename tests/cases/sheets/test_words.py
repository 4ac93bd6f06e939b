"""What cells say: a table of what is met in sheets, and anything at all without a crash."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.import_models import NameOrder
from cases.lifecycle import CloseReason
from cases.models import MoveReason
from cases.sheets import words
from cases.sheets.stages import Stage, closed_as, guess_stage, stage_choices
from cases.sheets.words import Found, Name, Size, find_date, parse_date, pattern_of

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24.1.2024", date(2024, 1, 24)),
        ("24.01.2024", date(2024, 1, 24)),
        ("24.1.24", date(2024, 1, 24)),
        ("24. 1. 2024", date(2024, 1, 24)),
        ("24/1/2024", date(2024, 1, 24)),
        ("24-1-2024", date(2024, 1, 24)),
        ("2024-01-24", date(2024, 1, 24)),
        ("2024-01-24 09:30", date(2024, 1, 24)),
        ("ke 24.1.2024 klo 9", date(2024, 1, 24)),
        ("45315", date(2024, 1, 24)),  # Excel's day number in a text file
        ("1.1.0001", None),  # only a year of two digits is completed
        ("1. 1. 0024", None),
        ("0001-01-01", None),
        ("29.2.2024", date(2024, 2, 29)),
        ("29.2.2023", None),
        ("31.4.2024", None),
        ("24.13.2024", None),
        ("24.1.", None),
        ("2024", None),
        ("040 1234567", None),
        ("kevät", None),
        ("", None),
    ],
)
def test_dates(text, expected):
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "after", "not_after", "expected"),
    [
        # The year is missing: the next such day from the contact on.
        ("asuu 22.4. alk.", date(2024, 3, 18), TODAY, Found(date(2024, 4, 22), True)),
        ("asuu 4.3. alk.", date(2024, 9, 14), TODAY, Found(date(2025, 3, 4), True)),
        ("asuu 18.3. alk.", date(2024, 3, 18), TODAY, Found(date(2024, 3, 18), True)),
        ("muuttaa 11.4", date(2024, 3, 21), None, Found(date(2024, 4, 11), True)),
        # An arrival cannot be in the future: the latest such day by today.
        ("asuu 1.12. alk.", date(2026, 11, 1), TODAY, Found(date(2025, 12, 1), True)),
        ("muuttaa 1.12.", date(2026, 11, 1), None, Found(date(2026, 12, 1), True)),
        # The day that exists only in leap years.
        ("asuu 29.2. alk.", date(2025, 1, 1), TODAY, Found(date(2024, 2, 29), True)),
        ("muuttaa 29.2.", date(2025, 1, 1), None, Found(date(2028, 2, 29), True)),
        # The year is told.
        ("asuu 22.4.2023 alk.", date(2024, 3, 18), TODAY, Found(date(2023, 4, 22))),
        ("muuttaa 31.4.", date(2024, 3, 18), None, None),
        ("asettunut", date(2024, 3, 18), TODAY, None),
        ("klo 12.30.45.1", date(2024, 3, 18), TODAY, None),
        ("1. 1. 0001", date(2024, 3, 18), TODAY, None),
    ],
)
def test_dates_without_a_year(text, after, not_after, expected):
    assert find_date(text, after=after, not_after=not_after) == expected


@given(st.dates(date(1990, 1, 1), TODAY), st.dates(date(1990, 1, 1), TODAY))
def test_a_day_without_a_year_is_never_before_the_contact_nor_a_year_later(day, contact):
    found = find_date(f"muuttaa {day.day}.{day.month}.", after=contact)
    assert found
    assert found.on >= contact
    leap_day = (day.day, day.month) == (29, 2)
    assert (found.on - contact).days <= (8 * 366 if leap_day else 366)


@given(st.dates(date(1990, 1, 1), TODAY), st.dates(date(1990, 1, 1), TODAY))
def test_an_arrival_is_never_in_the_future(day, contact):
    found = find_date(f"asuu {day.day}.{day.month}. alk.", after=contact, not_after=TODAY)
    assert found
    assert found.on <= TODAY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4", Size(others=4)),
        ("4 hlö", Size(others=4)),
        ("3 henkilöä", Size(others=3)),
        ("2 persons", Size(others=2)),
        ("2+2", Size(adults=2, children=2)),
        ("1 + 3", Size(adults=1, children=3)),
        ("2 aik. 1 lapsi", Size(adults=2, children=1)),
        ("2 aikuista ja 3 lasta", Size(adults=2, children=3)),
        ("2 adults 1 child", Size(adults=2, children=1)),
        ("2 vuxna, 1 barn", Size(adults=2, children=1)),
        ("1 aikuinen", Size(adults=1)),
        ("", words.ONE),
        ("?", words.ONE),
        ("perhe", None),
        ("0", None),
        ("99", None),
        ("0+2", None),
        ("noin 3", None),
    ],
)
def test_household_sizes(text, expected):
    assert words.parse_size(text) == expected


@pytest.mark.parametrize(
    ("text", "email", "expected"),
    [
        ("Virtanen, Aino", "", Name("Aino", "Virtanen")),
        ("Virtanen Aino", "", Name("Aino", "Virtanen", guessed=True)),
        ("Aino Virtanen", "", Name("Aino", "Virtanen")),
        ("Salo Sofia", "sofia.salo@example.fi", Name("Sofia", "Salo")),
        ("Sofia Salo", "sofia.salo@example.fi", Name("Sofia", "Salo")),
        ("Paula Sofia", "sofia.paula@example.fi", Name("Sofia", "Paula")),
        ("VIRTANEN AINO", "", Name("Aino", "Virtanen", guessed=True)),
        ("VIRTANEN, AINO-MAIJA", "", Name("Aino-Maija", "Virtanen")),
        ("Aino Järvine n", "", Name("Aino", "Järvinen")),
        ("Järvine n Aino", "", Name("Aino", "Järvinen", guessed=True)),
        ("Taipale Allan", "", Name("Taipale", "Allan", guessed=True)),
        ("Taipale Allan", "allan.taipale@example.fi", Name("Allan", "Taipale")),
        ("Nuñez García, José", "", Name("José", "Nuñez García")),
        ("José Nuñez García", "", Name("José", "Nuñez García", guessed=True)),
        ("Siobhán O'Neill", "", Name("Siobhán", "O'Neill", guessed=True)),
        ("Y?ld?z, Aylin", "", Name("Aylin", "Y?ld?z")),
        ("Aino", "", Name("Aino", "")),
        ("(ei nimeä)", "", Name()),
        ("Ei nimeä", "", Name()),
        ("nimetön", "", Name()),
        ("?", "", Name()),
        ("", "", Name()),
    ],
)
def test_names(text, email, expected):
    assert words.parse_name(text, email) == expected


def test_the_order_asked_for_the_sheet_decides_where_no_comma_does():
    assert words.parse_name("Taipale Allan", order=NameOrder.FAMILY_FIRST) == Name("Allan", "Taipale")
    assert words.parse_name("Taipale Allan", order=NameOrder.GIVEN_FIRST) == Name("Taipale", "Allan")
    assert words.parse_name("Nguyen Thi Mai", order=NameOrder.FAMILY_FIRST) == Name("Thi Mai", "Nguyen")
    assert words.parse_name("Virtanen, Aino", order=NameOrder.GIVEN_FIRST) == Name("Aino", "Virtanen")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("040 375 6751", "040 375 6751"),
        ("0400-128465", "0400-128465"),
        ("+358 503786083", "+358 503786083"),
        ("400316238", "0400316238"),  # Excel lost the zero
        ("503786083", "0503786083"),
        ("358503786083", "+358503786083"),
        ("+46 70 123 45 67", "+46 70 123 45 67"),
        ("ks. sähköposti", ""),
        ("-", ""),
        ("12", ""),
        ("", ""),
    ],
)
def test_phones(text, expected):
    assert words.parse_phone(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aino.virtanen(at)example.fi", "aino.virtanen@example.fi"),
        ("aino [at] example.fi", "aino@example.fi"),
        ("aino(ät)example.fi", "aino@example.fi"),
        ("mailto:aino@example.fi", "aino@example.fi"),
        (" aino@example.fi;", "aino@example.fi"),
        ("ei ole", ""),
        ("aino@", ""),
        ("", ""),
    ],
)
def test_emails(text, expected):
    assert words.parse_email(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("työ", MoveReason.WORK),
        ("Työ", MoveReason.WORK),
        ("puolison työ", MoveReason.PARTNERS_WORK),
        ("etätyö", MoveReason.REMOTE_WORK),
        ("opiskelu", MoveReason.STUDY),
        ("perhe", MoveReason.FAMILY),
        ("paluumuutto", MoveReason.RETURN),
        ("eläke", MoveReason.RETIREMENT),
        ("mökki -> vakituinen", MoveReason.SECOND_HOME),
        ("tilapäinen suojelu", MoveReason.PROTECTION),
        ("remote work", MoveReason.REMOTE_WORK),
        ("arbete", MoveReason.WORK),
        ("koska lumi", MoveReason.OTHER),
        ("", MoveReason.UNKNOWN),
        ("?", MoveReason.UNKNOWN),
    ],
)
def test_reasons_to_move(text, expected):
    assert words.parse_reason(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Malaga, Espanja", ("Malaga", "ES")),
        ("Haaparanta (SE)", ("Haaparanta", "SE")),
        ("Tromssa, Norja", ("Tromssa", "NO")),
        ("Viro", ("Viro", "EE")),
        ("Gdansk", ("Gdansk", "")),
        ("Oulu, Kiiminki", ("Oulu, Kiiminki", "")),
        ("?", ("", "")),
    ],
)
def test_where_from(text, expected):
    assert words.parse_origin(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("suomi", ["fi"]),
        ("Suomi, englanti", ["fi", "en"]),
        ("ukraina/venäjä", ["uk", "ru"]),
        ("svenska och engelska", ["sv", "en"]),
        ("vi", ["vi"]),
        ("Arabic", ["ar"]),
        ("murre", []),
        ("", []),
    ],
)
def test_languages(text, expected):
    assert words.parse_languages(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1988", 1988), ("s. 1988", 1988), ("24.1.1988", 1988), ("2030", None), ("1850", None), ("88", None), ("", None)],
)
def test_birth_years(text, expected):
    assert words.parse_year(text, today=TODAY) == expected


@pytest.mark.parametrize(
    ("text", "restricted"),
    [
        ("turvakielto!", True),
        ("Turvakielto", True),
        ("hänellä turvakiellon alainen osoite", True),
        ("on turva kielto", True),
        ("turva-kielto", True),
        ("TURVA - KIELTO", True),
        ("turvak.", True),
        ("osoite salainen", True),
        ("osoite on salainen", True),
        ("Osoite: salattu", True),
        ("salainen osoite", True),
        ("salaiset yhteystiedot", True),
        ("yhteystiedot ovat salaisia", True),
        ("yhteystiedot salassa", True),
        ("luovutuskielto", True),
        ("tietojen luovutus kielletty", True),
        ("spärrmarkerad", True),
        ("skyddade personuppgifter", True),
        ("non disclosure", True),
        ("ei turvakieltoa", False),
        ("ei ole turvakieltoa", False),
        ("Ei turva kieltoa", False),
        ("ei luovutuskieltoa", False),
        ("ei salainen osoite", False),
        ("osoite ei ole salainen", False),
        # A denial is of what follows it at once, and one mention is enough.
        ("työtä ei ole, turvakielto", True),
        ("hei turvakielto!", True),
        ("ei turvakieltoa enää, osoite salainen", True),
        ("turvallinen koti", False),
        ("turvakodissa", False),
        ("osoite Salahmintie 3", False),
        ("osoite Salo", False),
        ("salainen numero", False),
        ("", False),
    ],
)
def test_non_disclosure(text, restricted):
    assert words.tells_of_restriction(text) is restricted


@pytest.mark.parametrize(
    ("text", "heading", "restricted"),
    [
        ("x", "Turvakielto", True),
        ("kyllä", "Turva kielto?", True),
        ("2024 alkaen", "Turvakielto", True),
        ("ei", "Turvakielto", False),
        ("Ei ole", "Turvakielto", False),
        ("ei turvakieltoa", "Turvakielto", False),
        ("-", "Turvakielto", False),
        ("", "Turvakielto", False),
        ("0", "Turvakielto", False),
        ("x", "Huom.", False),
    ],
)
def test_non_disclosure_in_a_column_of_its_own(text, heading, restricted):
    assert words.tells_of_restriction(text, heading) is restricted


@pytest.mark.parametrize(
    ("text", "pattern", "meaning"),
    [
        ("Uusi", "uusi", Stage.CONTACT),
        ("?", "", Stage.CONTACT),
        ("", "", Stage.CONTACT),
        ("kartoitettu", "kartoitettu", Stage.ASSESSMENT),
        ("kartoitus tehty", "kartoitus tehty", Stage.ASSESSMENT),
        ("suunnitelma", "suunnitelma", Stage.PLAN),
        ("muuttaa 11.4.", "muuttaa …", Stage.MOVING),
        ("muuttaa 18.8.2025", "muuttaa …", Stage.MOVING),
        ("asuu 22.4. alk.", "asuu … alk.", Stage.ARRIVED),
        ("asuu jo", "asuu jo", Stage.ALREADY_HERE),
        ("asettunut", "asettunut", Stage.SETTLED),
        ("tauolla", "tauolla", Stage.PAUSED),
        ("ei muuta", "ei muuta", closed_as(CloseReason.STAYS)),
        ("peruuntui, ei asuntoa", "peruuntui, ei asuntoa", closed_as(CloseReason.NO_HOUSING)),
        ("muutti muualle", "muutti muualle", closed_as(CloseReason.OTHER_PLACE)),
        ("ei vastaa", "ei vastaa", closed_as(CloseReason.NO_REPLY)),
        ("flyttar 1.5.", "flyttar …", Stage.MOVING),
        ("settled", "settled", Stage.SETTLED),
        ("hmm", "hmm", ""),
        ("ei muuttanut", "ei muuttanut", closed_as(CloseReason.STAYS)),
        ("ei tullutkaan", "ei tullutkaan", closed_as(CloseReason.STAYS)),
        ("ei ole asuntoa", "ei ole asuntoa", closed_as(CloseReason.NO_HOUSING)),
        ("ei ole vastannut", "ei ole vastannut", closed_as(CloseReason.NO_REPLY)),
        ("tauolla, ei kiirettä", "tauolla, ei kiirettä", Stage.PAUSED),
        ("ei vielä muuttanut", "ei vielä muuttanut", ""),
        ("ei ole asettunut", "ei ole asettunut", ""),
        ("not arrived yet", "not arrived yet", ""),
    ],
)
def test_stages(text, pattern, meaning):
    assert pattern_of(text) == pattern
    assert guess_stage(pattern) == meaning


def test_every_guess_can_be_chosen():
    choices = {value for value, _label in stage_choices()}
    assert {closed_as(reason) for reason in CloseReason} <= choices
    assert set(Stage.values) <= choices


@given(st.text(max_size=60), st.dates(date(1990, 1, 1), TODAY))
def test_anything_in_a_cell_is_understood_or_left(text, contact):
    assert parse_date(text) is None or isinstance(parse_date(text), date)
    find_date(text, after=contact, not_after=TODAY)
    size = words.parse_size(text)
    assert size is None or 1 <= size.total <= words.LARGEST
    name = words.parse_name(text)
    assert not name or (name.given + name.family).strip()
    words.parse_phone(text)
    words.parse_email(text)
    words.parse_languages(text)
    words.parse_year(text, today=TODAY)
    words.parse_origin(text)
    assert words.parse_reason(text) in MoveReason
    assert guess_stage(pattern_of(text)) in {"", *(value for value, _label in stage_choices())}
