"""Joining a project opens the figures to its lead; leaving closes them."""

from datetime import date

import pytest
from auditlog.models import LogEntry

from crm.permissions import Permission
from crm.refusal import Refused
from crm.roles import Role
from projects.actions import join_partner, withdraw_partner
from tests.factories import MunicipalityFactory, ProjectFactory, UserFactory, member, scope_of

pytestmark = pytest.mark.django_db


def test_the_lead_sees_figures_from_joining_to_withdrawal():
    project, town, by = ProjectFactory(), MunicipalityFactory(), UserFactory()
    lead = member(Role.PROJECT_LEAD, project)
    assert not scope_of(lead).may(Permission.VIEW_FIGURES, town.pk)
    partner = join_partner(project=project, municipality=town, joined=date(2021, 1, 1), by=by)
    assert scope_of(lead).may(Permission.VIEW_FIGURES, town.pk)
    assert not scope_of(lead).may(Permission.VIEW_CASES, town.pk)
    with pytest.raises(Refused):
        join_partner(project=project, municipality=town, joined=date(2021, 2, 1), by=by)
    with pytest.raises(Refused):
        withdraw_partner(partner=partner, withdrew=date(2020, 12, 31), by=by)
    withdraw_partner(partner=partner, withdrew=date(2021, 6, 30), by=by)
    assert not scope_of(lead).may(Permission.VIEW_FIGURES, town.pk)
    with pytest.raises(Refused):
        withdraw_partner(partner=partner, withdrew=date(2021, 7, 1), by=by)
    join_partner(project=project, municipality=town, joined=date(2022, 1, 1), by=by)
    assert project.partners.count() == 2


def test_who_recorded_joining_and_withdrawal_is_logged():
    by = UserFactory()
    partner = join_partner(project=ProjectFactory(), municipality=MunicipalityFactory(), joined=date(2021, 1, 1), by=by)
    withdraw_partner(partner=partner, withdrew=date(2021, 6, 30), by=by)
    entries = LogEntry.objects.get_for_object(partner).order_by("pk")
    expected = [(LogEntry.Action.CREATE, by), (LogEntry.Action.UPDATE, by)]
    assert [(entry.action, entry.actor) for entry in entries] == expected
