"""Every address of the installation."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

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
    path("healthz/", health.healthz, name="healthz"),
]
if settings.DEBUG:
    urlpatterns.append(path("components/", components.components, name="components"))
