"""Asiakkuudet: what the address narrows, sorts and pages, and what it never tells."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.actions import add_task, edit_case
from cases.attention import Attention
from cases.filters import SORTS, CaseFilter
from cases.lifecycle import OPEN, State
from cases.models import Case, TaskKind
from contacts.actions import PersonData, give_access
from contacts.models import AccessKind, Relation
from crm import paging
from crm.models import Municipality
from tests.factories import ANONYMOUS, FAMILY, MunicipalityFactory, UserFactory, case_of, coordinator_of, scope_of

pytestmark = pytest.mark.django_db

SORT_WORDS = [word for name in SORTS for word in (name, f"-{name}")]


def person(given_name: str, family_name: str):
    return ((PersonData(given_name=given_name, family_name=family_name), Relation.CONTACT),)


@pytest.fixture
def open_list(client, marja):
    """The list as Marja sees it: `open_list("state=all")`."""
    client.force_login(marja)
    return lambda query="", **headers: client.get(f"{reverse('case_list')}?{query}", headers=headers)


def shown(response) -> list[Case]:
    return list(response.context["page"])


def counts(response) -> dict[str, str]:
    return {state["name"]: state["count"] for state in response.context["states"]}


@pytest.fixture
def one_in_each_state(town, marja):
    return {state: case_of(town, marja, state=state, people=person("Vaihe", state.value)) for state in State}


def test_shows_the_open_ones_first_and_counts_every_state(open_list, one_in_each_state):
    response = open_list()
    assert {case.state for case in shown(response)} == set(OPEN)
    assert counts(response) == {"open": "6", "all": "8"} | dict.fromkeys(State.values, "1")


def test_narrows_to_the_states_named(open_list, one_in_each_state):
    assert {case.state for case in shown(open_list("state=settled&state=closed"))} == {"settled", "closed"}
    assert len(shown(open_list("state=all"))) == 8


def test_a_state_is_put_to_those_chosen_and_taken_from_them(open_list, one_in_each_state):
    queries = {state["name"]: state["query"] for state in open_list("state=plan").context["states"]}
    assert QueryDict(queries["moving"][1:]).getlist("state") == ["plan", "moving"]
    assert queries["plan"] == queries["open"] == "?"


@pytest.mark.parametrize("text", ["Aisha", "aisha", "ngström", "Angstrom aisha", "AISHA ÅNGSTRÖM", "lapsi"])
def test_finds_by_the_name_of_anybody_in_the_household(open_list, town, marja, text):
    people = (*person("Aisha", "Ångström"), (PersonData(given_name="Lapsi", family_name="Ångström"), Relation.CHILD))
    wanted = case_of(town, marja, people=people)
    case_of(town, marja, people=person("Otso", "Järvinen"))
    assert shown(open_list(urlencode({"q": text}))) == [wanted]


@pytest.mark.parametrize("text", ["040 123 4567", "+358401234567", "0401234567", "Aisha@Example.fi "])
def test_finds_by_phone_and_email(open_list, town, marja, text):
    told = PersonData(given_name="Aisha", phone="040 1234567", email="aisha@example.fi")
    wanted = case_of(town, marja, people=((told, Relation.CONTACT),))
    case_of(town, marja, people=person("Otso", "Järvinen"))
    assert shown(open_list(urlencode({"q": text}))) == [wanted]


def test_phone_and_email_find_nobody_out_of_sight(open_list, town, marja, today):
    told = PersonData(given_name="Aisha", phone="040 1234567", email="aisha@example.fi")
    people = ((told, Relation.CONTACT),)
    aino = coordinator_of(town)
    case_of(town, aino, people=people, restricted=True)
    kept_from = case_of(town, aino, people=people).household
    told = {"starts": today, "reason": "naapuri", "by": aino, "at": timezone.now()}
    give_access(household=kept_from, user=marja, kind=AccessKind.BARRED, **told)
    for text in ("040 1234567", "aisha@example.fi"):
        assert shown(open_list(urlencode({"q": text, "state": "all"}))) == []


@pytest.mark.parametrize(
    ("typed", "written"),
    [("Jarvnen", "Järvinen"), ("Virtannen", "Virtanen"), ("Mohamed", "Muhammad"), ("otso kuusla", "Kuusela")],
)
def test_a_name_spelt_otherwise_is_found_and_said_to_be_similar(open_list, town, marja, typed, written):
    wanted = case_of(town, marja, people=person("Otso", written))
    case_of(town, marja, people=person("Aino", "Salonpää"))
    response = open_list(urlencode({"q": typed}))
    assert shown(response) == [wanted]
    assert "Juuri tämän nimisiä ei ole. Nämä nimet ovat samankaltaisia." in response.content.decode()
    assert "samankaltaisia" not in open_list(urlencode({"q": written})).content.decode()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="trigrams are PostgreSQL's; SQLite goes by sound")
@pytest.mark.parametrize(("typed", "written"), [("Virtamen", "Virtanen"), ("Korhnoen", "Korhonen")])
def test_a_slip_of_the_finger_is_forgiven(open_list, town, marja, typed, written):
    wanted = case_of(town, marja, people=person("Otso", written))
    assert shown(open_list(urlencode({"q": typed}))) == [wanted]


def test_two_consonants_are_no_likeness(open_list, town, marja):
    for given_name, family_name in (("Kalle", "Uusitalo"), ("Otso", "Kallio"), ("Aino", "Alatalo")):
        case_of(town, marja, people=person(given_name, family_name))
    assert shown(open_list("q=kokeilia")) == []


def test_a_restricted_name_is_not_similar_to_anything(open_list, town, marja):
    case_of(town, coordinator_of(town), people=person("Otso", "Järvinen"), restricted=True)
    response = open_list("q=Jarvnen&state=all")
    assert shown(response) == []
    assert "samankaltaisia" not in response.content.decode()


def test_one_or_two_letters_begin_a_word(open_list, town, marja):
    wanted = case_of(town, marja, people=person("Otso", "Aho"))
    case_of(town, marja, people=person("Saara", "Laaho"))
    assert shown(open_list("q=ah")) == [wanted]


def test_a_search_that_finds_too_much_shows_the_newest_and_says_so(open_list, town, marja, monkeypatch):
    monkeypatch.setattr("crm.paging.MOST_FOUND", 2)
    made = [case_of(town, marja, people=person("Otso", "Järvinen")) for _number in range(3)]
    response = open_list("q=Otso")
    assert set(shown(response)) == set(made[1:])
    assert "Hakuun sopii yli 2" in response.content.decode()
    assert "Hakuun sopii yli" not in open_list(f"q={made[0].reference}&state=plan").content.decode()


def test_the_search_of_the_top_bar_looks_in_every_state(open_list, town, marja):
    settled = case_of(town, marja, state=State.SETTLED, people=person("Jukka", "Aro"))
    bar = open_list().content.decode().split('class="search"')[1].split("</form>")[0]
    assert '<input type="hidden" name="state" value="all">' in bar
    assert shown(open_list("q=Jukka+Aro&state=all")) == [settled]


def test_what_fits_in_another_state_is_offered_and_keeps_the_search(open_list, town, marja):
    case_of(town, marja, state=State.SETTLED, people=person("Jukka", "Aro"))
    page = open_list("q=Jukka+Aro").content.decode()
    assert "1 asiakkuus sopii muissa vaiheissa." in page
    assert 'href="?q=Jukka+Aro&amp;state=all"' in page


def test_a_search_that_other_filters_hide_is_kept(open_list, town, marja):
    case_of(town, marja, stay="permanent", people=person("Jukka", "Aro"))
    page = open_list("q=Jukka&stay=seasonal").content.decode()
    assert 'class="btn primary" href="?q=Jukka&amp;state=all"' in page


def test_finds_by_a_part_of_the_reference(open_list, town, marja):
    wanted, other = case_of(town, marja), case_of(town, marja)
    assert shown(open_list(urlencode({"q": wanted.reference[-6:].lower()}))) == [wanted]
    assert shown(open_list(urlencode({"q": other.reference[:8]}))) == [other, wanted]


def test_a_whole_reference_leads_straight_to_the_case(open_list, town, marja):
    case = case_of(town, marja, state=State.CLOSED)
    response = open_list(urlencode({"q": f" {case.reference.lower()} "}))
    assert response.url == reverse("case", args=[case.reference])


@pytest.mark.parametrize("typed", ["{prefix}-{year}-{number}", "{prefix}-{year}-0{number}"])
def test_a_reference_without_its_zeros_leads_straight_to_the_case(open_list, town, marja, typed):
    prefix, year, number = case_of(town, marja).reference.split("-")
    text = typed.format(prefix=prefix.lower(), year=year, number=int(number))
    assert open_list(urlencode({"q": text})).url == reverse("case", args=[f"{prefix}-{year}-{number}"])


def test_a_part_of_a_reference_is_found_without_its_zeros(open_list, town, marja):
    case = case_of(town, marja)
    case_of(town, marja)
    _prefix, year, number = case.reference.split("-")
    assert shown(open_list(urlencode({"q": f"{year}-{int(number)}"}))) == [case]


def test_while_one_is_typing_the_list_stays(open_list, town, marja):
    case = case_of(town, marja)
    response = open_list(urlencode({"q": case.reference, "stay": ""}), **{"HX-Request": "true", "HX-Target": "cases"})
    assert shown(response) == [case]
    assert b"<html" not in response.content
    assert response.headers["HX-Push-Url"] == f"{reverse('case_list')}?{urlencode({'q': case.reference})}"


def test_a_reference_of_another_place_leads_nowhere(open_list):
    elsewhere = MunicipalityFactory()
    case = case_of(elsewhere, coordinator_of(elsewhere))
    response = open_list(urlencode({"q": case.reference, "state": "all"}))
    assert response.status_code == 200
    assert shown(response) == []


def test_a_task_due_stands_by_the_state_and_not_by_the_move(open_list, town, marja, today):
    case = case_of(town, marja, planned_move_on=None)
    told = {"kind": TaskKind.TASK, "title": "Soita", "due_on": today, "by": marja, "at": timezone.now()}
    add_task(case=case, **told)
    page = open_list().content.decode()
    cells = dict(re.findall(r'<td[^>]*data-label="([^"]*)">(.*?)</td>', page, re.DOTALL))
    due = f"Tehtävä {today.day}.{today.month}.{today.year}"
    assert due in cells["Vaihe"]
    assert due not in cells["Suunniteltu muutto"]


def test_narrows_by_coordinator(open_list, town, marja):
    mine, nobodys, gone = (case_of(town, marja) for _ in range(3))
    stranger = UserFactory()
    for case, coordinator in ((nobodys, None), (gone, stranger)):
        edit_case(case=case, changes={"coordinator": coordinator}, by=marja, at=timezone.now())
    for word, found in (("mine", mine), (str(marja.pk), mine), ("nobody", nobodys), ("gone", gone)):
        assert shown(open_list(f"coordinator={word}")) == [found]


def test_narrows_by_reason_channel_stay_and_day(open_list, town, marja, today):
    old = case_of(town, marja, opened_on=today - timedelta(days=90), move_reason="work", channel="visit", stay="")
    new = case_of(town, marja, opened_on=today - timedelta(days=5), move_reason="", channel="email", stay="permanent")
    edge = old.opened_on
    assert shown(open_list("move_reason=work")) == shown(open_list("channel=visit")) == [old]
    assert shown(open_list("move_reason=unknown")) == shown(open_list("stay=permanent")) == [new]
    assert shown(open_list(f"opened_to={edge:%d.%m.%Y}")) == [old]
    assert shown(open_list(f"opened_from={edge.isoformat()}")) == [new, old]
    assert shown(open_list(f"opened_from={edge + timedelta(days=1):%d.%m.%Y}")) == [new]


def test_narrows_by_municipality_where_there_are_several(client, marja, town):
    other = MunicipalityFactory()
    both = coordinator_of(town, other)
    here, there = case_of(town, both), case_of(other, both)
    client.force_login(both)
    response = client.get(reverse("case_list"))
    assert set(shown(response)) == {here, there}
    assert other.name in response.content.decode()
    assert shown(client.get(reverse("case_list"), {"municipality": other.code})) == [there]


@pytest.mark.parametrize("why", Attention)
def test_narrows_to_what_asks_for_attention(open_list, town, marja, today, why):
    fresh = {"opened_on": today}
    calm = case_of(town, marja, state=State.CONTACT, **fresh)
    edit_case(case=calm, changes={"coordinator": coordinator_of(town)}, by=marja, at=timezone.now())
    asking = {
        Attention.TASK: case_of(town, coordinator_of(town), **fresh),
        Attention.REVIEW: case_of(town, marja, state=State.PAUSED, opened_on=today - timedelta(days=60)),
        Attention.MOVE: case_of(town, coordinator_of(town), planned_move_on=today + timedelta(days=14), **fresh),
        Attention.OLD_MOVE: case_of(town, coordinator_of(town), planned_move_on=today - timedelta(days=100), **fresh),
        Attention.NEW: case_of(town, marja, **fresh),
        Attention.QUIET: case_of(town, coordinator_of(town), opened_on=today - timedelta(days=15)),
    }
    add_task(
        case=asking[Attention.TASK],
        kind=TaskKind.TASK,
        title="Soita",
        due_on=today + timedelta(days=7),
        by=marja,
        at=timezone.now(),
    )
    also = [asking[Attention.OLD_MOVE]] if why == Attention.MOVE else []  # its date has passed, too
    assert set(shown(open_list(f"attention={why}"))) == {asking[why], *also}


def test_the_last_day_that_is_not_quiet(open_list, town, marja, today):
    case = case_of(town, marja, opened_on=today - timedelta(days=town.stale_after_days))
    assert shown(open_list("attention=quiet")) == []
    assert not Case.objects.select_related("municipality").get(pk=case.pk).is_quiet(today)
    assert Case.objects.select_related("municipality").get(pk=case.pk).is_quiet(today + timedelta(days=1))


# Sorting and paging.


@pytest.fixture
def many(town, marja, today):
    """Cases with equal and missing values in every column that sorts."""
    made = []
    for number in range(11):
        made.append(
            case_of(
                town,
                marja,
                state=[State.CONTACT, State.ASSESSMENT, State.PAUSED][number % 3],
                opened_on=today - timedelta(days=30 + number % 2),
                people=ANONYMOUS if number % 6 == 0 else person("Sama", "Nimi"),
                planned_move_on=None if number % 3 == 0 else today + timedelta(days=number % 2),
            )
        )
    for number, case in enumerate(made):
        Case.objects.filter(pk=case.pk).update(last_contact_on=today - timedelta(days=number % 4))
    return made


def listed(marja, query: str) -> CaseFilter:
    scope = scope_of(marja)
    return CaseFilter(
        QueryDict(query),
        scope=scope,
        today=timezone.localdate(),
        municipalities=list(Municipality.objects.order_by("pk")),
        coordinators=[marja],
    )


@pytest.mark.parametrize("sort", SORT_WORDS)
def test_each_case_stands_on_one_page(many, marja, sort):
    rows, order = listed(marja, f"sort={sort}").sorted()
    whole = [case.pk for case in paging.page_after(rows, (order,), None, size=100)]
    by_pages, after = [], None
    while True:
        page = paging.page_after(rows, (order,), after, size=3)
        by_pages += [case.pk for case in page]
        after = page.next
        if after is None:
            break
    assert by_pages == whole
    assert sorted(whole) == sorted(case.pk for case in many)


@pytest.mark.parametrize(
    ("sort", "value"),
    [
        ("name", lambda case: case.household.name),
        ("reference", lambda case: case.reference),
        ("state", lambda case: list(State.values).index(case.state)),
        ("since", lambda case: case.state_since),
        ("move", lambda case: case.planned_move_on),
        ("contact", lambda case: case.last_contact_on),
        ("opened", lambda case: case.opened_on),
    ],
)
def test_sorts_either_way_with_the_empty_last(open_list, many, sort, value):
    for word, backwards in ((sort, False), (f"-{sort}", True)):
        values = [value(case) for case in shown(open_list(f"sort={word}"))]
        there = [each for each in values if each is not None]
        assert there == sorted(there, reverse=backwards)
        assert values == there + [None] * (len(values) - len(there))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="asks PostgreSQL how it goes about it")
@pytest.mark.parametrize("state", ["", "&state=all"])  # the small index of open cases, or the whole one
@pytest.mark.parametrize("sort", [word for word in SORT_WORDS if "name" not in word])
def test_each_order_is_read_from_its_index(many, marja, sort, state):
    rows, order = listed(marja, f"sort={sort}{state}").sorted()
    backwards = "-" if order.startswith("-") else ""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
    plan = rows.order_by(order, f"{backwards}pk")[:50].explain()
    assert "Sort" not in plan
    assert re.search(rf"using cases_(case|open)_{sort.removeprefix('-')}", plan)


def test_the_header_says_how_the_list_is_sorted(open_list, many):
    page = open_list("sort=-name").content.decode()
    assert page.count("aria-sort") == 1
    assert re.search(r'aria-sort="descending"><a id="sort-name" href="\?sort=name"', page)


def test_filters_and_order_stay_from_page_to_page(open_list, many, monkeypatch):
    monkeypatch.setattr("crm.paging.page_after.__defaults__", (4,))
    response = open_list("sort=name&coordinator=mine")
    links = re.findall(r'href="([^"]*after=[^"]*)"', response.content.decode())
    following = QueryDict(links[0].partition("?")[2].replace("&amp;", "&"))
    assert (following["sort"], following["coordinator"]) == ("name", "mine")
    first = shown(response)
    second = shown(open_list(following.urlencode()))
    assert len(first) == len(second) == 4
    assert not {case.pk for case in first} & {case.pk for case in second}


def test_counts_stop_at_a_thousand(open_list, one_in_each_state, monkeypatch):
    monkeypatch.setattr("crm.counts.LIMIT", 4)
    response = open_list()
    assert counts(response)["open"].endswith("+")
    assert counts(response)["plan"] == "1"


# What cannot be read.


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("state=gone", "Rajausta ”Vaihe” ei voitu lukea"),
        ("opened_from=31.2.2026", "Rajausta ”Yhteydenotto alkaen” ei voitu lukea"),
        ("coordinator=999999", "Rajausta ”Koordinaattori” ei voitu lukea"),
        ("nonsense=1", "Luettelossa ei ole rajausta nonsense"),
        ("sort=colour", "Luetteloa ei voi järjestää niin"),
    ],
)
def test_says_what_it_could_not_read_and_applies_the_rest(open_list, town, marja, query, sentence):
    wanted = case_of(town, marja, channel="visit")
    case_of(town, marja, channel="email")
    response = open_list(f"{query}&channel=visit")
    assert shown(response) == [wanted]
    assert sentence in response.content.decode()


NAMES = st.sampled_from([*CaseFilter.base_filters, "sort", "after", "page"])
VALUES = st.one_of(
    st.text(max_size=40),
    st.integers().map(str),
    st.sampled_from(["mine", "gone", "all", "-name", "unknown", "1.1.0001", "9999-12-31", "\0", "%", "٣", "\ud7ff"]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # nothing is written
@given(pairs=st.lists(st.tuples(NAMES, VALUES), max_size=5))
def test_no_address_breaks_the_list(crowd, pairs):
    query = urlencode(pairs)
    response = crowd.get(f"{reverse('case_list')}?{query}")
    # A null character is refused for every address before a view sees it.
    assert response.status_code in ((400,) if "%00" in query else (200, 302))


@pytest.fixture
def crowd(town, marja):
    case_of(town, marja)
    client = Client()
    client.force_login(marja)
    return client


# What it never tells, and what it costs.


def test_neither_rows_nor_counts_tell_of_what_is_out_of_sight(open_list, town, marja):
    aino, elsewhere = coordinator_of(town), MunicipalityFactory()
    own = case_of(town, marja)
    restricted = case_of(town, aino, restricted=True, people=person("Salattu", "Henkilö"))
    barred = case_of(town, aino, people=person("Estetty", "Henkilö"))
    foreign = case_of(elsewhere, coordinator_of(elsewhere), people=person("Vieras", "Henkilö"))
    give_access(
        household=barred.household,
        user=marja,
        kind=AccessKind.BARRED,
        reason="sukulainen",
        starts=timezone.localdate(),
        by=aino,
        at=timezone.now(),
    )
    response = open_list("state=all")
    assert shown(response) == [own]
    assert counts(response)["all"] == counts(response)["contact"] == "1"
    assert shown(open_list("q=Henkil%C3%B6&state=all")) == []
    for hidden in (restricted, barred, foreign):  # nor does the place of a hidden case among the others
        assert [case.pk for case in shown(open_list(f"after={hidden.pk}"))] == [own.pk]
        assert open_list(f"after={hidden.pk}").context["page"].first


def test_who_is_named_sees_the_restricted(client, town):
    aino = coordinator_of(town)
    case = case_of(town, aino, restricted=True)
    client.force_login(aino)
    response = client.get(reverse("case_list"))
    assert shown(response) == [case]
    assert "Turvakielto" in response.content.decode()


def test_many_rows_take_as_many_statements_as_two(open_list, town, marja):
    def statements(query: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            open_list(query)
        return len([each for each in captured if "SAVEPOINT" not in each["sql"]])

    query = "q=Muuttaja&sort=name&state=all"
    made = [case_of(town, marja, people=FAMILY) for _ in range(2)]
    few = statements(f"{query}&after={made[0].pk}")
    for _ in range(6):
        case_of(town, coordinator_of(town), people=FAMILY)
    assert statements(f"{query}&after={made[0].pk}") == few <= 12


def test_an_empty_list_says_what_to_do(open_list):
    assert "Asiakkuus alkaa ensimmäisestä yhteydenotosta" in open_list().content.decode()
    assert "Poista jokin rajaus" in open_list("q=nobody").content.decode()
