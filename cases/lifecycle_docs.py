"""The lifecycle as files under docs/, in English: what the help page shows, for readers of the repository."""

from __future__ import annotations

from django.utils.translation import override

from cases.lifecycle_picture import always_needed, picture, table

PAGE = """# The way of a case

Drawn from `cases/lifecycle.py` by `manage.py lifecycle_docs`; a test fails where this page is stale.

![States and the transitions between them](lifecycle.svg)

| Transition | From | To | Needs | Asks |
| --- | --- | --- | --- | --- |
{rows}

Each transition also needs that {always}. The arrival alone may be before the previous change of state: who
arrived before the first contact is already here.
"""


def documents() -> dict[str, str]:
    """The content of each file under docs/ by its name."""
    with override("en"):
        rows = "\n".join(
            f"| {row.label} | {', '.join(row.sources)} | {', '.join(row.targets)} "
            f"| {', '.join(row.needs) or '–'} | {', '.join(row.asks)} |"
            for row in table()
        )
        page = PAGE.format(rows=rows, always=" and that ".join(always_needed()))
        return {"lifecycle.svg": f"{picture()}\n", "lifecycle.md": page}
