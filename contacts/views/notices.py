"""A municipality's privacy notice: its versions on the administrator's page, and the text for whoever gives it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts import actions
from contacts.forms import PublishForm
from contacts.models import PrivacyNotice
from contacts.requests import StaffRequest
from crm.access import require_administrator
from crm.models import Municipality
from crm.pages import dialog, done, fragment_or_page, typed


def notice_list(request: StaffRequest, code: str) -> HttpResponse:
    """Every version that the municipality has published, language by language, and which of them is given today."""
    require_administrator(request.scope)
    municipality = get_object_or_404(Municipality, code=code)
    versions = municipality.privacy_notices.select_related("by").in_order()
    in_use = set(municipality.privacy_notices.in_use(request.today).values_list("pk", flat=True))
    context = {"municipality": municipality, "notices": versions, "in_use": in_use, "today": request.today}
    return render(request, "contacts/notices.html", context)


def notice_new(request: StaffRequest, code: str) -> HttpResponse:
    """Publish a version in one language."""
    require_administrator(request.scope)
    municipality = get_object_or_404(Municipality, code=code)
    form = PublishForm(typed(request), initial={"published_on": request.today})
    back = reverse("privacy_notices", args=[code])

    def publish() -> HttpResponse:
        told = form.cleaned_data
        version = told.pop("notice_version")
        actions.publish_notice(municipality=municipality, version=version, **told, by=request.user, at=timezone.now())
        return done(request, back, _("The privacy notice is published."))

    heading = _("Privacy notice of %(place)s") % {"place": municipality.name}
    return dialog(request, form, publish, heading=heading, back=back, fragment="contacts/_notice_new.html")


def notice(request: StaffRequest, pk: int) -> HttpResponse:
    """The text of a version, for any member of staff: it is meant for the public."""
    found = get_object_or_404(PrivacyNotice.objects.select_related("municipality"), pk=pk)
    administers = request.scope.administers
    back = reverse("privacy_notices", args=[found.municipality.code]) if administers else reverse("home")
    context = {"notice": found, "heading": _("Privacy notice of %(place)s") % {"place": found.municipality.name}}
    return fragment_or_page(request, "contacts/_notice.html", "dialog_page.html", context | {"back": back})
