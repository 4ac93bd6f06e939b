"""Results, report and the cases behind a figure: who sees what of what an address asks for, and what it costs."""

from __future__ import annotations

import html
import re
from datetime import date
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils.translation import gettext
from pypdf import PdfReader

from crm.roles import Role
from tests.factories import FAMILY, MunicipalityFactory, UserFactory, coordinator_of, joint_project, member
from tests.reports.histories import TODAY, mover

pytestmark = pytest.mark.django_db

HIDDEN = "Peitetty: joidenkin lukujen takana"


@pytest.fixture
def posio():
    return MunicipalityFactory(name_fi="Posio", code="614")


@pytest.fixture
def pello():
    return MunicipalityFactory(name_fi="Pello", code="854")


@pytest.fixture
def maija(posio):
    return coordinator_of(posio)


@pytest.fixture
def manager(posio):
    return member(Role.MANAGER, posio)


@pytest.fixture
def lead(posio, pello):
    return member(Role.PROJECT_LEAD, joint_project(posio, pello))


def settle(municipality, by, families: int, year: int = 2025, **changes) -> list:
    """So many families that settle in March."""
    return [
        mover(
            municipality,
            by,
            opened=date(year, 1, 10),
            arrived=date(year, 2, 1),
            settled=date(year, 3, 1 + number),
            people=FAMILY,
            stay="permanent",
            **changes,
        )
        for number in range(families)
    ]


def page(client, user, name: str, **query) -> str:
    """What the page says to `user`, without its markup."""
    client.force_login(user)
    response = client.get(reverse(name), query, follow=True)
    assert response.status_code == 200
    content = response.content.decode()
    main = content[content.index("<main") : content.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def paper(client, user, **query) -> str:
    client.force_login(user)
    response = client.get(reverse("report_pdf"), query)
    assert response.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(BytesIO(response.content)).pages
    return " ".join(" ".join(part.extract_text() for part in pages).split())


# Who may ask for what


def test_without_figures_anywhere_there_is_no_page(client):
    client.force_login(UserFactory())
    assert [client.get(reverse(name)).status_code for name in ("results", "report", "report_pdf")] == [403] * 3


@pytest.mark.parametrize("codes", [["854"], ["614", "854"], ["999"], ["x"]])
def test_a_municipality_that_is_not_theirs_does_not_exist(client, maija, pello, codes):
    client.force_login(maija)
    for name in ("results", "report", "report_pdf"):
        assert client.get(reverse(name), {"municipality": codes}).status_code == 404
    rows = reverse("figure", args=("settled", "settled"))
    assert client.get(rows, {"municipality": codes}).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"period": "2026Q9"},
        {"period": "1066"},
        {"period": "9999"},
    ],
)
def test_a_period_there_is_not_gives_this_year_and_says_so(client, maija, query):
    said = page(client, maija, "results", **query)
    assert "Tällaista jaksoa ei ole. Näkyvissä ovat tämän vuoden luvut." in said
    assert f"1.1.–{TODAY.day}.{TODAY.month}.{TODAY.year}" in said


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"start": "31.2.2026", "end": "1.3.2026"}, ""),
        ({"start": "1.3.2025"}, "Give both the first and the last day."),
        ({"end": "1.3.2025"}, "Give both the first and the last day."),
        ({"start": "2.3.2025", "end": "1.3.2025"}, "The last day is before the first one."),
        ({"start": "1.3.2999", "end": "2.3.2999"}, "These days are still to come."),
    ],
)
def test_typed_days_that_make_no_period_keep_the_period_and_say_why(client, maija, query, told):
    client.force_login(maija)
    response = client.get(reverse("results"), {"period": "2025"} | query)
    assert response.status_code == 200
    choice = response.context["choice"]
    assert choice.selection.period.key == "2025"
    errors = [error for found in choice.days.errors.values() for error in found]
    assert len(errors) == 1
    assert not told or errors == [gettext(told)]
    assert errors[0] in html.unescape(response.content.decode())


@pytest.mark.parametrize("name", ["results", "report", "report_pdf"])
def test_typed_days_lead_to_the_address_of_their_period(client, maija, name):
    client.force_login(maija)
    query = {"start": "1.3.2025", "end": "2.3.2025", "municipality": "614"}
    response = client.get(reverse(name), query)
    assert response.status_code == 302
    assert response.url == f"{reverse(name)}?period=2025-03-01..2025-03-02&municipality=614"


