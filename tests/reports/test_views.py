"""Results, report and the rows behind a figure: who sees what, and what it costs."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories import FAMILY, MunicipalityFactory, coordinator_of
from tests.reports.histories import mover

pytestmark = pytest.mark.django_db


@pytest.fixture
def posio():
    return MunicipalityFactory(name_fi="Posio", code="614")


@pytest.fixture
def maija(posio):
    return coordinator_of(posio)


def settled_families(municipality, by, count, *, year=2025):
    for number in range(count):
        mover(
            municipality,
            by,
            opened=date(year, 1, 10),
            arrived=date(year, 2, 1),
            settled=date(year, 3, 1 + number),
            people=FAMILY,
            stay="permanent",
        )


@pytest.mark.parametrize("url", ["/results/", "/report/"])
def test_pages_open(client, posio, maija, url):
    settled_families(posio, maija, 3)
    client.force_login(maija)
    response = client.get(url, {"period": "2025"})
    assert response.status_code == 200
