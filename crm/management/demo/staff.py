"""The demo's accounts: every role, in every municipality where it applies. All addresses lead nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from crm.actions import grant_role
from crm.management.demo.places import FIRST_CONTACT, KEMIJARVI, KEMINMAA, PELLO, POSIO, TOWNS, Town
from crm.models import Municipality, User
from crm.roles import PROJECT_ROLES, Role
from projects.models import Project

# Known to everyone on purpose: the demo is for trying out, and is never built into a register in use.
PASSWORD = "asetu-demo-salasana"  # noqa: S105
ADMINISTRATOR = "administrator@example.fi"

_SLUGS = {POSIO: "posio", KEMIJARVI: "kemijarvi", KEMINMAA: "keminmaa", PELLO: "pello"}


@dataclass(frozen=True)
class Account:
    email: str
    name: str
    role: Role
    town: Town | None = None  # None: a role of the project or of the installation


_TOWN_ROLES = (
    ("coordinator1", Role.COORDINATOR),
    ("coordinator2", Role.COORDINATOR),
    ("manager", Role.MANAGER),
    ("editor", Role.EDITOR),
    ("inspector", Role.INSPECTOR),
)
_NAMES = {
    POSIO: ("Helena Karjalainen", "Antero Lampela", "Pirjo Mustonen", "Niina Määttä", "Esa Tolonen"),
    KEMIJARVI: ("Marja Lahti", "Jouni Salmela", "Atte Rantakokko", "Sini Kuusela", "Ritva Ollila"),
    KEMINMAA: ("Katja Pekkala", "Olli Nikula", "Mervi Alatalo", "Tero Haapala", "Sirkka Jokela"),
    PELLO: ("Anni Vaara", "Jarmo Niemelä", "Eija Lohi", "Laura Keskitalo", "Martti Poikela"),
}
ACCOUNTS = (
    *(
        Account(f"{word}.{_SLUGS[town]}@example.fi", name, role, town)
        for town in TOWNS
        for (word, role), name in zip(_TOWN_ROLES, _NAMES[town], strict=True)
    ),
    Account("lead@example.fi", "Sari Leinonen", Role.PROJECT_LEAD),
    Account("approver@example.fi", "Hannu Ylitalo", Role.APPROVER),
    Account("auditor@example.fi", "Kirsi Aro", Role.AUDITOR),
    Account(ADMINISTRATOR, "Teemu Heikkinen", Role.ADMINISTRATOR),
)


def make_staff(municipalities: dict[str, Municipality], today: date) -> dict[str, User]:
    """All accounts with the roles that need no project, by e-mail."""
    password = make_password(PASSWORD)  # once: it is slow on purpose
    users = {
        account.email: User.objects.create(email=account.email, name=account.name, password=password)
        for account in ACCOUNTS
    }
    administrator = users[ADMINISTRATOR]
    grant_role(user=administrator, role=Role.ADMINISTRATOR, starts=FIRST_CONTACT, by=None)
    for account in ACCOUNTS:
        if account.town:
            grant_role(
                user=users[account.email],
                role=account.role,
                municipality=municipalities[account.town.code],
                starts=FIRST_CONTACT,
                by=administrator,
            )
    grant_role(
        user=users["coordinator2.keminmaa@example.fi"],
        role=Role.COORDINATOR,
        municipality=municipalities[PELLO.code],
        starts=today - timedelta(30),
        ends=today + timedelta(90),
        standing_in_for=users["coordinator2.pello@example.fi"],
        by=administrator,
    )
    return users


def join_project(users: dict[str, User], project: Project, today: date) -> None:
    """The roles of the joint project; the auditor's ends in a year."""
    for account in ACCOUNTS:
        if account.role in PROJECT_ROLES:
            grant_role(
                user=users[account.email],
                role=account.role,
                project=project,
                starts=FIRST_CONTACT,
                ends=today + timedelta(365) if account.role == Role.AUDITOR else None,
                by=users[ADMINISTRATOR],
            )


def coordinators(users: dict[str, User], town: Town) -> list[User]:
    return [users[f"coordinator{number}.{_SLUGS[town]}@example.fi"] for number in (1, 2)]
