"""A town with its coordinator, signed in, for the pages of cases."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from cases.models import Case
from tests.factories import MunicipalityFactory, coordinator_of

HTMX = {"HX-Request": "true", "HX-Target": "dialog-body"}


class CasePage:
    """The pages of one case as a signed-in user meets them, with or without htmx."""

    def __init__(self, user, case) -> None:
        self.user, self.case, self.client = user, case, Client()
        self.client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])

    @property
    def version(self) -> int:
        """What a dialog that is opened now sends along."""
        return Case.objects.get(pk=self.case.pk).version

    def address(self, name: str, *arguments) -> str:
        return reverse(name, args=[self.case.reference, *arguments])

    def open(self, name: str = "case", *arguments, htmx: bool = False, **query):
        return self.client.get(self.address(name, *arguments), query, headers=HTMX if htmx else None)

    def send(self, name: str, *arguments, htmx: bool = False, **told):
        return self.client.post(self.address(name, *arguments), told, headers=HTMX if htmx else None)

    def step(self, name: str, *, htmx: bool = False, **told):
        """Send a step's form as the page now shows it, with `told` filled in."""
        form = self.open("case_step", name).context["form"]
        shown = {bound.name: bound.value() for bound in form if bound.value() not in (None, "")}
        return self.send("case_step", name, htmx=htmx, **{**shown, **told})


@pytest.fixture
def town(db):
    return MunicipalityFactory()


@pytest.fixture
def marja(town):
    return coordinator_of(town, name="Marja Lahti")


@pytest.fixture
def page_of(marja):
    """Marja before the page of a case: `page_of(case)`; somebody else: `page_of(case, user)`."""
    return lambda case, user=None: CasePage(user or marja, case)
