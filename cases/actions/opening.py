"""Opening a case; advice that never becomes one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from cases import lifecycle
from cases.actions.stepping import record
from cases.models import Advice, AdviceTopic, Case, Channel, Event, EventKind
from cases.references import next_references, random_reference
from cases.steps import Told, first_contact, first_stay, moment, opening
from contacts.actions import PersonData, give_notice, register_household
from contacts.models import Household
from crm.models import Municipality, User
from crm.refusal import Refused


def open_case(
    *,
    household: Household,
    on: date,
    text: str = "",
    advice: Advice | None = None,
    by: User,
    at: datetime,
    **told: Unpack[Told],
) -> Case:
    """A new case of the household, in the state of first contact on `on`.

    Refused where the household has an open case, and where the date is in the future.
    """
    with transaction.atomic():
        households = Household.objects.select_for_update(of=("self",)).select_related("municipality")
        household = households.get(pk=household.pk)
        if household.cases.open().exists():
            raise Refused(lifecycle.NO_OTHER_OPEN_CASE.refusal)
        return _opened(household=household, on=on, text=text, advice=advice, by=by, at=at, **told)


def _opened(
    *,
    household: Household,
    on: date,
    text: str = "",
    advice: Advice | None = None,
    by: User,
    at: datetime,
    **told: Unpack[Told],
) -> Case:
    """The case of a household that has no open one, and for which nobody else can open one now."""
    if on > timezone.localdate(at):
        raise Refused(lifecycle.NOT_IN_FUTURE.refusal)
    case = first_contact(household, _reference(household, on.year), on=on, at=at, **told)
    case.save()
    record(opening(case, by=by, at=at, text=text))
    first_stay(case, by=by, at=at).save()
    if advice is not None and Advice.objects.filter(pk=advice.pk, case__isnull=True).update(case=case):
        _tell_of_advice(case, advice, by=by, at=at)
    return case


def _tell_of_advice(case: Case, advice: Advice, *, by: User, at: datetime) -> None:
    """The timeline begins with the advice that the case grew out of, on the day it was given."""
    Event.objects.create(
        case=case,
        kind=EventKind.CHANGE,
        happened_at=moment(advice.given_on, at),
        recorded_at=at,
        by=by,
        data={"what": "advice", "topic": advice.topic, "on": advice.given_on.isoformat()},
    )


@dataclass(frozen=True)
class NewHousehold:
    """Who made contact for the first time, as `contacts.actions.register_household` takes it."""

    municipality: Municipality
    people: Sequence[tuple[PersonData, str]]
    moves_from: str = ""
    from_country: str = ""
    restricted: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Notice:
    """The privacy notice that was given: its version and language."""

    version: str
    language: str


def open_first_contact(
    *,
    household: Household | NewHousehold,
    notice: Notice | None = None,
    form_key: UUID,
    on: date,
    by: User,
    at: datetime,
    **opening,
) -> Case:
    """Register a new household, or take a known one, record the notice and open the case: all of it or nothing.

    `opening` is what `open_case` takes. A form sent twice, even at the same moment, gives the one case.
    """

    def record() -> Case:
        # Nobody else can know of a household that is being registered: no lock, and no case before this one.
        if isinstance(household, NewHousehold):
            known, open_ = _registered(household, on=on, by=by, at=at), _opened
        else:
            known, open_ = household, open_case
        if notice is not None:
            give_notice(household=known, version=notice.version, language=notice.language, given_on=on, by=by, at=at)
        return open_(household=known, form_key=form_key, on=on, by=by, at=at, **opening)

    return _once(Case, form_key, record)


def _registered(new: NewHousehold, *, on: date, by: User, at: datetime) -> Household:
    return register_household(
        municipality=new.municipality,
        people=new.people,
        moves_from=new.moves_from,
        from_country=new.from_country,
        restricted=new.restricted,
        reason=new.reason,
        on=on,
        by=by,
        at=at,
    )


def _once[Row: (Case, Advice)](model: type[Row], form_key: UUID, record: Callable[[], Row]) -> Row:
    """What `record` makes; where the form with this key was sent before, what it made then."""
    made = model._default_manager.filter(form_key=form_key).first()
    if made is not None:
        return made
    try:
        with transaction.atomic():
            return record()
    except (IntegrityError, Refused):
        # The same form came in by another request at the same moment, and that one was first.
        made = model._default_manager.filter(form_key=form_key).first()
        if made is None:
            raise
        return made


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
    form_key: UUID | None = None,
    by: User,
    at: datetime,
) -> Advice:
    """A short conversation: no name, no case. A form sent twice records it once."""
    if given_on > timezone.localdate(at):
        raise Refused(lifecycle.NOT_IN_FUTURE.refusal)

    def record() -> Advice:
        return Advice.objects.create(
            municipality=municipality,
            topic=topic,
            language=language,
            channel=channel,
            minutes=minutes,
            given_on=given_on,
            form_key=form_key,
            by=by,
            recorded_at=at,
        )

    return _once(Advice, form_key, record) if form_key else record()
