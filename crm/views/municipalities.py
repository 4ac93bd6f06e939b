"""Administration: the municipalities and what each decides for itself."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.forms import model_to_dict
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm import actions
from crm.access import require_administrator
from crm.administration_exports import municipalities_as_export
from crm.conflicts import held_row
from crm.exports import exported
from crm.forms import MunicipalityForm
from crm.models import Municipality
from crm.pages import dialog, done, typed
from crm.requests import StaffRequest


def municipality_list(request: StaffRequest) -> HttpResponse:
    """All 308, those with staff first; found by name, code or prefix."""
    found, wanted = _listed(request)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "crm/municipalities.html", {"page": page, "wanted": wanted})


def municipality_list_export(request: StaffRequest) -> HttpResponseBase:
    """The same municipalities as a file."""
    found, wanted = _listed(request)

    def words() -> str:
        return _("Name, code or prefix") + f": {wanted}" if wanted else ""

    back = f"{reverse('municipalities')}?{request.GET.urlencode()}"
    return exported(request, municipalities_as_export(list(found), words=words, back=back))


def _listed(request: StaffRequest) -> tuple[QuerySet[Municipality], str]:
    """The municipalities that the address asks for, and by what."""
    require_administrator(request.scope)
    today = request.today
    wanted = request.GET.get("q", "").strip()
    in_force = Q(role_groups__group__memberships__starts__lte=today) & (
        Q(role_groups__group__memberships__ends__isnull=True) | Q(role_groups__group__memberships__ends__gte=today)
    )
    found = Municipality.objects.annotate(
        staff=Count("role_groups__group__memberships__user", filter=in_force, distinct=True)
    ).order_by("-staff", "name_fi")
    if wanted:
        found = found.filter(
            Q(name_fi__icontains=wanted) | Q(name_sv__icontains=wanted) | Q(code=wanted) | Q(prefix__iexact=wanted)
        )
    return found, wanted


def municipality_edit(request: StaffRequest, code: str) -> HttpResponse:
    """Criteria for «settled» and the number of quiet days; name and prefix are Statistics Finland's and ours."""
    require_administrator(request.scope)
    municipality = get_object_or_404(Municipality, code=code)
    back = reverse("municipalities")
    chosen = ("settled_criteria", "stale_after_days")
    form = MunicipalityForm(typed(request), initial=model_to_dict(municipality, chosen))

    def change() -> HttpResponse:
        actions.change_municipality(municipality=municipality, **form.cleaned_data, by=request.user)
        return done(request, back, _("Saved."))

    return dialog(
        request,
        form,
        change,
        heading=municipality.name,
        back=back,
        fragment="crm/_municipality_form.html",
        held=held_row(municipality, chosen),
        municipality=municipality,
    )
