"""The office that `make load` plays, and what is said of the server it meets."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from benchmarks import office
from benchmarks.load import MOST_P95_MS, Seen, told
from benchmarks.population import build
from cases.lifecycle import State
from cases.models import Case, EventKind, Task
from contacts.models import Person


@pytest.fixture(scope="module")
def coordinator(django_db_setup, django_db_blocker) -> Iterator[office.Coordinator]:
    with django_db_blocker.unblock(), transaction.atomic():
        build(400, timezone.localdate())
        yield office.staff(timezone.localdate(), people=4)[0]
        transaction.set_rollback(True)


class Asking:
    """Asks the views in this process, and takes no answer that a browser would not go on from."""

    def __init__(self, coordinator: office.Coordinator) -> None:
        self.client = Client()
        self.client.cookies["sessionid"] = coordinator.cookie
        self.names: list[str] = []

    def __call__(self, name: str, path: str, data=None, part: str = "") -> str:
        headers = {"HX-Request": "true", "HX-Target": part} if part else {}
        ask = self.client.get if data is None else self.client.post
        response = ask(path, data, headers=headers)
        is_shown = data is None or part.startswith("task") or "format" in data
        fine = {HTTPStatus.OK} if is_shown else {HTTPStatus.FOUND, HTTPStatus.NO_CONTENT}
        assert response.status_code in fine, f"{name}: {path} answered {response.status_code}"
        self.names.append(name)
        return b"".join(response).decode(errors="replace")


@pytest.mark.django_db
class TestOffice:
    @pytest.mark.parametrize("act", office._ACTS, ids=lambda act: act.__name__.strip("_"))
    def test_every_act_is_answered(self, coordinator, act):
        ask = Asking(coordinator)
        act(coordinator, ask)
        assert ask.names

    def test_what_is_recorded_is_recorded(self, coordinator):
        ask = Asking(coordinator)
        cases, paused = Case.objects.count(), Case.objects.filter(state=State.PAUSED).count()
        undone = Task.objects.undone().count()
        office._log_call(coordinator, ask)
        office._first_contact(coordinator, ask)
        office._pause(coordinator, ask)
        office._tick(coordinator, ask)
        assert Case.objects.count() == cases + 1
        assert Case.objects.filter(state=State.PAUSED).count() == paused + 1
        assert Task.objects.undone().count() == undone - 1
        assert Case.objects.filter(events__kind=EventKind.CALL, events__text="Sovittiin tapaamisesta.").exists()

    def test_an_edited_person_keeps_what_was_not_typed(self, coordinator):
        before = dict(Person.objects.values_list("pk", "name_key"))
        office._edit_person(coordinator, Asking(coordinator))
        edited = Person.objects.exclude(occupation="").get()
        assert edited.name_key == before[edited.pk]
        assert edited.languages

    def test_nobody_changes_what_is_anothers(self, coordinator):
        one, other = office.staff(timezone.localdate(), people=8)[:2]
        assert {case.pk for case in one.cases}.isdisjoint(case.pk for case in other.cases)
        assert not set(one.tasks) & set(other.tasks)


def seen(*, milliseconds: float = 50, error: str = "", memory: tuple[float, ...] = (100.0,) * 8) -> Seen:
    found = Seen(seconds=10, memory={1: list(memory)})
    for _request in range(100):
        found.note("case page", milliseconds, "")
    if error:
        found.note("case page", milliseconds, error)
    return found


class TestTold:
    def test_what_holds(self):
        text, data, reached = told(seen(), seen(milliseconds=80))
        assert reached
        assert (data["per_second"], data["p95_ms"], data["memory_mb"]) == (10, 50, 100)
        assert "| case page | 100 | 50 | 50 | 50 |" in text

    @pytest.mark.parametrize(
        "bad",
        [
            seen(milliseconds=MOST_P95_MS + 1),
            seen(error="500"),
            seen(memory=(150.0, 201.0) * 4),
            seen(memory=(100.0, 100, 100, 100, 110, 115, 118, 122)),
        ],
        ids=["slow", "an error", "too much memory", "memory grows"],
    )
    def test_what_does_not(self, bad):
        assert not told(bad, seen())[2]
