"""Uusi yhteydenotto and Kirjaa neuvonta: what comes in is on record within a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from cases.actions import NewHousehold, log_advice, open_first_contact
from cases.forms.opening import AdviceForm, OpeningForm
from cases.models import Advice, Case
from contacts.access import opened_household, who_may_work
from contacts.forms import HouseholdForm, PersonFormSet
from contacts.models import Household, PrivacyNotice
from contacts.requests import StaffRequest
from contacts.views.duplicates import warn_of_duplicates_of_all
from crm.access import holders, require, require_somewhere
from crm.models import Municipality, User
from crm.pages import done, typed
from crm.permissions import Permission
from crm.refusal import Refused
from crm.requests import number_in

LATEST = 10  # pieces of advice shown under the form


def places_of_work(request: StaffRequest) -> list[Municipality]:
    """The municipalities in which the user works cases, by name; PermissionDenied where there are none."""
    ids = require_somewhere(request.scope, Permission.WORK_CASES)
    return Municipality.objects.by_name(ids)


def current_notices(municipalities: list[Municipality], today: date) -> list[PrivacyNotice]:
    """What is given today in each municipality, in each of its languages."""
    notices = PrivacyNotice.objects.in_use(today).filter(municipality__in=municipalities).select_related("municipality")
    return sorted(notices.in_order(), key=lambda notice: notice.municipality.name)


@dataclass(frozen=True)
class Beginning:
    """What a first contact begins from: a household already known, a piece of advice, or neither."""

    places: list[Municipality]
    household: Household | None = None
    advice: Advice | None = None

    def case_before(self, request: StaffRequest) -> Case | None:
        """The case to go on with instead, as far as the user may know of it."""
        cases = Case.objects.visible_to(request.scope)
        if self.advice is not None and self.advice.case_id:
            return cases.filter(pk=self.advice.case_id).first()
        return cases.open().filter(household=self.household).first() if self.household else None


def beginning(request: StaffRequest) -> Beginning:
    """What the address names; Http404 where it is nothing the user may know of."""
    places = places_of_work(request)
    household = advice = None
    if "household" in request.GET:
        household = opened_household(request, Permission.WORK_CASES, number_in(request.GET["household"]) or 0)
        places = [household.municipality]
    elif "advice" in request.GET:
        given = Advice.objects.visible_to(request.scope).select_related("municipality")
        advice = get_object_or_404(given, pk=number_in(request.GET["advice"]) or 0)
        require(request.scope, Permission.WORK_CASES, advice.municipality_id)
        places = [advice.municipality]
    return Beginning(places, household, advice)


@dataclass(frozen=True)
class NewcomerForms:
    """What is asked of a household that is not yet in the register."""

    household: HouseholdForm
    people: Any  # a contacts.forms.PersonFormSet

    def told(self) -> NewHousehold:
        told = self.household.cleaned_data
        return NewHousehold(
            municipality=self.household.register,
            people=self.people.told(),
            moves_from=told["moves_from"],
            from_country=told["from_country"],
            restricted=told["restricted"],
            reason=told["restricted_reason"],
        )


@dataclass(frozen=True)
class Forms:
    """The forms of the screen; a known household has told of itself before."""

    opening: OpeningForm
    newcomers: NewcomerForms | None

    @property
    def all(self) -> list[BaseForm]:
        """Each form in the order of the page, for what is wrong with them."""
        if self.newcomers is None:
            return [self.opening]
        return [self.newcomers.household, self.opening, *self.newcomers.people]

    def are_valid(self) -> bool:
        valid = [form.is_valid() for form in self.all]  # each is asked, so that everything wrong is said at once
        return all(valid) and (self.newcomers is None or self.newcomers.people.is_valid())


class FirstContactView(View):
    """One screen for a household's first contact; nothing that was typed is lost."""

    def get(self, request: StaffRequest) -> HttpResponse:
        start = beginning(request)
        before = start.case_before(request)
        if before is not None:
            return redirect("case", before.reference)
        return self.show(request, start, self.forms(request, start))

    def post(self, request: StaffRequest) -> HttpResponse:
        start = beginning(request)
        forms = self.forms(request, start)
        if forms.newcomers and ("add_person" in request.POST or "remove_person" in request.POST):
            return self.show(request, start, forms, focus=len(forms.newcomers.people.forms))
        valid = forms.are_valid() and forms.opening.check_place(*self.register(request, start, forms))
        case = self.sent_before(request, forms)
        # Who may be known already is asked together with all else that is wrong, not in a second round.
        if case is None and not self.may_be_known(request, forms.newcomers) and valid:
            case = self.record(request, start, forms)
        if case is None:
            return self.show(request, start, forms, status=422)
        return done(request, reverse("case", args=[case.reference]), _("The first contact is on record."))

    def forms(self, request: StaffRequest, start: Beginning) -> Forms:
        data = typed(request)
        initial: dict[str, Any] = {"coordinator": request.user}
        if start.advice is not None:
            initial |= {"channel": start.advice.channel, "on": start.advice.given_on}
        opening = OpeningForm(
            data,
            coordinators=holders(Permission.WORK_CASES, [place.pk for place in start.places], request.today),
            notices=current_notices(start.places, request.today),
            several=len(start.places) > 1,
            today=request.today,
            initial=initial,
        )
        return Forms(opening, None if start.household else self.newcomer_forms(request, start, data))

    def newcomer_forms(self, request: StaffRequest, start: Beginning, data) -> NewcomerForms:
        told: dict[str, Any] = {"today": request.today}
        if len(start.places) == 1:
            told["municipality_id"] = start.places[0].pk
        if start.advice is not None:
            told["initial"] = [{"service_language": start.advice.language}]
        household = HouseholdForm(data, places=start.places)
        if data is not None and "add_person" in data:
            return NewcomerForms(household, PersonFormSet.with_one_more(data, **told))  # type: ignore[attr-defined]
        if data is not None and "remove_person" in data:
            removed = number_in(data["remove_person"]) or 0
            return NewcomerForms(household, PersonFormSet.without(data, removed, **told))  # type: ignore[attr-defined]
        return NewcomerForms(household, PersonFormSet(data, **told))

    def sent_before(self, request: StaffRequest, forms: Forms) -> Case | None:
        """The case that this very form opened when it was sent the first time."""
        key = forms.opening.cleaned_data.get("form_key")
        if not key or not Case.objects.filter(form_key=key).exists():
            return None
        case = Case.objects.visible_to(request.scope).filter(form_key=key).first()
        if case is None:  # it has gone out of sight since, and nobody is told that it was ever there
            forms.opening.cleaned_data["form_key"] = uuid4()
        return case

    def may_be_known(self, request: StaffRequest, new: NewcomerForms | None) -> bool:
        """Whether anybody typed in may be in the register; the forms ask."""
        if new is None or "municipality" in new.household.errors:
            return False
        return warn_of_duplicates_of_all(new.people.filled, request.scope, new.household.register.pk)

    def record(self, request: StaffRequest, start: Beginning, forms: Forms) -> Case | None:
        """The case that was opened; None where the forms now say why not."""
        opening, new = forms.opening, forms.newcomers
        try:
            return open_first_contact(
                household=new.told() if new else start.household,  # type: ignore[arg-type] # one of the two is there
                advice=start.advice,
                by=request.user,
                at=timezone.now(),
                **opening.told(),
            )
        except Refused as refused:
            opening.add_error(None, list(refused.reasons))
            return None

    def register(self, request: StaffRequest, start: Beginning, forms: Forms) -> tuple[Municipality, QuerySet[User]]:
        """The municipality in whose register the case goes, and who can be its coordinator."""
        new = forms.newcomers
        if new is None:
            return start.places[0], who_may_work(start.household, request.today)  # type: ignore[arg-type]
        register = new.household.register
        offered = forms.opening.coordinators
        workers = offered if len(start.places) == 1 else holders(Permission.WORK_CASES, [register.pk], request.today)
        # On a restricted household only who records it is named at first.
        own = new.household.cleaned_data["restricted"]
        return register, workers.filter(pk=request.user.pk) if own else workers

    def show(
        self, request: StaffRequest, start: Beginning, forms: Forms, *, focus: int = 0, status: int = 200
    ) -> HttpResponse:
        """The screen; `focus` is the number of the person whose card takes it."""
        notices = list(forms.opening.notices.values())
        with_notice = {notice.municipality_id for notice in notices}
        context = {
            "start": start,
            "opening": forms.opening,
            "new": forms.newcomers,
            "wrong": [form for form in forms.all if form.errors],
            "focus": focus,
            "notices": notices,
            "without_notice": [place for place in start.places if place.pk not in with_notice],
        }
        return render(request, "cases/new.html", context, status=status)


def advice_new(request: StaffRequest) -> HttpResponse:
    """Log a piece of advice; the latest ones of one's municipalities stand below, a case made of each in one click."""
    places = places_of_work(request)
    form = AdviceForm(typed(request), places=places, today=request.today)
    if request.method == "POST" and form.is_valid():
        try:
            log_advice(**form.told(), by=request.user, at=timezone.now())
            return done(request, reverse("advice_new"), _("The advice is on record."))
        except Refused as refused:
            form.add_error(None, list(refused.reasons))
    latest = Advice.objects.visible_to(request.scope).select_related("by", "case", "municipality")
    context = {
        "form": form,
        "latest": latest.filter(municipality__in=places).order_by("-given_on", "-pk")[:LATEST],
        "several": len(places) > 1,
    }
    return render(request, "cases/advice_new.html", context, status=422 if form.errors else 200)
