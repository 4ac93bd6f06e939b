"""Results, the report on screen and on paper, and the cases behind a figure."""

from __future__ import annotations

from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.models import Case
from contacts.requests import StaffRequest
from reports import pdf, telling
from reports.chart import NARROW
from reports.choosing import choose
from reports.disclosure import HIDDEN
from reports.figures import rows_behind
from reports.indicators import INDICATORS
from reports.report import Report

ROWS_SHOWN = 200


@require_safe
def results(request: StaffRequest) -> HttpResponse:
    """Key figures with the year before, settling over time, the steps, municipalities side by side."""
    choice = choose(request)
    told = telling.results(choice.selection)
    funnel = told.now["funnel"]
    context = {
        "choice": choice,
        "told": told,
        "rule": telling.rule(choice.selection),
        "hidden": HIDDEN,
        "over_time_charts": (told.settled_chart(), told.settled_chart(NARROW)),
        "funnel": funnel,
        "funnel_charts": (told.chart("funnel"), told.chart("funnel", NARROW)),
        "side_by_side": told.side_by_side(),
    }
    return render(request, "reports/results.html", context)


@require_safe
def report(request: StaffRequest) -> HttpResponse:
    """The report's tables and pictures on the page, with the way to the PDF."""
    choice = choose(request)
    made = telling.report(choice.selection, made_on=request.today)
    return render(request, "reports/report.html", {"choice": choice, "report": made, "hidden": HIDDEN})


@require_safe
def report_pdf(request: StaffRequest) -> HttpResponse:
    """The same report as a file."""
    choice = choose(request)
    made = telling.report(choice.selection, made_on=request.today)
    response = HttpResponse(pdf.draw(made), content_type="application/pdf")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_file_name(choice, made))}"
    return response


def _file_name(choice, made: Report) -> str:
    places = "-".join(made.municipalities) if len(made.municipalities) < 5 else f"{len(made.municipalities)}"
    return f"{made.title}-{places}-{choice.selection.period.key}.pdf".replace(" ", "-").replace(":", "")


@require_safe
def figure(request: StaffRequest, indicator: str, line: str) -> HttpResponse:
    """The cases behind one figure, for who may see them; others see no rows, only cleared figures."""
    choice = choose(request)
    if not choice.selection.is_exact:
        raise PermissionDenied
    if indicator not in INDICATORS:
        raise Http404
    asked = INDICATORS[indicator]
    table_line = asked.line(line, choice.selection)
    if table_line is None:
        raise Http404
    behind = rows_behind(asked, table_line, choice.selection)
    cases = (
        Case.objects.visible_to(request.scope)
        .filter(pk__in=behind)
        .select_related("household", "municipality")
        .order_by("-opened_on", "-pk")[: ROWS_SHOWN + 1]
    )
    found = list(cases)
    context = {
        "choice": choice,
        "indicator": asked,
        "line": table_line,
        "cases": found[:ROWS_SHOWN],
        "is_cut": len(found) > ROWS_SHOWN,
        "shown": ROWS_SHOWN,
    }
    return render(request, "reports/figure.html", context)
