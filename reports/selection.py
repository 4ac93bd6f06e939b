"""What is asked for: whose figures, of which period, as whom. Decides between exact and cleared figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.utils.functional import cached_property

from contacts.access import Scope
from crm.models import Municipality
from crm.permissions import Permission, ProjectPermission
from crm.roles import MUNICIPALITY_PERMISSIONS
from projects.models import Participation, ParticipationKind
from reports.period import Period

NEVER = date.max  # the day of joining of who is not known to have joined


@dataclass(frozen=True)
class Selection:
    """Chosen municipalities and a period, seen by one user.

    Made by `select`. `since` gives the day of joining of municipalities whose figures the user sees only as a
    project's lead. `known_at` asks for the figures as they were known then (None: as known now).
    """

    municipalities: tuple[Municipality, ...]
    period: Period
    scope: Scope
    since: Mapping[int, date] = field(default_factory=dict)
    known_at: datetime | None = None

    @property
    def is_exact(self) -> bool:
        """Whether the user may see the people behind every figure: then figures are exact, of the rows they see."""
        return all(self.scope.may(Permission.VIEW_CASES, place.pk) for place in self.municipalities)

    @cached_property
    def seen(self) -> frozenset[int]:
        """The chosen municipalities in which the user sees the people."""
        return frozenset(place.pk for place in self.municipalities) & self.scope.municipalities(Permission.VIEW_CASES)

    def counts(self, municipality: int, household: int, *, restricted: bool) -> bool:
        """Whether a household counts: where the user sees the people, those they see; elsewhere all unrestricted ones.

        Who sees the people of one municipality and only figures of another could otherwise subtract: the column
        of their own beside others, less its exact figures, would be the households they may not know of.
        """
        if restricted and not (self.is_exact and household in self.scope.named):
            return False  # never among figures for those who do not see the people (docs/adr/0010)
        return municipality not in self.seen or household not in self.scope.barred

    def of_place(self, period: Period, municipality: int) -> Period | None:
        """The days of `period` that count there: from a partner's joining on; None where it joined later."""
        joined = self.since.get(municipality, period.start)
        return replace(period, start=max(period.start, joined)) if joined <= period.end else None

    def late_joiners(self, period: Period) -> list[tuple[Municipality, date]]:
        """Municipalities whose figures begin later than `period`, with the day."""
        return [
            (place, self.since[place.pk])
            for place in self.municipalities
            if place.pk in self.since and self.since[place.pk] > period.start
        ]


def select(
    municipalities: Sequence[Municipality], period: Period, scope: Scope, known_at: datetime | None = None
) -> Selection:
    """The selection of what `scope` may see; at most one statement, for the days of joining known at `known_at`."""
    since = _joined_as_partners(scope, [place.pk for place in municipalities], known_at)
    return Selection(tuple(municipalities), period, scope, since, known_at)


def _joined_as_partners(scope: Scope, municipalities: Iterable[int], known_at: datetime | None) -> dict[int, date]:
    """The day of joining of those whose figures come to this user only through a partnership.

    Whoever is not known to take part by then is counted from `NEVER`.
    """
    only_partners = [pk for pk in municipalities if not _has_own_right(scope, pk)]
    if not only_partners:
        return {}
    known = Participation.objects.known_at(known_at)
    withdrew = known.filter(partner=OuterRef("partner"), kind=ParticipationKind.WITHDREW)
    rows = known.filter(
        ~Exists(withdrew),
        kind=ParticipationKind.JOINED,
        partner__project_id__in=scope.projects(ProjectPermission.MANAGE_PROJECT),
        partner__municipality_id__in=only_partners,
    )
    joined = dict.fromkeys(only_partners, NEVER)
    for pk, day in rows.order_by("-happened_on", "pk").values_list("partner__municipality_id", "happened_on"):
        joined[pk] = day  # the earliest of several projects comes last and holds
    return joined


def _has_own_right(scope: Scope, municipality: int) -> bool:
    """Whether a role in the municipality itself shows its figures."""
    return any(
        place == municipality and Permission.VIEW_FIGURES in MUNICIPALITY_PERMISSIONS.get(role, ())
        for role, place in scope.roles
    )
