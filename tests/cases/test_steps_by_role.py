"""Every state × transition × role, through the page: who may take which step from where.

The table, read row by row: from a state the coordinator of the municipality takes the steps that `ALLOWED` of
test_lifecycle.py names; any other step from there is refused in words (422) and changes nothing. For everybody else,
a coordinator of another municipality among them, the case does not exist (404), whatever the state and the step.
"""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.lifecycle import RULES, State
from cases.models import Case
from crm.roles import INSTALLATION_ROLES, MUNICIPALITY_ROLES, Role
from tests.cases.test_lifecycle import ALLOWED
from tests.factories import (
    MunicipalityFactory,
    answers_for,
    case_of,
    coordinator_of,
    give,
    joint_project,
    member,
    provide,
)

pytestmark = pytest.mark.django_db


def place_of(role: Role, town, project):
    return None if role in INSTALLATION_ROLES else town if role in MUNICIPALITY_ROLES else project


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker):
    """A municipality of a project, kept for the whole module."""
    with django_db_blocker.unblock(), transaction.atomic():
        municipality, elsewhere = MunicipalityFactory.create_batch(2)
        project = joint_project(municipality, elsewhere)
        coordinator = coordinator_of(municipality)
        others = {role.value: member(role, place_of(role, municipality, project)) for role in Role}
        others.pop(Role.COORDINATOR.value)
        others["coordinator elsewhere"] = coordinator_of(elsewhere)
        others["project lead and coordinator elsewhere"] = coordinator_of(elsewhere)
        give(others["project lead and coordinator elsewhere"], Role.PROJECT_LEAD, project)
        cases = {state: case_of(municipality, coordinator, state=state) for state in State}
        yield coordinator, others, cases
        transaction.set_rollback(True)


def send(user, case: Case, name: str):
    """Answer the step's questions rightly and send them."""
    answers = answers_for(case, RULES[name], timezone.localdate())
    data = {
        "version": case.version,
        "on": answers.on.isoformat(),
        "reason": answers.reason,
        "review_on": (answers.on + timedelta(days=30)).isoformat(),
        "planned_move_on": answers.planned_move_on.isoformat(),
        "target": answers.target,
        "persons": sorted(answers.persons),
        **{f"met_{criterion}": "on" for criterion in answers.criteria_met},
    }
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.post(reverse("case_step", args=[case.reference, name]), data)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("state", State)
def test_who_may_take_which_step_from_where(town, state, name) -> None:
    coordinator, others, cases = town
    case = cases[state]
    provide(case, RULES[name], by=coordinator, at=timezone.now())

    statuses = {who: send(user, case, name).status_code for who, user in others.items()}
    assert set(statuses.values()) == {HTTPStatus.NOT_FOUND}, statuses
    assert Case.objects.get(pk=case.pk).version == case.version

    response = send(coordinator, case, name)
    after = Case.objects.get(pk=case.pk)
    if name in ALLOWED[state]:
        assert response.status_code == HTTPStatus.FOUND, response.context["form"].errors
        assert after.state in RULES[name].targets
        assert after.version == case.version + 1
    else:
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert (after.state, after.version) == (case.state, case.version)
