"""How a view answers, and the pieces every page uses: fragment or page, dates, icons, lists by key."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.urls import reverse
from heroicons import IconDoesNotExist

from crm.fields import DateField
from crm.models import Municipality
from crm.paging import page_after
from crm.roles import Role
from crm.views.components import components
from tests.factories import MunicipalityFactory, member

HTMX = {"hx-request": "true"}
GALLERY = settings.BASE_DIR / "templates" / "crm" / "components.html"
# Drawn within others: forms and their fields, the frame of the dialog, the states, what stands on every page.
DRAWN_BY_OTHERS = {"form", "field", "errors", "dialog", "state", "brand", "notices", "unsent", "unsent_form"}


@pytest.fixture
def desk(client, db):
    client.force_login(member(Role.ADMINISTRATOR))
    return client


def test_the_same_fragment_alone_and_in_its_page(desk) -> None:
    address = reverse("user_new")
    page = desk.get(address).content.decode()
    fragment = desk.get(address, headers={**HTMX, "hx-target": "dialog-body"}).content.decode()
    assert page.lstrip().startswith("<!doctype html>")
    assert fragment.lstrip().startswith("<section")
    assert 'name="email"' in page
    assert 'name="email"' in fragment


def test_what_goes_into_main_is_cut_out_of_a_whole_page(desk) -> None:
    page = desk.get(reverse("user_new"), headers={**HTMX, "hx-target": "main"}).content.decode()
    assert '<main class="main" id="main"' in page


def test_done_fetches_the_page_behind_the_dialog_and_says_so(desk) -> None:
    town = MunicipalityFactory()
    sent = {"settled_criteria": ["home"], "stale_after_days": 21}
    response = desk.post(reverse("municipality_edit", args=[town.code]), sent, headers=HTMX)
    assert response.status_code == 204
    assert json.loads(response["HX-Location"]) == {
        "path": reverse("municipalities"),
        "target": "#main",
        "select": "#main",
        "swap": "outerHTML",
    }
    assert json.loads(response["HX-Trigger"]) == {"notice": {"text": "Tallennettu."}}
    assert "Tallennettu." not in desk.get(reverse("municipalities")).content.decode()


def test_done_without_javascript_redirects_and_says_so_on_the_next_page(desk) -> None:
    town = MunicipalityFactory()
    sent = {"settled_criteria": ["home"], "stale_after_days": 21}
    page = desk.post(reverse("municipality_edit", args=[town.code]), sent, follow=True)
    assert "Tallennettu." in page.content.decode()


@pytest.mark.parametrize("text", ["1.12.2026", "01.12.2026", "1.12.26", "2026-12-01", "1,12,2026", " 1. 12. 2026 "])
def test_a_date_as_people_write_it(text) -> None:
    assert DateField().clean(text) == date(2026, 12, 1)


@pytest.mark.parametrize("text", ["12/1/2026", "tomorrow", "1.12"])
def test_what_is_not_a_date_is_told_how_to_write_it(text) -> None:
    with pytest.raises(ValidationError, match=r"1\.12\.2026"):
        DateField().clean(text)


@pytest.mark.parametrize("text", ["31.2.2027", "32.1.2026", "2026-02-30"])
def test_a_day_that_does_not_exist_is_told_as_such(text) -> None:
    with pytest.raises(ValidationError, match="Sellaista päivää ei ole"):
        DateField().clean(text)


def test_a_date_is_shown_as_in_finland() -> None:
    field = DateField()
    assert field.widget.format_value(date(2026, 12, 1)) == "1.12.2026"
    assert 'inputmode="decimal"' in field.widget.render("day", "kirjoitettu")
    assert 'value="kirjoitettu"' in field.widget.render("day", "kirjoitettu")


def test_an_icon_is_inline_and_silent() -> None:
    svg = Template('{% icon "phone" %}').render(Context())
    assert svg.startswith("<svg")
    assert 'aria-hidden="true"' in svg
    assert "style" not in svg
    with pytest.raises(IconDoesNotExist):
        Template('{% icon "no-such-icon" %}').render(Context())


@pytest.mark.parametrize(("state", "tone"), [("arrived", "ok"), ("paused", "warn"), ("plan", "info"), ("closed", "")])
def test_a_state_says_its_name(state, tone) -> None:
    tag = Template("{% state_tag state %}").render(Context({"state": state}))
    assert f'class="tag {tone}"' in tag
    assert {"arrived": "Muuttanut", "paused": "Tauolla", "plan": "Suunnitelma", "closed": "Päättynyt"}[state] in tag


@pytest.mark.parametrize("order", [("region_fi",), ("-region_fi",), ("region_fi", "-population")])
def test_pages_by_key_show_each_row_once_and_in_order(db, order) -> None:
    for number in range(25):
        MunicipalityFactory(region_fi=f"Maakunta {number % 3}", population=number % 4)
    rows = Municipality.objects.all()
    seen, after = [], None
    while True:
        page = page_after(rows, order, after, size=7)
        assert page.first == (after is None)
        seen += page
        after = page.next
        if after is None:
            break
    assert seen == list(rows.order_by(*order, "-pk" if order[0].startswith("-") else "pk"))


@pytest.mark.parametrize("after", ["", None, "x", "99999999", "-1"])
def test_a_page_after_what_is_not_there_is_the_first(db, after) -> None:
    town = MunicipalityFactory()
    page = page_after(Municipality.objects.all(), ("name_fi",), after)
    assert (page.rows, page.next, page.first) == ([town], None, True)


def test_every_component_is_drawn_in_the_gallery(rf, today) -> None:
    request = rf.get("/components/")
    request.today, request.colour_scheme = today, "dark"
    page = components(request).content.decode()
    shown = {path.stem for path in (settings.BASE_DIR / "templates" / "_components").glob("*.html")}
    named = set(re.findall(r"_components/(\w+)\.html", GALLERY.read_text())) | DRAWN_BY_OTHERS
    assert shown == named
    assert 'data-scheme="dark"' in page
    assert page.count('class="tag') >= 10
