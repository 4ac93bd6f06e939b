"""The ground floor: municipalities, users, roles."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Count, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase

from crm.classified import classified
from crm.permissions import Permission
from crm.roles import INSTALLATION_ROLES, MUNICIPALITY_ROLES, PROJECT_ROLES, Role


class SettledCriterion(models.TextChoices):
    """What a municipality can ask for before a household counts as settled."""

    HOME = "home", _("They have a home")
    LIVELIHOOD = "livelihood", _("They have a livelihood or studies")
    SCHOOL = "school", _("The children have school or early childhood education")
    REGISTERED = "registered", _("They are registered as residents")


def all_criteria() -> list[str]:
    return list(SettledCriterion.values)


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    def by_name(self, ids: Collection[int]) -> list[Municipality]:
        """Those of these ids, by their names in the language of the moment, which no database knows."""
        return sorted(self.filter(pk__in=ids).order_by("pk"), key=lambda place: place.name)


class Municipality(models.Model):
    """A municipality of Finland; controller of its own register."""

    code = models.CharField(_("code"), max_length=3, unique=True, help_text=_("Statistics Finland's code, such as 320"))
    prefix = models.CharField(
        _("prefix"), max_length=5, unique=True, help_text=_("Begins each case reference, such as KMJ")
    )
    name_fi = models.CharField(_("name in Finnish"), max_length=60)
    name_sv = models.CharField(_("name in Swedish"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)
    region_fi = models.CharField(_("region"), max_length=60)
    population = models.PositiveIntegerField(_("population"), help_text=_("Latest figure of Statistics Finland"))
    settled_criteria = models.JSONField(_("criteria for settled"), default=all_criteria)
    stale_after_days = models.PositiveSmallIntegerField(
        _("quiet after (days)"),
        default=14,
        help_text=_("An active case without contact for this long is shown on My day"),
    )

    objects = MunicipalityQuerySet.as_manager()

    kinds = classified(
        technical="id code prefix name_fi name_sv name_en region_fi settled_criteria stale_after_days",
        figure="population",
    )

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        default_permissions = ()
        permissions = [(p.value, str(p.name).lower().replace("_", " ")) for p in Permission]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return {"sv": self.name_sv, "en": self.name_en}.get((get_language() or "fi")[:2], self.name_fi)


class MunicipalityGroupPermission(GroupObjectPermissionBase):
    """django-guardian's grants with a direct foreign key; written by `crm.actions` and `projects.actions`."""

    content_object = models.ForeignKey(Municipality, on_delete=models.PROTECT)

    kinds = classified(technical="id permission group content_object")

    class Meta(GroupObjectPermissionBase.Meta):
        pass


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def active(self):
        """Those who may sign in, by name."""
        return self.filter(is_active=True).order_by("name", "pk")

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


