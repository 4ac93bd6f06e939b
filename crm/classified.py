"""Every stored field says what it is, so that erasure can blank in place and figures survive (house test)."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    FIGURE = "figure"  # read by an indicator; stays when a person is erased
    PERSONAL = "personal"  # tells who someone is; blanked on erasure
    FREE_TEXT = "free text"  # may hold anything about anyone; blanked on erasure
    TECHNICAL = "technical"  # keys, references, times of recording, who recorded


def classified(*, figure: str = "", personal: str = "", free_text: str = "", technical: str = "") -> dict[str, Kind]:
    """The kind of each named field; names are separated by spaces."""
    lists = {
        Kind.FIGURE: figure,
        Kind.PERSONAL: personal,
        Kind.FREE_TEXT: free_text,
        Kind.TECHNICAL: technical,
    }
    return {name: kind for kind, names in lists.items() for name in names.split()}


FACT = classified(figure="happened_on date_known", free_text="why", technical="id recorded_at by replaces void")
