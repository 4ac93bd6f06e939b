"""A table of the report as a file: the cleared one, whoever asks."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.urls import reverse

from crm.models import Export
from crm.roles import Role
from reports import telling
from reports.figures import tables
from reports.indicators import INDICATORS
from tests.factories import FAMILY, MunicipalityFactory, coordinator_of, give, member
from tests.reports.histories import mover

pytestmark = pytest.mark.django_db


@pytest.fixture
def posio():
    return MunicipalityFactory(name_fi="Posio", code="614")


@pytest.fixture
def maija(posio):
    return coordinator_of(posio)


def arrive(municipality, by, families: int) -> None:
    for number in range(families):
        mover(
            municipality,
            by,
            opened=date(2025, 1, 10),
            arrived=date(2025, 2, 1 + number),
            people=FAMILY,
            stay="permanent",
        )


def take(client, user, indicator: str = "arrivals"):
    client.force_login(user)
    return client.post(reverse("table_export", args=[indicator]) + "?period=2025", {"format": "csv"})


def rows(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_has_the_numbers_of_the_page(client, posio, maija) -> None:
    arrive(posio, maija, 3)
    heading, *_lines, total = rows(take(client, maija))
    assert heading[1:] == ["Posio: henkilöä"]
    assert total[1] == "9"
    row = Export.objects.get()
    assert (row.what, row.by, list(row.municipalities.all())) == ("figures", maija, [posio])


@pytest.mark.parametrize("reader", ["coordinator", "manager"])
def test_each_table_made_alone_is_the_one_of_the_report(client, posio, maija, reader) -> None:
    arrive(posio, maija, 3)
    client.force_login(maija if reader == "coordinator" else member(Role.MANAGER, posio))
    page = client.get(reverse("report") + "?period=2025")
    choice, report = page.context["choice"], page.context["report"]
    alone = [telling.table(INDICATORS[section.table.id], choice.selection) for section in report.sections]
    assert alone == [section.table for section in report.sections]
    assert len(alone) == len(INDICATORS)


def test_no_other_table_is_made_for_it(client, posio, maija, monkeypatch) -> None:
    asked = []

    def watched(selection, asks):
        asked.extend(ask.indicator.id for ask in asks)
        return tables(selection, asks)

    monkeypatch.setattr("reports.telling.tables", watched)
    take(client, maija)
    assert asked == ["arrivals"]


def test_a_share_stands_beside_its_number(client, posio, maija) -> None:
    arrive(posio, maija, 3)
    heading, *lines = rows(take(client, maija, "funnel"))
    assert heading[1:] == ["Posio: asiakkuudet", "Posio: % asiakkuuksista"]
    assert lines[0][1:] == ["3", "100"]


def test_a_hidden_table_is_not_there_and_has_no_link(client, posio, maija) -> None:
    arrive(posio, maija, 1)
    manager = member(Role.MANAGER, posio)
    address = reverse("table_export", args=["arrivals"])
    assert take(client, manager).status_code == 404
    assert client.get(f"{address}?period=2025").status_code == 404
    assert address not in client.get(reverse("report") + "?period=2025").content.decode()
    assert not Export.objects.exists()


def test_a_cleared_table_is_the_one_of_the_page(client, posio, maija) -> None:
    """A restricted household is counted for who is named on it, and for nobody else."""
    arrive(posio, maija, 3)
    mover(posio, maija, opened=date(2025, 1, 10), arrived=date(2025, 2, 9), people=FAMILY, restricted=True)
    assert rows(take(client, maija))[-1][1] == "12"
    assert rows(take(client, member(Role.MANAGER, posio)))[-1][1] == "9"


def test_municipalities_side_by_side_as_on_the_page(client, posio, maija) -> None:
    other = MunicipalityFactory(name_fi="Salla")
    arrive(posio, maija, 3)
    give(maija, Role.COORDINATOR, other)
    client.force_login(maija)
    address = reverse("side_by_side_export")
    assert address in client.get(reverse("results") + "?period=2025").content.decode()
    heading, *lines = rows(client.post(f"{address}?period=2025", {"format": "csv"}))
    assert heading[2] == "Muuttaneet henkilöt: henkilöä"
    assert [(line[0], line[2]) for line in lines] == [("Posio", "9"), ("Salla", "0"), ("Yhteensä", "9")]
    assert set(Export.objects.get().municipalities.all()) == {posio, other}


def test_a_hidden_figure_side_by_side_says_so(client, posio, maija) -> None:
    other = MunicipalityFactory(name_fi="Salla")
    arrive(posio, maija, 1)
    manager = member(Role.MANAGER, posio)
    give(manager, Role.MANAGER, other)
    client.force_login(manager)
    address = f"{reverse('side_by_side_export')}?period=2025"
    assert "Kunnat rinnakkain; 1.1.–31.12.2025" in client.get(address).content.decode()
    response = client.post(address, {"format": "csv"})
    assert "kunnat-rinnakkain" in response.headers["Content-Disposition"]
    _heading, *lines = rows(response)
    assert [line[2] for line in lines] == ["Peitetty", "Peitetty", "Peitetty"]


def test_all_cases_behind_a_figure_with_their_persons(client, posio, maija, monkeypatch) -> None:
    monkeypatch.setattr("reports.views.ROWS_SHOWN", 1)
    arrive(posio, maija, 3)
    client.force_login(maija)
    address = reverse("figure", args=["arrivals", "arrived"]) + "?period=2025"
    assert len(client.get(address).context["rows"]) == 1
    export = reverse("figure_export", args=["arrivals", "arrived"]) + "?period=2025"
    heading, *lines = rows(client.post(export, {"format": "csv"}))
    assert [line[heading.index("Henkilöitä luvussa")] for line in lines] == ["3", "3", "3"]
    row = Export.objects.get()
    assert (row.what, row.rows) == ("cases", 3)
    client.force_login(member(Role.MANAGER, posio))
    assert client.post(export, {"format": "csv"}).status_code == 403


def test_a_figure_that_there_is_not_is_not_there(client, maija) -> None:
    assert take(client, maija, "nothing").status_code == 404
