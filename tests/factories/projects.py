"""Projects and their partners."""

from __future__ import annotations

from datetime import date

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from crm.models import Municipality
from projects.actions import join_partner
from projects.models import Project
from tests.factories.crm import MunicipalityFactory, UserFactory


class ProjectFactory(DjangoModelFactory):
    class Meta:
        model = Project

    code = factory.Sequence(lambda n: f"S{22169 + n}")
    name = factory.Sequence(lambda n: f"Hanke {n}")
    lead = factory.SubFactory(MunicipalityFactory)
    starts = date(2020, 8, 1)


def joint_project(*municipalities: Municipality) -> Project:
    """A project led by the first of `municipalities`, in which all of them are partners."""
    project = ProjectFactory(lead=municipalities[0])
    by = UserFactory()
    for municipality in municipalities:
        join_partner(project=project, municipality=municipality, joined=project.starts, by=by, at=timezone.now())
    return project
