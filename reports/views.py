"""Results, the report on screen and on paper, and the cases behind a figure."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.models import Case
from contacts.requests import StaffRequest
from crm.exports import exported
from reports import pdf, telling
from reports.chart import NARROW
from reports.choosing import Choice, choose
from reports.disclosure import HIDDEN
from reports.exports import figure_export, side_by_side_export, table_export
from reports.figures import cases_of
from reports.indicator import Indicator, Line
from reports.indicators import INDICATORS
from reports.report import Report

ROWS_SHOWN = 200


def of_choice(page: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page that is given the choice of its address. Typed days lead on to the address that names their period."""

    @wraps(page)
    def answer(request: StaffRequest, **parts: str) -> HttpResponseBase:
        choice = choose(request)
        if choice.is_typed:
            return redirect(f"{request.path}?{choice.query}")
        return page(request, choice, **parts)

    return answer


@require_safe
@of_choice
def results(request: StaffRequest, choice: Choice) -> HttpResponse:
    """Key figures with the year before, settling over time, the steps, municipalities side by side."""
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


@require_http_methods(["GET", "POST"])
@of_choice
def side_by_side_file(request: StaffRequest, choice: Choice) -> HttpResponseBase:
    """The municipalities side by side as a file."""
    return exported(request, side_by_side_export(telling.side_by_side(choice.selection), choice))


@require_safe
@of_choice
def report(request: StaffRequest, choice: Choice) -> HttpResponse:
    """The report's tables and pictures on the page, with the way to the PDF."""
    made = telling.report(choice.selection, made_on=request.today)
    return render(request, "reports/report.html", {"choice": choice, "report": made, "hidden": HIDDEN})


@require_safe
@of_choice
def report_pdf(request: StaffRequest, choice: Choice) -> HttpResponse:
    """The same report as a file."""
    made = telling.report(choice.selection, made_on=request.today)
    response = HttpResponse(pdf.draw(made), content_type="application/pdf")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_file_name(choice, made))}"
    return response


def _file_name(choice: Choice, made: Report) -> str:
    places = "-".join(made.municipalities) if len(made.municipalities) < 5 else f"{len(made.municipalities)}"
    whose = "-" + _("of cases seen by its maker") if choice.selection.is_exact else ""
    return f"{made.title}-{places}-{choice.selection.period.key}{whose}.pdf".replace(" ", "-").replace(":", "")


@require_http_methods(["GET", "POST"])
@of_choice
def table_file(request: StaffRequest, choice: Choice, indicator: str) -> HttpResponseBase:
    """One table of the report as a file for a spreadsheet; a hidden one is not there."""
    if indicator not in INDICATORS:
        raise Http404
    table = telling.table(INDICATORS[indicator], choice.selection)
    if table.hidden:
        raise Http404
    return exported(request, table_export(table, choice))


@require_safe
@of_choice
def figure(request: StaffRequest, choice: Choice, indicator: str, line: str) -> HttpResponse:
    """The cases behind one figure, for who may see them; others see no rows, only cleared figures."""
    asked, table_line, persons = _behind(choice, indicator, line)
    shown = list(persons)[:ROWS_SHOWN]
    cases = Case.objects.visible_to(request.scope).select_related("household", "municipality").in_bulk(shown)
    context = {
        "choice": choice,
        "indicator": asked,
        "line": table_line,
        "rows": [(cases[pk], persons[pk]) for pk in shown if pk in cases],
        "persons": sum(persons.values()),
        "is_cut": len(persons) > ROWS_SHOWN,
        "shown": ROWS_SHOWN,
    }
    return render(request, "reports/figure.html", context)


@require_http_methods(["GET", "POST"])
@of_choice
def figure_file(request: StaffRequest, choice: Choice, indicator: str, line: str) -> HttpResponseBase:
    """All the cases behind the figure as a file."""
    asked, table_line, persons = _behind(choice, indicator, line)

    def title() -> str:
        return str(asked.title) if table_line.is_total else f"{asked.title}: {table_line.label}"

    back = f"{reverse('figure', args=[indicator, line])}?{choice.query}"
    return exported(request, figure_export(persons, choice, title=title, back=back))


def _behind(choice: Choice, indicator: str, line: str) -> tuple[Indicator, Line, dict[int, int]]:
    """A figure of the address, its line, and how many persons of each case stand in it; the newest case first."""
    if not choice.selection.is_exact:
        raise PermissionDenied
    if indicator not in INDICATORS:
        raise Http404
    asked = INDICATORS[indicator]
    table_line = asked.line(line, choice.selection)
    if table_line is None:
        raise Http404
    return asked, table_line, cases_of(asked, table_line, choice.selection)
