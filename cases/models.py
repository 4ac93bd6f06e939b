"""The case: one household's way from first contact to settled in one municipality."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE, ConcurrentTransitionMixin, FSMField, transition

from cases import lifecycle
from cases.import_models import ImportBatch, ImportRow, ImportWord  # noqa: F401 (Django finds them here)
from cases.lifecycle import Answers, CloseReason, Facts, Rule, State
from cases.querysets import ORDERS, AdviceQuerySet, CaseQuerySet, TaskQuerySet
from contacts.models import Household, Person
from crm.classified import FACT, classified
from crm.history import Fact
from crm.models import Municipality, SettledCriterion


class MoveReason(models.TextChoices):
    UNKNOWN = "", _("Not asked")
    WORK = "work", _("Work")
    PARTNERS_WORK = "partners_work", _("Partner's work")
    STUDY = "study", _("Studies")
    FAMILY = "family", _("Family")
    RETURN = "return", _("Return to home region")
    RETIREMENT = "retirement", _("Retirement")
    REMOTE_WORK = "remote_work", _("Remote work")
    SECOND_HOME = "second_home", _("Second home becomes permanent")
    PROTECTION = "protection", _("International or temporary protection")
    OTHER = "other", _("Other")


class Channel(models.TextChoices):
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    VISIT = "visit", _("Visit")
    EVENT = "event", _("Event")
    EMPLOYER = "employer", _("Employer")
    WEB = "web", _("Web form")
    SHEET = "sheet", _("Imported sheet")
    OTHER = "other", _("Other")


class Stay(models.TextChoices):
    UNKNOWN = "", _("Not asked")
    PERMANENT = "permanent", _("Permanent")
    UNCERTAIN = "uncertain", _("Uncertain")
    SEASONAL = "seasonal", _("Seasonal")
    PART_YEAR = "part_year", _("Part of the year")
    SECOND_HOME = "second_home", _("Second home becoming permanent")


class Registration(models.TextChoices):
    UNKNOWN = "", _("Not known")
    RESIDENT = "resident", _("Municipality of residence")
    TEMPORARY = "temporary", _("Temporary address")
    NO_FIXED = "no_fixed", _("No fixed address")


def _move(rule: Rule, target=None):
    """The django-fsm transition of a rule of the lifecycle: same sources, same needs, nothing declared twice."""
    return transition(
        field="state",
        source=list(rule.sources),
        target=target or rule.targets[0],
        conditions=[_condition(need) for need in rule.needs],
        custom={"rule": rule},
    )


def _condition(need: lifecycle.Need):
    def condition(case: Case) -> bool:
        facts, answers = case.attempt
        return need.met(facts, answers)

    return condition


_COUNTED, _KINDS = ("state", "restricted", "household"), ("channel", "move_reason", "stay")


class Case(ConcurrentTransitionMixin, models.Model):
    """`municipality` and `restricted` are copies of the household's; only `cases.actions` writes both.

    `stay` and `season_ends_on` are copies of the last standing row of `stays`, for lists and pages; figures read the
    rows. Only `cases.actions` writes both.

    `version` counts the changes of state: a form that saw another version is told what happened meanwhile.
    """

    reference = models.CharField(_("reference"), max_length=20, unique=True)
    household = models.ForeignKey(Household, models.PROTECT, related_name="cases", verbose_name=_("household"))
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+", verbose_name=_("municipality"))
    restricted = models.BooleanField(_("non-disclosure for personal safety"), default=False)
    state = FSMField(_("state"), choices=State.choices, default=State.CONTACT, protected=True)
    state_since = models.DateField(_("in this state since"))
    paused_from = models.CharField(max_length=10, blank=True, editable=False)
    reopens_to = models.CharField(max_length=10, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("coordinator"),
    )
    opened_on = models.DateField(_("first contact"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.OTHER)
    move_reason = models.CharField(_("reason to move"), max_length=15, choices=MoveReason, blank=True)
    stay = models.CharField(_("stay"), max_length=12, choices=Stay, blank=True)
    season_ends_on = models.DateField(_("season ends"), null=True, blank=True)
    registration = models.CharField(_("registration"), max_length=10, choices=Registration, blank=True)
    planned_move_on = models.DateField(_("planned move date"), null=True, blank=True)
    review_on = models.DateField(_("pause is reviewed"), null=True, blank=True)
    close_reason = models.CharField(_("reason for closing"), max_length=12, choices=CloseReason, blank=True)
    last_contact_on = models.DateField(_("last contact"))
    form_key = models.UUIDField(null=True, unique=True, editable=False)  # a form sent twice opens one case
    recorded_at = models.DateTimeField(_("recorded"))

    objects = CaseQuerySet.as_manager()

    kinds = classified(
        figure="municipality restricted state state_since opened_on channel move_reason stay season_ends_on "
        "registration planned_move_on close_reason",
        technical="id reference household paused_from reopens_to version coordinator review_on last_contact_on "
        "form_key recorded_at",
    )

    # What an action is about to try; the conditions of the transitions read it.
    attempt: tuple[Facts, Answers]

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(state__in=lifecycle.OPEN),
                name="cases_case_one_open_per_household",
            ),
        ]
        indexes = [
            # A list is read in its order, of all cases or of the open ones, which are few.
            *(
                models.Index(F("municipality"), order, F("id"), condition=part, name=f"cases_{cases}_{name}")
                for name, order in ORDERS.items()
                for cases, part in {"case": None, "open": Q(state__in=lifecycle.OPEN)}.items()
            ),
            # All that a count under a scope asks, of all cases, one's own or one kind: counted from the index alone.
            models.Index(fields=["municipality", *_COUNTED], name="cases_case_counted"),
            models.Index(fields=["coordinator", "municipality", *_COUNTED], name="cases_case_of_coordinator"),
            *(models.Index(fields=["municipality", kind, *_COUNTED], name=f"cases_case_{kind}") for kind in _KINDS),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.state in lifecycle.OPEN

    @property
    def takes_tasks(self) -> bool:
        """Whether there is still something to do; a settled household may need more, a closed case is over."""
        return self.state != State.CLOSED

    @property
    def is_active(self) -> bool:
        return self.state in lifecycle.ACTIVE

    def days_in_state(self, today: date) -> int:
        return (today - self.state_since).days

    def is_quiet(self, today: date) -> bool:
        """Whether an active case has been without contact for longer than its municipality lets pass."""
        return self.is_active and (today - self.last_contact_on).days > self.municipality.stale_after_days

    # The transitions. Each sets fields of its own row and nothing else; rules, needs and words are in
    # cases/lifecycle.py, what else is written (history, timeline) in cases/actions.py.

    @_move(lifecycle.START_ASSESSMENT)
    def start_assessment(self, answers: Answers) -> None:
        pass

    @_move(lifecycle.AGREE_PLAN)
    def agree_plan(self, answers: Answers) -> None:
        pass

    @_move(lifecycle.CONFIRM_MOVE)
    def confirm_move(self, answers: Answers) -> None:
        self.planned_move_on = answers.planned_move_on

    @_move(lifecycle.FALL_BACK, GET_STATE(lambda case, answers: answers.target, lifecycle.FALL_BACK.targets))
    def fall_back(self, answers: Answers) -> None:
        pass

    @_move(lifecycle.REGISTER_ARRIVAL)
    def register_arrival(self, answers: Answers) -> None:
        pass

    @_move(lifecycle.CONFIRM_SETTLED)
    def confirm_settled(self, answers: Answers) -> None:
        self.reopens_to = self.state
        if SettledCriterion.REGISTERED in answers.criteria_met and self.registration == Registration.UNKNOWN:
            self.registration = Registration.RESIDENT

    @_move(lifecycle.PAUSE)
    def pause(self, answers: Answers) -> None:
        self.paused_from = self.state
        self.review_on = answers.review_on

    @_move(lifecycle.RESUME, GET_STATE(lambda case, answers: case.paused_from, lifecycle.RESUME.targets))
    def resume(self, answers: Answers) -> None:
        self.review_on = None

    @_move(lifecycle.CLOSE)
    def close(self, answers: Answers) -> None:
        self.reopens_to = self.state
        self.close_reason = answers.reason

    @_move(lifecycle.MOVE_AWAY)
    def move_away(self, answers: Answers) -> None:
        self.reopens_to = self.state
        self.close_reason = CloseReason.MOVED_AWAY

    @_move(lifecycle.REOPEN, GET_STATE(lambda case, answers: case.reopens_to, lifecycle.REOPEN.targets))
    def reopen(self, answers: Answers) -> None:
        self.close_reason = ""

    @transition(field="state", source="*", target=GET_STATE(lambda case, last: last.from_state, State.values))
    def take_back(self, last: Transition) -> None:
        """Undo the last change of state; not a step of the lifecycle but the mending of a slip."""
        fields = {field.name: field for field in self._meta.fields}
        before = dict(last.before)
        if self.registration != Registration.RESIDENT:  # told anew since it was settled
            before.pop("registration", None)
        for name, value in before.items():
            setattr(self, name, fields[name].to_python(value))


# What a transition may change beside the state; kept with each transition, so that it can be taken back.
CHANGED_BY_TRANSITIONS = (
    "state_since",
    "paused_from",
    "reopens_to",
    "planned_move_on",
    "review_on",
    "close_reason",
    "registration",
)


class Transition(Fact):
    """One change of state. The first row of a case goes from "" to contact and is named «open».

    `sequence` keeps the order within the case: a correction on the same day as its neighbour stays in its place.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="transitions")
    sequence = models.PositiveIntegerField()
    name = models.CharField(max_length=20)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10, choices=State)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    answers = models.JSONField(default=dict)
    before = models.JSONField(default=dict, help_text="the case's own fields as they were, for taking back")

    kinds = FACT | classified(
        figure="name from_state to_state", free_text="reason answers", technical="case sequence before"
    )

    class Meta(Fact.Meta):
        default_permissions = ()
        indexes = [
            models.Index(fields=["recorded_at"], name="cases_transition_recorded"),
            models.Index(fields=["case", "sequence", "id"], name="cases_transition_case"),
            models.Index(fields=["to_state", "happened_on", "case"], name="cases_transition_state"),
        ]


