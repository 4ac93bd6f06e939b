"""The joint project so far as the figures need it: who takes part, from when until when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from crm.classified import classified
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

    def __str__(self) -> str:
        return self.name


class Partner(models.Model):
    """A municipality's part in a project, by decision of its own board, from joining to withdrawal."""

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


class MajorProject(models.Model):
    """A large investment in the region that draws movers."""

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="major_projects")
    name = models.CharField(_("name"), max_length=120)
    starts = models.DateField(_("starts"), null=True, blank=True)
    ends = models.DateField(_("ends"), null=True, blank=True)

    kinds = classified(technical="id municipality name", figure="starts ends")

    class Meta:
        verbose_name = _("major project")
        verbose_name_plural = _("major projects")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class MajorProjectCase(models.Model):
    """That a household moves because of a major project."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="+")
    major_project = models.ForeignKey(MajorProject, models.PROTECT, related_name="cases")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    kinds = classified(figure="major_project", technical="id case by recorded_at")

    class Meta:
        default_permissions = ()
