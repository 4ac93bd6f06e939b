"""Administration: who took which list out as a file."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from crm.access import require_administrator
from crm.administration_exports import exports_as_export
from crm.exports import exported
from crm.models import Export
from crm.paging import page_after
from crm.requests import StaffRequest

LATEST_FIRST = ("-recorded_at",)


def export_list(request: StaffRequest) -> HttpResponse:
    """Each export, the latest first. Not by which words the list was narrowed: a search may name a person."""
    require_administrator(request.scope)
    page = page_after(Export.objects.told(), LATEST_FIRST, request.GET.get("after"))
    return render(request, "crm/exports.html", {"page": page})


def export_list_export(request: StaffRequest) -> HttpResponseBase:
    """The same exports as a file, which is then one of them."""
    require_administrator(request.scope)
    return exported(request, exports_as_export(Export.objects.told(), LATEST_FIRST, back=reverse("exports")))
