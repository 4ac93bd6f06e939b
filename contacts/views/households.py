"""A household: who belongs to it, what it was told, who may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import actions
from contacts.access import locked_household, opened_household
from contacts.forms import AccessForm, LastDayForm, NoticeForm, OriginForm
from contacts.languages import country_name, language_name
from contacts.models import (
    Access,
    AccessKind,
    Declinable,
    Household,
    HouseholdMember,
    Person,
    PrivacyNotice,
    Relation,
)
from contacts.requests import StaffRequest
from contacts.views.people import back_to
from crm.access import holders
from crm.audit import last_change
from crm.conflicts import Held
from crm.pages import dialog, done, typed
from crm.permissions import Permission


@dataclass(frozen=True)
class ShownMember:
    """A member as the page shows them."""

    person: Person
    relation: str
    age: int | None
    language: str
    facts: list[tuple[str, str]]  # what else was told: a label and the value
    since: date | None  # None: not known
    until: date | None


@dataclass(frozen=True)
class ShownAccess:
    """Who is named or barred, and whether it is over."""

    access: Access
    over: bool


def _member(row: HouseholdMember, today: date) -> ShownMember:
    return ShownMember(
        person=row.person,
        relation=row.get_relation_display(),
        age=row.person.age_on(today),
        language=language_name(row.person.service_language) if row.person.service_language else "",
        facts=_facts(row.person),
        since=row.happened_on if row.date_known else None,
        until=row.until,
    )


def _facts(person: Person) -> list[tuple[str, str]]:
    """What a person told beside the name and how to reach them; what they did not want to tell is said too."""
    born = date_format(person.birth_date, "SHORT_DATE_FORMAT") if person.birth_date else str(person.birth_year or "")
    told = [
        (_("Born"), born),
        (_("Gender"), person.get_gender_display() if person.gender else ""),
        (_("Languages"), ", ".join(map(language_name, person.languages))),
        (_("Citizenships"), ", ".join(map(country_name, person.citizenships))),
        (_("Education"), person.get_education_display() if person.education else ""),
        (_("Labour-market status"), person.get_labour_status_display() if person.labour_status else ""),
        (_("Does not want to tell"), ", ".join(str(Declinable(field).label) for field in person.declined)),
    ]
    return [(label, value) for label, value in told if value]


def household(request: StaffRequest, pk: int) -> HttpResponse:
    """The household's page."""
    found = opened_household(request, Permission.VIEW_CASES, pk)
    members = [_member(row, request.today) for row in found.members.standing().select_related("person").in_order()]
    accesses = found.accesses.select_related("user", "by").order_by("starts", "pk")
    shown = [ShownAccess(row, row.ends is not None and row.ends < request.today) for row in accesses]
    context = {
        "household": found,
        "members": [member for member in members if member.until is None],
        "former": [member for member in members if member.until is not None],
        "country": country_name(found.from_country) if found.from_country else "",
        "notices": list(found.notices_given.select_related("by").order_by("-given_on", "-pk")),
        "restriction": found.restrictions.standing().select_related("by").in_order().last(),
        "named": [row for row in shown if row.access.kind == AccessKind.NAMED],
        "barred": [row for row in shown if row.access.kind == AccessKind.BARRED],
        "may_work": request.scope.may(Permission.WORK_CASES, found.municipality_id),
    }
    return render(request, "contacts/household.html", context)


def household_origin(request: StaffRequest, pk: int) -> HttpResponse:
    """Where the household moves from."""
    found = opened_household(request, Permission.WORK_CASES, pk)
    form = OriginForm(typed(request), initial=_origin_of(found))
    held = Held(lambda: _origin_of(locked_household(request, pk)), partial(last_change, found))
    back = back_to(request, pk)

    def act() -> HttpResponse:
        actions.edit_origin(household=found, **form.cleaned_data, by=request.user)
        return done(request, back, _("Where they move from is saved."))

    heading = _("Where they move from")
    return dialog(request, form, act, heading=heading, back=back, fragment="contacts/_origin.html", held=held)


def _origin_of(household: Household) -> dict[str, str]:
    return {"moves_from": household.moves_from, "from_country": household.from_country}


def language_of_service(household: Household) -> str:
    """The code of the contact person's language of service; "" where it is not known."""
    contact = HouseholdMember.objects.standing().filter(
        person__household=household, relation=Relation.CONTACT, until__isnull=True
    )
    return contact.in_order().values_list("person__service_language", flat=True).last() or ""


