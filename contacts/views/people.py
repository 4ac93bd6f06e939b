"""Muuttajat: who is in the register, and what is told of each."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from django.db.models import Max
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts import actions
from contacts.access import locked_person, opened_household, opened_person
from contacts.exports import person_export
from contacts.filters import SORTS, PersonFilter
from contacts.forms import EditPersonForm, LastDayForm, MemberForm, initial_of
from contacts.models import HouseholdMember, Person
from contacts.requests import StaffRequest
from contacts.views.duplicates import warn_of_duplicates
from crm.access import require, require_somewhere
from crm.audit import Change, last_change
from crm.conflicts import Held, save
from crm.counts import CappedCount, told
from crm.exports import exported
from crm.models import Municipality, User
from crm.pages import dialog, done, fragment_or_page, typed, wants_fragment
from crm.paging import page_after
from crm.permissions import Permission
from crm.refusal import Outdated


def people(request: StaffRequest) -> HttpResponse:
    """The people one may see, narrowed, sorted and paged as the address says."""
    listed, municipalities = _listed(request)
    rows = listed.qs.select_related("household", "municipality")
    count = User.objects.filter(pk=request.user.pk).values_list(CappedCount(listed.qs), flat=True).get()
    context = {
        "listed": listed,
        "page": page_after(rows, listed.order, request.GET.get("after")),
        "found": count,
        "count": told(count),
        "sorts": [(word, label) for word, (label, _columns) in SORTS.items()],
        "several": len(municipalities) > 1,
    }
    return render(request, "contacts/_people.html" if wants_fragment(request) else "contacts/people.html", context)


def people_export(request: StaffRequest) -> HttpResponseBase:
    """The same people as a file."""
    listed, municipalities = _listed(request)
    return exported(request, person_export(listed, request.scope, municipalities))


def _listed(request: StaffRequest) -> tuple[PersonFilter, list[Municipality]]:
    places = require_somewhere(request.scope, Permission.VIEW_CASES)
    municipalities = Municipality.objects.by_name(places)
    return PersonFilter(request.GET, scope=request.scope, municipalities=municipalities), municipalities


def back_to(request: StaffRequest, household_id: int) -> str:
    """Where a dialog was opened, else the household's page."""
    behind = request.htmx.current_url_abs_path if wants_fragment(request) else None
    return behind or reverse("household", args=[household_id])


def person_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """What is told of a person, to read and to change."""
    person = opened_person(request, Permission.VIEW_CASES, pk)
    may_work = request.scope.may(Permission.WORK_CASES, person.municipality_id)
    membership = _place_of(person)
    place = {"municipality_id": person.municipality_id, "household_id": person.household_id, "person_id": person.pk}
    back = back_to(request, person.household_id)
    form = EditPersonForm(typed(request), initial=initial_of(person, membership), today=request.today, **place)

    def act() -> HttpResponse | None:
        if warn_of_duplicates(form, request.scope):
            return None
        relation = form.cleaned_data["relation"]
        actions.edit_person(person=person, data=form.told(), relation=relation, by=request.user, at=timezone.now())
        return done(request, back, _("What you changed of %(name)s is saved.") % {"name": person.name})

    if request.method == "POST":
        require(request.scope, Permission.WORK_CASES, person.municipality_id)
        if answer := save(form, act, _held(request, person)):
            return answer
    context = {
        "form": form,
        "heading": person.name,
        "person": person,
        "may_work": may_work,
        "may_end": may_work and membership is not None and person.household.size > 1,
        "back": back,
    }
    status = 422 if form.is_bound else 200
    return fragment_or_page(request, "contacts/_person_edit.html", "contacts/person.html", context, status=status)


def _place_of(person: Person) -> HouseholdMember | None:
    """The row that says who they are in the household; None where they no longer belong to it."""
    return HouseholdMember.objects.standing().filter(person=person, until__isnull=True).in_order().last()


def _held(request: StaffRequest, person: Person) -> Held:
    def now() -> dict[str, object]:
        stored = locked_person(request, person)
        return initial_of(stored, _place_of(stored))

    return Held(now, partial(_changed, person))


def _changed(person: Person, names: Collection[str]) -> Change | None:
    """Who last changed any of these fields of the form, and when."""
    place = _place_of(person) if "relation" in names else None
    if place is not None:
        return Change(place.by.name, place.recorded_at)
    return last_change(person, {"birth_date", "birth_year", *names} if "birth" in names else names)


def member_add(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody joins a household: a child is born, a partner comes."""
    household = opened_household(request, Permission.WORK_CASES, pk)
    back = back_to(request, pk)
    place = {"municipality_id": household.municipality_id, "household_id": household.pk}
    initial = {"joined_on": request.today, "seen_last": lambda: household.people.aggregate(last=Max("pk"))["last"]}
    form = MemberForm(typed(request), initial=initial, today=request.today, **place)
    if request.method == "POST" and form.is_valid() and not warn_of_duplicates(form, request.scope):
        person = actions.add_member(
            household=household,
            data=form.told(),
            relation=form.cleaned_data["relation"],
            on=form.cleaned_data["joined_on"],
            seen_last=form.cleaned_data["seen_last"],
            by=request.user,
            at=timezone.now(),
        )
        return done(request, back, _("%(name)s was added to the household.") % {"name": person.name})
    context = {"form": form, "heading": _("Add a member"), "household": household, "back": back}
    status = 422 if form.errors else 200
    return fragment_or_page(request, "contacts/_member_add.html", "dialog_page.html", context, status=status)


def member_end(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody no longer belongs to the household: moved out of it, or died."""
    person = opened_person(request, Permission.WORK_CASES, pk)
    back = back_to(request, person.household_id)
    place = _place_of(person)
    watched = {"last_day": request.today, "place": place.pk if place else None}
    form = LastDayForm(typed(request), initial=watched, today=request.today)

    def now() -> dict[str, object]:
        place = _place_of(locked_person(request, person))
        if place is None:
            raise Outdated(_("%(name)s no longer belongs to the household.") % {"name": person.name})
        return {"place": place.pk}

    def act() -> HttpResponse:
        actions.end_membership(person=person, until=form.cleaned_data["last_day"], by=request.user, at=timezone.now())
        return done(request, back, _("%(name)s no longer belongs to the household.") % {"name": person.name})

    return dialog(
        request,
        form,
        act,
        heading=_("No longer in the household?"),
        question=_("%(name)s stays among the former members. Record moving away from the municipality on the case.")
        % {"name": person.name},
        action=_("End the membership"),
        back=back,
        fragment="_components/confirm.html",
        held=Held(now, lambda _names: _changed(person, {"relation"})),
    )
