"""Mail that the ground floor sends, asked for by actions on commit."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.models import Membership, Municipality, User
from crm.roles import Role

logger = logging.getLogger(__name__)


def tell_inspectors_of_grant(membership: Membership, municipality: Municipality | None) -> None:
    """Tell the inspectors of the municipality that a role was granted (DOMAIN: administrator)."""
    if municipality is None:
        return
    today = timezone.localdate()
    inspectors = (
        User.objects.filter(
            is_active=True,
            memberships__in=Membership.objects.in_force(today).filter(
                group__role_group__role=Role.INSPECTOR, group__role_group__municipality=municipality
            ),
        )
        .order_by("pk")
        .distinct()
    )
    for inspector in inspectors:
        with override(inspector.language):
            _send(inspector, membership, municipality)


def _send(inspector: User, membership: Membership, municipality: Municipality) -> None:
    role = membership.group.role_group.get_role_display()
    body = _("%(user)s was given the role %(role)s in %(municipality)s from %(starts)s. Granted by: %(by)s.") % {
        "user": membership.user.name,
        "role": role,
        "municipality": municipality.name,
        "starts": membership.starts.strftime("%-d.%-m.%Y"),
        "by": membership.by.name if membership.by else _("the installation"),
    }
    try:
        send_mail(_("A role was granted in Asetu"), body, settings.DEFAULT_FROM_EMAIL, [inspector.email])
    except OSError:
        # The grant itself stands and is in the change log; a mail server that is away must not undo it.
        logger.exception("could not tell the inspector of membership %s", membership.pk)
