"""Mail that the ground floor sends, asked for by actions on commit; `send_later` where nobody may wait for it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage, send_mail
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.models import Membership, Municipality, MunicipalityGroupPermission, RoleGroup, User
from crm.roles import Role

logger = logging.getLogger(__name__)
COURIER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="courier")  # takes mail one by one, in order

_unsent = ContextVar("unsent", default=False)


@contextmanager
def unsent() -> Iterator[None]:
    """Context in which nothing is mailed: of a register whose addresses lead nowhere, such as the demo's.

    Around the transaction, since mail leaves at its end.
    """
    before = _unsent.set(True)
    try:
        yield
    finally:
        _unsent.reset(before)


def password_link(user: User) -> str:
    """The address at which `user` chooses a password; good for three days and for one use."""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return settings.BASE_URL.rstrip("/") + path


def send_later(message: EmailMessage) -> None:
    """Send the mail beside the request: how long its answer takes does not tell that there is one."""
    COURIER.submit(_deliver, message)


def _deliver(message: EmailMessage) -> None:
    try:
        message.send()
    except Exception:  # nobody waits for the outcome: what is not logged here is lost
        logger.exception("could not send «%s»", message.subject)


def send_welcome(user: User) -> None:
    """Send a new member of staff the link with which to choose a password."""
    with override(user.language):
        body = _(
            "Hello %(name)s,\n\nyou have been given an account in Asetu. Choose a password within three days:\n"
            "%(link)s\n\nIf the time has passed, ask for a new link on the sign-in page: I forgot my password.\n"
        ) % {"name": user.name, "link": password_link(user)}
        send(user, _("Your account in Asetu"), body)


def tell_inspectors_of_grant(membership: Membership) -> None:
    """Tell the inspectors concerned that a role was granted (DOMAIN: administrator)."""
    for inspector in inspectors(_concerned(membership.group.role_group)):
        with override(inspector.language):
            send(inspector, _("A role was granted in Asetu"), _grant_in_words(membership))


def tell_inspectors_of_end(membership: Membership, last_day: date, by: User) -> None:
    """Tell the same inspectors on which day a role ends, or that it was taken back before it began."""
    for inspector in inspectors(_concerned(membership.group.role_group)):
        with override(inspector.language):
            send(inspector, _("A role ends in Asetu"), _end_in_words(membership, last_day, by))


def tell_of_new_address(user: User, before: str, by: User) -> None:
    """Tell the old address, and the inspectors where the user has a role, that the account's e-mail was changed.

    Whoever reads the mail of an account can choose its password: nobody takes over an account unseen.
    """
    held = Membership.objects.in_force(timezone.localdate()).filter(user=user)
    places = list(Municipality.objects.filter(role_groups__group__memberships__in=held).distinct().order_by("pk"))
    body = {"name": user.name, "before": before, "after": user.email, "by": by.name}
    for reader, address in [(user, before), *((inspector, inspector.email) for inspector in inspectors(places))]:
        with override(reader.language):
            text = _(
                "The e-mail of the account of %(name)s was changed from %(before)s to %(after)s. Changed by: %(by)s. "
                "If this should not be so, tell the administrator and the data protection officer."
            )
            send(reader, _("The e-mail of an account was changed in Asetu"), text % body, address)


def inspectors(places: Sequence[Municipality] | None) -> QuerySet[User]:
    """The inspectors of `places`; None: those of every municipality."""
    inspecting = Membership.objects.in_force(timezone.localdate()).filter(group__role_group__role=Role.INSPECTOR)
    if places is not None:
        inspecting = inspecting.filter(group__role_group__municipality__in=places)
    return User.objects.filter(is_active=True, memberships__in=inspecting).order_by("pk").distinct()


def _concerned(role_group: RoleGroup) -> list[Municipality] | None:
    """The municipalities a role opens something of; of a project its partners, whose figures its lead sees."""
    if role_group.municipality is not None:
        return [role_group.municipality]
    if role_group.project_id is None:
        return None
    granted = MunicipalityGroupPermission.objects.filter(group__role_group__project=role_group.project_id)
    return list(Municipality.objects.filter(pk__in=granted.values("content_object")).order_by("pk"))


def _grant_in_words(membership: Membership) -> str:
    words = {
        "user": membership.user.name,
        "role": str(membership.group.role_group),
        "starts": day_in_words(membership.starts),
        "by": membership.by.name if membership.by else _("the installation"),
    }
    if membership.ends is None:
        return _("%(user)s was given the role %(role)s from %(starts)s. Granted by: %(by)s.") % words
    words["ends"] = day_in_words(membership.ends)
    return _("%(user)s was given the role %(role)s from %(starts)s to %(ends)s. Granted by: %(by)s.") % words


def _end_in_words(membership: Membership, last_day: date, by: User) -> str:
    words = {
        "user": membership.user.name,
        "role": str(membership.group.role_group),
        "starts": day_in_words(membership.starts),
        "ends": day_in_words(last_day),
        "by": by.name,
    }
    if last_day < membership.starts:
        return _("The role %(role)s of %(user)s from %(starts)s was taken back before it began. By: %(by)s.") % words
    return _("The role %(role)s of %(user)s ends. Its last day: %(ends)s. Ended by: %(by)s.") % words


def day_in_words(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def send(user: User, subject: str, body: str, address: str = "") -> None:
    """Mail `user`, at their own address unless another is named."""
    if _unsent.get():
        return
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address or user.email])
    except OSError:
        # What was done stands and is in the change log; a mail server that is away must not undo it.
        logger.exception("could not send «%s» to user %s", subject, user.pk)
