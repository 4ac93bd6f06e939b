"""What is done to projects: who joins and who leaves them; which investments draw movers."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, remove_perm

from cases.actions.timeline import note
from cases.models import Case, EventKind
from crm.actions import role_group
from crm.audit import acting
from crm.models import Municipality, User
from crm.refusal import Refused
from crm.roles import PARTNER_PERMISSIONS, Role
from projects.models import MajorProject, MajorProjectCase, Participation, ParticipationKind, Partner, Project
from projects.notices import tell_inspectors_of_correction, tell_inspectors_of_joining, tell_inspectors_of_leaving


def create_project(
    *, code: str, name: str, lead: Municipality, starts: date, ends: date | None = None, by: User
) -> Project:
    """A new project, without partners: the lead municipality joins by a decision of its own, like the others."""
    return _save_project(Project(code=code, name=name, lead=lead, starts=starts, ends=ends), by)


def change_project(
    *, project: Project, code: str, name: str, lead: Municipality, starts: date, ends: date | None, by: User
) -> Project:
    """Change what is said of a project; its days still hold every joining."""
    with transaction.atomic():
        project = Project.objects.select_for_update().get(pk=project.pk)
        outside = Q(joined__lt=starts)
        if ends is not None:
            outside |= Q(joined__gt=ends)
        if project.partners.filter(outside).exists():
            raise Refused(_("A partner has joined outside these days. Correct them, or the day of its joining first."))
        project.code, project.name, project.lead, project.starts, project.ends = code, name, lead, starts, ends
        return _save_project(project, by)


def _save_project(project: Project, by: User) -> Project:
    if project.ends is not None and project.ends < project.starts:
        raise Refused(_("The last day is before the first day. Correct one of them."))
    if Project.objects.filter(code__iexact=project.code).exclude(pk=project.pk).exists():
        raise Refused(_("There is already a project with the code %(code)s. Check the code.") % {"code": project.code})
    with transaction.atomic(), acting(by):
        project.save()
    return project


def join_partner(
    *, project: Project, municipality: Municipality, joined: date, decision: str = "", by: User, at: datetime
) -> Partner:
    """A municipality joins; from now on the project's lead sees its figures from `joined` on. Its inspectors are told.

    Refused for a day to come, since the grant is given as this is recorded.
    """
    with transaction.atomic(), acting(by):
        project = Project.objects.select_for_update().get(pk=project.pk)
        partner = Partner(project=project, municipality=municipality, joined=joined, decision=decision)
        _refuse_impossible(partner, timezone.localdate(at))
        partner.save()
        _record(partner, ParticipationKind.JOINED, joined, by=by, at=at)
        _align_grant(partner)
        transaction.on_commit(lambda: tell_inspectors_of_joining(partner, by))
    return partner


def withdraw_partner(*, partner: Partner, withdrew: date, by: User, at: datetime) -> Partner:
    """A municipality leaves; the project's lead no longer sees its figures. Its inspectors are told.

    Refused for a day to come: until then the lead sees them, and it is recorded on the day.
    """
    with transaction.atomic(), acting(by):
        partner = locked_partner(partner)
        if partner.withdrew is not None:
            raise Refused(_("%(name)s has already left this project.") % {"name": partner.municipality.name})
        partner.withdrew = withdrew
        _refuse_impossible(partner, timezone.localdate(at))
        partner.save(update_fields=["withdrew"])
        _record(partner, ParticipationKind.WITHDREW, withdrew, by=by, at=at)
        _align_grant(partner)
        transaction.on_commit(lambda: tell_inspectors_of_leaving(partner, by))
    return partner


def correct_partner(
    *, partner: Partner, joined: date, withdrew: date | None, decision: str, why: str, by: User, at: datetime
) -> Partner:
    """Put right what was recorded of a partner; `withdrew` None says that it never left. Its inspectors are told.

    What was known before stays known as of then.
    """
    if not why.strip():
        raise Refused(_("Give the reason."))
    with transaction.atomic(), acting(by):
        partner = locked_partner(partner)
        if withdrew is not None and partner.withdrew is None:
            raise Refused(
                _("%(name)s has not left this project. Record its leaving first.") % {"name": partner.municipality.name}
            )
        before = {ParticipationKind.JOINED: partner.joined, ParticipationKind.WITHDREW: partner.withdrew}
        partner.joined, partner.withdrew, partner.decision = joined, withdrew, decision
        _refuse_impossible(partner, timezone.localdate(at))
        partner.save(update_fields=["joined", "withdrew", "decision"])
        corrected = {
            kind: day
            for kind, day in ((ParticipationKind.JOINED, joined), (ParticipationKind.WITHDREW, withdrew))
            if day != before[kind]
        }
        for kind, day in corrected.items():
            _record(partner, kind, day, by=by, at=at, why=why)
        if corrected:
            _align_grant(partner)
            transaction.on_commit(lambda: tell_inspectors_of_correction(partner, by))
    return partner


def locked_partner(partner: Partner) -> Partner:
    """The partner as it is now; its project is locked, so that of two people one comes second."""
    Project.objects.select_for_update().get(pk=partner.project_id)
    return Partner.objects.select_related("project", "municipality").get(pk=partner.pk)


def _refuse_impossible(partner: Partner, today: date) -> None:
    """Raise Refused where the days of `partner`, not yet saved, cannot be."""
    name, project = partner.municipality.name, partner.project
    if partner.joined > today:
        raise Refused(_("The day of joining is still to come. Record it on the day: then the lead sees the figures."))
    if partner.withdrew is not None and partner.withdrew > today:
        raise Refused(
            _("The last day is still to come, and until then the lead sees the figures. Record the leaving on the day.")
        )
    if partner.withdrew is not None and partner.withdrew < partner.joined:
        raise Refused(_("The last day is before the day of joining. Correct the date."))
    if partner.joined < project.starts:
        raise Refused(_("The project began only on %(date)s. Correct the day of joining.") % _day(project.starts))
    if project.ends is not None and partner.joined > project.ends:
        raise Refused(_("The project ended on %(date)s. Correct the day of joining.") % _day(project.ends))
    others = project.partners.filter(municipality=partner.municipality).exclude(pk=partner.pk)
    for other in others.order_by("joined", "pk"):
        if other.withdrew is None and (partner.withdrew is None or partner.withdrew >= other.joined):
            raise Refused(_("%(name)s is already a partner of this project.") % {"name": name})
        if (
            other.withdrew is not None
            and partner.joined <= other.withdrew
            and (partner.withdrew is None or partner.withdrew >= other.joined)
        ):
            text = _("%(name)s took part before, until %(date)s. The days cannot overlap: correct the date.")
            raise Refused(text % {"name": name, **_day(other.withdrew)})


def _day(day: date) -> dict[str, str]:
    return {"date": date_format(day, "SHORT_DATE_FORMAT")}


def _record(partner: Partner, kind: str, day: date | None, *, by: User, at: datetime, why: str = "") -> None:
    """Add to the chain of rows that say when it joined or left; None: it did not."""
    last = partner.participation.filter(kind=kind, replaced_by__isnull=True).first()
    if last is None:
        row = Participation(partner=partner, kind=kind, by=by, recorded_at=at, why=why)
    else:
        row = last.replacement(void=day is None, by=by, at=at, why=why)
    if day is not None:
        row.happened_on = day
    row.save()


def _align_grant(partner: Partner) -> None:
    """The lead holds the partner's grant exactly while it takes part."""
    leads = role_group(role=Role.PROJECT_LEAD, project=partner.project).group
    takes_part = partner.project.partners.filter(municipality=partner.municipality, withdrew__isnull=True).exists()
    for permission in sorted(PARTNER_PERMISSIONS):
        (assign_perm if takes_part else remove_perm)(permission.value, leads, partner.municipality)


