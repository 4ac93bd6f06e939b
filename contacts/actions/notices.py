"""The privacy notice: a version is published, and given to a household."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.models import Household, NoticeGiven, NoticeLanguage, PrivacyNotice
from crm.models import Municipality, User
from crm.refusal import Refused


def publish_notice(
    *,
    municipality: Municipality,
    version: str,
    language: str,
    published_on: date,
    text: str,
    by: User,
    at: datetime,
) -> PrivacyNotice:
    """A new version of the municipality's privacy notice in one language, given to newcomers from `published_on`.

    What was published is not changed afterwards: households have been given it. Refused where the version is there.
    """
    if language not in NoticeLanguage.values:
        raise Refused(_("A privacy notice is in Finnish, English or Swedish. Choose one of them."))
    notice, made = PrivacyNotice.objects.get_or_create(
        municipality=municipality,
        version=version,
        language=language,
        defaults={"published_on": published_on, "text": text, "by": by, "recorded_at": at},
    )
    if not made:
        raise Refused(
            _("Version %(version)s is there already and is not changed. Give the new one another number.")
            % {"version": notice}
        )
    return notice


def give_notice(
    *, household: Household, version: str, language: str, given_on: date, by: User, at: datetime
) -> NoticeGiven:
    """Record that the privacy notice was given: version, language, date. A form sent twice records it once."""
    if given_on > timezone.localdate(at):
        raise Refused(_("The date is in the future. Record the notice on the day it is given."))
    with transaction.atomic():
        household = Household.objects.select_for_update().get(pk=household.pk)
        told = {"version": version, "language": language, "given_on": given_on, "by": by}
        made = household.notices_given.filter(**told).first()
        return made or household.notices_given.create(recorded_at=at, **told)
