"""What is written by COPY is what the actions would have written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from benchmarks.population import LARGEST, SHARES, build
from cases import lifecycle
from cases.actions import take_step
from cases.lifecycle import State
from cases.models import Case, CasePerson, PersonFactKind, ReferenceCounter, Task
from contacts.models import Household, HouseholdMember, Person
from contacts.names import phone_key
from crm.models import User
from tests.factories import answers_for

CASES = 400


@pytest.fixture(scope="module")
def installation(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Made once for the whole module: most of it is the staff of 308 municipalities."""
    with django_db_blocker.unblock(), transaction.atomic():
        build(CASES, timezone.localdate())
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.usefixtures("installation")
class TestPopulation:
    def test_cases_by_municipality(self):
        assert Case.objects.count() == CASES
        for code, share in SHARES.items():
            assert Case.objects.filter(municipality__code=code).count() == pytest.approx(CASES * share, rel=0.35)

    def test_history_leads_to_where_the_case_stands(self):
        for case in Case.objects.prefetch_related("transitions"):
            rows = sorted(case.transitions.all(), key=lambda row: row.sequence)
            assert rows[0].name == lifecycle.OPENED
            assert [row.from_state for row in rows[1:]] == [row.to_state for row in rows[:-1]]
            assert [row.happened_on for row in rows] == sorted(row.happened_on for row in rows)
            assert (rows[-1].to_state, rows[-1].happened_on) == (case.state, case.state_since)
            assert (rows[0].happened_on, rows[-1].sequence) == (case.opened_on, case.version)

    def test_copies_agree(self):
        assert not Case.objects.exclude(municipality=F("household__municipality")).exists()
        assert not Person.objects.exclude(municipality=F("household__municipality")).exists()
        for household in Household.objects.prefetch_related("people"):
            assert household.size == household.people.count()
        assert HouseholdMember.objects.standing().count() == Person.objects.count()

    def test_keys_of_people(self):
        person = Person.objects.exclude(phone="").order_by("pk")[0]
        assert person.phone_key == phone_key(person.phone)

    def test_who_arrived_has_an_arrival(self):
        arrived = CasePerson.objects.filter(kind=PersonFactKind.ARRIVED).values("case")
        assert not Case.objects.filter(state__in=(State.ARRIVED, State.SETTLED)).exclude(pk__in=arrived).exists()
        assert Task.objects.filter(done_on__isnull=True).exists()

    def test_the_next_references_are_free(self):
        counter = ReferenceCounter.objects.filter(municipality__code=LARGEST).order_by("-year")[0]
        last = Case.objects.filter(municipality=counter.municipality, opened_on__year=counter.year).aggregate(
            Max("reference")
        )["reference__max"]
        assert last.endswith(f"{counter.last:04d}")

    def test_work_can_go_on(self, today: date):
        case = Case.objects.filter(state=State.ARRIVED, coordinator__isnull=False).order_by("pk")[0]
        by = User.objects.get(pk=case.coordinator_id)
        answers = answers_for(case, lifecycle.CONFIRM_SETTLED, today)
        case = take_step(case=case, rule=lifecycle.CONFIRM_SETTLED, answers=answers, by=by, at=timezone.now())
        assert case.state == State.SETTLED
