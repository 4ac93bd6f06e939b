"""The daily work on a case: contacts logged, and its facts."""

from __future__ import annotations

from functools import partial

from django.forms import model_to_dict
from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.access import locked_case, opened_case
from cases.actions import EDITABLE_FACTS, edit_case, log_event
from cases.forms.work import CaseForm, LogForm
from cases.models import EventKind
from cases.timeline import facts_changed
from cases.views.dialogs import dialog, page_of
from contacts.access import who_may_work
from contacts.requests import StaffRequest
from crm.conflicts import Held
from crm.pages import done, typed
from crm.permissions import Permission

LOG_HEADINGS: dict[EventKind, Promise] = {
    EventKind.CALL: gettext_lazy("Log a call"),
    EventKind.MEETING: gettext_lazy("Log a meeting"),
    EventKind.NOTE: gettext_lazy("Write a note"),
    EventKind.EMAIL: gettext_lazy("Log an e-mail"),
}


def case_log(request: StaffRequest, reference: str, kind: str) -> HttpResponse:
    """Put a call, meeting, note or e-mail on the timeline."""
    event_kind = EventKind(kind)
    case = opened_case(request, Permission.WORK_CASES, reference=reference)
    now = timezone.now()
    form = LogForm(typed(request), kind=event_kind, now=now)

    def act() -> HttpResponse:
        log_event(case=case, kind=event_kind, **form.told(), by=request.user, at=now)
        return done(request, page_of(case), _("Added to the timeline: %(kind)s.") % {"kind": event_kind.label})

    return dialog(request, form, act, heading=LOG_HEADINGS[event_kind], back=page_of(case))


def case_edit(request: StaffRequest, reference: str) -> HttpResponse:
    """The facts of the case that may change at any time."""
    case = opened_case(request, Permission.WORK_CASES, reference=reference)
    workers = who_may_work(case.household, request.today)
    form = CaseForm(typed(request), instance=case, workers=workers, today=request.today)
    held = Held(lambda: model_to_dict(locked_case(request, case), EDITABLE_FACTS), partial(facts_changed, case))

    def act() -> HttpResponse:
        edit_case(case=case, **form.told(), by=request.user, at=timezone.now())
        return done(request, page_of(case), _("The details were saved."))

    return dialog(request, form, act, heading=_("Details of the case"), back=page_of(case), held=held)
