"""A municipality's privacy notice: published by an administrator, never changed, read by whoever gives it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.lifecycle import State
from cases.models import Case
from contacts.actions import publish_notice
from contacts.models import NoticeLanguage, PrivacyNotice
from crm.refusal import Refused
from crm.roles import Role
from tests.factories import MunicipalityFactory, UserFactory, case_of, coordinator_of, member, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return MunicipalityFactory(name_fi="Posio", code="614")


@pytest.fixture
def coordinator(place):
    return coordinator_of(place, name="Marja Lahti")


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def administrator() -> Client:
    return signed_in(member(Role.ADMINISTRATOR, name="Anna Ylläpitäjä"))


def told(**changes) -> dict:
    return {
        "notice_version": "1.0",
        "language": "fi",
        "published_on": "1.2.2024",
        "text": "Näin se on.",
    } | changes


def test_from_the_administrators_page_to_the_assessment(place, coordinator, administrator, today) -> None:
    """A new installation: what is missing is said, is added on a page, and then a case goes on."""
    case, worker = case_of(place, coordinator), signed_in(coordinator)
    give = reverse("household_notice", args=[case.household_id])
    start = reverse("case_step", args=[case.reference, "start-assessment"])
    assert "pääkäyttäjä julkaisee sen" in worker.get(start).text
    for page in (give, reverse("case_new")):
        assert "Kunnalla ei ole vielä tietosuojaselostetta: Posio" in worker.get(page).text

    address = reverse("privacy_notices", args=[place.code])
    assert address in administrator.get(reverse("municipality_edit", args=[place.code])).text
    assert "Ei vielä tietosuojaselostetta" in administrator.get(address).text
    assert administrator.post(reverse("privacy_notice_new", args=[place.code]), told()).url == address
    page = administrator.get(address).text
    assert "käytössä" in page
    assert "Anna Ylläpitäjä" in page

    notice = PrivacyNotice.objects.get()
    for page in (give, reverse("case_new")):
        assert "Kunnalla ei ole vielä" not in worker.get(page).text
    assert reverse("privacy_notice", args=[notice.pk]) in worker.get(reverse("case_new")).text
    assert worker.post(give, {"notice": notice.pk, "given_on": today}).status_code == 302
    sent = {bound.name: bound.value() for bound in worker.get(start).context["form"] if bound.value() not in (None, "")}
    assert worker.post(start, sent).status_code == 302
    assert Case.objects.get().state == State.ASSESSMENT


def test_a_version_is_published_once_in_a_language_and_never_changed(place, administrator) -> None:
    address = reverse("privacy_notice_new", args=[place.code])
    administrator.post(address, told())
    again = administrator.post(address, told(text="Toista."))
    assert again.status_code == 422
    assert "on jo julkaistu" in again.text
    assert "Toista." in again.text
    assert PrivacyNotice.objects.get().text == "Näin se on."
    assert administrator.post(address, told(language="en")).status_code == 302
    publish(MunicipalityFactory(), version="1.0")  # another municipality's own


@pytest.mark.parametrize("field", ["notice_version", "published_on", "text"])
def test_nothing_of_it_is_left_out(place, administrator, field) -> None:
    assert administrator.post(reverse("privacy_notice_new", args=[place.code]), told(**{field: " "})).status_code == 422
    assert not PrivacyNotice.objects.exists()


def test_a_language_that_there_is_none_of_is_refused(place, today) -> None:
    with pytest.raises(Refused, match="suomeksi, englanniksi tai ruotsiksi"):
        publish_notice(
            municipality=place,
            version="1",
            language="de",
            published_on=today,
            text="…",
            by=UserFactory(),
            at=timezone.now(),
        )


def test_the_latest_of_each_language_is_in_use_from_its_day_on(place, today) -> None:
    tomorrow = today + timedelta(days=1)
    old, new = publish(place, version="1"), publish(place, version="2", on=today)
    coming = publish(place, version="3", on=tomorrow)
    english = publish(place, language=NoticeLanguage.EN)
    elsewhere = publish(MunicipalityFactory(), version="9")
    notices = PrivacyNotice.objects
    assert set(notices.in_use(today)) == {new, english, elsewhere}
    assert set(notices.in_use(tomorrow)) == {coming, english, elsewhere}
    assert list(notices.published(today).filter(municipality=place, language="fi")) == [new, old]


def test_of_two_published_for_one_day_the_one_recorded_later_is_in_use(place, today) -> None:
    publish(place, version="1", on=today)
    later = publish(place, version="2", on=today)
    assert list(PrivacyNotice.objects.in_use(today)) == [later]


def test_the_text_is_read_by_any_member_of_staff_in_its_own_language(place, coordinator) -> None:
    notice = publish(place, language=NoticeLanguage.EN, text="We use your data.\n\nYou may <ask>.")
    page = signed_in(coordinator).get(reverse("privacy_notice", args=[notice.pk])).text
    assert 'lang="en"' in page
    assert "<p>We use your data.</p>" in page
    assert "&lt;ask&gt;" in page


def test_whoever_works_in_two_places_is_told_which_of_them_lacks_it(place) -> None:
    other = MunicipalityFactory(name_fi="Pello")
    publish(other)
    page = signed_in(coordinator_of(place, other)).get(reverse("case_new")).text
    assert "tietosuojaselostetta: Posio" in page
    assert "tietosuojaselostetta: Pello" not in page