def create_major_project(
    *, municipality: Municipality, name: str, starts: date | None = None, ends: date | None = None, by: User
) -> MajorProject:
    """A new investment that cases of the municipality can name."""
    return _save_major_project(MajorProject(municipality=municipality, name=name, starts=starts, ends=ends), by)


def change_major_project(
    *, major_project: MajorProject, name: str, starts: date | None, ends: date | None, by: User
) -> MajorProject:
    """Change what is said of it; the cases that name it stay."""
    major_project.name, major_project.starts, major_project.ends = name, starts, ends
    return _save_major_project(major_project, by)


def locked_major_project(major_project: MajorProject) -> MajorProject:
    """It as it is now: whatever changes one holds the lock of its municipality."""
    Municipality.objects.select_for_update().get(pk=major_project.municipality_id)
    return MajorProject.objects.get(pk=major_project.pk)


def _save_major_project(major_project: MajorProject, by: User) -> MajorProject:
    starts, ends = major_project.starts, major_project.ends
    if starts is not None and ends is not None and ends < starts:
        raise Refused(_("The last day is before the first day. Correct one of them."))
    with transaction.atomic(), acting(by):
        municipality = Municipality.objects.select_for_update().get(pk=major_project.municipality_id)
        others = municipality.major_projects.exclude(pk=major_project.pk)
        if others.filter(name__iexact=major_project.name).exists():
            text = _("%(municipality)s already has a major project called %(name)s. Use it, or give another name.")
            raise Refused(text % {"municipality": municipality.name, "name": major_project.name})
        major_project.save()
    return major_project


def set_major_project(*, case: Case, major_project: MajorProject | None, by: User, at: datetime) -> None:
    """Say which major project of the case's own municipality draws the household; None: none does.

    The timeline says what was and what is.
    """
    if major_project is not None and major_project.municipality_id != case.municipality_id:
        raise Refused(_("Choose a major project of the same municipality."))
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        rows = MajorProjectCase.objects.filter(case=case).select_related("major_project")
        last = rows.filter(replaced_by__isnull=True).first()
        before = last.major_project if last is not None and not last.void else None
        if before == major_project:
            return
        if last is None:
            on = timezone.localdate(at)
            row = MajorProjectCase(case=case, major_project=major_project, happened_on=on, by=by, recorded_at=at)
        elif major_project is None:
            row = last.replacement(void=True, by=by, at=at)
        else:
            row = last.replacement(major_project=major_project, by=by, at=at)
        row.save()
        names = {"before": before.name if before else "", "after": major_project.name if major_project else ""}
        note(case, EventKind.CHANGE, by=by, at=at, what="major_project", **names)
