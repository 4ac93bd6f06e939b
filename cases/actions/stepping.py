"""The transitions of the lifecycle, one at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases import lifecycle
from cases.actions.tasks import remove_undone
from cases.lifecycle import Answers, Facts, Rule, State
from cases.models import ARRIVALS, PLAN_KINDS, Case, CasePerson, Event, PersonFactKind, Task, Transition
from cases.steps import Step, prepare
from contacts.models import HouseholdMember, NoticeGiven
from crm.models import Municipality, SettledCriterion, User
from crm.refusal import Outdated

# The facts about persons that no longer hold when a case goes back: they are voided by the transition.
_UNDONE = {
    (lifecycle.REOPEN.name, State.SETTLED): PersonFactKind.SETTLED,
    (lifecycle.FALL_BACK.name, State.MOVING): PersonFactKind.MOVES,
}


def take_step(
    *,
    case: Case,
    rule: Rule,
    answers: Answers,
    facts: Facts | None = None,
    seen_version: int | None = None,
    drop_tasks: bool = False,
    by: User,
    at: datetime,
) -> Case:
    """Carry out one transition. Refused, with a sentence for each reason, where it may not be.

    `facts`: what the conditions ask of the case, where the caller has locked it and read them (else it is done here).
    `drop_tasks`: what has not been done need not be done any more, and is removed.

    `seen_version` is the version of the case the user had before them; where somebody has moved the case on
    meanwhile, the user is told what happened and nothing is changed.
    """
    with transaction.atomic():
        if facts is None:
            case, facts = locked_with_facts(case.pk, timezone.localdate(at))
        if seen_version is not None and seen_version != case.version:
            raise Outdated(what_happened(case))
        undone = _UNDONE.get((rule.name, State(case.state)))
        step = prepare(case, rule, facts, answers, by=by, at=at)
        case.save()
        record(step, *(remove_undone(case=case, by=by, at=at) if drop_tasks else ()))
        if undone:
            CasePerson.objects.bulk_create(
                fact.replacement(void=True, transition=step.transition, why=answers.reason, by=by, at=at)
                for fact in case.person_facts.standing().filter(kind=undone)
            )
    return case


def facts_of(case: Case, *, today: date) -> Facts:
    """What the lifecycle's conditions ask of a case, as stored: three statements."""
    return _facts(with_facts(Case.objects.filter(pk=case.pk)).get(), today)


def locked_with_facts(pk: int, today: date) -> tuple[Case, Facts]:
    """The case under its row's lock, with what the conditions ask of it: four statements."""
    # The lock is a statement of its own: what the second one reads is then what the one before us committed.
    Case.objects.select_for_update().order_by("pk").values_list("pk").get(pk=pk)
    case = with_facts(Case.objects.filter(pk=pk)).get()
    return case, _facts(case, today)


def with_facts(cases):
    """Cases that carry what `facts_from` reads of them beside members and facts about persons."""
    standing = Transition.objects.standing().filter(case=OuterRef("pk")).order_by("-sequence")
    return cases.select_related("municipality").annotate(
        last_on=Subquery(standing.values("happened_on")[:1]),
        notice_given=Exists(NoticeGiven.objects.filter(household=OuterRef("household"))),
        has_plan=Exists(Task.objects.filter(case=OuterRef("pk"), kind__in=PLAN_KINDS)),
        other_open_case=Exists(Case.objects.open().filter(household=OuterRef("household")).exclude(pk=OuterRef("pk"))),
    )


def _facts(case, today: date) -> Facts:
    members = HouseholdMember.objects.standing().filter(household=case.household_id).select_related("person").in_order()
    return facts_from(case, members, case.person_facts.standing(), today)


def facts_from(case, members: Iterable[HouseholdMember], person_facts: Iterable[CasePerson], today: date) -> Facts:
    """The facts from rows already read: a case of `with_facts`, the standing rows of its household and persons."""
    members = [member for member in members if member.until is None or member.until >= today]
    people = [member.person for member in members]
    told = [(fact.person_id, fact.kind, fact.happened_on) for fact in person_facts]
    return Facts(
        today=today,
        state=case.state,
        opened_on=case.opened_on,
        last_on=case.last_on,
        named_person=any(person.named for person in people),
        notice_given=case.notice_given,
        has_coordinator=case.coordinator_id is not None,
        has_plan=case.has_plan,
        criteria=criteria_of(case.municipality, any(row.person.is_child_on(today, row.relation) for row in members)),
        members=frozenset(person.pk for person in people),
        arrived={person: on for person, kind, on in told if kind in ARRIVALS},
        settled=frozenset(person for person, kind, _on in told if kind == PersonFactKind.SETTLED),
        left=frozenset(person for person, kind, _on in told if kind == PersonFactKind.LEFT),
        moved_away=case.close_reason in lifecycle.LEAVING_REASONS,
        other_open_case=case.other_open_case,
    )


def criteria_of(municipality: Municipality, children: bool) -> tuple[str, ...]:
    """The municipality's criteria; school and early childhood education only where there are children."""
    return tuple(
        criterion.value
        for criterion in SettledCriterion
        if criterion in municipality.settled_criteria and (children or criterion != SettledCriterion.SCHOOL)
    )


def what_happened(case: Case) -> str:
    """Tells who changed the case while the user had an older version before them."""
    last = case.transitions.select_related("by").order_by("-id").first()
    if last is None or last.void:
        return _("This case was changed meanwhile. Look at it again before you go on.")
    return _("%(name)s has meanwhile recorded «%(step)s» (%(date)s). Look at the case again before you go on.") % {
        "name": last.by.name,
        "step": step_name(last.name),
        "date": date_format(last.happened_on, "SHORT_DATE_FORMAT"),
    }


def step_name(name: str) -> str:
    """How a transition row is called on a timeline."""
    return str(lifecycle.RULES[name].done) if name in lifecycle.RULES else _("First contact")


def record(step: Step, *events: Event) -> None:
    """Save what a prepared step writes beside the case, and `events` after its own."""
    step.transition.save()
    CasePerson.objects.bulk_create(step.person_facts)
    Event.objects.bulk_create([step.event, *events])
