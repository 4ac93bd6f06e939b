"""Where one lands."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from crm.requests import StaffRequest
from desk.menu import pages_for


def home(request: StaffRequest) -> HttpResponse:
    """The first page of the sidebar; without any role, one's own account, which says so."""
    for _group, pages in pages_for(request.scope):
        return redirect(pages[0][1])
    return redirect("account")
