"""The import of a sheet: what was uploaded, what was answered, and what became of each row."""

from __future__ import annotations

import secrets
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.lifecycle import State
from contacts.models import NoticeLanguage, Person
from crm.classified import classified
from crm.models import Municipality
from crm.permissions import Permission

if TYPE_CHECKING:
    from contacts.access import Scope


# How long the rows of a sheet are kept after it was imported or undone; after the upload where neither was done.
ROWS_ARE_KEPT = timedelta(days=30)
# How long it is remembered what a heading or a word means, after the last import that had it.
WORDS_ARE_KEPT = timedelta(days=365)


class ImportStep(models.TextChoices):
    """Where an import is: the page that opens next."""

    SHEET = "sheet", _("Choose the sheet")
    COLUMNS = "columns", _("Columns")
    STAGES = "stages", _("Words")
    QUESTIONS = "questions", _("Questions")
    CHECK = "check", _("Check")
    RUNNING = "running", _("Import")
    DONE = "done", _("Done")


class NameOrder(models.TextChoices):
    """How names without a comma are written in the sheet."""

    MIXED = "mixed", _("It varies: guess each name")
    GIVEN_FIRST = "given_first", _("Given name first (Aino Virtanen)")
    FAMILY_FIRST = "family_first", _("Family name first (Virtanen Aino)")


class Fate(models.TextChoices):
    """What becomes of a row."""

    NEW = "new", pgettext_lazy("row of a sheet", "New case")
    STOPS = "stops", pgettext_lazy("row of a sheet", "Stops on the way")
    DUPLICATE = "duplicate", pgettext_lazy("row of a sheet", "Likely duplicate")
    REJECTED = "rejected", pgettext_lazy("row of a sheet", "Not imported")
    RESTRICT = "restrict", pgettext_lazy("row of a sheet", "Restrict in the register")


def random_token() -> str:
    return secrets.token_urlsafe(16)


class ImportBatchQuerySet(models.QuerySet):
    def with_rows_to_delete(self, today: date):
        """Whose rows have been kept long enough (`ImportBatch.rows_go_on`)."""
        after = timezone.make_aware(datetime.combine(today - ROWS_ARE_KEPT + timedelta(days=1), time.min))
        old = Q(recorded_at__lt=after)
        for moment in ("finished_at", "undone_at"):
            old &= Q(**{f"{moment}__isnull": True}) | Q(**{f"{moment}__lt": after})
        return self.filter(old, rows_deleted_at=None)

    def visible_to(self, scope: Scope):
        """One's own imports, where one may still import."""
        return self.filter(by=scope.user_id, municipality_id__in=scope.municipalities(Permission.IMPORT_CASES))

    def unfinished(self):
        """Which have written some of their rows and wait for somebody to open their page."""
        return self.filter(step=ImportStep.RUNNING)


