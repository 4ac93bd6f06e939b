"""Households and cases in any state, made through the product's actions."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from cases import lifecycle
from cases.actions import add_task, facts_of, open_case, take_step
from cases.lifecycle import Answers, State
from cases.models import Case, TaskKind
from contacts.actions import PersonData, give_notice, publish_notice, register_household
from contacts.models import Household, NoticeLanguage, Person, PrivacyNotice, Relation
from crm.models import Municipality, User
from tests.factories.crm import LONG_AGO, UserFactory

FAMILY = (
    (PersonData(given_name="Testi", family_name="Muuttaja", birth_year=1988), Relation.CONTACT),
    (PersonData(given_name="Toinen", family_name="Muuttaja", birth_year=1990), Relation.PARTNER),
    (PersonData(given_name="Kolmas", family_name="Muuttaja", birth_year=2018), Relation.CHILD),
)
SINGLE = FAMILY[:1]
ANONYMOUS = ((PersonData(), Relation.CONTACT),)


def publish(
    municipality: Municipality,
    *,
    version: str = "1",
    language: str = NoticeLanguage.FI,
    on: date = LONG_AGO,
    text: str = "Kunta käyttää tietojasi.",
) -> PrivacyNotice:
    """A version of the municipality's privacy notice."""
    return publish_notice(
        municipality=municipality,
        version=version,
        language=language,
        published_on=on,
        text=text,
        by=UserFactory(),
        at=timezone.now(),
    )


def household_of(
    municipality: Municipality, by: User, *, people=SINGLE, on: date | None = None, restricted: bool = False, **told
) -> Household:
    """A household of `people`, recorded now."""
    at = timezone.now()
    return register_household(
        municipality=municipality,
        people=people,
        restricted=restricted,
        reason="turvakielto" if restricted else "",
        on=on or timezone.localdate(at),
        by=by,
        at=at,
        **told,
    )


def case_of(
    municipality: Municipality,
    by: User,
    *,
    state: State = State.CONTACT,
    opened_on: date | None = None,
    people=SINGLE,
    restricted: bool = False,
    household: Household | None = None,
    **opening,
) -> Case:
    """A case of `by` brought to `state` by the lifecycle's own transitions, a day each, the last at most today."""
    at = timezone.now()
    today = timezone.localdate(at)
    opened_on = opened_on or today - timedelta(days=30)
    household = household or household_of(municipality, by, people=people, on=opened_on, restricted=restricted)
    case = open_case(household=household, on=opened_on, coordinator=by, by=by, at=at, **opening)
    return advance(case, state, by=by, at=at)


def advance(case: Case, state: State, *, by: User, at: datetime) -> Case:
    """Bring a case in the state of contact to `state`, with whatever each step needs."""
    if state == State.CONTACT:
        return case
    if state in lifecycle.PATH:
        for number, rule in enumerate(_way_to(state), start=1):
            provide(case, rule, by=by, at=at)
            case = take_step(
                case=case,
                rule=rule,
                answers=answers_for(case, rule, case.opened_on + timedelta(days=number)),
                by=by,
                at=at,
            )
        return case
    rule = lifecycle.PAUSE if state == State.PAUSED else lifecycle.CLOSE
    return take_step(
        case=case, rule=rule, answers=answers_for(case, rule, case.opened_on + timedelta(days=1)), by=by, at=at
    )


def _way_to(state: State):
    return [lifecycle.NEXT[step] for step in lifecycle.PATH[: lifecycle.PATH.index(state)]]


def provide(case: Case, rule: lifecycle.Rule, *, by: User, at: datetime) -> None:
    """What `rule` needs to be there beforehand: the notice, a goal."""
    if rule is lifecycle.START_ASSESSMENT:
        give_notice(household=case.household, version="1", language="fi", given_on=case.opened_on, by=by, at=at)
    elif rule is lifecycle.AGREE_PLAN and case.is_open:
        add_task(case=case, kind=TaskKind.GOAL, title="Asunto", by=by, at=at)


def answers_for(case: Case, rule: lifecycle.Rule, on: date) -> Answers:
    """Answers that satisfy `rule`: everybody moves, every criterion is met."""
    facts = facts_of(case, today=timezone.localdate())
    return Answers(
        on=on,
        reason="no_housing" if rule is lifecycle.CLOSE else "syy",
        review_on=on + timedelta(days=30),
        planned_move_on=on + timedelta(days=10),
        target=State.ASSESSMENT,
        persons=facts.members,
        criteria_met=frozenset(facts.criteria),
    )


def copies_that_differ() -> list[Case | Person]:
    """Cases whose stay, and people whose birth, is not what the last standing row of their history says."""
    found: list[Case | Person] = []
    for case in Case.objects.order_by("pk"):
        last = case.stays.standing().in_order().last()
        if last is None or (last.stay, last.season_ends_on) != (case.stay, case.season_ends_on):
            found.append(case)
    for person in Person.objects.order_by("pk"):
        rows = person.births.standing().order_by("pk").values_list("happened_on", "date_known")
        born = [(person.birth_date, True)] if person.birth_date else []
        if not born and person.birth_year:
            born = [(date(person.birth_year, 1, 1), False)]
        if list(rows) != born:
            found.append(person)
    return found