class ColourScheme(models.TextChoices):
    SYSTEM = "system", _("As on my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class User(AbstractBaseUser):
    """A member of staff, signed in by e-mail. There is no superuser: what one may do comes from memberships."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=2, choices=[("fi", "Suomi"), ("en", "English")], default="fi")
    colour_scheme = models.CharField(_("colours"), max_length=6, choices=ColourScheme, default=ColourScheme.SYSTEM)
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(_("account made"), auto_now_add=True)
    groups = models.ManyToManyField(
        Group, through="crm.Membership", through_fields=("user", "group"), related_name="users"
    )

    objects = UserManager()

    kinds = classified(
        personal="email name", technical="id password last_login language colour_scheme is_active date_joined"
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        default_permissions = ()
        constraints = [models.UniqueConstraint(Lower("email"), name="crm_user_email_ci")]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()


class RoleGroup(models.Model):
    """Says what a group is: one role in one municipality, in one project, or in the whole installation."""

    group = models.OneToOneField(Group, models.PROTECT, related_name="role_group")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="role_groups")
    project = models.ForeignKey("projects.Project", models.PROTECT, null=True, blank=True, related_name="role_groups")

    kinds = classified(technical="id group role municipality project")

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="crm_rolegroup_place_fits_role",
                condition=Q(role__in=MUNICIPALITY_ROLES, municipality__isnull=False, project__isnull=True)
                | Q(role__in=PROJECT_ROLES, municipality__isnull=True, project__isnull=False)
                | Q(role__in=INSTALLATION_ROLES, municipality__isnull=True, project__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["role", "municipality"],
                condition=Q(municipality__isnull=False),
                name="crm_rolegroup_once_in_municipality",
            ),
            models.UniqueConstraint(
                fields=["role", "project"],
                condition=Q(project__isnull=False),
                name="crm_rolegroup_once_in_project",
            ),
            models.UniqueConstraint(
                fields=["role"],
                condition=Q(municipality__isnull=True, project__isnull=True),
                name="crm_rolegroup_once_in_installation",
            ),
        ]

    def __str__(self) -> str:
        place = self.municipality or self.project
        return f"{self.get_role_display()}: {place}" if place else self.get_role_display()


class MembershipQuerySet(models.QuerySet):
    def in_force(self, today: date):
        """Memberships that hold on `today`, first and last day included."""
        return self.not_over(today).filter(starts__lte=today)

    def not_over(self, today: date):
        """Memberships in force on `today` or still to come."""
        return self.filter(Q(ends__isnull=True) | Q(ends__gte=today))

    def overlapping(self, first: date, last: date | None):
        """Memberships that hold on some day between `first` and `last` (None: without an end)."""
        rows = self.not_over(first)
        return rows if last is None else rows.filter(starts__lte=last)

    def in_words(self):
        """With everything that is said of a membership: one statement for a whole list."""
        return self.select_related(
            "user", "by", "standing_in_for", "group__role_group__municipality", "group__role_group__project"
        ).order_by("starts", "pk")


class Membership(models.Model):
    """A user in a group, until a date; the through model of `User.groups`, so that an end needs no scheduler."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name=_("user"))
    group = models.ForeignKey(Group, models.PROTECT, related_name="memberships", verbose_name=_("role"))
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("granted by"))
    standing_in_for = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("standing in for")
    )

    objects = MembershipQuerySet.as_manager()

    kinds = classified(technical="id user group starts ends by standing_in_for")

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="crm_membership_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=True) | ~Q(by=F("user")), name="crm_membership_not_granted_to_self"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.group}"


class ExportedList(models.TextChoices):
    """Which list went out as a file."""

    CASES = "cases", _("Cases")
    PEOPLE = "people", _("People and households")
    TASKS = "tasks", _("My tasks")
    IMPORT_ROWS = "import_rows", _("Rows of a sheet")
    FIGURES = "figures", _("Results")
    ACCOUNTS = "accounts", _("Accounts")
    EXPORTS = "exports", _("Exports")
    MUNICIPALITIES = "places", _("Municipalities")
    PROJECTS = "projects", _("Joint projects")
    MAJOR_PROJECTS = "major", _("Major projects")
    IMPORTS = "imports", _("My imports")


class FileFormat(models.TextChoices):
    XLSX = "xlsx", _("Excel")
    CSV = "csv", _("CSV")


class ExportQuerySet(models.QuerySet["Export"]):
    def told(self):
        """With what a list says of them, but for the filters: how many municipalities as `places`, and a `few` by name.

        One export may be of all of them, and a page of exports need not read thousands of names.
        """
        theirs: Any = Export.municipalities.through._default_manager.filter(export=OuterRef("pk")).order_by()
        few = Municipality.objects.order_by("name_fi", "pk")[: Export.NAMED]
        return (
            self.select_related("by")
            .prefetch_related(Prefetch("municipalities", few, to_attr="few"))
            .annotate(places=Subquery(theirs.values("export").annotate(places=Count("pk")).values("places")))
            .defer("words")
        )


class Export(models.Model):
    """That somebody took a list out of the system as a file. Append-only, like the access log.

    `words` are the filters that were set, in words: a search may name a person, so that administrators do not see them.
    `rows` is how many the file was made of; whether all of it reached the reader is not known.
    """

    NAMED = 3  # municipalities named in a list; of more their number is told

    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("who"))
    recorded_at = models.DateTimeField(_("when"))
    what = models.CharField(_("list"), max_length=12, choices=ExportedList)
    file_format = models.CharField(_("file"), max_length=4, choices=FileFormat)
    rows = models.PositiveIntegerField(_("rows"))
    municipalities = models.ManyToManyField(Municipality, related_name="+", verbose_name=_("municipalities"))
    words = models.TextField(_("filters"), blank=True)

    objects = ExportQuerySet.as_manager()

    kinds = classified(free_text="words", technical="id by recorded_at what file_format rows")

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["recorded_at", "id"], name="crm_export_recorded")]
