"""Mail that the projects send, asked for by actions on commit."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.models import User
from crm.notices import day_in_words, inspectors, send
from projects.models import Partner


def tell_inspectors_of_joining(partner: Partner, by: User) -> None:
    """Tell the inspectors of the municipality that the project's lead sees its figures."""
    for inspector in inspectors([partner.municipality]):
        with override(inspector.language):
            body = _(
                "%(municipality)s joined the project %(project)s on %(joined)s. The project's lead now sees its "
                "figures from that day. Recorded by: %(by)s."
            )
            send(inspector, _("The figures were opened to a project in Asetu"), body % _words(partner, by))


def tell_inspectors_of_leaving(partner: Partner, by: User) -> None:
    """Tell them that the lead no longer does."""
    for inspector in inspectors([partner.municipality]):
        with override(inspector.language):
            body = _(
                "%(municipality)s left the project %(project)s on %(withdrew)s. The project's lead no longer sees its "
                "figures. Recorded by: %(by)s."
            )
            send(inspector, _("The figures were closed to a project in Asetu"), body % _words(partner, by))


def tell_inspectors_of_correction(partner: Partner, by: User) -> None:
    """Tell them of the right days, which decide from when the lead sees the figures, and whether."""
    for inspector in inspectors([partner.municipality]):
        with override(inspector.language):
            if partner.withdrew is None:
                body = _(
                    "The days of %(municipality)s in the project %(project)s were corrected: it joined on %(joined)s. "
                    "The project's lead sees its figures from that day. Corrected by: %(by)s."
                )
            else:
                body = _(
                    "The days of %(municipality)s in the project %(project)s were corrected: it joined on %(joined)s "
                    "and left on %(withdrew)s. Corrected by: %(by)s."
                )
            send(inspector, _("The days of a partner were corrected in Asetu"), body % _words(partner, by))


def _words(partner: Partner, by: User) -> dict[str, str]:
    return {
        "municipality": partner.municipality.name,
        "project": partner.project.name,
        "joined": day_in_words(partner.joined),
        "withdrew": day_in_words(partner.withdrew) if partner.withdrew else "",
        "by": by.name,
    }
