"""What the words of a sheet about the stay mean: permanent, seasonal …, or nothing."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Stay
from contacts.names import fold

UNTOLD = "untold"  # the word says nothing of the stay: the answer for the whole sheet holds


def stay_choices() -> list[tuple[str, str | Promise]]:
    """Every meaning a word about the stay can have, with its label."""
    labels = {Stay.SEASONAL: _("Seasonal; the end is in the words")}
    told = [(stay.value, labels.get(stay, stay.label)) for stay in Stay if stay != Stay.UNKNOWN]
    return [*told, (UNTOLD, _("Does not tell the stay"))]


# What can be said of a whole sheet. A season ends on a day of its own for each household, so it cannot.
OF_WHOLE_SHEET: list[tuple[str, str | Promise]] = [
    (stay.value, _("Not known yet") if stay == Stay.UNKNOWN else stay.label) for stay in Stay if stay != Stay.SEASONAL
]

# The first that is found in the folded pattern.
_STAYS: tuple[tuple[str, Stay | None], ...] = (
    (r"\b(ei|not|inte)\b", None),  # «ei pysyvä» is a person's to explain
    (r"epavarm|ehka|kokeil|avoin|harkit|uncertain|unsure|maybe|perhaps|trial|osaker|kanske", Stay.UNCERTAIN),
    (r"mokki|mokilta|mokista|vapaa ajan|kakkosasun|second home|cottage|stuga|fritids", Stay.SECOND_HOME),
    (r"osa vuo|osavuo|osan vuo|part (of the )?year|part year|del av aret", Stay.PART_YEAR),
    (
        r"kausi|kaude|sesonki|season|sasong|maaraaik|fixed|tidsbegr|tilapai|valiaik|temporary|tillfallig",
        Stay.SEASONAL,
    ),
    (r"pysyv|vakitui|vakinai|toistaiseksi|permanent|for good|stadigvar|tillsvidare|varaktig", Stay.PERMANENT),
)


def guess_stay(pattern: str) -> str:
    """The meaning of a word about the stay; "" where it is not known."""
    folded = fold(pattern)
    found = next((meaning for words, meaning in _STAYS if re.search(words, folded)), None)
    return found.value if found else ""
