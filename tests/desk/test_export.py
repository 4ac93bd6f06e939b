"""Tehtäväni as a file."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from cases.actions import add_task
from cases.models import TaskKind
from crm.models import Export, FileFormat
from tests.factories import MunicipalityFactory, case_of, coordinator_of

pytestmark = pytest.mark.django_db


def test_my_undone_tasks_the_most_urgent_first(client, today) -> None:
    town = MunicipalityFactory(name_fi="Kemijärvi")
    marja, colleague = coordinator_of(town), coordinator_of(town)
    cases = [case_of(town, marja), case_of(town, marja, restricted=True)]
    for case, title, days, assignee in [
        (cases[0], "Myöhemmin", 20, marja),
        (cases[0], "Joskus", None, marja),
        (cases[1], "=Heti", 1, marja),
        (cases[0], "Kollegan", 1, colleague),
    ]:
        due_on = None if days is None else today + timedelta(days=days)
        at = case.recorded_at
        add_task(case=case, kind=TaskKind.TASK, title=title, due_on=due_on, assignee=assignee, by=marja, at=at)
    client.force_login(marja)

    def rows(query: str = "") -> list[dict[str, str]]:
        response = client.post(f"{reverse('my_tasks_export')}{query}", {"format": FileFormat.CSV})
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))

    every = rows()
    assert [row["Tehtävä"] for row in every] == ["'=Heti", "Myöhemmin", "Joskus"]
    assert [row["Turvakielto"] for row in every] == ["Turvakielto", "", ""]
    assert every[1]["Tunnus"] == cases[0].reference
    assert [row["Tehtävä"] for row in rows("?due=week")] == ["'=Heti"]
    assert [row.words for row in Export.objects.order_by("pk")] == ["Kaikki", "Viikon sisällä"]
