"""An installation of any size, made by chance and the same every time: towns, staff, people, ten years of cases.

Four municipalities hold 25, 15, 10 and 10 % of the cases, the other 304 share the rest. Rows are written by COPY,
not through the actions: at a million cases these would take days. `tests/benchmarks` holds what is written to what
the actions would have written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random
from uuid import UUID

from django.core.management import call_command
from django.utils import timezone

from benchmarks.copying import CHUNK, Table, loading
from cases import lifecycle
from cases.lifecycle import CloseReason, State
from cases.models import (
    Case,
    CasePerson,
    CaseStay,
    Channel,
    Event,
    EventKind,
    MoveReason,
    PersonFactKind,
    ReferenceCounter,
    Stay,
    Task,
    TaskKind,
    Transition,
)
from contacts.models import Gender, Household, HouseholdMember, NoticeGiven, Person, PersonBirth, Relation
from contacts.names import email_key, name_key, sound_keys
from crm.actions import role_group
from crm.management.demo import names
from crm.models import Membership, Municipality, User
from crm.roles import Role
from projects.actions import join_partner
from projects.models import Project

SHARES = {"320": 0.25, "241": 0.15, "854": 0.10, "614": 0.10}  # Kemijärvi, Keminmaa, Pello, Posio
LARGEST, SMALL = "320", "583"  # Kemijärvi, and Pelkosenniemi for a small one
COORDINATORS = 50  # in each of the four; one in each other municipality
YEARS = 10
LONG_AGO = date(2010, 1, 1)
EVENTS_OF_A_LONG_CASE = 30
_RECORDED_BEFORE = timedelta(minutes=10)  # what is recorded when the figures are saved counts in none of them yet

# The states of cases that are still open, as weights; some 7 % of all.
_OPEN_SHARE = 0.07
_OPEN = {State.CONTACT: 18, State.ASSESSMENT: 16, State.PLAN: 18, State.MOVING: 14, State.ARRIVED: 26, State.PAUSED: 8}
_CULTURES = (names.FINNISH,) * 7 + (names.UKRAINIAN, names.ARABIC, names.THAI, names.FILIPINO, names.SWEDISH)
# Parts of Finnish family names, put together by chance: enough different ones for a register of millions.
_BEGINNINGS = (
    "Aho Haapa Harju Heinä Hieta Joki Kallio Kanka Kari Karhu Kettu Kivi Koivu Kontio Korpi Koski Kuusi Laakso "
)
_BEGINNINGS += (
    "Lammi Lehto Leppä Linna Luoma Maja Mäki Mänty Niemi Niitty Oja Palo Pelto Poro Raja Ranta Rauta Rova Saari "
)
_BEGINNINGS += "Salo Sauna Savo Silta Suo Suvi Taival Tammi Tuomi Tuuli Uusi Vaara Valta Vesi Viita Virta Ylä"
_ENDINGS = "nen la mäki niemi vaara maa aho salo koski lahti ranta oja perä talo järvi suo saari aro harju korpi"
FAMILIES = [f"{begin}{end}" for begin in _BEGINNINGS.split() for end in _ENDINGS.split()]


@dataclass(frozen=True)
class Town:
    """A municipality with the ids of its coordinators."""

    id: int
    prefix: str
    coordinators: Sequence[int]


def build(cases: int, today: date, say: Callable[[str], None] = lambda text: None) -> None:
    """Fill an empty, migrated database with about `cases` cases, the last of them of `today`."""
    call_command("reference_data", verbosity=0)
    rng = Random(cases)
    towns, weights = _staff(today)
    tables = _Tables()
    numbers: Counter[tuple[int, int]] = Counter()
    with loading([table.model for table in tables.all()]):
        for number, town in enumerate(rng.choices(towns, weights, k=cases), start=1):
            _household(tables, rng, number, town, numbers, today)
            tables.write_when_full()
            if number % 100_000 == 0:
                say(f"{number} cases")
        tables.write()
        counters = Table(ReferenceCounter, "municipality_id year last")
        for (town_id, year), last in numbers.items():
            counters.add(town_id, year, last)
        counters.write()


def _staff(today: date) -> tuple[list[Town], list[float]]:
    """Accounts in every municipality and the project of the four; the towns and their shares of the cases."""
    rest = (1 - sum(SHARES.values())) / (Municipality.objects.count() - len(SHARES))
    towns, weights = [], []
    administrator = _user("administrator@example.fi")
    for place in Municipality.objects.order_by("code"):
        count = COORDINATORS if place.code in SHARES else 1
        users = [_user(f"coordinator{number}.{place.code}@example.fi") for number in range(1, count + 1)]
        _join(users, Role.COORDINATOR, municipality=place)
        if place.code in (*SHARES, SMALL):
            _join([_user(f"manager.{place.code}@example.fi")], Role.MANAGER, municipality=place)
        towns.append(Town(place.pk, place.prefix, [user.pk for user in users]))
        weights.append(SHARES.get(place.code, rest))
    four = Municipality.objects.filter(code__in=SHARES).order_by("code")
    project = Project.objects.create(code="S1", name="Asettuminen", lead=four[0], starts=LONG_AGO)
    for place in four:
        join_partner(project=project, municipality=place, joined=LONG_AGO, by=administrator, at=timezone.now())
    _join([_user("lead@example.fi")], Role.PROJECT_LEAD, project=project)
    return towns, weights


def _user(email: str) -> User:
    return User.objects.create(email=email, name=email.split("@")[0].replace(".", " ").title(), password="!")


def _join(users: Sequence[User], role: Role, **place) -> None:
    group = role_group(role=role, **place).group
    Membership.objects.bulk_create(Membership(user=user, group=group, starts=LONG_AGO) for user in users)


class _Tables:
    """A table for each model that is filled, and the next free id of each."""

    def __init__(self) -> None:
        fact = "happened_on date_known recorded_at by_id"
        self.household = Table(Household, "id municipality_id name size moves_from from_country recorded_at")
        self.person = Table(
            Person,
            "id identity municipality_id household_id given_name family_name name_key sound_key sound_key_turned "
            "birth_date gender citizenships languages phone phone_key email email_key recorded_at",
        )
        self.birth = Table(PersonBirth, f"person_id {fact}")
        self.member = Table(HouseholdMember, f"household_id person_id relation {fact}")
        self.notice = Table(NoticeGiven, "household_id version language given_on by_id recorded_at")
        self.case = Table(
            Case,
            "id reference household_id municipality_id state state_since paused_from reopens_to version coordinator_id "
            "opened_on channel move_reason stay planned_move_on review_on close_reason last_contact_on recorded_at",
        )
        self.stay = Table(CaseStay, f"case_id stay {fact}")
        self.transition = Table(Transition, f"id case_id sequence name from_state to_state before {fact}")
        self.person_fact = Table(CasePerson, f"case_id person_id kind transition_id {fact}")
        self.event = Table(Event, "case_id kind direction happened_at recorded_at by_id text transition_id")
        self.task = Table(Task, "case_id kind title due_on assignee_id done_on recorded_at by_id")
        self.people = self.transitions = 0

    def all(self) -> list[Table]:
        return [table for table in vars(self).values() if isinstance(table, Table)]

    def write_when_full(self) -> None:
        for table in self.all():
            if len(table.rows) >= CHUNK:
                table.write()

    def write(self) -> None:
        for table in self.all():
            table.write()


@dataclass
class _Story:
    """One case while it is made up: who, where, from when, and what each row repeats."""

    rng: Random
    id: int
    town: Town
    by: int
    opened: date
    today: date
    people: list[int]

    @property
    def at(self) -> datetime:
        return _moment(self.opened)


def _household(
    tables: _Tables, rng: Random, number: int, town: Town, numbers: Counter[tuple[int, int]], today: date
) -> None:
    """A household with its one case and all that belongs to them; case and household share their id."""
    state = _state(rng)
    age = rng.randrange(1, 400) if state in lifecycle.OPEN else rng.randrange(30, YEARS * 365)
    opened = today - timedelta(days=age)
    story = _Story(rng, number, town, rng.choice(town.coordinators), opened, today, [])
    _people(tables, story)
    numbers[town.id, opened.year] += 1
    reference = f"{town.prefix}-{opened.year}-{numbers[town.id, opened.year]:04d}"
    _case(tables, story, state, reference)


def _state(rng: Random) -> State:
    if rng.random() < _OPEN_SHARE:
        return rng.choices(list(_OPEN), list(_OPEN.values()))[0]
    return State.SETTLED if rng.random() < 0.45 else State.CLOSED


def _people(tables: _Tables, story: _Story) -> None:
    rng, culture = story.rng, story.rng.choice(_CULTURES)
    family = rng.choice(FAMILIES) if culture is names.FINNISH else culture.family(rng)
    size = rng.choices((1, 2, 3, 4, 5), (46, 24, 13, 12, 5))[0]
    country = "" if culture is names.FINNISH else culture.citizenship
    contact = ""
    for place in range(size):
        tables.people += 1
        gender = rng.choice((Gender.WOMAN, Gender.MAN))
        adult = place < 2
        given = culture.given(rng, gender) if adult else culture.child(rng, gender)
        contact = contact or f"{given} {family}"
        born = story.opened - timedelta(days=rng.randrange(20 * 365, 66 * 365) if adult else rng.randrange(0, 17 * 365))
        phone = f"040 {tables.people:08d}" if adult else ""
        email = f"mover{tables.people}@example.com" if place == 0 else ""
        tables.person.add(
            tables.people,
            UUID(int=rng.getrandbits(128), version=4),
            story.town.id,
            story.id,
            given,
            family,
            *_keys(given, family),
            born,
            gender.value,
            [culture.citizenship],
            [culture.language],
            phone,
            _phone_key(phone),
            email,
            email_key(email),
            story.at,
        )
        tables.birth.add(tables.people, born, True, story.at, story.by)
        relation = (Relation.CONTACT, Relation.PARTNER)[place] if adult else Relation.CHILD
        tables.member.add(story.id, tables.people, relation.value, story.opened, True, story.at, story.by)
        story.people.append(tables.people)
    tables.household.add(story.id, story.town.id, contact, size, "", country, story.at)
    tables.notice.add(story.id, "1.1", "fi", story.opened, story.by, story.at)


@lru_cache(200_000)
def _keys(given: str, family: str) -> tuple[str, str, str]:
    return name_key(given, family), *sound_keys(given, family)


def _phone_key(phone: str) -> str:
    """What `contacts.names.phone_key` gives for the numbers made here, which it takes ten times as long to read."""
    return f"+358{phone[1:].replace(' ', '')}" if phone else ""


def _case(tables: _Tables, story: _Story, state: State, reference: str) -> None:
    rng, today = story.rng, story.today
    closed_from = rng.choice((State.CONTACT, State.ASSESSMENT, State.PLAN, State.ARRIVED))
    reached = closed_from if state == State.CLOSED else State.PLAN if state == State.PAUSED else state
    steps = [(lifecycle.OPENED, "", State.CONTACT)]
    for to in lifecycle.PATH[1 : lifecycle.PATH.index(reached) + 1]:
        steps.append((lifecycle.NEXT[steps[-1][2]].name, steps[-1][2], to))
    if state == State.CLOSED:
        steps.append((lifecycle.CLOSE.name, closed_from, state))
    elif state == State.PAUSED:
        steps.append((lifecycle.PAUSE.name, State.PLAN, state))
    days = sorted(rng.randrange(0, min((today - story.opened).days, 500) + 1) for _step in steps[1:])
    dates = [story.opened, *(story.opened + timedelta(days=day) for day in days)]
    for sequence, ((name, start, to), on) in enumerate(zip(steps, dates, strict=True)):
        _transition(tables, story, sequence, name, start, to, on)
    last_contact = _events(tables, story, dates[-1] if state not in lifecycle.OPEN else today)
    _tasks(tables, story, undone=state in lifecycle.ACTIVE)
    stay = rng.choice((Stay.PERMANENT, Stay.PERMANENT, *Stay)).value
    tables.stay.add(story.id, stay, story.opened, True, story.at, story.by)
    moving = reached in (State.MOVING, State.ARRIVED, State.SETTLED)
    tables.case.add(
        story.id,
        reference,
        story.id,
        story.town.id,
        state.value,
        dates[-1],
        State.PLAN.value if state == State.PAUSED else "",
        closed_from.value if state == State.CLOSED else State.ARRIVED.value if state == State.SETTLED else "",
        len(steps) - 1,
        None if state == State.CONTACT and rng.random() < 0.3 else story.by,
        story.opened,
        rng.choice(Channel.values),
        rng.choice(MoveReason.values),
        stay,
        dates[-1] + timedelta(days=rng.randrange(-20, 90)) if moving else None,
        today + timedelta(days=rng.randrange(-20, 60)) if state == State.PAUSED else None,
        rng.choice((CloseReason.NO_WORK, CloseReason.NO_HOUSING, CloseReason.NO_REPLY, CloseReason.OTHER_PLACE)).value
        if state == State.CLOSED
        else "",
        last_contact,
        story.at,
    )


_ABOUT_PERSONS = {
    lifecycle.CONFIRM_MOVE.name: PersonFactKind.MOVES,
    lifecycle.REGISTER_ARRIVAL.name: PersonFactKind.ARRIVED,
    lifecycle.CONFIRM_SETTLED.name: PersonFactKind.SETTLED,
}


def _transition(tables: _Tables, story: _Story, sequence: int, name: str, start: str, to: str, on: date) -> None:
    tables.transitions += 1
    at = _moment(on)
    tables.transition.add(tables.transitions, story.id, sequence, name, str(start), str(to), {}, on, True, at, story.by)
    tables.event.add(story.id, EventKind.TRANSITION.value, "", at, at, story.by, "", tables.transitions)
    if kind := _ABOUT_PERSONS.get(name):
        for person in story.people:
            tables.person_fact.add(story.id, person, kind.value, tables.transitions, on, True, at, story.by)


_SAID = (
    "Kysyi vapaista asunnoista ja varhaiskasvatuspaikasta.",
    "Sovittiin tutustumiskäynnistä koululle.",
    "Lähetetty muuttajan opas ja linkit avoimiin työpaikkoihin.",
    "Ei vastannut, yritetään uudelleen ensi viikolla.",
)


def _events(tables: _Tables, story: _Story, until: date) -> date:
    """Calls, meetings and notes until the day the case ended; the day of the last contact. Every hundredth is long."""
    rng = story.rng
    count = EVENTS_OF_A_LONG_CASE if story.id % 100 == 0 else rng.randrange(0, 4)
    last = story.opened
    length = max((until - story.opened).days, 0)
    for _number in range(count):
        on = story.opened + timedelta(days=rng.randrange(0, length + 1))
        kind = rng.choice((EventKind.CALL, EventKind.EMAIL, EventKind.MEETING, EventKind.NOTE))
        direction = "" if kind == EventKind.NOTE else rng.choice(("in", "out"))
        last = last if kind == EventKind.NOTE else max(last, on)
        at = _moment(on)
        tables.event.add(story.id, kind.value, direction, at, at, story.by, rng.choice(_SAID), None)
    return last


_TASKS = ((TaskKind.GOAL, "Asunto"), (TaskKind.SERVICE, "Varhaiskasvatuspaikka"), (TaskKind.TASK, "Soita uudelleen"))


def _tasks(tables: _Tables, story: _Story, *, undone: bool) -> None:
    rng = story.rng
    for kind, title in _TASKS[: rng.randrange(0, 4)]:
        still = undone and rng.random() < 0.5
        due = story.today + timedelta(days=rng.randrange(-10, 60)) if still else story.opened + timedelta(days=20)
        done = None if still else min(due, story.today)
        tables.task.add(story.id, kind.value, title, due, story.by, done, story.at, story.by)


def _moment(on: date) -> datetime:
    """When what is of that day was recorded: before the figures are saved, whatever hour of today it is."""
    return min(datetime(on.year, on.month, on.day, 9, tzinfo=UTC), timezone.now() - _RECORDED_BEFORE)
