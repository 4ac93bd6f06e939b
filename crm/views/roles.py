"""Administration: roles in municipalities and in the installation. Never to oneself."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm import actions
from crm.access import require_administrator
from crm.conflicts import held_row
from crm.forms import LastDayForm, RoleForm
from crm.models import Membership, User
from crm.pages import dialog, done, typed
from crm.requests import StaffRequest


def role_grant(request: StaffRequest, pk: int) -> HttpResponse:
    """Give the user a role from a day, until a day if wanted."""
    require_administrator(request.scope)
    user = get_object_or_404(User, pk=pk, is_active=True)
    back = reverse("user", args=[pk])
    form = RoleForm(typed(request), initial={"starts": request.today})

    def grant() -> HttpResponse:
        actions.grant_role(user=user, **form.cleaned_data, by=request.user)
        return done(request, back, _("The role was given and its inspectors told."))

    heading = _("Give %(name)s a role") % {"name": user.name}
    return dialog(request, form, grant, heading=heading, back=back, fragment="crm/_role_form.html")


def role_end(request: StaffRequest, pk: int) -> HttpResponse:
    """Let a role end after a day; one that has not begun is taken back."""
    require_administrator(request.scope)
    membership = get_object_or_404(Membership.objects.not_over(request.today).in_words(), pk=pk)
    back = reverse("user", args=[membership.user_id])
    form = LastDayForm(typed(request), initial={"last_day": request.today, "ends": membership.ends})

    def end() -> HttpResponse:
        actions.end_role(membership=membership, last_day=form.cleaned_data["last_day"], by=request.user)
        return done(request, back, _("The last day of the role is set and its inspectors told."))

    said = [membership.user.name, str(membership.group.role_group)]
    if membership.ends:
        said.append(f"–{date_format(membership.ends, 'SHORT_DATE_FORMAT')}")
    return dialog(
        request,
        form,
        end,
        heading=_("End the role?"),
        back=back,
        fragment="_components/confirm.html",
        question=" · ".join(said),
        held=held_row(membership, ["ends"]),
        action=_("End the role"),
    )
