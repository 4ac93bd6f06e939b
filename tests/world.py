"""Two municipalities with all that can be seen of each other: the world in which every page is tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from cases.actions import add_task, log_advice, log_event, postpone_move
from cases.import_models import ImportBatch, ImportStep
from cases.lifecycle import State
from cases.models import AdviceTopic, Case, CasePerson, Channel, Direction, Event, EventKind, Task, TaskKind, Transition
from cases.sheets.actions import start_batch
from contacts.actions import PersonData, give_access
from contacts.models import Access, AccessKind, Household, NoticeLanguage, Person, Relation
from crm.models import Municipality, User
from crm.roles import INSTALLATION_ROLES, MUNICIPALITY_ROLES, Role
from projects.actions import create_major_project, join_partner, set_major_project, withdraw_partner
from projects.models import Project
from tests.factories import MunicipalityFactory, UserFactory, case_of, coordinator_of, joint_project, member, publish
from tests.factories.sheets import HEADINGS, Line, checked_import, csv_sheet, run_import, xlsx_sheet


@dataclass(frozen=True)
class Things:
    """A household and all that hangs on it, for filling addresses; `secret` is a word that only its pages may say."""

    secret: str
    household: Household
    person: Person
    case: Case
    task: Task
    event: Event
    transition: Transition
    postponement: Event
    fact: CasePerson
    access: Access


@dataclass(frozen=True)
class World:
    """Seen from `town`: `own` is open to its coordinator; the other three are not, each for its own reason."""

    town: Municipality
    elsewhere: Municipality
    project: Project
    users: dict[Role, User]  # one a role, in the town, in the project of both, or in the installation
    newcomer: User  # signed in, without any role
    imports: dict[str, str]  # tokens of the coordinator's imports, by the step where each is
    own: Things
    foreign: Things
    restricted: Things
    barred: Things

    @property
    def hidden(self) -> dict[str, Things]:
        """What the coordinator of the town may not know of."""
        return {"foreign": self.foreign, "restricted": self.restricted, "barred": self.barred}


def build_world() -> World:
    """Three rows of each kind in sight, so that a statement a row is seen in the count of statements."""
    town = MunicipalityFactory(name_fi="Omala", name_sv="Omala", name_en="Omala")
    elsewhere = MunicipalityFactory(name_fi="Muuala", name_sv="Muuala", name_en="Muuala")
    project = joint_project(town, elsewhere)
    places = {role: town if role in MUNICIPALITY_ROLES else project for role in Role if role not in INSTALLATION_ROLES}
    users = {role: member(role, places.get(role), name=f"Rooli {role.value}") for role in Role}
    coordinator = users[Role.COORDINATOR]
    colleague = coordinator_of(town, name="Kollega Omalasta")
    neighbour = coordinator_of(elsewhere, name="Naapuri Muualta")
    world = World(
        town=town,
        elsewhere=elsewhere,
        project=project,
        users=users,
        newcomer=member(Role.EDITOR, elsewhere, ends=timezone.localdate() - timedelta(days=1), name="Uusi Virkailija"),
        imports={},
        own=_things(town, coordinator, "Omanen"),
        foreign=_things(elsewhere, neighbour, "Vierasmaa"),
        restricted=_things(town, colleague, "Salattula", restricted=True),
        barred=_things(town, colleague, "Estelä"),
    )
    give_access(
        household=world.barred.household,
        user=coordinator,
        kind=AccessKind.BARRED,
        reason="sukulainen",
        starts=timezone.localdate() - timedelta(days=1),
        by=colleague,
        at=timezone.now(),
    )
    for family_name, state in [("Toinenkin", State.ARRIVED), ("Kolmaskin", State.MOVING), ("Neljäskin", State.PAUSED)]:
        _case(town, coordinator, family_name, state=state)
    for municipality, by in [(town, coordinator), (town, coordinator), (elsewhere, neighbour)]:
        log_advice(
            municipality=municipality,
            topic=AdviceTopic.HOUSING,
            language="fi",
            channel=Channel.PHONE,
            minutes=5,
            given_on=timezone.localdate(),
            by=by,
            at=timezone.now(),
        )
    for language in NoticeLanguage.values:
        publish(town, language=language)
    world.imports.update(_imports(town, coordinator))
    _projects(world, coordinator, neighbour)
    return world


def _projects(world: World, coordinator: User, neighbour: User) -> None:
    """Two more joint projects, a partner who left, and what draws the households, the hidden ones too."""
    at = timezone.now()
    for _number in range(2):
        joint_project(world.elsewhere)
    left = join_partner(
        project=world.project, municipality=MunicipalityFactory(), joined=world.project.starts, by=coordinator, at=at
    )
    withdraw_partner(partner=left, withdrew=timezone.localdate(at), by=coordinator, at=at)
    mill, *_others = (
        create_major_project(municipality=world.town, name=name, by=coordinator)
        for name in ("Tehdas", "Kaivos", "Telakka")
    )
    park = create_major_project(municipality=world.elsewhere, name=f"Tuulipuisto {world.foreign.secret}", by=neighbour)
    for things, drawn_by in [(world.own, mill), (world.restricted, mill), (world.foreign, park)]:
        set_major_project(case=things.case, major_project=drawn_by, by=coordinator, at=at)


def _things(municipality: Municipality, by: User, family_name: str, *, restricted: bool = False) -> Things:
    """A household about to move, whose move date has been changed once."""
    case = _case(municipality, by, family_name, state=State.MOVING, restricted=restricted)
    at = timezone.now()
    to = timezone.localdate(at) + timedelta(days=20)
    postponement = postpone_move(case=case, to=to, why=f"Talo {family_name} ei ole valmis", by=by, at=at)
    household = case.household
    access = give_access(
        household=household,
        user=UserFactory(),
        kind=AccessKind.BARRED,
        reason="naapuri",
        starts=timezone.localdate(at),
        by=by,
        at=at,
    )
    return Things(
        secret=family_name,
        household=household,
        person=household.people.order_by("pk")[0],
        case=case,
        task=case.tasks.order_by("-pk")[0],
        event=case.events.filter(kind=EventKind.NOTE).order_by("-pk")[0],
        transition=case.transitions.order_by("-sequence")[0],
        postponement=postponement,
        fact=case.person_facts.order_by("pk")[0],
        access=access,
    )


def _case(municipality: Municipality, by: User, family_name: str, *, state: State, restricted: bool = False) -> Case:
    at = timezone.now()
    people = (
        (PersonData(given_name="Eka", family_name=family_name, email=f"eka@{family_name}.example".lower()), "contact"),
        (PersonData(given_name="Toka", family_name=family_name, birth_year=2015), Relation.CHILD),
    )
    case = case_of(municipality, by, state=state, people=people, restricted=restricted)
    for kind in (EventKind.CALL, EventKind.NOTE):
        log_event(
            case=case,
            kind=kind,
            direction=Direction.OUT if kind == EventKind.CALL else Direction.NONE,
            happened_at=at - timedelta(hours=1),
            text=f"Soitto taloudelle {family_name}",
            minutes=5,
            by=by,
            at=at,
        )
        add_task(
            case=case,
            kind=TaskKind.TASK,
            title=f"Tehtävä taloudelle {family_name}",
            due_on=timezone.localdate(at),
            assignee=by,
            by=by,
            at=at,
        )
    return case


def _imports(town: Municipality, by: User) -> dict[str, str]:
    """Sheets at each step; some rows have the e-mail of a household that the coordinator may not know of."""
    lines = [
        *[Line(name=f"Rivi, Numero {n}", email=f"rivi{n}@sheet.example", stage="tauolla") for n in range(1, 6)],
        Line(name="Rivi, Numero 1", email="rivi1@sheet.example"),
    ]
    hidden = [Line(name="Aivan, Muu", email=f"eka@{name}.example") for name in ("salattula", "vierasmaa", "estelä")]
    older = [list(HEADINGS), ["1.2.2020", "Vanha, Väinö", "", "", "", "", "2", "", "uusi", ""]]
    two_sheets = xlsx_sheet(lines, more_sheets=[("2020", older)])
    chosen_next = start_batch(municipality=town, file_name="kaksi.xlsx", content=two_sheets, by=by, at=timezone.now())
    checked = checked_import(town, by, csv_sheet(lines + hidden))
    running, done = (checked_import(town, by, csv_sheet(lines)) for _ in range(2))
    ImportBatch.objects.filter(pk=running.pk).update(step=ImportStep.RUNNING)
    return {
        "sheet": chosen_next.token,
        "check": checked.token,
        "running": running.token,
        "done": run_import(done).token,
    }
