"""Where one lands."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from crm.models import Membership
from crm.requests import StaffRequest
from crm.roles import WITHOUT_PAGES
from desk.menu import pages_for


def home(request: StaffRequest) -> HttpResponse:
    """The first page of the sidebar; without any role, one's own account, which says so."""
    for _group, pages in pages_for(request.scope):
        return redirect(pages[0][1])
    return redirect("account")


def start(request: StaffRequest) -> HttpResponse:
    """Where those land whose roles have no pages yet: which roles they are, and until when."""
    held = Membership.objects.in_force(request.today).filter(user=request.user)
    memberships = held.filter(group__role_group__role__in=WITHOUT_PAGES).in_words()
    return render(request, "desk/start.html", {"memberships": memberships})
