"""Every address of the installation."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

from crm.views import account, components, health, preferences

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("desk.urls")),
    path("", include("contacts.urls")),
    path("", include("cases.urls")),
    path("", include("projects.urls")),
    path("import/", include("cases.sheets.urls")),
    path("", include("reports.urls")),
    path("account/", account.account, name="account"),
    path("account/", include("crm.account_urls")),
    path("preferences/", preferences.change, name="preferences"),
    path("administration/", include("crm.administration_urls")),
    # With and without the slash: a watchdog takes a redirect for an answer.
    re_path("^healthz/?$", health.healthz, name="healthz"),
    re_path("^readyz/?$", health.readyz, name="readyz"),
]
handler400 = "crm.views.errors.unreadable"
handler403 = "crm.views.errors.refused"
handler404 = "crm.views.errors.missing"
handler500 = "crm.views.errors.failed"
if settings.DEBUG:
    urlpatterns.append(path("components/", components.components, name="components"))
