"""What is done to people, households and privacy notices. The only writer of contacts' tables."""

from contacts.actions.notices import give_notice, publish_notice
from contacts.actions.register import (
    PERSON_FIELDS,
    HouseholdData,
    NoticeData,
    PersonData,
    add_member,
    correct_last_day,
    edit_origin,
    edit_person,
    end_access,
    end_membership,
    fill_person,
    give_access,
    lift_restriction,
    register_household,
    register_households,
    restrict,
    resume_membership,
)

__all__ = [
    "PERSON_FIELDS",
    "HouseholdData",
    "NoticeData",
    "PersonData",
    "add_member",
    "correct_last_day",
    "edit_origin",
    "edit_person",
    "end_access",
    "end_membership",
    "fill_person",
    "give_access",
    "give_notice",
    "lift_restriction",
    "publish_notice",
    "register_household",
    "register_households",
    "restrict",
    "resume_membership",
]
