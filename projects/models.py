"""The joint project so far as the figures need it: who takes part, from when until when; the major projects."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from crm.classified import FACT, classified
from crm.history import Fact
from crm.models import Municipality


class Project(models.Model):
    """A joint project of municipalities, led by one of them."""

    code = models.CharField(_("funder's code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=160)
    lead = models.ForeignKey(Municipality, models.PROTECT, related_name="+", verbose_name=_("lead partner"))
    starts = models.DateField(_("starts"))
    ends = models.DateField(_("ends"), null=True, blank=True)

    kinds = classified(technical="id code name lead starts ends")

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="projects_project_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Partner(models.Model):
    """A municipality's part in a project, by decision of its own board, from joining to withdrawal.

    The days are those that hold now, for lists and constraints; how they came to be known is in `Participation`.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="partners")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="partnerships")
    decision = models.CharField(_("register number of the decision"), max_length=40, blank=True)
    joined = models.DateField(_("joined"))
    withdrew = models.DateField(_("withdrew"), null=True, blank=True)

    kinds = classified(technical="id project municipality decision", figure="joined withdrew")

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["project", "municipality"],
                condition=Q(withdrew__isnull=True),
                name="projects_partner_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(withdrew__isnull=True) | Q(withdrew__gte=F("joined")),
                name="projects_partner_withdrew_after_joining",
            ),
        ]


class ParticipationKind(models.TextChoices):
    JOINED = "joined", _("Joined")
    WITHDREW = "withdrew", _("Withdrew")


class Participation(Fact):
    """That a partner joined on a day, or withdrew: what figures read. One chain of corrections for each of the two."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="participation")
    kind = models.CharField(max_length=8, choices=ParticipationKind)

    kinds = FACT | classified(figure="kind", technical="partner")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["partner", "kind"], condition=Q(replaces__isnull=True), name="projects_participation_one_chain"
            ),
        ]


class MajorProject(models.Model):
    """A large investment in the region that draws movers; kept by those who work the municipality's cases."""

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="major_projects")
    name = models.CharField(_("name"), max_length=120)
    starts = models.DateField(_("starts"), null=True, blank=True)
    ends = models.DateField(_("ends"), null=True, blank=True)

    kinds = classified(technical="id municipality name starts ends")

    class Meta:
        verbose_name = _("major project")
        verbose_name_plural = _("major projects")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint("municipality", Lower("name"), name="projects_majorproject_name_once"),
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="projects_majorproject_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MajorProjectCase(Fact):
    """That a household moves because of a major project, known from `happened_on`.

    Another choice replaces the row and «none» voids it: one chain a case, so that at any time one row holds at most.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    major_project = models.ForeignKey(MajorProject, models.PROTECT, related_name="cases")

    kinds = FACT | classified(figure="major_project", technical="case")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["case"], condition=Q(replaces__isnull=True), name="projects_majorprojectcase_one_chain"
            ),
        ]
