"""What is said of a row: codes are stored with their parameters, sentences are made when they are shown."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from cases import lifecycle

Reason = tuple[str, dict[str, str]]

_ROWS = {
    # why a row is not imported
    "between": _("Only one cell is filled: it looks like a heading between the rows."),
    "headings_again": _("The headings are repeated here."),
    "no_date": _("The date of the first contact is missing. Add it to the sheet and import the row again."),
    "bad_date": _("«%(text)s» is not a date of first contact. Write it like 24.1.2026 and import the row again."),
    "future_date": _("The first contact %(date)s is in the future. Correct the year and import the row again."),
    "no_right": _("%(name)s is not a municipality you may import for. Ask its coordinator to import the row."),
    "another_own": _("%(name)s is not the municipality of this import. Import the sheet again for %(name)s."),
    "no_municipality": _("«%(text)s» is not a municipality of Finland. Correct the name and import the row again."),
    # why it stops on the way
    "no_arrival_date": _("The date of arrival is missing. Record the arrival on the case page."),
    # the lifecycle's needs, where a sheet can do something about them
    "criteria": _("It is not known which criteria of settling are met. Give the reason among the questions."),
    "plan_item": _("There is no goal. Give one among the questions, or agree on the plan on the case page."),
    "notice_given": _("The privacy notice has not been given. If it has, say so among the questions."),
    "planned_move_on": _("The planned move date is missing. Record it on the case page when it is known."),
    # what is good to know
    "straight_to_arrived": _("The arrival is recorded straight from first contact, without an assessment."),
    "identity_code": _("The row has a personal identity code. It is not recorded here: it was left out."),
    "cut": _("A text is longer than %(most)s characters: its end is not imported."),
    "year_inferred": _("The year is inferred: «%(text)s» is read as %(date)s."),
    "day_number": _("The number «%(text)s» is read as a spreadsheet's day number: %(date)s."),
    "date_unfit": _("«%(text)s» (%(heading)s) does not fit the stage the case comes to; it goes to the note."),
    "name_guessed": _("The order of the name is guessed: family name %(family)s, given name %(given)s."),
    "move_passed": _("The move date %(date)s has passed: check whether they have moved."),
    "arrival_unknown": _("Date of arrival not known: stays out of figures about time."),
    "restricted": _("Marked as non-disclosure: becomes restricted, and only you will see it."),
    "restricted_by_row": _(
        "Row %(row)s is about the same person and marked as non-disclosure: becomes restricted, and only you will "
        "see it."
    ),
    "restricted_left_out": _("Marked as non-disclosure: what is imported of this person becomes restricted."),
    "restricted_nobody": _("Marked as non-disclosure without a person. Find out whom it is about."),
    "anonymous": _("No name: becomes a contact without a name."),
    "lost_letters": _("The name has lost letters (?). Correct it after the import."),
    "size_in_words": _("«%(text)s» is not a number of persons: one person is recorded, the words go to the note."),
    "reason_in_words": _("The reason «%(text)s» is recorded as «Other reason» and kept in the note."),
    "stage_unknown": _("The stage «%(text)s» has no meaning chosen: first contact."),
    "stay_unknown": _("«%(text)s» has no meaning chosen: the stay is not recorded, the words go to the note."),
    "no_season_end": _("The end of the season is missing: the stay is not recorded. Record it on the case page."),
    "email_in_words": _("«%(text)s» is not an e-mail address and goes to the note."),
    "phone_in_words": _("«%(text)s» is not a phone number and goes to the note."),
    "unread": _("«%(text)s» could not be read and goes to the note."),
}
_NEEDS = {need.code: need.refusal for rule in lifecycle.RULES.values() for need in rule.needs}


def sentence(reason: Reason) -> str:
    """The whole sentence in the language of the moment. An unknown code (an older version's) is told as it is."""
    code, parameters = reason
    text = _ROWS.get(code) or _NEEDS.get(code)
    return str(text) % parameters if text else code


def sentences(reasons: Iterable[Reason]) -> list[str]:
    return [sentence(reason) for reason in reasons]
