"""The transitions of a case, and taking them back: each a dialog that asks only what it needs."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import lifecycle
from cases.access import opened_case
from cases.actions import (
    FIRST_THE_MEMBERS,
    correct_step_date,
    day_told,
    facts_from,
    facts_of_step,
    resting_on,
    step_name,
    take_back_last,
    take_step,
)
from cases.casefile import household_rows
from cases.forms.corrections import DateCorrectionForm, TakeBackForm
from cases.forms.steps import StepForm
from cases.lifecycle import Facts, Rule, State
from cases.models import Case, CasePerson, PersonFactKind, Task, Transition
from cases.steps import out_of_turn
from cases.views.dialogs import dialog, page_of, what_changed
from cases.views.mending import mends_first, mends_of
from contacts.models import HouseholdMember, Person
from contacts.requests import StaffRequest
from crm.pages import came_from, done, leading_back, sent_as_one, typed
from crm.permissions import Permission

# Where the work ends, or nearly so: what is still undone is told.
ENDS = (lifecycle.CONFIRM_SETTLED, lifecycle.CLOSE, lifecycle.MOVE_AWAY)


@sent_as_one
def case_step(request: StaffRequest, reference: str, name: str) -> HttpResponse:
    """One transition of the lifecycle, by its name with hyphens."""
    rule = _rule(name)
    case = opened_case(request, Permission.WORK_CASES, lock=request.method == "POST", reference=reference)
    back = came_from(request)
    memberships = household_rows(case)
    undone = list(case.tasks.undone().order_by("due_on", "pk")) if rule in ENDS else []
    form = _step_form(request, case, rule, memberships, undone)

    def act() -> HttpResponse:
        answers = form.answers()
        after = take_step(
            case=case,
            facts=form.facts,
            rule=rule,
            answers=answers,
            seen_version=form.cleaned_data["version"],
            drop_tasks=form.cleaned_data.get("drop_tasks", False),
            by=request.user,
            at=timezone.now(),
        )
        offer = (_("Take back"), leading_back(reverse("case_take_back", args=[case.reference]), back))
        return done(request, back or page_of(case), _what_was_done(rule, after, answers.on), offer)

    return dialog(
        request,
        form,
        act,
        heading=rule.label,
        action=rule.label,
        back=back or page_of(case),
        changed=what_changed(request, case),
        fragment="cases/_step.html",
        case=case,
        rule=rule,
        undone=undone,
        impossible="" if case.state in rule.sources else out_of_turn(case, rule),
        mends=mends_of(case, rule.missing(form.facts), memberships),
    )


def _rule(name: str) -> Rule:
    """The transition that an address names; Http404 where there is none."""
    rule = lifecycle.RULES.get(name.replace("-", "_"))
    if rule is None:
        raise Http404
    return rule


def _step_form(
    request: StaffRequest, case: Case, rule: Rule, memberships: list[HouseholdMember], undone: list[Task]
) -> StepForm:
    person_facts = list(case.person_facts.standing())
    facts = facts_from(case, memberships, person_facts, request.today)
    people = _asked_about(rule, facts, memberships)
    chosen = request.GET.get("reason", "") if rule is lifecycle.CLOSE else ""  # by the link that led here
    return StepForm(
        typed(request),
        rule=rule,
        facts=facts,
        people=people,
        chosen=_chosen(rule, facts, people, person_facts),
        undone=undone,
        version=case.version,
        initial={
            "planned_move_on": case.planned_move_on,
            "reason": chosen,
            "target": request.GET.get("target", ""),  # by the column of the board it was put in
        },
    )


def _asked_about(rule: Rule, facts: Facts, memberships: list[HouseholdMember]) -> list[Person]:
    """Whom the question about persons offers: the members, but for those whose arrival is already recorded."""
    gone = frozenset(facts.arrived) if rule is lifecycle.REGISTER_ARRIVAL else frozenset()
    return [row.person for row in memberships if row.person_id in facts.members - gone]


def _chosen(rule: Rule, facts: Facts, people: list[Person], person_facts: list[CasePerson]) -> frozenset[int]:
    """Who is ticked beforehand: all for a move; for an arrival those known to move. Who lives alone is no question."""
    offered = frozenset(person.pk for person in people)
    if rule is lifecycle.CONFIRM_MOVE or len(offered) == 1:
        return offered
    return offered & {fact.person_id for fact in person_facts if fact.kind == PersonFactKind.MOVES}


def _what_was_done(rule: Rule, after: Case, on) -> str:
    told = {"step": rule.done, "state": State(after.state).label}
    if rule is lifecycle.REGISTER_ARRIVAL and on < after.opened_on:
        return _("Recorded: they lived here before the first contact. The case is now in the state %(state)s.") % told
    return _("Recorded: %(step)s. The case is now in the state %(state)s.") % told


@sent_as_one
def case_take_back(request: StaffRequest, reference: str) -> HttpResponse:
    """Void the last change of state, with a reason."""
    case = opened_case(request, Permission.WORK_CASES, lock=request.method == "POST", reference=reference)
    back = came_from(request) or page_of(case)
    last = case.transitions.standing().order_by("-sequence")[0]
    first = mends_first(case, resting_on(last))
    form = TakeBackForm(typed(request), initial={"version": case.version})

    def act() -> HttpResponse:
        told = form.cleaned_data
        after = take_back_last(
            case=case, why=told["why"], seen_version=told["version"], by=request.user, at=timezone.now()
        )
        message = _("Taken back. The case is again in the state %(state)s.") % {"state": State(after.state).label}
        return done(request, back, message)

    return dialog(
        request,
        form,
        act,
        heading=_("Take back: %(step)s") % {"step": step_name(last.name)},
        explains=_("The last change of state is undone, with what it said of the members. The timeline keeps both."),
        action=_("Take back"),
        impossible=FIRST_THE_MEMBERS if first else "",
        mends=first,
        back=back,
        changed=what_changed(request, case),
    )


def case_step_date(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """Another date for a change of state."""
    case = opened_case(request, Permission.WORK_CASES, reference=reference)
    transition = get_object_or_404(Transition.objects.filter(case=case, void=False), pk=pk)
    form = DateCorrectionForm(typed(request), initial={"on": day_told(transition)})

    def act() -> HttpResponse:
        told = form.cleaned_data
        correct_step_date(transition=transition, on=told["on"], why=told["why"], by=request.user, at=timezone.now())
        return done(request, page_of(case), _("The date was corrected."))

    return dialog(
        request,
        form,
        act,
        heading=_("Correct the date: %(step)s") % {"step": step_name(transition.name)},
        explains=_("The dates of the members that came with it move along. The timeline keeps the earlier date.")
        if facts_of_step(transition).standing().exists()
        else _("The timeline keeps the earlier date."),
        back=page_of(case),
    )