class PersonFactKind(models.TextChoices):
    MOVES = "moves", _("Is going to move")
    ARRIVED = "arrived", _("Arrived")
    ALREADY_HERE = "already_here", _("Lived here before the first contact")
    SETTLED = "settled", _("Settled")
    LEFT = "left", _("Moved away")


ARRIVALS = (PersonFactKind.ARRIVED, PersonFactKind.ALREADY_HERE)


class CasePerson(Fact):
    """A fact about one person within a case: arriving, settling and leaving have each their own date."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="person_facts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="case_facts")
    kind = models.CharField(max_length=12, choices=PersonFactKind)
    transition = models.ForeignKey(Transition, models.PROTECT, null=True, blank=True, related_name="person_facts")

    kinds = FACT | classified(figure="kind", technical="case person transition")

    class Meta(Fact.Meta):
        default_permissions = ()
        indexes = [
            models.Index(fields=["recorded_at"], name="cases_caseperson_recorded"),
            models.Index(fields=["case", "kind", "happened_on"], name="cases_caseperson_case"),
            models.Index(fields=["kind", "happened_on", "case"], name="cases_caseperson_kind"),
        ]


class CaseStay(Fact):
    """How long the household is going to stay, as it is since `happened_on`: every case has a row from its opening on.

    Plans that change are a new row from the day they change. An answer that came late, or was recorded wrongly, is a
    row that replaces another: it holds from the same day. No two standing rows of a case are of one day.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="stays")
    stay = models.CharField(max_length=12, choices=Stay, blank=True)
    season_ends_on = models.DateField(null=True, blank=True)

    kinds = FACT | classified(figure="stay season_ends_on", technical="case")

    class Meta(Fact.Meta):
        default_permissions = ()
        indexes = [
            models.Index(fields=["recorded_at"], name="cases_casestay_recorded"),
            models.Index(fields=["case", "happened_on", "id"], name="cases_casestay_case"),
        ]


