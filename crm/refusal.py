"""A refusal in plain language that says what to do."""

from __future__ import annotations

from collections.abc import Sequence


class Refused(Exception):
    """An action was refused; `reasons` are whole sentences in the user's language, each saying what to do."""

    def __init__(self, *reasons) -> None:
        self.reasons: Sequence[str] = [str(reason) for reason in reasons]
        super().__init__(" ".join(self.reasons))


class Outdated(Refused):
    """Refused because somebody changed the same thing while the user had an older version before them."""
