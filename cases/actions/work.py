"""The daily work: contacts logged, facts of the case.

Of a closed case, too: people call again, and what figures read must be mendable.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases import lifecycle
from cases.actions.timeline import note, told
from cases.models import Case, CaseStay, Direction, Event, EventKind, Stay
from crm.models import User
from crm.refusal import Refused


def log_event(
    *,
    case: Case,
    kind: EventKind,
    direction: str = Direction.NONE,
    happened_at: datetime,
    text: str = "",
    minutes: int | None = None,
    by: User,
    at: datetime,
) -> Event:
    """Put a call, meeting, note or e-mail on the timeline. Anything but a note is a contact with the household.

    A form sent twice records it once: what is the same in every word and to the minute is there already.
    """
    if happened_at > at + timedelta(minutes=5):
        raise Refused(_("The time is in the future. Make a task of what is still to come."))
    with transaction.atomic():
        Case.objects.select_for_update().values_list("pk").get(pk=case.pk)
        told = {"kind": kind, "direction": direction, "happened_at": happened_at, "text": text, "minutes": minutes}
        made = Event.objects.filter(case=case, by=by, **told).first()
        if made is not None:
            return made
        event = Event.objects.create(case=case, by=by, recorded_at=at, **told)
        if kind != EventKind.NOTE:
            day = timezone.localdate(happened_at)
            Case.objects.filter(pk=case.pk).update(last_contact_on=Greatest(Coalesce(F("last_contact_on"), day), day))
    return event


EDITABLE_FACTS = ("move_reason", "channel", "stay", "season_ends_on", "registration", "coordinator")


def edit_case(
    *, case: Case, changes: Mapping[str, object], stay_since: date | None = None, by: User, at: datetime
) -> Case:
    """Change facts of the case (see EDITABLE_FACTS); the timeline says what was and what is.

    Of a case in any state: what figures read of a closed one must be mendable, too. A changed stay holds since
    `stay_since`; without that day what was recorded of it last was wrong. Refused where the day is in the future, or
    before the one on which the stay changed last.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case.pk)
        changed: dict[str, list] = {}
        for name in EDITABLE_FACTS:
            if name in changes and getattr(case, name) != changes[name]:
                changed[name] = [told(getattr(case, name)), told(changes[name])]
                setattr(case, name, changes[name])
        if changed:
            case.save(update_fields=list(changed))
            if changed.keys() & {"stay", "season_ends_on"}:
                _stay_row(case, stay_since, by=by, at=at).save()
            note(case, EventKind.CHANGE, by=by, at=at, what="facts", fields=changed)
    return case


def _stay_row(case: Case, since: date | None, *, by: User, at: datetime) -> CaseStay:
    """The row that says the stay as it now is on the case, not yet saved.

    What was not asked before cannot have changed: an answer to it holds from the same day as the question.
    """
    last = case.stays.standing().in_order().reverse()[0]
    if since is None or since == last.happened_on or last.stay == Stay.UNKNOWN:
        return last.replacement(stay=case.stay, season_ends_on=case.season_ends_on, by=by, at=at)
    if since > timezone.localdate(at):
        raise Refused(lifecycle.NOT_IN_FUTURE.refusal)
    if since < last.happened_on:
        raise Refused(
            _(
                "The stay that is recorded now began on %(date)s. Give a later day; if it was recorded wrongly, leave "
                "the day empty."
            )
            % {"date": date_format(last.happened_on, "SHORT_DATE_FORMAT")}
        )
    return CaseStay(
        case=case, stay=case.stay, season_ends_on=case.season_ends_on, happened_on=since, recorded_at=at, by=by
    )


def take_case(*, case: Case, by: User, at: datetime) -> Case:
    """Become the coordinator of a case that has none. Refused where somebody else was quicker."""
    with transaction.atomic():
        # Without a join: what is joined to a row that one had to wait for is as it was before the waiting.
        case = Case.objects.select_for_update().get(pk=case.pk)
        if case.coordinator_id == by.pk:
            return case
        if case.coordinator is not None:
            raise Refused(_("%(name)s has taken this case meanwhile.") % {"name": case.coordinator.name})
        return edit_case(case=case, changes={"coordinator": by}, by=by, at=at)
