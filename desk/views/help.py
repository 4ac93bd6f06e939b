"""What explains itself: the lifecycle, drawn from the code."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cases.lifecycle_picture import always_needed, picture, table


def lifecycle(request: HttpRequest) -> HttpResponse:
    """The states of a case and the transitions between them, as a picture and as a table."""
    context = {"picture": picture(), "rows": table(), "always": always_needed()}
    return render(request, "desk/help_lifecycle.html", context)
