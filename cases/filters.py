"""What the list of cases can be narrowed by and sorted by; all of it stands in the address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import django_filters
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases import lifecycle
from cases.attention import Attention, needing
from cases.lifecycle import State
from cases.models import Case, Channel, MoveReason, Stay
from cases.querysets import ORDERS, CaseQuerySet
from cases.references import with_zeros
from contacts.models import Person
from contacts.names import fold, phone_key
from crm.counts import count_each
from crm.fields import DateField
from crm.models import Municipality, User
from crm.paging import newest_of, told_of_cut

if TYPE_CHECKING:
    from contacts.access import Scope

ALL = "all"  # every state, where none named means the open ones
MINE, NOBODY, GONE = "mine", "nobody", "gone"  # words for a coordinator
NOT_ASKED = "unknown"  # stands in the address for what is stored as ""

# What the list can be sorted by: the word in the address, and the column's label.
SORTS: dict[str, Promise] = {
    "name": gettext_lazy("Name of the household"),
    "reference": gettext_lazy("Reference"),
    "state": pgettext_lazy("case", "State"),
    "since": gettext_lazy("In this state since"),
    "move": gettext_lazy("Planned move"),
    "contact": gettext_lazy("Last contact"),
    "opened": gettext_lazy("First contact"),
}
DEFAULT_SORT = "-opened"


def _with_unknown(choices) -> list[tuple[str, object]]:
    return [(value or NOT_ASKED, label) for value, label in choices.choices]


class DateFilter(django_filters.DateFilter):
    field_class = DateField


@dataclass(frozen=True)
class Active:
    """A filter that is set, in words, and the query of the address without it."""

    label: str
    value: str
    query: str


class CaseFilter(django_filters.FilterSet):
    """The filters of the list. What cannot be read is left out and told in `problems`; the rest holds.

    `qs` is narrowed by everything but the state, so that each state can be counted; `chosen` by the state too.
    """

    q = django_filters.CharFilter(
        method="search", label=gettext_lazy("Name, phone, e-mail or reference"), max_length=100
    )
    state = django_filters.MultipleChoiceFilter(
        method="leave_as_is",
        label=pgettext_lazy("case", "State"),
        choices=[(ALL, pgettext_lazy("states", "All")), *State.choices],
    )
    coordinator = django_filters.ChoiceFilter(
        method="by_coordinator", label=gettext_lazy("Coordinator"), empty_label=gettext_lazy("Anyone")
    )
    municipality = django_filters.ChoiceFilter(
        method="by_municipality", label=gettext_lazy("Municipality"), empty_label=gettext_lazy("All of mine")
    )
    move_reason = django_filters.ChoiceFilter(
        method="by_choice",
        label=gettext_lazy("Reason to move"),
        empty_label=gettext_lazy("Any"),
        choices=_with_unknown(MoveReason),
    )
    attention = django_filters.ChoiceFilter(
        method="by_attention",
        label=gettext_lazy("Asks for attention"),
        empty_label=gettext_lazy("Any"),
        choices=Attention.choices,
    )
    channel = django_filters.ChoiceFilter(
        label=gettext_lazy("Channel"), empty_label=gettext_lazy("Any"), choices=Channel.choices
    )
    stay = django_filters.ChoiceFilter(
        method="by_choice",
        label=gettext_lazy("Stay"),
        empty_label=gettext_lazy("Any"),
        choices=_with_unknown(Stay),
    )
    opened_from = DateFilter(field_name="opened_on", lookup_expr="gte", label=gettext_lazy("First contact from"))
    opened_to = DateFilter(field_name="opened_on", lookup_expr="lte", label=gettext_lazy("First contact until"))

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()

    def __init__(
        self,
        data: QueryDict,
        *,
        scope: Scope,
        today: date,
        municipalities: Iterable[Municipality],
        coordinators: Iterable[User],
    ) -> None:
        super().__init__(data, Case.objects.visible_to(scope))
        self.scope, self.today = scope, today
        self.is_near = self.is_cut = False  # whether a search found similar names, or more than can be shown
        self.is_looked_up = False  # whether what a search finds was looked up, to be handed over as ids
        self.municipalities = {place.code: place for place in municipalities}
        self.coordinators = {str(user.pk): user for user in coordinators}
        self.filters["municipality"].extra["choices"] = [
            (code, place.name) for code, place in self.municipalities.items()
        ]
        self.filters["coordinator"].extra["choices"] = [
            (MINE, gettext_lazy("Me")),
            (NOBODY, gettext_lazy("Nobody yet")),
            *((pk, user.name) for pk, user in self.coordinators.items()),
            (GONE, gettext_lazy("Someone who no longer works here")),
        ]
        if len(self.municipalities) < 2:
            del self.filters["municipality"]
        self.form.full_clean()

    # How each filter narrows.

    def search(self, rows: QuerySet[Case], name: str, text: str) -> QuerySet[Case]:
        """By the name, phone or e-mail of anybody in the household; what has a digit in it can be a reference too.

        What is found is looked up once, not once for each state, and is no more than one can look through.
        """
        people = Person.objects.visible_to(self.scope)
        if "@" not in text and any(letter.isdigit() for letter in text):
            reference, number = text.strip().upper(), phone_key(text)
            theirs = (
                people.filter(phone_key=number).order_by("pk").values_list("household", flat=True) if number else ()
            )
            found = self.queryset.filter(
                Q(reference__contains=reference)
                | Q(reference__contains=with_zeros(reference))
                | Q(household__in=list(theirs))
            )
            return rows.filter(pk__in=self._newest(found, "pk"))
        if not fold(text):
            return rows
        households = self._newest(people.sought(text), "household_id")
        if not households and "@" not in text:
            households = self._newest(people.named_nearly(text), "household_id")
            self.is_near = bool(households)
        return rows.filter(household__in=households)

    def _newest(self, found: QuerySet, column: str) -> list[int]:
        self.is_looked_up = True
        ids, self.is_cut = newest_of(found, column)
        return ids

    def leave_as_is(self, rows: QuerySet[Case], name: str, states: list[str]) -> QuerySet[Case]:
        return rows

    def by_coordinator(self, rows: QuerySet[Case], name: str, who: str) -> QuerySet[Case]:
        if who == NOBODY:
            return rows.filter(coordinator__isnull=True)
        if who == GONE:
            return rows.filter(coordinator__isnull=False).exclude(
                coordinator__in=[user.pk for user in self.coordinators.values()]
            )
        return rows.filter(coordinator=self.scope.user_id if who == MINE else int(who))

    def by_municipality(self, rows: QuerySet[Case], name: str, code: str) -> QuerySet[Case]:
        return rows.filter(municipality=self.municipalities[code])

    def by_attention(self, rows: CaseQuerySet, name: str, why: str) -> QuerySet[Case]:
        return needing(
            rows,
            Attention(why),
            today=self.today,
            municipalities=self.municipalities.values(),
            user_id=self.scope.user_id,
        )

    def by_choice(self, rows: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        return rows.filter(**{name: "" if value == NOT_ASKED else value})

    # What is shown, and in which order.

    @property
    def named_states(self) -> list[str]:
        """The states named in the address, in the order of the path; none where it names the open ones or all."""
        named = self.form.cleaned_data.get("state", ())
        return [] if ALL in named else [state.value for state in State if state in named]

    @property
    def states(self) -> list[str]:
        """The states shown: those named in the address, else the open ones."""
        every = ALL in self.form.cleaned_data.get("state", ())
        return list(State.values) if every else self.named_states or list(lifecycle.OPEN)

    @property
    def possible_states(self) -> list[str]:
        """The states in which the filters can find anything: only open cases ask for attention."""
        return list(lifecycle.OPEN if self.form.cleaned_data.get("attention") else State.values)

    @property
    def counts(self) -> dict[str, int]:
        """How many cases fit in each of the possible states, no more of one than is counted; one statement."""
        rows = self.qs
        if self.is_looked_up:  # few rows, but a long list of ids to hand over: once, not for each state
            states = rows.filter(state__in=self.possible_states).order_by().values_list("state")
            return dict(states.annotate(Count("pk")))
        return count_each(self.scope.user_id, {state: rows.filter(state=state) for state in self.possible_states})

    @property
    def chosen(self) -> QuerySet[Case]:
        return self.qs if len(self.states) == len(State) else self.qs.filter(state__in=self.states)

    @property
    def sort(self) -> str:
        word = self.data.get("sort", "")
        return word if word.removeprefix("-") in SORTS else DEFAULT_SORT

    def sorted(self) -> tuple[QuerySet[Case], str]:
        """The chosen cases, and what `crm.paging` orders them by."""
        word, down = self.sort.removeprefix("-"), self.sort.startswith("-")
        rows = self.chosen
        if word == "name":  # the municipality said of the household too, so that its index gives the order
            rows, column = rows.filter(household__municipality__in=self.municipalities.values()), "household__name"
        else:
            order = ORDERS.get(f"{word}_down") if down else None
            rows, column = rows.annotate(sorted_by=order or ORDERS[word]), "sorted_by"
        return rows, f"-{column}" if down else column

    # The address.

    @property
    def notes(self) -> list[str]:
        """What to know of the search, in whole sentences; there once `qs` has been asked for."""
        near = _("Nobody has exactly that name. These names are similar.") if self.is_near else ""
        return [note for note in (near, told_of_cut() if self.is_cut else "") if note]

    @property
    def problems(self) -> list[str]:
        """What of the address could not be read and was left out, in whole sentences."""
        left_out = [
            _("«%(field)s» could not be read and was left out. Choose it again.") % {"field": self.filters[name].label}
            for name in self.form.errors
        ]
        unknown = set(self.data) - set(self.base_filters) - {"sort", "after", "before"}
        if unknown:
            names = ", ".join(sorted(unknown)[:3])
            left_out.append(_("The list has no filter named %(names)s. It was left out.") % {"names": names[:60]})
        if self.data.get("sort", self.sort) != self.sort:
            left_out.append(_("The list cannot be sorted in that way. The newest first contacts come first."))
        return left_out

    def query(self, **changes: str | Iterable[str] | None) -> str:
        """The query of the address of this list with some words changed, and at its first page."""
        words = QueryDict(mutable=True)
        for name, value in {**self._set(), "sort": self.sort, **changes}.items():
            if value and (name, value) != ("sort", DEFAULT_SORT):
                words.setlist(name, [value] if isinstance(value, str) else list(value))
        return f"?{words.urlencode()}"

    def _set(self) -> dict[str, str | list[str]]:
        """The filters that are set and could be read, as they stand in the address."""
        return {
            name: self.data.getlist(name) if name == "state" else self.data[name]
            for name, value in self.form.cleaned_data.items()
            if value
        }

    @property
    def in_all_states(self) -> str:
        """The query of this list in every state."""
        return self.query(state=ALL)

    @property
    def search_alone(self) -> str:
        """The query of the same search without the filters beside it, in every state; "" where there are none."""
        others = dict.fromkeys(self._set().keys() - {"q", "state"})
        return self.query(**others, state=ALL) if others and "q" in self._set() else ""

    @property
    def active(self) -> list[Active]:
        """The filters that are set beside the state, in words."""
        return [
            Active(str(self.filters[name].label), self._told(name), self.query(**{name: None}))
            for name in self._set()
            if name != "state"
        ]

    def in_words(self) -> str:
        """The states shown and the filters that are set, for the record of who took the list as a file."""
        states = ", ".join(str(State(state).label) for state in self.states)
        return "; ".join([states, *(f"{filter.label}: {filter.value}" for filter in self.active)])

    def _told(self, name: str) -> str:
        value = self.form.cleaned_data[name]
        if isinstance(value, date):
            return date_format(value, "SHORT_DATE_FORMAT")
        if name == "municipality":
            return self.municipalities[value].name
        choices = dict(self.filters[name].extra.get("choices", ()))
        return str(choices.get(value, value))
