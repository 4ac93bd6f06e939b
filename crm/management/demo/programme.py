"""The joint project, the region's major projects and the privacy notices."""

from __future__ import annotations

from datetime import date, datetime, time
from random import Random

from django.utils import timezone

from contacts.actions import publish_notice
from contacts.models import NoticeLanguage
from crm.management.demo.places import KEMIJARVI, KEMINMAA, PELLO, POSIO, TOWNS
from crm.management.demo.staff import ADMINISTRATOR, coordinators, join_project
from crm.models import Municipality, User
from projects.actions import create_major_project, create_project, join_partner
from projects.models import Project

STARTED = date(2020, 8, 1)
PELLO_JOINED = date(2021, 10, 1)  # it prepared the project and came in a year later
NOTICE_VERSION = "1.1"

_MAJOR_PROJECTS = (
    (KEMIJARVI, "Biojalostamo, rakennusvaihe", date(2024, 5, 1)),
    (KEMINMAA, "Biotuotetehtaan alihankintaketju", date(2021, 3, 1)),
    (POSIO, "Matkailukeskuksen laajennus", date(2023, 1, 1)),
    (PELLO, "Tuulipuiston rakentaminen", date(2025, 4, 1)),
)
_NOTICE = {
    NoticeLanguage.FI: "{name} käsittelee muuttajan tietoja julkisen tehtävän hoitamiseksi (EU:n tietosuoja-asetus, "
    "6 artikla 1 e). Tietoja käyttävät vain kunnan muuttajapalvelun työntekijät. Voit pyytää tietosi nähtäväksi, "
    "oikaistavaksi tai poistettavaksi kunnan tietosuojavastaavalta.",
    NoticeLanguage.EN: "{name} processes data about people who move to carry out a public task (GDPR, Article 6(1)(e))."
    " Only the staff of the municipality's service for movers use the data. You may ask the data protection officer of "
    "the municipality to show, correct or erase your data.",
}


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), timezone.get_default_timezone())


def make_programme(
    municipalities: dict[str, Municipality], users: dict[str, User], rng: Random, today: date
) -> Project:
    """The project with its four partners and roles, and what else the towns have in common."""
    administrator = users[ADMINISTRATOR]
    project = create_project(
        code="S30217",
        name="Asettautumispalvelut pieniin kuntiin",
        lead=municipalities[POSIO.code],
        starts=STARTED,
        ends=date(today.year + 1, 12, 31),
        by=administrator,
    )
    for town in TOWNS:
        joined = PELLO_JOINED if town is PELLO else STARTED
        join_partner(
            project=project,
            municipality=municipalities[town.code],
            joined=joined,
            decision=f"{rng.randint(20, 400)}/06.061/{joined.year}",
            by=administrator,
            at=_noon(joined),
        )
    join_project(users, project, today)
    for town, name, starts in _MAJOR_PROJECTS:
        by = coordinators(users, town)[0]
        create_major_project(municipality=municipalities[town.code], name=name, starts=starts, by=by)
    for town in TOWNS:
        _publish_notice(municipalities[town.code], by=administrator)
    return project


def _publish_notice(municipality: Municipality, *, by: User) -> None:
    for language, text in _NOTICE.items():
        publish_notice(
            municipality=municipality,
            version=NOTICE_VERSION,
            language=language,
            published_on=STARTED,
            text=text.format(name=municipality.name_fi),
            by=by,
            at=_noon(STARTED),
        )
