"""The product's addresses, and one more for the floor that is being measured."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import path

from crm.urls import urlpatterns as product

Answer = Callable[[HttpRequest], HttpResponseBase]
measured: list[Answer] = []  # the floor that is measured now, set by benchmarks.measure


def floor_view(request: HttpRequest) -> HttpResponseBase:
    return measured[-1](request)


urlpatterns = [*product, path("floor/", floor_view)]
