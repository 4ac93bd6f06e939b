"""What becomes of each row: read, checked against the lifecycle in memory, told with its reasons. Reads no database.

A row stops at the last state whose needs and dates exist; what a date does not say is marked as not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from cases import lifecycle
from cases.actions import NewCase, NewStep, reach
from cases.import_models import Fate, NameOrder
from cases.lifecycle import Answers, CloseReason, Rule, State
from cases.models import Channel, MoveReason, Stay
from cases.sheets import words
from cases.sheets.columns import Meaning
from cases.sheets.reading import CUT, MAX_CELL
from cases.sheets.reasons import Reason
from cases.sheets.stages import CLOSED, Stage, guess_stage
from cases.sheets.stays import UNTOLD, guess_stay
from contacts.actions import HouseholdData, NoticeData, PersonData
from contacts.models import AgeGroup, Relation
from contacts.names import fold
from crm.fields import HIDDEN_CODE
from crm.models import Municipality, SettledCriterion, User

PAUSE_IS_REVIEWED_AFTER = timedelta(days=30)
# The step that the date of a column belongs to; a planned move is the case's own, wherever it stands.
_DATED_BY = {Meaning.ARRIVED_ON: lifecycle.REGISTER_ARRIVAL, Meaning.SETTLED_ON: lifecycle.CONFIRM_SETTLED}
LONGEST_NAME, LONGEST_REASON = 80, 400  # the database takes no more; a reason has a few words of ours beside it


@dataclass(frozen=True)
class Setting:
    """What is the same for every row: where, who, what the columns and words mean, what was answered once.

    `places` gives the id and name of each municipality by its folded names; `importable` those the user may
    import for.
    """

    municipality: Municipality
    places: Mapping[str, tuple[int, str]]
    importable: frozenset[int]
    headings: Sequence[str]
    columns: Sequence[str]
    stages: Mapping[str, str]
    by: User
    today: date
    coordinator: User | None = None
    name_order: str = NameOrder.MIXED
    notice_version: str = ""
    notice_language: str = ""
    notice_on: date | None = None
    criteria_reason: str = ""
    goal: str = ""
    stays: Mapping[str, str] = field(default_factory=dict)
    stay: str = ""


@dataclass
class RowPlan:
    """The fate of one row; `case` is None where it is rejected.

    `restricted`: the row tells of non-disclosure. `contact` is whom it is about; of a rejected row only where it tells
    that, for others about the same person.
    """

    number: int
    fate: Fate = Fate.REJECTED
    name: str = ""
    restricted: bool = False
    contact: PersonData | None = None
    opened_on: date | None = None
    to_state: str = ""
    reasons: list[Reason] = field(default_factory=list)
    remarks: list[Reason] = field(default_factory=list)
    case: NewCase | None = None


def plan_row(number: int, cells: Sequence[str], setting: Setting) -> RowPlan:
    """The fate of one row of the sheet."""
    plan = RowPlan(number)
    row = _Row(cells, setting, plan.remarks)
    plan.name = row.name.written if row.name else ""
    if nobody := no_row(cells, setting.headings):
        _only_the_reason(plan)
        plan.reasons.append(nobody)
        if row.restricted and nobody[0] == "between":
            row.remark("restricted_nobody")
        return plan
    plan.restricted = row.restricted
    if rejected := _wrong_place(row) or _wrong_date(row):
        plan.reasons.append(rejected)
        _only_the_reason(plan)
        plan.contact = _Row(cells, setting, []).people()[0][0] if plan.restricted else None
        return plan
    plan.opened_on = row.opened_on
    stage = row.stage()
    planned = row.date_of(Meaning.PLANNED_MOVE_ON, after=row.opened_on, happened=False, in_words=stage == Stage.MOVING)
    wanted, shortage = _steps(row, stage, planned)
    new = _new_case(row, wanted, planned)
    taken, unmet = reach(new, municipality=setting.municipality, today=setting.today)
    if straight := _straight_to_arrived(new, taken):
        plan.remarks += [("straight_to_arrived", {}), *((need.code, {}) for need in unmet)]
        new = straight
        taken, unmet = reach(new, municipality=setting.municipality, today=setting.today)
    plan.reasons += [(need.code, {}) for need in unmet] or ([shortage] if shortage else [])
    steps = new.steps[:taken]
    row.keep_unrecorded(steps)
    plan.case = replace(new, steps=steps, notes=row.note())
    plan.to_state = plan.case.steps[-1].rule.targets[0] if taken else State.CONTACT
    plan.fate = Fate.STOPS if plan.reasons else Fate.NEW
    plan.contact = plan.case.household.people[0][0]
    return plan


def _only_the_reason(plan: RowPlan) -> None:
    """Nothing of a rejected row goes to a note; that it has an identity code is good to know all the same."""
    plan.remarks[:] = [remark for remark in plan.remarks if remark[0] == "identity_code"]


def restricted(case: NewCase, by: User) -> NewCase:
    """The planned case of a restricted household: only who is named on it sees it, and that is who imports it."""
    because = _("Marked as non-disclosure in the imported sheet.")
    return replace(case, household=replace(case.household, restricted_because=because), coordinator=by)


class _Row:
    """The cells of a row by their meaning; what could not be read is collected for the note."""

    def __init__(self, cells: Sequence[str], setting: Setting, remarks: list[Reason]) -> None:
        self.setting, self.cells, self.remarks = setting, cells, remarks
        self.dates: dict[Meaning, date | None] = {}  # what the columns of dates have been read as
        self.kept: list[str] = []  # lines for the note: what the register has no field for
        self._cells: dict[str, tuple[str, str]] = {}
        self.notes: list[str] = []
        if any(HIDDEN_CODE in cell for cell in cells):
            self.remark("identity_code")
        if any(cell.endswith(CUT) for cell in cells):
            self.remark("cut", most=str(MAX_CELL))
        for heading, meaning, cell in zip(setting.headings, setting.columns, cells, strict=False):
            if meaning == Meaning.NOTE and cell:
                self.notes.append(cell)
            elif meaning:
                self._cells[meaning] = (heading, cell)
        self.contact_on = words.parse_date(self.text(Meaning.CONTACT_ON))
        self.opened_on = self.contact_on or setting.today  # a row without the date of contact is rejected
        if self.contact_on:
            self._take_date(Meaning.CONTACT_ON, words.Found(self.contact_on))
        self.email = self._read(Meaning.EMAIL, words.parse_email, "email_in_words")
        self.name = self._name()

    def text(self, meaning: Meaning) -> str:
        return self._cells.get(meaning, ("", ""))[1]

    def keep(self, meaning: Meaning) -> None:
        """Take the cell over into the note, with its heading; once, whoever asks for it."""
        heading, text = self._cells[meaning]
        if (line := f"{heading}: {text}") not in self.kept:
            self.kept.append(line)

    def note(self) -> tuple[str, ...]:
        return ("\n".join([*self.notes, *self.kept]),) if self.notes or self.kept else ()

    def keep_unrecorded(self, steps: Sequence[NewStep]) -> None:
        """What stands in a date column and on none of the steps taken goes to the note."""
        known = {step.rule.name: step.answers.on for step in steps if step.answers.on_known}
        for meaning, rule in _DATED_BY.items():
            found = (
                self.dates[meaning]
                if meaning in self.dates
                else self.date_of(meaning, after=self.opened_on, happened=True, in_words=False)
            )
            if found and known.get(rule.name) != found and not words.is_nothing(self.text(meaning)):
                heading, text = self._cells[meaning]
                self.keep(meaning)
                self.remark("date_unfit", heading=heading, text=text)

    def _take_date(self, meaning: Meaning, found: words.Found) -> None:
        """Say how the cell was read where that is a guess, and keep the words beside the date."""
        text, shown = self.text(meaning), _shown(found.on)
        if found.inferred:
            self.remark("year_inferred", text=text, date=shown)
        if words.is_day_number(text):
            self.remark("day_number", text=text, date=shown)
        if not words.is_only_a_date(text):
            self.keep(meaning)

    def remark(self, code: str, **parameters: str) -> None:
        self.remarks.append((code, parameters))

    def _read(self, meaning: Meaning, parse, code: str):
        """The parsed cell; one with words that cannot be parsed goes to the note."""
        text = self.text(meaning)
        value = parse(text)
        if not value and not words.is_nothing(text) and not words.refers_elsewhere(text):
            self.keep(meaning)
            self.remark(code, text=text)
        return value

    def _name(self) -> words.Name:
        given, family, whole = (
            " ".join(self.text(meaning).replace(HIDDEN_CODE, " ").split())
            for meaning in (Meaning.GIVEN_NAME, Meaning.FAMILY_NAME, Meaning.NAME)
        )
        if given or family:
            named = [("" if fold(part) in words.NO_NAME else part) for part in (given, family)]
            return words.Name(named[0][:LONGEST_NAME], named[1][:LONGEST_NAME])
        name = words.parse_name(whole, self.email, self.setting.name_order)
        if len(name.given) > LONGEST_NAME or len(name.family) > LONGEST_NAME:
            self.keep(Meaning.NAME)
            name = replace(name, given=name.given[:LONGEST_NAME], family=name.family[:LONGEST_NAME])
        if name.guessed:
            self.remark("name_guessed", given=name.given, family=name.family)
        return name

    def date_of(self, meaning: Meaning, *, after: date, happened: bool, in_words: bool = True) -> date | None:
        """The date in a column of its own, else in the stage words where they tell it (`in_words`).

        Without a year it is the first such day from `after` on.
        """
        text = self.text(meaning)
        not_after = self.setting.today if happened else None
        found = words.find_date(text, after=after, not_after=not_after)
        if found:
            self._take_date(meaning, found)
        elif not words.is_nothing(text):
            self.keep(meaning)
            self.remark("unread", text=text)
        if found is None and in_words:
            text = self.text(Meaning.STAGE)
            found = words.find_date(text, after=after, not_after=not_after)
            if found and found.inferred:
                self.remark("year_inferred", text=text, date=_shown(found.on))
        self.dates[meaning] = found.on if found else None
        return self.dates[meaning]

    @property
    def restricted(self) -> bool:
        headed = zip(self.cells, self.setting.headings, strict=False)
        return any(words.tells_of_restriction(cell, heading) for cell, heading in headed)

    def stage(self) -> str:
        """The meaning of the stage words; where there are none, the dates tell how far the household has come."""
        pattern = words.pattern_of(self.text(Meaning.STAGE))
        if pattern:
            meaning = self.setting.stages.get(pattern) or guess_stage(pattern)
            if not meaning:
                self.remark("stage_unknown", text=self.text(Meaning.STAGE))
            return meaning or Stage.CONTACT
        dated = (
            (Meaning.SETTLED_ON, Stage.SETTLED),
            (Meaning.ARRIVED_ON, Stage.ARRIVED),
            (Meaning.PLANNED_MOVE_ON, Stage.MOVING),
        )
        return next((stage for column, stage in dated if words.has_date(self.text(column))), Stage.CONTACT)

    def stay(self) -> tuple[str, date | None]:
        """How long they stay, and the end of a season; without it a season is not recorded, as on the form."""
        text = self.text(Meaning.STAY)
        pattern = words.pattern_of(text)
        meaning = (self.setting.stays.get(pattern) or guess_stay(pattern)) if pattern else UNTOLD
        if pattern:
            self.keep(Meaning.STAY)
        if not meaning:
            self.remark("stay_unknown", text=text)
        if meaning != Stay.SEASONAL:
            return (self.setting.stay if meaning == UNTOLD else meaning), None
        found = words.find_date(text, after=self.opened_on)
        if found is None:
            self.remark("no_season_end")
            return Stay.UNKNOWN, None
        if found.inferred:
            self.remark("year_inferred", text=text, date=_shown(found.on))
        return Stay.SEASONAL, found.on

    def people(self) -> tuple[tuple[PersonData, str], ...]:
        """The contact person, then who else there is without a name: adults, children, and who is not told apart."""
        size = words.parse_size(self.text(Meaning.SIZE))
        if size is None:
            self.keep(Meaning.SIZE)
            self.remark("size_in_words", text=self.text(Meaning.SIZE))
            size = words.ONE
        if not self.name:
            self.remark("anonymous")
        elif "?" in self.name.written:
            self.remark("lost_letters")
        contact = PersonData(
            given_name=self.name.given,
            family_name=self.name.family,
            age_group=AgeGroup.ADULT if size.adults else AgeGroup.UNKNOWN,
            birth_year=self._read(
                Meaning.BIRTH_YEAR, lambda text: words.parse_year(text, today=self.setting.today), "unread"
            ),
            languages=tuple(self._read(Meaning.LANGUAGE, words.parse_languages, "unread")),
            phone=self._read(Meaning.PHONE, words.parse_phone, "phone_in_words"),
            email=self.email,
        )
        adults = max(size.adults - 1, 0)
        others = size.others - (0 if size.adults else 1)
        return (
            (contact, Relation.CONTACT),
            *[(PersonData(age_group=AgeGroup.ADULT), Relation.OTHER)] * adults,
            *[(PersonData(age_group=AgeGroup.CHILD), Relation.CHILD)] * size.children,
            *[(PersonData(), Relation.OTHER)] * others,
        )

    def reason(self) -> MoveReason:
        text = self.text(Meaning.MOVE_REASON)
        reason = words.parse_reason(text)
        if reason == MoveReason.OTHER:
            self.keep(Meaning.MOVE_REASON)
            self.remark("reason_in_words", text=text)
        return reason


def no_row(cells: Sequence[str], headings: Sequence[str]) -> Reason | None:
    """Why these cells are not a row about anybody: a heading in between («2025 jatkuu»), or the headings again."""
    if sum(bool(cell) for cell in cells) == 1:
        return "between", {}
    if all(cell == heading for cell, heading in zip(cells, headings, strict=False) if cell):
        return "headings_again", {}
    return None


def _wrong_place(row: _Row) -> Reason | None:
    text, setting = row.text(Meaning.MUNICIPALITY), row.setting
    if words.is_nothing(text):
        return None
    pk, name = setting.places.get(fold(text), (0, ""))
    if pk == setting.municipality.pk:
        return None
    if not pk:
        return "no_municipality", {"text": text}
    return ("another_own" if pk in setting.importable else "no_right"), {"name": name}


def _wrong_date(row: _Row) -> Reason | None:
    text = row.text(Meaning.CONTACT_ON)
    if words.is_nothing(text):
        return "no_date", {}
    if row.contact_on is None or row.contact_on.year < 1990:
        return "bad_date", {"text": text}
    if row.opened_on > row.setting.today:
        return "future_date", {"date": _shown(row.opened_on)}
    return None


def _new_case(row: _Row, steps: Sequence[NewStep], planned: date | None) -> NewCase:
    setting = row.setting
    moves_from, country = words.parse_origin(row.text(Meaning.MOVES_FROM))
    if not country and fold(moves_from) in setting.places:
        country = "FI"
    people, reason = row.people(), row.reason()
    if not words.is_nothing(row.text(Meaning.STAGE)):
        row.keep(Meaning.STAGE)
    stay, season_ends_on = row.stay()
    goal = row.text(Meaning.GOAL) or setting.goal
    return NewCase(
        household=HouseholdData(
            people=people,
            on=row.opened_on,
            moves_from=moves_from[:120],
            from_country=country,
            notice=_notice(setting, row.opened_on),
        ),
        opened_on=row.opened_on,
        coordinator=setting.coordinator,
        channel=Channel.SHEET,
        move_reason=reason,
        stay=stay,
        season_ends_on=season_ends_on,
        planned_move_on=planned,
        goals=(goal[:200],) if goal else (),
        steps=tuple(steps),
    )


def _notice(setting: Setting, opened_on: date) -> NoticeData | None:
    if not setting.notice_version:
        return None
    return NoticeData(setting.notice_version, setting.notice_language, setting.notice_on or opened_on)


def _steps(row: _Row, stage: str, planned: date | None) -> tuple[list[NewStep], Reason | None]:
    """The steps the sheet tells of, in order, and what of them it does not say."""
    opened_on = row.opened_on
    if stage.startswith(CLOSED):
        return [_undated(lifecycle.CLOSE, opened_on, **_closing(row, stage))], None
    if stage == Stage.PAUSED:
        return [_undated(lifecycle.PAUSE, opened_on, **_pausing(row))], None
    steps = []
    if stage != Stage.CONTACT:
        steps.append(_undated(lifecycle.START_ASSESSMENT, opened_on))
    if stage in (Stage.PLAN, Stage.MOVING):
        steps.append(_undated(lifecycle.AGREE_PLAN, opened_on))
    if stage == Stage.MOVING:
        if planned and planned < row.setting.today:
            row.remark("move_passed", date=_shown(planned))
        steps.append(_undated(lifecycle.CONFIRM_MOVE, opened_on, planned_move_on=planned, persons=_everyone(row)))
    if stage in (Stage.ARRIVED, Stage.ALREADY_HERE, Stage.SETTLED):
        return _arriving(row, stage, steps)
    return steps, None


def _arriving(row: _Row, stage: str, steps: list[NewStep]) -> tuple[list[NewStep], Reason | None]:
    # «asettunut 1.5.» tells the day of settling, not of the arrival.
    in_words = stage != Stage.SETTLED
    known = row.date_of(Meaning.ARRIVED_ON, after=row.opened_on, happened=True, in_words=in_words)
    if known is None and stage != Stage.ALREADY_HERE:
        return steps, ("no_arrival_date", {})
    if known is None:
        row.remark("arrival_unknown")
    # The day before the contact is only a place in the order: they lived here when they made contact.
    arrived = known or row.opened_on - timedelta(days=1)
    answers = Answers(on=arrived, on_known=known is not None, persons=_everyone(row))
    steps.append(NewStep(lifecycle.REGISTER_ARRIVAL, answers))
    if stage == Stage.SETTLED:
        earliest = max(arrived, row.opened_on)
        settled = row.date_of(Meaning.SETTLED_ON, after=earliest, happened=True)
        why = dict.fromkeys(SettledCriterion.values, row.setting.criteria_reason)
        steps.append(
            NewStep(
                lifecycle.CONFIRM_SETTLED,
                Answers(on=settled or earliest, on_known=settled is not None, criteria_reasons=why),
            )
        )
    return steps, None


def _straight_to_arrived(new: NewCase, taken: int) -> NewCase | None:
    """The case without the steps that bar its way, where it stops before an arrival of which the day is known.

    The lifecycle records an arrival from first contact too; it asks for nothing that the assessment needs.
    """
    ahead = [step.rule for step in new.steps[taken:]]
    if lifecycle.REGISTER_ARRIVAL not in ahead[1:]:
        return None
    arrival = taken + ahead.index(lifecycle.REGISTER_ARRIVAL)
    if not new.steps[arrival].answers.on_known:
        return None
    return replace(new, steps=(*new.steps[:taken], *new.steps[arrival:]))


def _undated(rule: Rule, opened_on: date, **answers) -> NewStep:
    """A step of which the sheet does not tell the day: the first contact is the earliest it can have been."""
    return NewStep(rule, Answers(on=opened_on, on_known=False, **answers))


def _everyone(row: _Row) -> frozenset[int]:
    size = words.parse_size(row.text(Meaning.SIZE)) or words.ONE
    return frozenset(range(size.total))


def _closing(row: _Row, stage: str) -> dict:
    reason = stage.removeprefix(CLOSED)
    return {"reason": reason, "text": _told_stage(row) if reason == CloseReason.OTHER else ""}


def _told_stage(row: _Row) -> str:
    """The stage as the sheet words it, for a reason; what is too long for one goes whole into the note."""
    text = row.text(Meaning.STAGE)
    if len(text) <= LONGEST_REASON:
        return text
    row.keep(Meaning.STAGE)
    return f"{text[:LONGEST_REASON]}…"


def _pausing(row: _Row) -> dict:
    return {
        "reason": _("Paused in the imported sheet: «%(text)s»") % {"text": _told_stage(row)},
        "review_on": row.setting.today + PAUSE_IS_REVIEWED_AFTER,
    }


def _shown(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"
