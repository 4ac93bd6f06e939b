"""Arriving, settling and leaving of single members, and the dates of these."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.access import opened_case
from cases.actions import (
    correct_person_date,
    facts_from,
    record_person_fact,
    resting_on_arrival,
    take_back_person_fact,
    why_nobody,
    why_person_fact_stays,
)
from cases.casefile import household_rows
from cases.forms.corrections import DateCorrectionForm, PersonFactForm, TakeBackForm
from cases.models import ARRIVALS, Case, CasePerson, PersonFactKind
from cases.steps import who_may
from cases.views.dialogs import dialog, page_of, what_changed
from cases.views.mending import mends_first
from contacts.requests import StaffRequest
from crm.pages import done, sent_as_one, typed
from crm.permissions import Permission

HEADINGS: dict[PersonFactKind, Promise] = {
    PersonFactKind.ARRIVED: gettext_lazy("Record a later arrival"),
    PersonFactKind.SETTLED: gettext_lazy("Record as settled"),
    PersonFactKind.LEFT: gettext_lazy("Record moving away"),
}
EXPLAINS: dict[PersonFactKind, Promise] = {
    PersonFactKind.ARRIVED: gettext_lazy("Those who came later than the first. The state of the case stays."),
    PersonFactKind.SETTLED: gettext_lazy("Those who settled on another day than the others. The state stays."),
    PersonFactKind.LEFT: gettext_lazy(
        "Those who no longer live here; they leave the household. If everybody left, close the case instead."
    ),
}


@sent_as_one
def case_people(request: StaffRequest, reference: str, kind: str) -> HttpResponse:
    """Record one fact about one or more members; `?person=` ticks one beforehand."""
    fact, sent = PersonFactKind(kind), request.method == "POST"
    leaves = sent and fact == PersonFactKind.LEFT  # which ends that they belong to the household
    case = opened_case(request, Permission.WORK_CASES, lock=sent, lock_household=leaves, reference=reference)
    memberships = household_rows(case)
    facts = facts_from(case, memberships, case.person_facts.standing(), request.today)
    people = list({row.person_id: row.person for row in memberships if row.person_id in who_may(fact, facts)}.values())
    asked_for = request.GET.get("person", "")
    chosen = [person.pk for person in people if str(person.pk) == asked_for or len(people) == 1]
    form = PersonFactForm(
        typed(request), people=people, chosen=chosen, today=request.today, initial={"version": case.version}
    )

    def act() -> HttpResponse:
        told = form.cleaned_data
        record_person_fact(
            case=case,
            kind=fact,
            persons=told["persons"],
            on=told["on"],
            seen_version=told["version"],
            by=request.user,
            at=timezone.now(),
        )
        return done(request, page_of(case), _("Recorded for the members you chose."))

    nobody = why_nobody(facts) or _("There is nobody in the household for whom this can be recorded now.")
    return dialog(
        request,
        form,
        act,
        heading=HEADINGS[fact],
        explains=EXPLAINS[fact],
        impossible="" if people else nobody,
        back=page_of(case),
        changed=what_changed(request, case),
    )


def case_person_date(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """Another date for one fact about one member."""
    case = opened_case(request, Permission.WORK_CASES, reference=reference)
    fact = _fact_of(case, pk)
    form = DateCorrectionForm(typed(request), initial={"on": fact.happened_on})

    def act() -> HttpResponse:
        told = form.cleaned_data
        correct_person_date(fact=fact, on=told["on"], why=told["why"], by=request.user, at=timezone.now())
        return done(request, page_of(case), _("The date was corrected."))

    explains = _("Only the date of this person changes; the dates of the case stay. The timeline keeps the earlier.")
    if fact.kind in ARRIVALS:
        explains = _(
            "The date of this person changes. The day on which the case arrived is that of whoever came first. The "
            "timeline keeps the earlier date."
        )
    instead = (
        _("Take back: this did not come about"),
        reverse("case_person_take_back", args=[case.reference, fact.pk]),
    )
    return dialog(
        request,
        form,
        act,
        heading=_("Correct the date: %(name)s, %(fact)s")
        % {"name": fact.person.name, "fact": PersonFactKind(fact.kind).label},
        explains=explains,
        back=page_of(case),
        instead=instead,
    )


@sent_as_one
def case_person_take_back(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """Void one fact about one member, with a reason."""
    sent = request.method == "POST"
    # The household too: only the fact tells whether they belong to it again, and it is read once all is locked.
    case = opened_case(request, Permission.WORK_CASES, lock=sent, lock_household=sent, reference=reference)
    fact = _fact_of(case, pk)
    form = TakeBackForm(typed(request), initial={"version": case.version})

    def act() -> HttpResponse:
        take_back_person_fact(fact=fact, why=form.cleaned_data["why"], by=request.user, at=timezone.now())
        return done(request, page_of(case), _("Taken back. The state of the case stays."))

    explains = _("Only this person's entry is taken back; the state of the case stays. The timeline keeps both.")
    if fact.kind == PersonFactKind.LEFT and fact.transition is None:
        explains = _("They did not move away after all: they belong to the household again. The timeline keeps both.")
    return dialog(
        request,
        form,
        act,
        heading=_("Take back: %(name)s, %(fact)s")
        % {"name": fact.person.name, "fact": PersonFactKind(fact.kind).label},
        explains=explains,
        action=_("Take back"),
        impossible=why_person_fact_stays(fact),
        mends=mends_first(case, resting_on_arrival(fact)),
        back=page_of(case),
        changed=what_changed(request, case),
    )


def _fact_of(case: Case, pk: int) -> CasePerson:
    """The fact by its key, corrected or not: what somebody replaced meanwhile is told when it is sent."""
    facts = CasePerson.objects.filter(case=case, void=False).select_related("person", "transition")
    return get_object_or_404(facts, pk=pk)
