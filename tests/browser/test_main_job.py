"""The main job from sign-in to paper, by keyboard alone: a household's way, a sheet's way, and what figures say."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from cases.lifecycle import State
from cases.models import Case, Channel, EventKind
from crm.models import Municipality, User
from crm.roles import Role
from tests.browser.checks import Desk
from tests.browser.keyboard import (
    choose,
    follow,
    open_dialog,
    press,
    save_dialog,
    sign_in,
    sign_out,
    tab_to,
    tick,
    write,
)
from tests.factories import FAMILY, MunicipalityFactory, coordinator_of, joint_project, member, publish
from tests.factories.sheets import Line, csv_sheet
from tests.reports.histories import mover

SETTLED = "Asettuneet henkilöt"


@pytest.fixture
def town(transactional_db) -> Municipality:
    """With three families settled today: so many that its figures may be shown."""
    town = MunicipalityFactory(name_fi="Omala")
    today = timezone.localdate()
    publish(town, on=today, version="1.0", text="Tietosuoja")
    maija = coordinator_of(town, name="Maija Mallikas")
    for _ in range(3):
        mover(town, maija, opened=today, arrived=today, settled=today, people=FAMILY, stay="permanent")
    return town


@pytest.fixture
def coordinator(town: Municipality) -> User:
    return coordinator_of(town, name="Kaisa Koordinaattori")


def key_figure(page: Page, title: str) -> str:
    return page.locator(".kpi").filter(has_text=title).locator(".num").inner_text()


def figure_seen_by(page: Page, user: User) -> int:
    """The persons settled, as `user` finds them on the page of results between signing in and out."""
    sign_in(page, user)
    follow(page, "Tulokset")
    figure = int(key_figure(page, SETTLED))
    sign_out(page)
    return figure


def test_from_an_e_mail_to_a_settled_household_and_the_report(
    desk: Desk, town: Municipality, coordinator: User, tmp_path: Path
) -> None:
    manager = member(Role.MANAGER, town, name="Jaana Johtaja")
    lead = member(Role.PROJECT_LEAD, joint_project(town, MunicipalityFactory(name_fi="Muuala")), name="Veikko Vetäjä")
    page = desk.open("/")
    before = figure_seen_by(page, manager)
    assert before == 9

    sign_in(page, coordinator)
    write_down_the_first_contact(page, coordinator)
    work_until_settled(page)
    write_down_an_e_mail(page)
    sign_out(page)
    assert_recorded(coordinator)

    after = figure_seen_by(page, manager)
    assert after == before + 2
    sign_in(page, lead)
    assert f"{SETTLED} 0 {after} {after}" in paper_of(page, tmp_path)  # Muuala, Omala, together


def write_down_the_first_contact(page: Page, coordinator: User) -> None:
    press(page, page.locator("header.top").get_by_role("link", name="Uusi yhteydenotto"))
    expect(page.locator("h1")).to_have_text("Uusi yhteydenotto")
    choose(page, page.locator("#id_channel"), "Sähköposti")
    write(page, page.locator("#id_text"), "Hei, etsimme asuntoa ja töitä.")
    write(page, page.locator("#id_people-0-given_name"), "Leena")
    write(page, page.locator("#id_people-0-family_name"), "Lumijoki")
    write(page, page.locator("#id_people-0-email"), "leena.lumijoki@posti.example")
    press(page, page.get_by_role("button", name="Lisää jäsen"))
    write(page, page.locator("#id_people-1-given_name"), "Mikko")
    write(page, page.locator("#id_people-1-family_name"), "Lumijoki")
    choose(page, page.locator("#id_people-1-relation"), "Puoliso")
    write(page, page.locator("#id_moves_from"), "Oulu")
    choose(page, page.locator("#id_move_reason"), "Työ")
    choose(page, page.locator("#id_coordinator"), coordinator.name)
    choose(page, page.locator("#id_notice"), "1.0")
    press(page, page.get_by_role("button", name="Tallenna yhteydenotto"))
    page.wait_for_url("**/cases/*-*/")
    expect(page.locator("h1")).to_contain_text("Lumijoki")


def work_until_settled(page: Page) -> None:
    take_step(page, "Aloita kartoitus", then="Kartoitus")
    open_dialog(page, page.get_by_role("link", name="Lisää suunnitelmaan").first)
    write(page, page.locator("#dialog #id_title"), "Asunto kirkonkylältä")
    save_dialog(page)
    expect(page.locator("#main .todo")).to_contain_text("Asunto kirkonkylältä")
    take_step(page, "Sovi suunnitelmasta", then="Suunnitelma")

    dialog = open_step(page, "Vahvista muutto")
    planned = timezone.localdate()
    write(page, dialog.locator("[name=planned_move_on]"), f"{planned.day}.{planned.month}.{planned.year}")
    for box in dialog.locator("[name=persons]").all():
        tick(page, box)
    save_step(page, then="Muuttamassa")

    dialog = open_step(page, "Kirjaa muuttaneeksi")
    for box in dialog.locator("[name=persons]").all():
        tick(page, box)
    save_step(page, then="Muuttanut")

    dialog = open_step(page, "Merkitse asettuneeksi")
    *met, last = dialog.locator("[name^=met_]").all()
    for box in met:
        tick(page, box)
    write(page, dialog.locator("[name^=unmet_]").last, "Ei vielä tiedossa")
    expect(last).not_to_be_checked()
    save_step(page, then="Asettunut")


def open_step(page: Page, label: str) -> Locator:
    return open_dialog(page, page.locator("#main .page-head").get_by_role("link", name=label))


def save_step(page: Page, *, then: str) -> None:
    save_dialog(page)
    expect(page.locator("#main h1")).to_contain_text(then)


def take_step(page: Page, label: str, *, then: str) -> None:
    """A step whose answers are right as the dialog proposes them."""
    open_step(page, label)
    save_step(page, then=then)


def write_down_an_e_mail(page: Page) -> None:
    dialog = open_dialog(page, page.locator("#main .page-head").get_by_role("link", name="Sähköposti"))
    write(page, dialog.locator("[name=subject]"), "Kiitos avusta")
    write(page, dialog.locator("[name=text]"), "Perhe viihtyy.")
    save_dialog(page)
    expect(page.locator("#main .timeline li").filter(has_text="Kiitos avusta")).to_be_visible()


def assert_recorded(coordinator: User) -> None:
    """What the keys wrote is what the register holds."""
    case = Case.objects.get(household__people__family_name="Lumijoki", household__people__given_name="Leena")
    assert (case.state, case.channel, case.move_reason) == (State.SETTLED, Channel.EMAIL, "work")
    assert case.coordinator == coordinator
    assert case.household.moves_from == "Oulu"
    assert case.household.people.count() == 2
    assert case.events.filter(kind=EventKind.EMAIL, text="Kiitos avusta\nPerhe viihtyy.").exists()


def paper_of(page: Page, folder: Path) -> str:
    """What the downloaded report says."""
    follow(page, "Raportit")
    link = page.get_by_role("link", name="Lataa PDF")
    tab_to(page, link)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    file = folder / "report.pdf"
    download.value.save_as(file)
    assert file.read_bytes().startswith(b"%PDF-")
    return " ".join(" ".join(part.extract_text() for part in PdfReader(file).pages).split())


def test_from_a_sheet_to_the_figures(desk: Desk, town: Municipality, coordinator: User) -> None:
    page = desk.open("/")
    sign_in(page, coordinator)
    follow(page, "Tulokset")
    before = int(key_figure(page, "Avatut asiakkuudet"))
    today = timezone.localdate()
    lines = [
        Line(on=today, name=f"{name}, Aino", email=f"{name}@sheet.example".lower(), stage="uusi")
        for name in ("Petäjäkorpi", "Ruskavaara", "Kivisuo")
    ]

    follow(page, "Tuo taulukko")
    press(page, page.get_by_role("link", name="Tuo uusi taulukko").first)
    tab_to(page, page.locator("#id_file"))
    page.locator("#id_file").set_input_files(
        {"name": "taulukko.csv", "mimeType": "text/csv", "buffer": csv_sheet(lines)}
    )
    press(page, page.locator("#main").get_by_role("button", name="Lähetä"))
    press(page, page.get_by_role("button", name="Jatka"))
    expect(page.locator("h1")).to_contain_text("sanat")
    press(page, page.get_by_role("button", name="Jatka"))
    choose(page, page.locator("#id_coordinator"), coordinator.name)
    tab_to(page, page.locator("#id_notice_given_0"))
    page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Tarkista kaikki rivit"))
    press(page, page.get_by_role("button", name="Tuo 3 riviä"))
    expect(page.locator("#import-result")).to_contain_text("3", timeout=15_000)
    press(page, page.locator("#main").get_by_role("link", name="Avaa asiakkuudet"))
    expect(page.locator("#main")).to_contain_text("Petäjäkorpi")

    follow(page, "Tulokset")
    assert int(key_figure(page, "Avatut asiakkuudet")) == before + 3
    assert Case.objects.filter(coordinator=coordinator, state=State.CONTACT).count() == 3
