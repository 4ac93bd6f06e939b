"""Administration: who took which list out as a file."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from crm.access import require_administrator
from crm.models import Export
from crm.paging import page_after
from crm.requests import StaffRequest


def export_list(request: StaffRequest) -> HttpResponse:
    """Each export, the latest first. Not by which words the list was narrowed: a search may name a person."""
    require_administrator(request.scope)
    page = page_after(Export.objects.told(), ("-recorded_at",), request.GET.get("after"))
    return render(request, "crm/exports.html", {"page": page})
