"""Rows for tests, made through the product's own actions wherever these exist."""

from tests.factories.cases import (
    ANONYMOUS,
    FAMILY,
    SINGLE,
    advance,
    answers_for,
    case_of,
    copies_that_differ,
    household_of,
    provide,
    publish,
)
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
    "ANONYMOUS",
    "FAMILY",
    "LONG_AGO",
    "PASSWORD",
    "SINGLE",
    "MunicipalityFactory",
    "ProjectFactory",
    "UserFactory",
    "advance",
    "answers_for",
    "case_of",
    "coordinator_of",
    "copies_that_differ",
    "give",
    "household_of",
    "joint_project",
    "member",
    "provide",
    "publish",
    "scope_of",
]
