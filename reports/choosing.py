"""What an address asks for: municipalities and a period, within what the user may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django import forms
from django.http import Http404, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.access import Scope
from contacts.requests import StaffRequest
from crm.access import require_somewhere
from crm.models import Municipality
from crm.permissions import Permission
from reports import period as periods
from reports.period import Kind, Period
from reports.selection import Selection, select

NO_SUCH_PERIOD = _("There is no such period. These are the figures of this year.")
WHOLE_PERIODS = _("You can choose whole months, quarters and years. These are the figures of this year.")


class DaysForm(forms.Form):
    """Days of one's own choice. `period` is what they make; None where nothing is typed, or something is wrong."""

    use_required_attribute = False
    start = forms.DateField(label=pgettext_lazy("period", "From"), required=False)
    end = forms.DateField(label=pgettext_lazy("period", "To"), required=False)

    def __init__(self, asked: QueryDict, today: date) -> None:
        super().__init__(asked if asked.get("start") or asked.get("end") else None)
        self.today = today
        self.period: Period | None = None

    def clean(self) -> None:
        if self.errors:
            return
        start, end = self.cleaned_data["start"], self.cleaned_data["end"]
        if start is None or end is None:
            self.add_error("start" if start is None else "end", _("Give both the first and the last day."))
        elif start > end:
            self.add_error("end", _("The last day is before the first one."))
        elif start > self.today:
            self.add_error("start", _("These days are still to come."))
        else:
            self.period = periods.between(start, end, self.today)
            if self.period is None:
                self.add_error("start", _("Figures go back to the year %(year)d.") % {"year": periods.FIRST_YEAR})


class ChoiceForm(forms.Form):
    """Draws the choosers; what they send is read by `choose`, which answers for any address."""

    def __init__(self, selection: Selection, offered: Sequence[Municipality], today: date) -> None:
        period = selection.period
        codes = [place.code for place in selection.municipalities]
        super().__init__(initial={"period": period.key, "municipality": codes})
        choices = [(one.key, one.name) for one in periods.offered(today)]
        if period.key not in dict(choices):
            choices.insert(0, (period.key, period.name))
        self.fields["period"] = forms.ChoiceField(label=_("Period"), choices=choices)
        self.fields["municipality"] = forms.MultipleChoiceField(
            label=_("Municipalities"),
            choices=[(place.code, place.name) for place in offered],
            widget=forms.CheckboxSelectMultiple if len(offered) > 1 else forms.MultipleHiddenInput,
        )


@dataclass(frozen=True)
class Choice:
    """`warning` says what of the address could not be followed; `query` is the address of the same choice.

    `days` is there for who may choose single days; `is_typed` says that it gave the period, which the address then
    does not name yet.
    """

    selection: Selection
    form: ChoiceForm
    days: DaysForm | None = None
    warning: str | Promise = ""
    is_typed: bool = False

    @property
    def query(self) -> str:
        query = QueryDict(mutable=True)
        query["period"] = self.selection.period.key
        query.setlist("municipality", [place.code for place in self.selection.municipalities])
        return query.urlencode()


def choose(request: StaffRequest) -> Choice:
    """The choice of an address: at most two statements.

    PermissionDenied where the user sees no figures anywhere, Http404 where a municipality is not theirs to see.
    A period that cannot be had gives this year, with a warning; days that make none leave the period as it is.
    """
    scope = request.scope
    allowed = require_somewhere(scope, Permission.VIEW_FIGURES)
    offered = Municipality.objects.by_name(allowed)
    chosen = _municipalities(request.GET.getlist("municipality"), offered, scope)
    selection = select(chosen, periods.year(request.today.year, request.today), scope)
    period, warning = _period(request.GET, selection, request.today)
    days = DaysForm(request.GET, request.today) if selection.is_exact else None
    typed = days.period if days is not None and days.is_valid() else None
    period = typed or period
    if period:
        selection = replace(selection, period=period)
    return Choice(selection, ChoiceForm(selection, offered, request.today), days, warning, typed is not None)


def _municipalities(codes: list[str], offered: list[Municipality], scope: Scope) -> tuple[Municipality, ...]:
    """Those named; without names those whose cases the user sees, or else all."""
    if codes:
        chosen = tuple(place for place in offered if place.code in codes)
        if len(chosen) < len(set(codes)):
            raise Http404
        return chosen
    own = tuple(place for place in offered if scope.may(Permission.VIEW_CASES, place.pk))
    return own or tuple(offered)


def _period(asked: QueryDict, selection: Selection, today: date) -> tuple[Period | None, str | Promise]:
    """The period of that name, or None and why not."""
    found = periods.parse(asked.get("period") or str(today.year), today)
    if found is None:
        return None, NO_SUCH_PERIOD
    if not selection.is_exact and (found.kind is Kind.DAYS or asked.get("start") or asked.get("end")):
        return None, WHOLE_PERIODS
    return found, ""