@pytest.mark.parametrize("query", [{"period": "2025-03-01..2025-03-02"}, {"start": "1.3.2025", "end": "2.3.2025"}])
def test_days_of_ones_choice_are_for_who_sees_the_people(client, posio, maija, manager, query):
    settle(posio, maija, 3)
    assert "1.3.–2.3.2025" in page(client, maija, "results", **query)
    said = page(client, manager, "results", **query)
    assert "1.3.–2.3.2025" not in said
    assert "Voit valita kokonaisia kuukausia, neljänneksiä ja vuosia." in said


# What each sees


def test_a_coordinator_sees_exact_figures_and_the_year_before(client, posio, maija):
    settle(posio, maija, 1, 2024)
    settle(posio, maija, 2, 2025)
    said = page(client, maija, "results", period="2025")
    assert "Asettuneet henkilöt 6 +100 % koko vuosi 2024: 3" in said
    assert "Yhteydenotosta asettuneeksi 50,5 pv −0,5 pv koko vuosi 2024: 51 pv" in said
    assert HIDDEN not in said


def test_a_manager_sees_cleared_figures_of_all(client, posio, maija, manager):
    settle(posio, maija, 2)
    said = page(client, manager, "results", period="2025")
    assert "Asettuneet henkilöt Peitetty" in said
    assert HIDDEN in said
    settle(posio, maija, 1, restricted=True)
    assert "Asettuneet henkilöt Peitetty" in page(client, manager, "results", period="2025")
    settle(posio, maija, 1)
    assert "Asettuneet henkilöt 9" in page(client, manager, "results", period="2025")


def test_an_unfinished_year_is_not_compared_day_by_day_for_who_may_not_see_the_people(client, posio, maija, manager):
    settle(posio, maija, 3, TODAY.year - 1)
    settle(posio, maija, 3, TODAY.year)
    mover(posio, maija, opened=date(TODAY.year - 1, 12, 30), arrived=date(TODAY.year - 1, 12, 31))
    said = page(client, manager, "results")
    assert f"Muuttaneet henkilöt 9 koko vuosi {TODAY.year - 1}: 10" in said
    assert f"Muuttaneet henkilöt 9 1.1.–{TODAY.day}.{TODAY.month}.{TODAY.year - 1}: 9" in page(client, maija, "results")


def test_an_unfinished_year_has_no_bar_of_a_whole_one_beside_it(client, posio, maija, manager):
    settle(posio, maija, 3, TODAY.year - 1)
    settle(posio, maija, 3, TODAY.year)

    def bars(user) -> list[str]:
        client.force_login(user)
        return re.findall(r'aria-label="(Muuttaneet henkilöt: [^"]*)"', client.get(reverse("report")).content.decode())

    assert set(bars(manager)) == {"Muuttaneet henkilöt: Posio 9"}
    same_days = f"1.1.–{TODAY.day}.{TODAY.month}.{TODAY.year - 1}"
    assert set(bars(maija)) == {f"Muuttaneet henkilöt: Posio 9, Posio {same_days} 9"}


def test_a_lead_sees_municipalities_side_by_side(client, posio, pello, maija, lead):
    settle(posio, maija, 5)
    settle(pello, coordinator_of(pello), 6)
    said = page(client, lead, "results", period="2025")
    assert "Pello 6 18 18 52,5 pv Posio 5 15 15 52 pv Yhteensä 11 33 33 52 pv" in said
    assert "Asettuneet henkilöt 33" in said
    settle(pello, coordinator_of(pello), 1, 2024)
    assert "Peitetty" in page(client, lead, "results", period="2024")


def test_a_hidden_key_figure_says_what_else_to_ask_for(client, posio, pello, maija, lead):
    settle(posio, maija, 5)
    settle(pello, coordinator_of(pello), 1)
    said = page(client, lead, "results", period="2025")
    assert "Asettuneet henkilöt Peitetty Riittävästi ihmisiä yksin valittuna: Posio" in said
    assert "Riittävästi" not in paper(client, lead, period="2025")


def test_nothing_hidden_stands_in_the_markup(client, posio, maija, manager):
    settle(posio, maija, 2)
    client.force_login(manager)
    for name in ("results", "report"):
        content = client.get(reverse(name), {"period": "2025"}).content.decode()
        main = content[content.index("<main") : content.index("</main>")]
        assert set(re.findall(r'<td class="r">(.*?)</td>', main)) <= {"0", "–"}
        assert 'class="chart' not in main


