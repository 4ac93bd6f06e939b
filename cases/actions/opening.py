"""Opening a case; advice that never becomes one."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from cases import lifecycle
from cases.actions.stepping import record
from cases.models import (
    Advice,
    AdviceTopic,
    Case,
    Channel,
)
from cases.references import next_references, random_reference
from cases.steps import opening
from contacts.models import Household
from crm.models import Municipality, User
from crm.refusal import Refused


def open_case(
    *,
    household: Household,
    on: date,
    channel: str = Channel.OTHER,
    coordinator: User | None = None,
    move_reason: str = "",
    stay: str = "",
    season_ends_on: date | None = None,
    registration: str = "",
    planned_move_on: date | None = None,
    text: str = "",
    advice: Advice | None = None,
    by: User,
    at: datetime,
) -> Case:
    """A new case of the household, in the state of first contact on `on`.

    Refused where the household has an open case, and where the date is in the future.
    """
    if on > timezone.localdate(at):
        raise Refused(lifecycle.NOT_IN_FUTURE.refusal)
    with transaction.atomic():
        household = (
            Household.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=household.pk)
        )
        if household.cases.open().exists():
            raise Refused(lifecycle.NO_OTHER_OPEN_CASE.refusal)
        case = Case.objects.create(
            reference=_reference(household, on.year),
            household=household,
            municipality_id=household.municipality_id,
            restricted=household.restricted,
            state_since=on,
            coordinator=coordinator,
            opened_on=on,
            channel=channel,
            move_reason=move_reason,
            stay=stay,
            season_ends_on=season_ends_on,
            registration=registration,
            planned_move_on=planned_move_on,
            last_contact_on=on,
            recorded_at=at,
        )
        record(opening(case, by=by, at=at, text=text))
        if advice is not None:
            Advice.objects.filter(pk=advice.pk, case__isnull=True).update(case=case)
    return case


def _reference(household: Household, year: int) -> str:
    return random_reference() if household.restricted else next_references(household.municipality, year)[0]


def log_advice(
    *,
    municipality: Municipality,
    topic: AdviceTopic,
    language: str,
    channel: Channel,
    minutes: int,
    given_on: date,
    by: User,
    at: datetime,
) -> Advice:
    """A short conversation: no name, no case."""
    if given_on > timezone.localdate(at):
        raise Refused(lifecycle.NOT_IN_FUTURE.refusal)
    return Advice.objects.create(
        municipality=municipality,
        topic=topic,
        language=language,
        channel=channel,
        minutes=minutes,
        given_on=given_on,
        by=by,
        recorded_at=at,
    )