class EventKind(models.TextChoices):
    CALL = "call", _("Call")
    MEETING = "meeting", _("Meeting")
    NOTE = "note", _("Note")
    EMAIL = "email", _("E-mail")
    TRANSITION = "transition", _("Change of state")
    POSTPONED = "postponed", _("Move date changed")
    CHANGE = "change", _("Change of facts")
    CORRECTION = "correction", _("Correction")


LOGGED_BY_HAND = (EventKind.CALL, EventKind.MEETING, EventKind.NOTE, EventKind.EMAIL)


class Direction(models.TextChoices):
    NONE = "", _("Neither")
    OUT = "out", _("Outgoing")
    IN = "in", _("Incoming")


class Event(models.Model):
    """The one timeline table: what was said, done and changed, newest first on the case page."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=EventKind)
    direction = models.CharField(_("direction"), max_length=3, choices=Direction, blank=True)
    happened_at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(_("text"), blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    transition = models.ForeignKey(Transition, models.PROTECT, null=True, blank=True, related_name="events")
    data = models.JSONField(default=dict)

    kinds = classified(
        figure="kind direction happened_at minutes",
        free_text="text data",
        technical="id case recorded_at by transition",
    )

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["case", "happened_at", "id"], name="cases_event_timeline")]


class Service(models.Model):
    """A service or step a mover may need; the shared catalogue."""

    key = models.SlugField(unique=True)
    name_fi = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    provider = models.CharField(_("provider"), max_length=120, blank=True)
    timing = models.CharField(max_length=160, blank=True)

    kinds = classified(technical="id key name_fi name_en provider timing")

    class Meta:
        default_permissions = ()
        ordering = ["name_fi", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_fi if (get_language() or "fi").startswith("fi") else self.name_en


class TaskKind(models.TextChoices):
    GOAL = "goal", _("Goal")
    SERVICE = "service", _("Service")
    TASK = "task", _("Task")


PLAN_KINDS = (TaskKind.GOAL, TaskKind.SERVICE)


class Task(models.Model):
    """Something to reach (goal), to arrange (service) or to do (task) for a case; goals and services make the plan."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="tasks")
    kind = models.CharField(_("kind"), max_length=7, choices=TaskKind, default=TaskKind.TASK)
    title = models.CharField(_("what"), max_length=200)
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(_("due"), null=True, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    done_on = models.DateField(_("done"), null=True, blank=True)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = TaskQuerySet.as_manager()

    kinds = classified(
        figure="kind service due_on done_on", free_text="title", technical="id case assignee recorded_at by"
    )

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["case", "id"], name="cases_task_case"),
            models.Index(fields=["assignee", "due_on", "id"], condition=Q(done_on__isnull=True), name="cases_task_due"),
        ]


