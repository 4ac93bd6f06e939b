"""People and households of a municipality's register (DOMAIN: People and registers)."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.querysets import AccessQuerySet, HouseholdQuerySet, PersonQuerySet, PrivacyNoticeQuerySet
from crm.classified import FACT, classified
from crm.history import Fact
from crm.models import Municipality


class Gender(models.TextChoices):
    NOT_ASKED = "", _("Not asked")
    WOMAN = "woman", _("Woman")
    MAN = "man", _("Man")
    OTHER = "other", _("Other")
    DECLINED = "declined", _("Does not want to tell")


class Education(models.TextChoices):
    """ISCED 2011 levels."""

    NOT_ASKED = "", _("Not asked")
    ISCED_0 = "0", _("Early childhood education")
    ISCED_1 = "1", _("Primary education")
    ISCED_2 = "2", _("Lower secondary education")
    ISCED_3 = "3", _("Upper secondary education")
    ISCED_4 = "4", _("Post-secondary non-tertiary education")
    ISCED_5 = "5", _("Short-cycle tertiary education")
    ISCED_6 = "6", _("Bachelor's or equivalent level")
    ISCED_7 = "7", _("Master's or equivalent level")
    ISCED_8 = "8", _("Doctoral or equivalent level")
    DECLINED = "declined", _("Does not want to tell")


class LabourStatus(models.TextChoices):
    NOT_ASKED = "", _("Not asked")
    EMPLOYED = "employed", _("Employed")
    SELF_EMPLOYED = "self_employed", _("Self-employed")
    UNEMPLOYED = "unemployed", _("Unemployed")
    STUDENT = "student", _("Student")
    RETIRED = "retired", _("Retired")
    AT_HOME = "at_home", _("At home with children")
    OUTSIDE = "outside", _("Otherwise outside the labour force")
    DECLINED = "declined", _("Does not want to tell")


class AgeGroup(models.TextChoices):
    """What is known of age where the birth date is not: «2+2» in a sheet says two adults and two children."""

    UNKNOWN = "", _("Not known")
    ADULT = "adult", _("Adult")
    CHILD = "child", _("Child")


class Relation(models.TextChoices):
    CONTACT = "contact", _("Contact person")
    PARTNER = "partner", _("Partner")
    CHILD = "child", _("Child")
    OTHER = "other", _("Other")


class Declinable(models.TextChoices):
    """Fields without choices of their own that a person may decline to tell; absent and not declined: not asked."""

    BIRTH = "birth", _("Birth date or year")
    CITIZENSHIPS = "citizenships", _("Citizenships")
    LANGUAGES = "languages", _("Languages")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")


class Household(models.Model):
    """Who moves, or may move, together. `name` and `size` are kept by the actions that change the members."""

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+", verbose_name=_("municipality"))
    restricted = models.BooleanField(_("non-disclosure for personal safety"), default=False)
    name = models.CharField(_("name"), max_length=200, blank=True)
    size = models.PositiveSmallIntegerField(_("persons"), default=1)
    moves_from = models.CharField(_("moves from"), max_length=120, blank=True)
    from_country = models.CharField(_("country they move from"), max_length=2, blank=True)
    recorded_at = models.DateTimeField(_("recorded"))

    objects = HouseholdQuerySet.as_manager()

    kinds = classified(
        figure="municipality restricted size moves_from from_country",
        personal="name",
        technical="id recorded_at",
    )

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        default_permissions = ()
        indexes = [models.Index(fields=["municipality", "name", "id"], name="contacts_household_name")]

    def __str__(self) -> str:
        return self.title

    @property
    def anonymous(self) -> bool:
        return not self.name

    @property
    def title(self) -> str:
        """How the household is called on a page: «Amina Haddad and family»."""
        if not self.name:
            return gettext("No name yet")
        if self.size > 1:
            return gettext("%(name)s and family") % {"name": self.name}
        return self.name


class AsTold:
    """What follows from what is told of a person, whether it is stored or not."""

    given_name: Any
    family_name: Any
    birth_date: Any
    birth_year: Any
    age_group: Any

    @property
    def named(self) -> bool:
        return bool(self.given_name or self.family_name)

    def age_on(self, day) -> int | None:
        """Age in full years on `day`; by the year alone where the date is not known; None where neither is."""
        if self.birth_date:
            before_birthday = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
            return day.year - self.birth_date.year - before_birthday
        return day.year - self.birth_year if self.birth_year else None

    def is_child_on(self, day, relation: str) -> bool:
        """Under 18 on `day`; of unknown age, who was told to be a child or is one in the household by `relation`."""
        age = self.age_on(day)
        if age is not None:
            return age < 18
        return (self.age_group or relation) == AgeGroup.CHILD


class Person(AsTold, models.Model):
    """One human in one municipality's register. Only a name is asked for; who called without one stays unnamed.

    `identity` joins rows of the same human in several registers, only to count once. `municipality` and
    `restricted` are copies of the household's, so that a list filters on one table; `birth_date` and `birth_year` are
    copies of the standing row of `births`, which figures read. Only `contacts.actions` writes both.
    """

    identity = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+", verbose_name=_("municipality"))
    household = models.ForeignKey(Household, models.PROTECT, related_name="people", verbose_name=_("household"))
    restricted = models.BooleanField(default=False)
    given_name = models.CharField(_("given name"), max_length=80, blank=True)
    family_name = models.CharField(_("family name"), max_length=80, blank=True)
    name_key = models.CharField(max_length=200, blank=True, editable=False)
    sound_key = models.CharField(max_length=40, blank=True, editable=False)
    sound_key_turned = models.CharField(max_length=40, blank=True, editable=False)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("birth year"), null=True, blank=True)
    age_group = models.CharField(_("adult or child"), max_length=5, choices=AgeGroup, blank=True)
    gender = models.CharField(_("gender"), max_length=10, choices=Gender, blank=True)
    citizenships = models.JSONField(_("citizenships"), default=list, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    service_language = models.CharField(_("language of service"), max_length=3, blank=True)
    education = models.CharField(_("education"), max_length=10, choices=Education, blank=True)
    labour_status = models.CharField(_("labour-market status"), max_length=15, choices=LabourStatus, blank=True)
    occupation = models.CharField(_("occupation"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    phone_key = models.CharField(max_length=20, blank=True, editable=False)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    email_key = models.CharField(max_length=254, blank=True, editable=False)
    declined = models.JSONField(_("does not want to tell"), default=list, blank=True)
    recorded_at = models.DateTimeField(_("recorded"))

    objects = PersonQuerySet.as_manager()

    kinds = classified(
        figure="municipality restricted birth_year age_group gender citizenships education labour_status",
        personal="given_name family_name name_key sound_key sound_key_turned birth_date languages service_language "
        "occupation phone phone_key email email_key declined",
        technical="id identity household recorded_at",
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        default_permissions = ()
        indexes = [
            models.Index(fields=["municipality", "name_key", "id"], name="contacts_person_name"),
            models.Index(fields=["municipality", "family_name", "given_name", "id"], name="contacts_person_sorted"),
            # For whole keys and for the beginnings of keys.
            *(
                models.Index(fields=[key, "municipality"], opclasses=["varchar_pattern_ops", "int8_ops"], name=name)
                for key, name in {
                    "sound_key": "contacts_person_sound",
                    "sound_key_turned": "contacts_person_turned",
                }.items()
            ),
            # Whole, not partial: with a partial index SQLite would scan the table for `contacts.duplicates`.
            models.Index(fields=["email_key", "municipality"], name="contacts_person_email"),
            models.Index(fields=["phone_key", "municipality"], name="contacts_person_phone"),
            models.Index(fields=["birth_date", "municipality"], name="contacts_person_born"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Given name first; who has none is called by what is known: «Adult without a name»."""
        if self.named:
            return f"{self.given_name} {self.family_name}".strip()
        return {
            AgeGroup.ADULT: gettext("Adult without a name"),
            AgeGroup.CHILD: gettext("Child without a name"),
        }.get(AgeGroup(self.age_group), gettext("Person without a name"))

    @property
    def initials(self) -> str:
        return (self.given_name[:1] + self.family_name[:1]).upper() or "?"


