"""What the templates of the case page are given: labels, notes and addresses, so that they decide nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases import lifecycle
from cases.casefile import CaseFile
from cases.lifecycle import State
from cases.models import Case, EventKind, MoveReason, PersonFactKind
from cases.path import Reach, Stage
from cases.views.mending import Mend, mends_of
from contacts.languages import language_name
from crm.pages import leading_back


def summary(case: Case, languages: Sequence[str]) -> list[str]:
    """How many, from where, why, in which languages; what is not known is left out."""
    household = case.household
    size = ngettext("%(count)d person", "%(count)d persons", household.size) % {"count": household.size}
    told = [size]
    if household.moves_from:
        told.append(_("moves from: %(place)s") % {"place": household.moves_from})
    if case.move_reason:
        told.append(_("because of: %(reason)s") % {"reason": MoveReason(case.move_reason).label.lower()})
    if languages:
        told.append(_("speaks: %(languages)s") % {"languages": ", ".join(map(language_name, languages))})
    return told


@dataclass(frozen=True)
class PathStep:
    """One state of the path as the component draws it; `url` opens the correction of its date."""

    label: str
    status: str
    note: str = ""
    since: str = ""
    url: str = ""


def path_steps(casefile: CaseFile, may_work: bool) -> list[PathStep]:
    return [_path_step(stage, casefile, may_work) for stage in casefile.path]


def _path_step(stage: Stage, casefile: CaseFile, may_work: bool) -> PathStep:
    case, entered = casefile.case, stage.entered
    since = ""
    if stage.reach is Reach.NOW and case.state == stage.state:
        since = _how_long(case.days_in_state(casefile.today))
    elif stage.reach is Reach.NOW:
        since = str(State(case.state).label)
    if entered is None:
        note = _("skipped") if stage.reach is Reach.SKIPPED else ""
        return PathStep(str(stage.state.label), stage.reach, note, since)
    first = casefile.first_arrival if stage.state == State.ARRIVED else None
    if first is not None and first.kind == PersonFactKind.ALREADY_HERE and case.state != State.PAUSED:
        since = str(first.get_kind_display())
    told = first or entered
    note = date_format(told.happened_on, "SHORT_DATE_FORMAT") if told.date_known else _("date not known")
    url = reverse("case_step_date", args=[case.reference, entered.pk]) if may_work else ""
    return PathStep(str(stage.state.label), stage.reach, note, since, url)


def _how_long(days: int) -> str:
    if days < 1:
        return _("since today")
    return ngettext("%(count)d day in this state", "%(count)d days in this state", days) % {"count": days}


@dataclass(frozen=True)
class Button:
    """A link that opens a dialog; `mends` is what must be seen to before it."""

    label: Promise | str
    url: str
    icon: str = ""
    primary: bool = False
    mends: Sequence[Mend] = ()


def step_buttons(casefile: CaseFile, back: str = "") -> list[Button]:
    """Every transition that starts here, the next action first and closing last; and moving the move date.

    `back` is the page that a transition leads back to; "" for the case page.
    """
    case, first = casefile.case, lifecycle.NEXT.get(State(casefile.case.state))
    buttons = [
        Button(
            step.rule.label,
            leading_back(step_url(case, step.rule), back),
            primary=step.rule is first,
            mends=mends_of(case, step.missing, casefile.memberships),
        )
        for step in sorted(casefile.next_steps, key=lambda step: step.rule is lifecycle.CLOSE)
    ]
    if casefile.can_postpone:
        buttons.insert(1, Button(_("Change the move date"), reverse("case_postpone", args=[case.reference])))
    return buttons


def step_url(case: Case, rule: lifecycle.Rule) -> str:
    return reverse("case_step", args=[case.reference, rule.name.replace("_", "-")])


CONTACTS: tuple[tuple[EventKind, str, Promise], ...] = (
    (EventKind.CALL, "phone", gettext_lazy("Log a call")),
    (EventKind.MEETING, "chat-bubble-left-right", gettext_lazy("Meeting")),
    (EventKind.NOTE, "pencil-square", gettext_lazy("Note")),
    (EventKind.EMAIL, "envelope", gettext_lazy("E-mail")),
)


def contact_buttons(case: Case) -> list[Button]:
    """What is logged by hand, each in two clicks."""
    return [
        Button(label, reverse("case_log", args=[case.reference, kind.value]), icon=icon)
        for kind, icon, label in CONTACTS
    ]


def aside(casefile: CaseFile) -> dict[str, str] | None:
    """Why a case that is paused or closed is so, and until when; None for one that goes on."""
    case, last = casefile.case, casefile.last
    if case.state == State.PAUSED:
        title = _("Paused since %(date)s. The pause is reviewed on %(review)s.") % {
            "date": _day(case.state_since),
            "review": _day(case.review_on) if case.review_on else "–",
        }
        late = case.review_on is not None and case.review_on <= casefile.today
        return {"tone": "hot" if late else "warn", "icon": "pause-circle", "title": title, "text": last.reason}
    if case.state == State.CLOSED:
        title = _("Closed on %(date)s: %(reason)s") % {
            "date": _day(case.state_since),
            "reason": case.get_close_reason_display(),
        }
        return {"tone": "", "icon": "archive-box", "title": title, "text": ""}
    return None


def _day(on: date) -> str:
    return date_format(on, "SHORT_DATE_FORMAT")