class ImportBatch(models.Model):
    """One upload into one municipality's register; its address is a token that nobody can guess.

    `sheets` lists the tables of the file (title, headings), `columns` the meaning of each column of the chosen
    one, `stages` and `stays` the meaning of each pattern of words; `stay` holds where the sheet does not say.
    `checked_through` and `done_through` are the numbers of the last row checked and of the last one dealt with.
    """

    token = models.CharField(max_length=32, unique=True, default=random_token, editable=False)
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+", verbose_name=_("municipality"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    file_name = models.CharField(_("file"), max_length=200)
    step = models.CharField(max_length=10, choices=ImportStep, default=ImportStep.COLUMNS)
    sheets = models.JSONField(default=list)
    sheet = models.PositiveSmallIntegerField(default=0)
    columns = models.JSONField(default=list)
    stages = models.JSONField(default=dict)
    stays = models.JSONField(default=dict, db_default={})
    stay = models.CharField(max_length=12, blank=True, db_default="")  # a cases.models.Stay
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("coordinator"),
    )
    name_order = models.CharField(_("names without a comma"), max_length=12, choices=NameOrder, default=NameOrder.MIXED)
    notice_version = models.CharField(_("version"), max_length=20, blank=True)
    notice_language = models.CharField(_("language"), max_length=2, choices=NoticeLanguage, blank=True)
    notice_on = models.DateField(_("given on"), null=True, blank=True)
    criteria_reason = models.CharField(_("reason for criteria not known"), max_length=200, blank=True)
    goal = models.CharField(_("goal"), max_length=200, blank=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_checked = models.PositiveIntegerField(default=0, db_default=0)
    checked_through = models.PositiveIntegerField(default=0, db_default=0)
    rows_done = models.PositiveIntegerField(default=0)
    done_through = models.PositiveIntegerField(default=0)
    recorded_at = models.DateTimeField(_("uploaded"))
    finished_at = models.DateTimeField(_("imported"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    rows_deleted_at = models.DateTimeField(_("rows deleted"), null=True, blank=True)
    # Since when a sealed report counts cases of this import: they must stay as they were counted.
    sealed_at = models.DateTimeField(_("in a sealed report"), null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    kinds = classified(
        free_text="file_name sheets columns stages stays criteria_reason goal",
        technical="id token municipality by step sheet stay coordinator name_order notice_version notice_language "
        "notice_on rows_total rows_checked checked_through rows_done done_through recorded_at finished_at undone_at "
        "rows_deleted_at sealed_at",
    )

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["by", "municipality", "-id"], name="cases_importbatch_own")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def headings(self) -> list[str]:
        return self.sheets[self.sheet]["headings"]

    @property
    def sheet_title(self) -> str:
        return self.sheets[self.sheet]["title"]

    @property
    def rows_go_on(self) -> date:
        """The day on which the rows of the sheet are deleted: they tell of people, and have done their work."""
        last = max(moment for moment in (self.recorded_at, self.finished_at, self.undone_at) if moment)
        return timezone.localdate(last) + ROWS_ARE_KEPT

    @property
    def may_change(self) -> bool:
        """Nothing has been written to the register yet, or all of it has been undone."""
        return self.step not in (ImportStep.RUNNING, ImportStep.DONE)

    @property
    def percent_done(self) -> int:
        return self.rows_done * 100 // (self.rows_total or 1)

    @property
    def percent_checked(self) -> int:
        return self.rows_checked * 100 // (self.rows_total or 1)

    @property
    def being_checked(self) -> bool:
        """What becomes of the rows is not known of all of them yet: a large sheet is checked part by part."""
        return self.step == ImportStep.CHECK and self.rows_checked < self.rows_total


# Of rows in sight (`cases.sheets.batch.rows_in_sight`): those left out as duplicates. A likely one is left out unless
# somebody chose «import anyway»; who only shares a phone or an e-mail is taken in unless somebody chose «leave out».
LEFT_OUT = Q(repeats=True, anyway=False) | Q(repeats=False, shares=True, left_out=True)

# Of rows in sight that do not become a case: those after which a household of the register is to be restricted.
TO_RESTRICT = Q(exposes=True) & (Q(fate=Fate.REJECTED) | LEFT_OUT)
OF_FATE = {
    Fate.NEW: Q(fate=Fate.NEW) & ~LEFT_OUT,
    Fate.STOPS: Q(fate=Fate.STOPS) & ~LEFT_OUT,
    Fate.DUPLICATE: ~Q(fate=Fate.REJECTED) & LEFT_OUT & ~TO_RESTRICT,
    Fate.REJECTED: Q(fate=Fate.REJECTED) & ~TO_RESTRICT,
    Fate.RESTRICT: TO_RESTRICT,
}


class ImportRowQuerySet(models.QuerySet):
    def of_fate(self, fate: str):
        """Rows in sight whose fate is this one."""
        return self.filter(OF_FATE[Fate(fate)])


class ImportRow(models.Model):
    """A row of the sheet: its cells as they were, its fate and why, and the case it became.

    `duplicate_of` and `duplicate_row` tell whom it seems to repeat; `shares_with` and `shares_with_row` who has the
    same phone or e-mail under quite another name: a family member, more likely than not. `restricted_by_row` is the
    row that tells of non-disclosure: this one, or another about the same person. `contact` is by what the person is
    found again on later rows (`cases.sheets.batch`); of a row that tells of nobody it is empty.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    sheet = models.PositiveSmallIntegerField(default=0)
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    contact = models.JSONField(default=dict, db_default={})
    fate = models.CharField(max_length=10, choices=Fate, blank=True)
    name = models.CharField(max_length=200, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    to_state = models.CharField(max_length=10, choices=State, blank=True)
    reasons = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    duplicate = models.BooleanField(default=False)
    duplicate_of = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    duplicate_row = models.PositiveIntegerField(null=True, blank=True)
    duplicate_signs = models.JSONField(default=list)
    anyway = models.BooleanField(default=False)
    shares_with = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    shares_with_row = models.PositiveIntegerField(null=True, blank=True)
    left_out = models.BooleanField(default=False, db_default=False)
    restricted_by_row = models.PositiveIntegerField(null=True, blank=True)
    case = models.OneToOneField("cases.Case", models.SET_NULL, null=True, blank=True, related_name="import_row")

    objects = ImportRowQuerySet.as_manager()

    kinds = classified(
        personal="name contact",
        free_text="cells reasons remarks",
        technical="id batch sheet number fate opened_on to_state duplicate duplicate_of duplicate_row "
        "duplicate_signs anyway shares_with shares_with_row left_out restricted_by_row case",
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["batch", "sheet", "number"], name="cases_importrow_once"),
        ]

    @property
    def shares_contact(self) -> bool:
        return self.shares_with_id is not None or self.shares_with_row is not None

    @property
    def shown_fate(self) -> Fate:
        left_out = not self.anyway if self.duplicate else self.shares_contact and self.left_out
        return Fate.DUPLICATE if left_out and self.fate != Fate.REJECTED else Fate(self.fate)

    @property
    def goes_in(self) -> bool:
        return self.shown_fate in (Fate.NEW, Fate.STOPS)


class WordKind(models.TextChoices):
    COLUMN = "column", _("Column")
    STAGE = "stage", _("Stage")
    STAY = "stay", _("Stay")
    ORDER = "order", _("Order of names")


class ImportWord(models.Model):
    """What a heading or a word was last said to mean in a municipality; the next import begins with it.

    Of the heading of whole names it is also remembered in which order they are written.
    """

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=WordKind)
    word = models.CharField(max_length=100)
    meaning = models.CharField(max_length=30, blank=True)
    used_on = models.DateField()

    kinds = classified(free_text="word", technical="id municipality kind meaning used_on")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["municipality", "kind", "word"], name="cases_importword_once"),
        ]
