"""Non-disclosure for personal safety: restricting a household and lifting that."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import lift_restriction, restrict_household
from cases.forms.corrections import LiftForm, RestrictForm
from cases.models import Case
from cases.views.dialogs import dialog
from contacts.access import locked_household, opened_household, who_may_work
from contacts.requests import StaffRequest
from crm.pages import done, sent_as_one, typed
from crm.permissions import Permission


def household_restrict(request: StaffRequest, pk: int) -> HttpResponse:
    """Only those named see the household from now on; its cases get new references."""
    household = opened_household(request, Permission.WORK_CASES, pk)
    others = who_may_work(household, request.today).exclude(pk=request.user.pk)
    working = Case.objects.open().filter(household=household).values_list("coordinator", flat=True)
    form = RestrictForm(typed(request), others=others, initial={"named": list(working.order_by("pk"))})

    def act() -> HttpResponse:
        told = form.cleaned_data
        restrict_household(
            household=household,
            reason=told["reason"],
            named=told["named"],
            on=request.today,
            by=request.user,
            at=timezone.now(),
        )
        return done(request, _page(pk), _("The household is restricted. Only those named see it."))

    return dialog(
        request,
        form,
        act,
        heading=_("Restrict the household"),
        explains=_(
            "For personal safety (non-disclosure): the household disappears from everybody's lists, searches and "
            "counts but for those named. The reference and the address of the page change."
        ),
        action=_("Restrict"),
        impossible=_("The household is already restricted.") if household.restricted else "",
        back=_page(pk),
    )


@sent_as_one
def household_lift(request: StaffRequest, pk: int) -> HttpResponse:
    """The household is as any other again."""
    household = opened_household(request, Permission.WORK_CASES, pk)
    form = LiftForm(typed(request))

    def act() -> HttpResponse:
        told = form.cleaned_data
        locked_household(request, pk)  # whoever is named on it no longer may not lift it
        lift_restriction(household=household, reason=told["why"], on=request.today, by=request.user, at=timezone.now())
        return done(request, _page(pk), _("The restriction was lifted."))

    return dialog(
        request,
        form,
        act,
        heading=_("Lift the restriction"),
        explains=_("Everybody who works with cases in the municipality will see the household again."),
        action=_("Lift"),
        impossible="" if household.restricted else _("The household is not restricted."),
        back=_page(pk),
    )


def _page(household: int) -> str:
    return reverse("household_cases", args=[household])
