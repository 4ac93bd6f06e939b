"""The nets of tests/strict.py and tests/settings.py hold."""

from __future__ import annotations

import socket

import pytest
from django.template import Context, Engine, Template, engines
from django.template.base import Origin
from pytest_socket import SocketConnectBlockedError

from crm.access import Scope
from crm.models import Municipality
from crm.roles import Role
from tests import factories


def ours(source: str) -> Template:
    """A template that looks as if it came from templates/."""
    engine: Engine = engines["django"].engine
    return Template(source, Origin(f"{engine.dirs[0]}/page.html"), engine=engine)


def test_an_undefined_variable_in_a_template_of_ours_fails() -> None:
    with pytest.raises(AssertionError, match="Undefined template variable 'nobody'"):
        ours("{{ nobody }}").render(Context())


def test_an_undefined_variable_with_a_default_or_in_a_condition_is_meant() -> None:
    assert ours("{{ a|default:word }}{% if b %}no{% endif %}").render(Context({"word": "yes"})) == "yes"


def test_templates_of_packages_may_count_on_emptiness() -> None:
    engine: Engine = engines["django"].engine
    assert Template("[{{ nobody|upper }}]", Origin("elsewhere.html"), engine=engine).render(Context()) == "[]"


@pytest.mark.django_db
def test_unordered_rows_come_in_any_order() -> None:
    factories.MunicipalityFactory.create_batch(20)
    by_key = list(Municipality.objects.order_by("pk"))
    assert list(Municipality.objects.all()) != by_key
    assert sorted(Municipality.objects.all(), key=lambda row: row.pk) == by_key


def test_the_network_is_off() -> None:
    with pytest.raises((SocketConnectBlockedError, UserWarning), match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


@pytest.mark.django_db
def test_factories_grant_roles_as_the_product_does() -> None:
    posio, pello = factories.MunicipalityFactory.create_batch(2)
    project = factories.joint_project(posio, pello)
    scope: Scope = factories.scope_of(factories.coordinator_of(posio))
    assert scope.roles == {(Role.COORDINATOR, posio.pk)}
    lead = factories.scope_of(factories.member(Role.PROJECT_LEAD, project))
    assert lead.municipalities("view_figures") == {posio.pk, pello.pk}