class HouseholdMember(Fact):
    """That a person belongs to a household from `happened_on` until `until` (open: still does).

    `named` says whether the person's name was known; learning it replaces the row, so that the past keeps its figures.
    """

    household = models.ForeignKey(Household, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    relation = models.CharField(_("in the household"), max_length=8, choices=Relation, default=Relation.OTHER)
    named = models.BooleanField(default=True)
    until = models.DateField(_("until"), null=True, blank=True)

    kinds = FACT | classified(figure="relation named until", technical="household person")

    class Meta(Fact.Meta):
        default_permissions = ()
        indexes = [
            models.Index(fields=["recorded_at"], name="contacts_member_recorded"),
            models.Index(fields=["household", "happened_on", "id"], name="contacts_member_household"),
        ]


class PersonBirth(Fact):
    """When a person was born: `happened_on`. Where only the year is known, its first day, with `date_known` false.

    A birth does not change over time: a row is only ever replaced by a better one, or voided where the person does
    not want to tell after all. The rows of a person are one chain, so that at most one stands. On erasure the year
    alone stays.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="births")

    kinds = FACT | classified(personal="happened_on", technical="person")

    class Meta(Fact.Meta):
        default_permissions = ()
        indexes = [models.Index(fields=["recorded_at"], name="contacts_birth_recorded")]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["person"], condition=Q(replaces__isnull=True), name="contacts_personbirth_one_chain"
            ),
        ]


class Restriction(Fact):
    """That a household became restricted, or ceased to be."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="restrictions")
    restricted = models.BooleanField()
    reason = models.TextField(_("reason"), blank=True)

    kinds = FACT | classified(figure="restricted", free_text="reason", technical="household")

    class Meta(Fact.Meta):
        default_permissions = ()
        indexes = [models.Index(fields=["recorded_at"], name="contacts_restriction_recorded")]


class AccessKind(models.TextChoices):
    NAMED = "named", _("Named")
    BARRED = "barred", _("Barred")


class Access(models.Model):
    """A member of staff named on a restricted household, or kept from a household (conflict of interest)."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="accesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    kind = models.CharField(_("named or barred"), max_length=6, choices=AccessKind)
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True, blank=True)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"))

    objects = AccessQuerySet.as_manager()

    kinds = classified(free_text="reason", technical="id household user kind starts ends by recorded_at")

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["user", "kind", "household"], name="contacts_access_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="contacts_access_ends_after_start",
            )
        ]


class NoticeLanguage(models.TextChoices):
    FI = "fi", _("Finnish")
    EN = "en", _("English")
    SV = "sv", _("Swedish")


class PrivacyNotice(models.Model):
    """A version of a municipality's privacy notice in one language; it is replaced by the next one, never changed."""

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="privacy_notices")
    version = models.CharField(_("version"), max_length=20)
    language = models.CharField(_("language"), max_length=2, choices=NoticeLanguage)
    published_on = models.DateField(_("published"))
    text = models.TextField(_("text"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded"))

    objects = PrivacyNoticeQuerySet.as_manager()

    kinds = classified(technical="id municipality version language published_on text by recorded_at")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["municipality", "version", "language"], name="contacts_privacynotice_once")
        ]

    def __str__(self) -> str:
        return f"{self.version} ({self.get_language_display()})"


class NoticeGiven(models.Model):
    """That a household was given the privacy notice: which version, in which language, when."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="notices_given")
    version = models.CharField(_("version"), max_length=20)
    language = models.CharField(_("language"), max_length=2, choices=NoticeLanguage)
    given_on = models.DateField(_("given"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"))

    kinds = classified(technical="id household version language given_on by recorded_at")

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["household", "given_on"], name="contacts_noticegiven_household")]
