"""What is done to people, households and privacy notices. The only writer of contacts' tables."""

from contacts.actions.access import end_access, give_access, lift_restriction, locked_access, restrict
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
    end_membership,
    fill_person,
    hold_household,
    register_household,
    register_households,
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
    "hold_household",
    "lift_restriction",
    "locked_access",
    "publish_notice",
    "register_household",
    "register_households",
    "restrict",
    "resume_membership",
]
