"""One's own account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from crm import preferences
from crm.forms import OwnAccountForm
from crm.models import Membership
from crm.pages import done


def account(request: HttpRequest) -> HttpResponse:
    """Name, language and colours; the roles one holds and until when."""
    form = OwnAccountForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        response = done(request, request.path, _("Saved."))
        preferences.remember_user(response, request.user)
        return response
    memberships = (
        Membership.objects.filter(user=request.user, ends__isnull=True)
        | Membership.objects.filter(user=request.user, ends__gte=request.today)
    ).select_related("group__role_group__municipality", "group__role_group__project", "standing_in_for")
    context = {"form": form, "memberships": memberships.order_by("starts", "pk")}
    return render(request, "crm/account.html", context, status=422 if form.errors else 200)