class AdviceTopic(models.TextChoices):
    MOVING = "moving", _("Moving here")
    HOUSING = "housing", _("Housing")
    WORK = "work", _("Work")
    STUDY = "study", _("Studies and school")
    CHILDCARE = "childcare", _("Early childhood education")
    AUTHORITIES = "authorities", _("Dealing with authorities")
    LANGUAGE = "language", _("Language learning")
    LEISURE = "leisure", _("Leisure and associations")
    OTHER = "other", _("Other")


class Advice(models.Model):
    """Advice without a case: no name, no participant."""

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+", verbose_name=_("municipality"))
    topic = models.CharField(_("topic"), max_length=12, choices=AdviceTopic)
    language = models.CharField(_("language"), max_length=3)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.PHONE)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=5)
    given_on = models.DateField(_("date"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    form_key = models.UUIDField(null=True, unique=True, editable=False)  # a form sent twice records it once
    recorded_at = models.DateTimeField()
    case = models.OneToOneField(Case, models.PROTECT, null=True, blank=True, related_name="advice")

    objects = AdviceQuerySet.as_manager()

    kinds = classified(
        figure="municipality topic language channel minutes given_on", technical="id by form_key recorded_at case"
    )

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["municipality", "given_on", "id"], name="cases_advice_given")]


class ReferenceCounter(models.Model):
    """The last running number of a municipality's references in a year; raised under the row's lock."""

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    kinds = classified(technical="id municipality year last")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["municipality", "year"], name="cases_referencecounter_once")]
