"""Administration: roles in municipalities and in the installation. Never to oneself."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from crm import actions
from crm.access import require_administrator
from crm.forms import LastDayForm, RoleForm
from crm.models import Membership, User
from crm.pages import done, fragment_or_page
from crm.refusal import Refused
from crm.requests import StaffRequest


def role_grant(request: StaffRequest, pk: int) -> HttpResponse:
    """Give the user a role from a day, until a day if wanted."""
    require_administrator(request.scope)
    user = get_object_or_404(User, pk=pk, is_active=True)
    back = reverse("user", args=[pk])
    form = RoleForm(request.POST or None, initial={"starts": request.today})
    if request.method == "POST" and form.is_valid():
        try:
            actions.grant_role(user=user, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.add_error(None, list(refused.reasons))
        else:
            return done(request, back, _("The role was given and its inspectors told."))
    context = {"form": form, "heading": _("Give %(name)s a role") % {"name": user.name}, "back": back}
    return fragment_or_page(
        request, "crm/_role_form.html", "dialog_page.html", context, status=422 if form.errors else 200
    )


def role_end(request: StaffRequest, pk: int) -> HttpResponse:
    """Let a role end after a day; one that has not begun is taken back."""
    require_administrator(request.scope)
    membership = get_object_or_404(Membership.objects.not_over(request.today).in_words(), pk=pk)
    back = reverse("user", args=[membership.user_id])
    form = LastDayForm(request.POST or None, initial={"last_day": request.today})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_role(membership=membership, last_day=form.cleaned_data["last_day"], by=request.user)
        except Refused as refused:
            form.add_error(None, list(refused.reasons))
        else:
            return done(request, back, _("The last day of the role is set and its inspectors told."))
    context = {
        "form": form,
        "heading": _("End the role?"),
        "question": f"{membership.user.name} · {membership.group.role_group}",
        "action": _("End the role"),
        "back": back,
    }
    return fragment_or_page(
        request, "_components/confirm.html", "dialog_page.html", context, status=422 if form.errors else 200
    )
