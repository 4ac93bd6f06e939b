"""Rows for tests, made through the product's own actions wherever these exist."""

from tests.factories.crm import (
    LONG_AGO,
    PASSWORD,
    MunicipalityFactory,
    UserFactory,
    coordinator_of,
    give,
    member,
    scope_of,
)
from tests.factories.projects import ProjectFactory, joint_project

__all__ = [
    "LONG_AGO",
    "PASSWORD",
    "MunicipalityFactory",
    "ProjectFactory",
    "UserFactory",
    "coordinator_of",
    "give",
    "joint_project",
    "member",
    "scope_of",
]