def notice_in_language(notices: Sequence[PrivacyNotice], languages: Sequence[str]) -> PrivacyNotice | None:
    """The first of the notices in the first of the languages that there is one in."""
    return next((notice for code in languages for notice in notices if notice.language == code), None)


def household_notice(request: StaffRequest, pk: int) -> HttpResponse:
    """Record that the privacy notice was given."""
    found = opened_household(request, Permission.WORK_CASES, pk)
    notices = list(found.municipality.privacy_notices.published(request.today))
    likely = notice_in_language(notices, (language_of_service(found), request.LANGUAGE_CODE))
    initial = {"given_on": request.today, "notice": likely.pk if likely else None}
    form = NoticeForm(typed(request), initial=initial, notices=notices, today=request.today)
    back = back_to(request, pk)

    def act() -> HttpResponse:
        notice, given_on = form.cleaned_data["notice"], form.cleaned_data["given_on"]
        actions.give_notice(
            household=found,
            version=notice.version,
            language=notice.language,
            given_on=given_on,
            by=request.user,
            at=timezone.now(),
        )
        return done(request, back, _("The privacy notice is recorded as given."))

    return dialog(
        request,
        form,
        act,
        heading=_("Privacy notice given"),
        back=back,
        fragment="contacts/_notice_given.html",
        municipality=found.municipality,
        notices=notices,
    )


_HEADINGS = {
    AccessKind.NAMED: gettext_lazy("Name a colleague on the household"),
    AccessKind.BARRED: gettext_lazy("Bar a colleague from the household"),
}
_MEANINGS = {
    AccessKind.NAMED: gettext_lazy("Whoever is named sees the restricted household and works it."),
    AccessKind.BARRED: gettext_lazy(
        "For a relative, a neighbour or another conflict of interest: the household does not exist for them."
    ),
}


def access_give(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """Name a colleague on a restricted household, or bar one from any household.

    Who bars oneself no longer sees the household and goes to the list.
    """
    found = opened_household(request, Permission.WORK_CASES, pk)
    kind = AccessKind(kind)
    if kind is AccessKind.NAMED and not found.restricted:
        raise Http404
    users = list(holders(Permission.VIEW_CASES, [found.municipality_id], request.today))
    form = AccessForm(typed(request), initial={"starts": request.today}, users=users)
    back = back_to(request, pk)

    def act() -> HttpResponse:
        user = form.cleaned_data["user"]
        actions.give_access(household=found, kind=kind, **form.cleaned_data, by=request.user, at=timezone.now())
        bars_self = kind is AccessKind.BARRED and user == request.user
        return done(
            request, reverse("people") if bars_self else back, _("%(name)s is on the list.") % {"name": user.name}
        )

    return dialog(
        request,
        form,
        act,
        heading=_HEADINGS[kind],
        meaning=_MEANINGS[kind],
        back=back,
        fragment="contacts/_dialog.html",
    )


def access_end(request: StaffRequest, pk: int) -> HttpResponse:
    """Let somebody's being named or barred end."""
    # The household first: what is out of sight is answered as what is not there, also in the number of statements.
    theirs = Access.objects.filter(pk=pk).order_by("pk").values("household")[:1]
    opened_household(request, Permission.WORK_CASES, theirs)
    access = get_object_or_404(Access.objects.select_related("user"), pk=pk)
    watched = {"last_day": request.today, "ends": access.ends}
    form = LastDayForm(typed(request), initial=watched, today=request.today)

    def stored() -> dict[str, date | None]:
        locked_household(request, access.household_id)
        return {"ends": actions.locked_access(access).ends}

    held = Held(stored, partial(last_change, access))
    back = back_to(request, access.household_id)

    def act() -> HttpResponse:
        actions.end_access(access=access, last_day=form.cleaned_data["last_day"], by=request.user)
        return done(request, back, _("The last day is set."))

    said = [access.user.name, access.get_kind_display()]
    if access.ends:
        said.append(f"–{date_format(access.ends, 'SHORT_DATE_FORMAT')}")
    return dialog(
        request,
        form,
        act,
        heading=_("Set the last day"),
        meaning=" · ".join(said),
        back=back,
        fragment="contacts/_dialog.html",
        held=held,
    )