def test_the_report_says_the_same_on_the_page_and_on_paper(client, posio, pello, maija, lead):
    settle(posio, maija, 5)
    settle(pello, coordinator_of(pello), 6)
    for said in (page(client, lead, "report", period="2025"), paper(client, lead, period="2025")):
        assert "Muuttaneet henkilöt 18 15 33" in said
        assert "Päiviä, mediaani 52,5 pv 52 pv 52 pv" in said
        assert "vähintään viisi henkilöä ja kolme taloutta" in said
        assert "Testi" not in said


def test_paper_has_nothing_that_is_hidden(client, posio, maija, manager):
    settle(posio, maija, 2)
    said = paper(client, manager, period="2025")
    assert "Asettuneet henkilöt Peitetty" in said
    assert not re.search(r"(henkilöt|asiakkuudet) [1-9]", said)


def test_the_same_paper_twice_is_the_same_bytes(client, posio, maija):
    settle(posio, maija, 1)
    client.force_login(maija)
    first, second = (client.get(reverse("report_pdf"), {"period": "2025"}).content for _ in range(2))
    assert first == second


def test_paper_is_named_after_what_it_tells(client, lead):
    client.force_login(lead)
    response = client.get(reverse("report_pdf"), {"period": "2025Q3"})
    assert "Asettautumispalvelut-raportti-Pello-Posio-2025Q3.pdf" in response.headers["Content-Disposition"]


def test_whose_cases_the_figures_are_stands_in_the_heading_on_the_cover_and_in_the_name(client, maija, manager):
    for name in ("results", "report"):
        assert "31.12.2025 · Sinun näkemistäsi asiakkuuksista" in page(client, maija, name, period="2025")
        assert "näkemistäsi" not in page(client, manager, name, period="2025")
    for user, is_told in ((maija, True), (manager, False)):
        assert (
            "raportti 2025 Asiakkuuksista, jotka raportin tekijä näkee" in paper(client, user, period="2025")
        ) is is_told
        named = client.get(reverse("report_pdf"), {"period": "2025"}).headers["Content-Disposition"]
        assert unquote(named).endswith(
            "-Posio-2025-tekijän-näkemistä-asiakkuuksista.pdf" if is_told else "-Posio-2025.pdf"
        )


# The cases behind a figure


def test_a_figure_leads_to_its_cases(client, posio, maija):
    case, *_others = settle(posio, maija, 1)
    later = mover(posio, maija, opened=date(2025, 5, 1))
    client.force_login(maija)
    link = reverse("figure", args=("settled", "settled"))
    assert link in client.get(reverse("results"), {"period": "2025"}).content.decode()
    said = client.get(link, {"period": "2025"}).content.decode()
    assert case.reference in said
    assert later.reference not in said


def test_the_cases_are_for_who_may_see_them(client, posio, maija, manager, lead):
    settle(posio, maija, 3)
    for user in (manager, lead):
        client.force_login(user)
        assert client.get(reverse("figure", args=("settled", "settled"))).status_code == 403


def test_restricted_cases_are_not_among_them(client, posio, maija):
    (case,) = settle(posio, maija, 1, restricted=True)
    client.force_login(coordinator_of(posio))
    said = client.get(reverse("figure", args=("settled", "settled")), {"period": "2025"}).content.decode()
    assert case.reference not in said
    assert "Tämän luvun takana ei ole asiakkuuksia." in said


@pytest.mark.parametrize(("indicator", "line"), [("settled", "nothing"), ("nothing", "settled"), ("funnel", "here")])
def test_a_figure_there_is_not_is_not_found(client, maija, indicator, line):
    client.force_login(maija)
    assert client.get(reverse("figure", args=(indicator, line))).status_code == 404


# What it costs


@pytest.mark.parametrize("name", ["results", "report", "report_pdf"])
def test_a_lead_of_two_municipalities_costs_few_statements(
    client, posio, pello, maija, lead, name, django_assert_max_num_queries
):
    settle(posio, maija, 3)
    settle(pello, coordinator_of(pello), 3)
    client.force_login(lead)
    with django_assert_max_num_queries(12):
        assert client.get(reverse(name), {"period": "2025"}).status_code == 200
