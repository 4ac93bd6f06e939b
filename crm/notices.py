"""Mail that the ground floor sends, asked for by actions on commit."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.models import Membership, Municipality, User
from crm.roles import Role

logger = logging.getLogger(__name__)


def password_link(user: User) -> str:
    """The address at which `user` chooses a password; good for three days and for one use."""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return settings.BASE_URL.rstrip("/") + path


def send_welcome(user: User) -> None:
    """Send a new member of staff the link with which to choose a password."""
    with override(user.language):
        body = _(
            "Hello %(name)s,\n\nyou have been given an account in Asetu. Choose a password within three days:\n"
            "%(link)s\n\nIf the time has passed, ask for a new link on the sign-in page: I forgot my password.\n"
        ) % {"name": user.name, "link": password_link(user)}
        _send(user, _("Your account in Asetu"), body)


def tell_inspectors_of_grant(membership: Membership, places: Sequence[Municipality] | None) -> None:
    """Tell the inspectors of `places` (None: every inspector) that a role was granted (DOMAIN: administrator)."""
    for inspector in _inspectors(places):
        with override(inspector.language):
            _send(inspector, _("A role was granted in Asetu"), _grant_in_words(membership))


def tell_of_new_address(user: User, before: str, by: User) -> None:
    """Tell the old address, and the inspectors where the user has a role, that the account's e-mail was changed.

    Whoever reads the mail of an account can choose its password: nobody takes over an account unseen.
    """
    held = Membership.objects.in_force(timezone.localdate()).filter(user=user)
    places = list(Municipality.objects.filter(role_groups__group__memberships__in=held).distinct().order_by("pk"))
    body = {"name": user.name, "before": before, "after": user.email, "by": by.name}
    for reader, address in [(user, before), *((inspector, inspector.email) for inspector in _inspectors(places))]:
        with override(reader.language):
            text = _(
                "The e-mail of the account of %(name)s was changed from %(before)s to %(after)s. Changed by: %(by)s. "
                "If this should not be so, tell the administrator and the data protection officer."
            )
            _send(reader, _("The e-mail of an account was changed in Asetu"), text % body, address)


def _inspectors(places: Sequence[Municipality] | None):
    inspecting = Membership.objects.in_force(timezone.localdate()).filter(group__role_group__role=Role.INSPECTOR)
    if places is not None:
        inspecting = inspecting.filter(group__role_group__municipality__in=places)
    return User.objects.filter(is_active=True, memberships__in=inspecting).order_by("pk").distinct()


def _grant_in_words(membership: Membership) -> str:
    words = {
        "user": membership.user.name,
        "role": str(membership.group.role_group),
        "starts": _day(membership.starts),
        "by": membership.by.name if membership.by else _("the installation"),
    }
    if membership.ends is None:
        return _("%(user)s was given the role %(role)s from %(starts)s. Granted by: %(by)s.") % words
    words["ends"] = _day(membership.ends)
    return _("%(user)s was given the role %(role)s from %(starts)s to %(ends)s. Granted by: %(by)s.") % words


def _day(day) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def _send(user: User, subject: str, body: str, address: str = "") -> None:
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address or user.email])
    except OSError:
        # What was done stands and is in the change log; a mail server that is away must not undo it.
        logger.exception("could not send «%s» to user %s", subject, user.pk)
