"""People and households: registered and changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from contacts.actions.access import name_on, record_restriction
from contacts.models import (
    Access,
    AccessKind,
    AsTold,
    Household,
    HouseholdMember,
    NoticeGiven,
    Person,
    PersonBirth,
    Relation,
    Restriction,
)
from contacts.names import email_key, name_key, phone_key, sound_keys
from crm.audit import acting, made_in_bulk
from crm.models import Municipality, User
from crm.refusal import Refused


@dataclass(frozen=True)
class PersonData(AsTold):
    """What is told of a person. Everything may be missing; "" and None mean not asked, `declined` names what
    the person does not want to tell (`contacts.models.Declinable`)."""

    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    birth_year: int | None = None
    age_group: str = ""
    gender: str = ""
    citizenships: Sequence[str] = ()
    languages: Sequence[str] = ()
    service_language: str = ""
    education: str = ""
    labour_status: str = ""
    occupation: str = ""
    phone: str = ""
    email: str = ""
    declined: Sequence[str] = ()


PERSON_FIELDS = tuple(field.name for field in fields(PersonData))


def fill_person(person: Person, data: PersonData) -> Person:
    """Set the told fields and the keys derived from them; nothing is saved."""
    for name in PERSON_FIELDS:
        value = getattr(data, name)
        setattr(person, name, list(value) if isinstance(value, tuple | list) else value)
    person.name_key = name_key(data.given_name, data.family_name)
    person.sound_key, person.sound_key_turned = sound_keys(data.given_name, data.family_name)
    person.phone_key = phone_key(data.phone)
    person.email_key = email_key(data.email)
    return person


def build_household(
    *,
    municipality: Municipality,
    people: Sequence[PersonData],
    moves_from: str,
    from_country: str,
    restricted: bool,
    at: datetime,
) -> Household:
    """The household of these people, the first of them its contact person; nothing is saved."""
    return Household(
        municipality=municipality,
        restricted=restricted,
        name=_household_name(people[0].given_name, people[0].family_name) if people else "",
        size=max(len(people), 1),
        moves_from=moves_from,
        from_country=from_country,
        recorded_at=at,
    )


def build_member(
    *, household: Household, person: Person, relation: str, on: date, on_known: bool = True, by: User, at: datetime
) -> HouseholdMember:
    return HouseholdMember(
        household=household,
        person=person,
        relation=relation,
        named=person.named,
        happened_on=on,
        date_known=on_known,
        recorded_at=at,
        by=by,
    )


def build_birth(*, person: Person, by: User, at: datetime) -> PersonBirth | None:
    """The row that tells the person's birth as it is on the person; None where it is not told. Nothing is saved."""
    if person.birth_date is None and person.birth_year is None:
        return None
    born = person.birth_date or date(person.birth_year or 0, 1, 1)
    known = person.birth_date is not None
    return PersonBirth(person=person, happened_on=born, date_known=known, recorded_at=at, by=by)


def _household_name(given_name: str, family_name: str) -> str:
    return f"{given_name} {family_name}".strip()


def register_household(
    *,
    municipality: Municipality,
    people: Sequence[tuple[PersonData, str]],
    moves_from: str = "",
    from_country: str = "",
    restricted: bool = False,
    reason: str = "",
    on: date,
    by: User,
    at: datetime,
) -> Household:
    """A new household of `people` (data and relation; the first is the contact person).

    A restricted one names whoever records it, so that somebody can open it.
    """
    if not people:
        raise Refused(_("A household needs at least one person."))
    with transaction.atomic(), acting(by):
        household = build_household(
            municipality=municipality,
            people=[data for data, _relation in people],
            moves_from=moves_from,
            from_country=from_country,
            restricted=restricted,
            at=at,
        )
        household.save()
        for data, relation in people:
            _add_person(household=household, data=data, relation=relation, on=on, by=by, at=at)
        if restricted:
            record_restriction(household=household, restricted=True, reason=reason, on=on, by=by, at=at)
            name_on([by], household=household, reason=reason, on=on, by=by, at=at)
    return household


@dataclass(frozen=True)
class NoticeData:
    """Which version of the privacy notice was given, in which language, when."""

    version: str
    language: str
    given_on: date


@dataclass(frozen=True)
class HouseholdData:
    """A household to be registered among many: `people` with their relations, the contact person first.

    `restricted_because` is the reason for non-disclosure, "" where the household is not restricted.
    """

    people: Sequence[tuple[PersonData, str]]
    on: date
    moves_from: str = ""
    from_country: str = ""
    restricted_because: str = ""
    notice: NoticeData | None = None


