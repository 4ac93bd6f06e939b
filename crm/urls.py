"""Every address of the installation."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from crm.views import account, health, preferences

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("desk.urls")),
    path("", include("projects.urls")),
    path("account/", account.account, name="account"),
    path("account/", include("crm.account_urls")),
    path("preferences/", preferences.change, name="preferences"),
    path("healthz/", health.healthz, name="healthz"),
]
