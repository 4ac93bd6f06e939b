"""All that the page of one case shows, read in five statements beside the case itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import F
from django.utils.formats import date_format

from cases import lifecycle
from cases.actions import facts_from, why_not_postponed
from cases.lifecycle import Facts, Need, Rule, State
from cases.models import ARRIVALS, PLAN_KINDS, Case, CasePerson, PersonFactKind, Task, Transition
from cases.path import Stage, latest_rows, path_of, standing_rows
from cases.steps import who_may
from cases.timeline import Timeline, timeline_of
from contacts.models import HouseholdMember, Person


@dataclass(frozen=True)
class Member:
    """A person of the household, with what has come about in this case, in the order it comes about."""

    person: Person
    relation: str
    facts: Sequence[CasePerson]
    left: bool  # the household, or the municipality
    age: int | None
    may_arrive: bool
    may_settle: bool
    may_leave: bool


@dataclass(frozen=True)
class NextStep:
    """A transition that starts here, and what must be seen to first."""

    rule: Rule
    missing: Sequence[Need]


@dataclass(frozen=True)
class TaskRow:
    """A task, and for how many days it has been late."""

    task: Task
    late_days: int

    @property
    def left_undone(self) -> bool:
        """The case closed without it: nothing is due any more."""
        return not self.task.done_on and not self.task.case.takes_tasks

    @property
    def note(self) -> str:
        """Who does it, and when it was due where that is not shown otherwise."""
        who = self.task.assignee.name if self.task.assignee else ""
        told = self.late_days or self.left_undone
        due = date_format(self.task.due_on, "SHORT_DATE_FORMAT") if self.task.due_on and told else ""
        return " · ".join(part for part in (who, due) if part)


@dataclass(frozen=True)
class TaskList:
    """Tasks of one kind: those to be done, then those done."""

    undone: Sequence[TaskRow]
    done: Sequence[TaskRow]

    @property
    def total(self) -> int:
        return len(self.undone) + len(self.done)


@dataclass(frozen=True)
class CaseFile:
    """One case with everything its page shows; `case` comes from `cases.access.opened_case`."""

    case: Case
    today: date
    memberships: Sequence[HouseholdMember]
    person_facts: Sequence[CasePerson]
    transitions: Sequence[Transition]
    tasks: Sequence[TaskRow]
    timeline: Timeline

    @cached_property
    def facts(self) -> Facts:
        return facts_from(self.case, self.memberships, self.person_facts, self.today)

    @cached_property
    def standing(self) -> list[Transition]:
        return standing_rows(self.transitions)

    @property
    def path(self) -> list[Stage]:
        return path_of(self.case, self.standing)

    @property
    def last(self) -> Transition:
        """The change of state that holds now; it alone can be taken back."""
        return self.standing[-1]

    @property
    def can_take_back(self) -> bool:
        return self.last.name != lifecycle.OPENED

    @cached_property
    def next_steps(self) -> list[NextStep]:
        return [NextStep(rule, rule.missing(self.facts)) for rule in lifecycle.rules_from(self.case.state)]

    @property
    def primary(self) -> NextStep | None:
        """The one next action of this state; none where the way has ended."""
        rule = lifecycle.NEXT.get(State(self.case.state))
        return next((step for step in self.next_steps if step.rule is rule), None)

    @property
    def first_arrival(self) -> CasePerson | None:
        """The day on which the household is said to have arrived, though the state may be younger (already here)."""
        return next((fact for fact in self.person_facts if fact.kind in ARRIVALS), None)

    @property
    def can_postpone(self) -> bool:
        return not why_not_postponed(self.case)

    @property
    def plan(self) -> TaskList:
        return task_list(self.tasks, plan=True)

    @property
    def other_tasks(self) -> TaskList:
        return task_list(self.tasks, plan=False)

    @property
    def languages(self) -> list[str]:
        """Codes of the languages the household speaks, in the order of its members, each once."""
        return list(dict.fromkeys(code for row in self.memberships for code in row.person.languages))

    @cached_property
    def members(self) -> list[Member]:
        return members_from(self.facts, self.memberships, self.person_facts)


def members_from(
    facts: Facts, memberships: Sequence[HouseholdMember], person_facts: Sequence[CasePerson]
) -> list[Member]:
    """The people of the household with what has come about; those who have left it last, each once."""
    rows = {row.person_id: row for row in memberships}
    told: dict[int, list[CasePerson]] = {person: [] for person in rows}
    for fact in person_facts:
        told.setdefault(fact.person_id, []).append(fact)
    return sorted((_member(facts, row, told[row.person_id]) for row in rows.values()), key=lambda one: one.left)


def _member(facts: Facts, row: HouseholdMember, told: Sequence[CasePerson]) -> Member:
    person = row.person_id
    return Member(
        person=row.person,
        relation=row.get_relation_display(),
        facts=_in_order(told),
        left=person in facts.left or person not in facts.members,
        age=row.person.age_on(facts.today),
        may_arrive=person in who_may(PersonFactKind.ARRIVED, facts),
        may_settle=person in who_may(PersonFactKind.SETTLED, facts),
        may_leave=person in who_may(PersonFactKind.LEFT, facts),
    )


_ORDER = {kind: place for place, kind in enumerate(PersonFactKind.values)}


def _in_order(facts: Sequence[CasePerson]) -> list[CasePerson]:
    """Moves, arrived, settled, left; that someone is going to move goes without saying once they have."""
    arrived = any(fact.kind in ARRIVALS for fact in facts)
    shown = [fact for fact in facts if not (arrived and fact.kind == PersonFactKind.MOVES)]
    return sorted(shown, key=lambda fact: _ORDER[fact.kind])


def read_casefile(case: Case, today: date) -> CaseFile:
    """Members, facts about them, transitions, tasks and the newest events: five statements."""
    memberships = household_rows(case)
    transitions = list(case.transitions.order_by("sequence", "pk"))
    return CaseFile(
        case=case,
        today=today,
        memberships=memberships,
        person_facts=list(case.person_facts.standing().in_order()),
        transitions=transitions,
        tasks=task_rows(case, today),
        timeline=timeline_of(case, latest=latest_rows(transitions), names=names_of(memberships)),
    )


def household_rows(case: Case) -> list[HouseholdMember]:
    """The standing memberships of the case's household, with their persons; ended ones too."""
    rows = HouseholdMember.objects.standing().filter(household=case.household_id)
    return list(rows.select_related("person").in_order())


def names_of(memberships: Sequence[HouseholdMember]) -> Mapping[int, str]:
    return {row.person_id: row.person.name for row in memberships}


def task_rows(case: Case, today: date) -> list[TaskRow]:
    """The case's tasks: what is due first comes first, what is done last."""
    tasks = case.tasks.select_related("assignee").order_by(
        F("done_on").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk"
    )
    return [task_row(task, today) for task in tasks]


def task_list(rows: Sequence[TaskRow], *, plan: bool) -> TaskList:
    """Of `rows` those of the plan, or the other tasks."""
    rows = [row for row in rows if (row.task.kind in PLAN_KINDS) == plan]
    return TaskList([row for row in rows if not row.task.done_on], [row for row in rows if row.task.done_on])


def task_row(task: Task, today: date) -> TaskRow:
    if task.due_on is None or task.done_on:
        return TaskRow(task, 0)
    return TaskRow(task, max((today - task.due_on).days, 0))