def register_households(
    *, municipality: Municipality, households: Sequence[HouseholdData], by: User, at: datetime
) -> list[tuple[Household, list[Person]]]:
    """Many new households with their people, as `register_household` and `give_notice` write one.

    Returns them in the order given, each with its people in theirs; a handful of statements for any number.
    """
    made = [
        build_household(
            municipality=municipality,
            people=[data for data, _relation in told.people],
            moves_from=told.moves_from,
            from_country=told.from_country,
            restricted=bool(told.restricted_because),
            at=at,
        )
        for told in households
    ]
    with transaction.atomic():
        Household.objects.bulk_create(made)
        people = [
            [_build_person(household, data, at) for data, _relation in told.people]
            for household, told in zip(made, households, strict=True)
        ]
        everyone = Person.objects.bulk_create(person for members in people for person in members)
        registered = list(zip(made, people, strict=True))
        births = [build_birth(person=person, by=by, at=at) for person in everyone]
        PersonBirth.objects.bulk_create(birth for birth in births if birth is not None)
        _register_members_and_notices(registered, households, by=by, at=at)
        _register_restrictions(made, households, by=by, at=at)
        made_in_bulk(made, by=by)
        made_in_bulk(everyone, by=by)
    return registered


def _register_members_and_notices(
    registered: Sequence[tuple[Household, list[Person]]], told: Sequence[HouseholdData], *, by: User, at: datetime
) -> None:
    HouseholdMember.objects.bulk_create(
        build_member(household=household, person=person, relation=relation, on=data.on, by=by, at=at)
        for (household, people), data in zip(registered, told, strict=True)
        for person, (_data, relation) in zip(people, data.people, strict=True)
    )
    NoticeGiven.objects.bulk_create(
        NoticeGiven(household=household, by=by, recorded_at=at, **vars(data.notice))
        for (household, _people), data in zip(registered, told, strict=True)
        if data.notice
    )


def _register_restrictions(
    households: Sequence[Household], told: Sequence[HouseholdData], *, by: User, at: datetime
) -> None:
    restricted = [(household, data) for household, data in zip(households, told, strict=True) if household.restricted]
    Restriction.objects.bulk_create(
        Restriction(
            household=household,
            restricted=True,
            reason=data.restricted_because,
            happened_on=data.on,
            recorded_at=at,
            by=by,
        )
        for household, data in restricted
    )
    named = Access.objects.bulk_create(
        Access(
            household=household,
            user=by,
            kind=AccessKind.NAMED,
            starts=data.on,
            reason=data.restricted_because,
            by=by,
            recorded_at=at,
        )
        for household, data in restricted
    )
    made_in_bulk(named, by=by)


def _build_person(household: Household, data: PersonData, at: datetime) -> Person:
    return fill_person(
        Person(
            municipality_id=household.municipality_id,
            household=household,
            restricted=household.restricted,
            recorded_at=at,
        ),
        data,
    )


def _add_person(*, household: Household, data: PersonData, relation: str, on: date, by: User, at: datetime) -> Person:
    person = _build_person(household, data, at)
    person.save()
    build_member(household=household, person=person, relation=relation, on=on, by=by, at=at).save()
    _record_birth(person, None, by=by, at=at)
    return person


def _record_birth(person: Person, last: PersonBirth | None, *, by: User, at: datetime) -> None:
    """Bring the history of the person's birth, whose last row is `last`, up to date with the person."""
    told = build_birth(person=person, by=by, at=at)
    if last is None:
        if told is not None:
            told.save()
    elif told is None:
        if not last.void:
            last.replacement(void=True, by=by, at=at).save()
    elif last.void or (told.happened_on, told.date_known) != (last.happened_on, last.date_known):
        last.replacement(happened_on=told.happened_on, date_known=told.date_known, by=by, at=at).save()


def add_member(
    *,
    household: Household,
    data: PersonData,
    relation: str,
    on: date,
    seen_last: int | None = None,
    by: User,
    at: datetime,
) -> Person:
    """A person joins the household from `on`.

    `seen_last` is the person added last as the form was shown: sent twice, it adds one. Members of whom the same is
    told, as little as it may be, each come from a form of their own.
    """
    with transaction.atomic(), acting(by):
        household = Household.objects.select_for_update().get(pk=household.pk)
        if seen_last is not None and (sent_before := _added_since(seen_last, household, data, relation, on, by)):
            return sent_before
        person = _add_person(household=household, data=data, relation=relation, on=on, by=by, at=at)
        _refresh_household(household)
    return person


