"""What the stage words of a sheet mean: a state, a reason to close, a pause."""

from __future__ import annotations

import re

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import CloseReason, State
from contacts.names import fold


class Stage(models.TextChoices):
    """What a stage word can mean apart from the reasons to close (those are `closed_as`)."""

    CONTACT = State.CONTACT.value, State.CONTACT.label
    ASSESSMENT = State.ASSESSMENT.value, State.ASSESSMENT.label
    PLAN = State.PLAN.value, State.PLAN.label
    MOVING = State.MOVING.value, _("Moving; the date is in the words or in a column")
    ARRIVED = State.ARRIVED.value, _("Arrived; the date is in the words or in a column")
    ALREADY_HERE = "already_here", _("Already lives here; arrival date not known")
    SETTLED = State.SETTLED.value, State.SETTLED.label
    PAUSED = State.PAUSED.value, State.PAUSED.label


CLOSED = "closed:"


def closed_as(reason: CloseReason) -> str:
    """The meaning of a stage word that tells why a case ended: «closed:no_housing»."""
    return f"{CLOSED}{reason.value}"


def stage_choices() -> list[tuple[str, str | Promise]]:
    """Every meaning a stage word can have, with its label."""
    return [*Stage.choices, *((closed_as(r), _("Closed: %(reason)s") % {"reason": r.label}) for r in CloseReason)]


# The first that is found in the folded pattern; a date in it is «…», which folding drops.
_STAGES: tuple[tuple[str, str], ...] = (
    (r"ei (ole )?asunto|no hous|ingen bostad", closed_as(CloseReason.NO_HOUSING)),
    (r"ei (ole )?tyo(ta|paikka)|no (work|job)|inget jobb", closed_as(CloseReason.NO_WORK)),
    (r"oleskelulup|no permit", closed_as(CloseReason.NO_PERMIT)),
    (r"ei (ole )?(vasta|tavoit)|no (reply|answer)|svarar inte", closed_as(CloseReason.NO_REPLY)),
    (r"muualle|toise\w* kunta|toinen paikka|elsewhere|another place|annan ort", closed_as(CloseReason.OTHER_PLACE)),
    (r"muuttanut pois|muutti pois|moved away|flyttat bort", closed_as(CloseReason.MOVED_AWAY)),
    (r"siirretty|transferred|overford", closed_as(CloseReason.TRANSFERRED)),
    (r"kaksoiskappale|tupla|duplicate|dubblett", closed_as(CloseReason.DUPLICATE)),
    (r"neuvottu\b|neuvonta|advice|radgiv", closed_as(CloseReason.ADVICE)),
    (
        r"ei (muuta|muutt|tullut|tule\b|saapu)|jaa nyky|(does|did) not move|not moving|stays|flytta(r|de) inte",
        closed_as(CloseReason.STAYS),
    ),
    (r"kuollut|died|avliden", closed_as(CloseReason.DIED)),
    (
        r"peruun|perui|peruttu|perunut|paatty|suljet|lopet|cancel|closed|ended|avslut|avboj",
        closed_as(CloseReason.OTHER),
    ),
    (r"tauo|odottaa|paus|on hold|vilande", Stage.PAUSED),
    (r"\b(ei|not|inte)\b", ""),  # «ei vielä muuttanut» is neither: a person says what it means
    (r"asettu|settled|etabler", Stage.SETTLED),
    (r"asuu jo|asuu taalla|already (here|lives)|lives here|bor redan", Stage.ALREADY_HERE),
    (r"asuu|muuttanut|muutti|saapunut|saapui|tullut|arrived|moved|flyttat|bor ", Stage.ARRIVED),
    (r"muuttaa|muuttamassa|moving|moves|flyttar", Stage.MOVING),
    (r"suunnitel|plan", Stage.PLAN),
    (r"kartoit|assess|kartlag", Stage.ASSESSMENT),
    (r"uusi|yhteydenot|new|first contact|contact|ny\b|kontakt", Stage.CONTACT),
)


def guess_stage(pattern: str) -> str:
    """The meaning of a stage word or pattern; first contact where nothing is said, "" where it is not known."""
    if not pattern:
        return Stage.CONTACT.value
    folded = fold(pattern)
    return next((str(meaning) for words, meaning in _STAGES if re.search(words, folded)), "")
