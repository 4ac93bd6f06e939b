"""The table of the demo's accounts, as the command prints it."""

from __future__ import annotations

from django.utils import translation

from crm.management.demo.staff import PASSWORD
from crm.models import Membership

_HEADINGS = ("E-mail", "Role", "Where", "Name")


def account_table() -> str:
    """Every membership of the demo with its e-mail, and the one password; a sentence where there is none."""
    with translation.override("en"):
        rows = [_row(membership) for membership in _memberships()]
    if not rows:
        return "There is no demo here yet: manage.py demo builds it."
    widths = [max(len(row[column]) for row in (_HEADINGS, *rows)) for column in range(len(_HEADINGS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (_HEADINGS, tuple("-" * width for width in widths), *rows)
    ]
    return "\n".join([*lines, "", f"Password of every account: {PASSWORD}"])


def _memberships():
    return (
        Membership.objects.filter(user__email__endswith="@example.fi")
        .select_related("user", "group__role_group__municipality", "group__role_group__project")
        .order_by("group__role_group__municipality__name_fi", "pk")
    )


def _row(membership: Membership) -> tuple[str, ...]:
    group = membership.group.role_group
    place = str(group.municipality or group.project or "the installation")
    until = f" (until {membership.ends:%-d.%-m.%Y})" if membership.ends else ""
    return membership.user.email, group.get_role_display(), place + until, membership.user.name