def _added_since(seen: int, household: Household, data: PersonData, relation: str, on: date, by: User) -> Person | None:
    """Who was added to the household after the person `seen`, by the same user and with the same words."""
    told = vars(fill_person(Person(), data))
    added = household.members.filter(person__gt=seen, relation=relation, happened_on=on, by=by)
    for row in added.select_related("person").order_by("pk"):
        if all(getattr(row.person, name) == told[name] for name in PERSON_FIELDS):
            return row.person
    return None


def edit_person(*, person: Person, data: PersonData, relation: str = "", by: User, at: datetime) -> Person:
    """Change what is told of a person; a name learnt, or another place in the household, replaces the membership row.

    So does another birth date or year with the row of the birth. A new contact person makes the one before an
    ordinary member.
    """
    with transaction.atomic(), acting(by):
        household = Household.objects.select_for_update().get(pk=person.household_id)
        person = fill_person(Person.objects.select_for_update().get(pk=person.pk), data)
        person.save()
        _record_birth(person, person.births.filter(replaced_by__isnull=True).order_by("pk").first(), by=by, at=at)
        rows = {row.person_id: row for row in household.members.standing().filter(until__isnull=True)}
        own = rows.get(person.pk)
        if own is not None:
            relation = relation or own.relation
            if relation == Relation.CONTACT:
                for row in rows.values():
                    if row.person_id != person.pk and row.relation == Relation.CONTACT:
                        row.replacement(relation=Relation.OTHER, by=by, at=at).save()
            if (own.relation, own.named) != (relation, person.named):
                own.replacement(relation=relation, named=person.named, by=by, at=at).save()
        _refresh_household(household)
    return person


def hold_household(pk: int) -> None:
    """Lock the household until the transaction ends, before a case of it or its people are locked.

    Everybody locks in this order, household, cases, people: else two would wait for each other. An action on a case
    that will write about its household takes the household first.
    """
    Household.objects.select_for_update().order_by("pk").values_list("pk").get(pk=pk)


def end_membership(*, person: Person, until: date, by: User, at: datetime) -> None:
    """The person left the household; their last day in it is `until`."""
    with transaction.atomic(), acting(by):
        household = Household.objects.select_for_update().get(pk=person.household_id)
        for row in household.members.standing().filter(person=person, until__isnull=True):
            row.replacement(until=max(until, row.happened_on), by=by, at=at).save()
        _refresh_household(household)


def correct_last_day(*, person: Person, before: date, until: date, by: User, at: datetime) -> None:
    """The membership that ended on `before` ended on `until`; nothing where there is none such."""
    with transaction.atomic():
        for row in person.memberships.standing().filter(until=before):
            row.replacement(until=max(until, row.happened_on), by=by, at=at).save()


def resume_membership(*, person: Person, ended: date, by: User, at: datetime) -> None:
    """The membership that ended on `ended` goes on: they did not leave after all; nothing where there is none such.

    Where somebody else has become the contact person since, they stay it.
    """
    with transaction.atomic(), acting(by):
        household = Household.objects.select_for_update().get(pk=person.household_id)
        rows = household.members.standing()
        taken = rows.filter(until__isnull=True, relation=Relation.CONTACT).exists()
        for row in rows.filter(person=person, until__isnull=False):
            if row.until == max(ended, row.happened_on):
                relation = Relation.OTHER if taken and row.relation == Relation.CONTACT else row.relation
                row.replacement(until=None, relation=relation, by=by, at=at).save()
        _refresh_household(household)


def _refresh_household(household: Household) -> None:
    """Bring `name` and `size` up to date with the members."""
    rows = list(household.members.standing().filter(until__isnull=True).select_related("person").in_order())
    contact = next((row.person for row in rows if row.relation == Relation.CONTACT), rows[0].person if rows else None)
    if contact is not None:
        household.name = _household_name(contact.given_name, contact.family_name)
    household.size = max(len(rows), 1)
    household.save(update_fields=["name", "size"])


def edit_origin(*, household: Household, moves_from: str, from_country: str, by: User) -> Household:
    """Where the household moves from."""
    with transaction.atomic(), acting(by):
        household = Household.objects.select_for_update().get(pk=household.pk)
        household.moves_from, household.from_country = moves_from, from_country
        household.save(update_fields=["moves_from", "from_country"])
    return household
