"""What makes Django strict in tests: undefined template variables fail, unordered rows come in any order."""

from __future__ import annotations

import copy
import random
import sys
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
# A filter that says what to show where nothing is given.
FORGIVING_FILTERS = {"default", "default_if_none"}


class UndefinedVariable(str):
    """Stands in `string_if_invalid`: raises where a template of ours shows a variable that does not exist.

    Templates of Django and of other packages count on undefined variables being empty, and so does `|default`.
    """

    def __new__(cls):
        return super().__new__(cls, "%s")

    def __mod__(self, variable) -> str:
        caller = sys._getframe(1).f_locals  # FilterExpression.resolve
        context, expression = caller["context"], caller["self"]
        template = context.render_context.template or context.template
        filters = [function.__name__ for function, _ in expression.filters]
        if _is_ours(template.origin.name) and not FORGIVING_FILTERS.intersection(filters[:1]):
            raise AssertionError(f"Undefined template variable '{variable}' in {template.origin.name}")
        empty = copy.copy(expression)
        empty.is_var, empty.var = False, ""
        return empty.resolve(context)

    def __html__(self) -> str:
        raise AssertionError("A template shows a row that does not exist, or calls what changes data.")


def _is_ours(path: str) -> bool:
    return path.startswith(f"{settings.BASE_DIR}/templates/")


def shuffle_unordered(queryset_class, chance: random.Random) -> None:
    """Make rows without an order come in any order, and slicing them an error: neither is defined by SQL."""
    fetch_all, getitem = queryset_class._fetch_all, queryset_class.__getitem__

    def fetch_shuffled(self):
        fresh = self._result_cache is None
        fetch_all(self)
        if fresh and not self.query.is_sliced and not self.ordered:
            chance.shuffle(self._result_cache)

    def refuse_unordered_slice(self, key):
        if self._result_cache is None and not self.ordered and _is_product(sys._getframe(1).f_code.co_filename):
            raise AssertionError(f"An unordered queryset of {self.model.__name__} is sliced: add order_by(…).")
        return getitem(self, key)

    queryset_class._fetch_all = fetch_shuffled
    queryset_class.__getitem__ = refuse_unordered_slice


def _is_product(path: str) -> bool:
    return path.startswith(f"{ROOT}/") and "/.venv/" not in path and not path.startswith(f"{ROOT}/tests/")
