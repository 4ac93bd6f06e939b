"""The administrator's pages of the joint projects: made, joined, left and put right there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from crm.roles import Role
from projects.models import Partner, Project
from tests.factories import MunicipalityFactory, ProjectFactory, joint_project, member, scope_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def posio():
    return MunicipalityFactory(name_fi="Posio")


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(member(Role.ADMINISTRATOR))
    return client


def written(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def test_a_project_is_made_and_changed(desk, posio) -> None:
    told = {"code": "S22169", "name": "Paluu", "lead": posio.pk, "starts": "1.8.2020", "ends": ""}
    assert desk.post(reverse("project_new"), told).url == reverse("project_list")
    assert desk.post(reverse("project_edit", args=["S22169"]), told | {"ends": "31.1.2022"}).status_code == 302
    project = Project.objects.get()
    assert (project.lead, project.starts, project.ends) == (posio, date(2020, 8, 1), date(2022, 1, 31))
    page = desk.get(reverse("project_list")).content.decode()
    assert "Paluu" in page
    assert "Yksikään kunta ei ole vielä mukana" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "S 22/169"}, "vain kirjaimin"),
        ({"code": "s1"}, "on jo käytössä"),
        ({"ends": "1.1.2020"}, "ennen ensimmäistä"),
        ({"starts": "x"}, "päivä.kuukausi.vuosi"),
    ],
)
def test_a_refusal_says_what_to_do_and_keeps_what_was_typed(desk, posio, changes, said) -> None:
    ProjectFactory(code="S1")
    told = {"code": "S22169", "name": "Paluu", "lead": posio.pk, "starts": "1.8.2020", "ends": ""} | changes
    response = desk.post(reverse("project_new"), told)
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert 'value="Paluu"' in page
    assert Project.objects.count() == 1


def test_a_municipality_joins_leaves_and_is_put_right(desk, posio, today) -> None:
    project = ProjectFactory(lead=posio)
    lead = member(Role.PROJECT_LEAD, project)
    told = {"municipality": posio.pk, "joined": "1.9.2020", "decision": "33/06.061/2020"}
    assert desk.post(reverse("partner_join", args=[project.code]), told).url == reverse("project_list")
    partner = Partner.objects.get()
    assert scope_of(lead).grants
    assert "33/06.061/2020" in desk.get(reverse("project_list")).content.decode()
    assert desk.post(reverse("partner_leave", args=[partner.pk]), {"withdrew": written(today)}).status_code == 302
    assert not scope_of(lead).grants
    page = desk.get(reverse("project_list")).content.decode()
    assert written(today) in page
    assert reverse("partner_leave", args=[partner.pk]) not in page
    told = {"joined": "1.10.2020", "withdrew": "", "decision": "34/06.061/2020", "why": "väärä kunta"}
    assert desk.post(reverse("partner_correct", args=[partner.pk]), told).status_code == 302
    partner = Partner.objects.get()
    assert (partner.joined, partner.withdrew, partner.decision) == (date(2020, 10, 1), None, "34/06.061/2020")
    assert scope_of(lead).grants


def test_a_day_to_come_is_refused_where_it_was_typed(desk, posio, today) -> None:
    project = joint_project(posio)
    tomorrow = written(today + timedelta(days=1))
    partner = project.partners.get()
    sent = [
        desk.post(reverse("partner_leave", args=[partner.pk]), {"withdrew": tomorrow}),
        desk.post(
            reverse("partner_join", args=[project.code]),
            {"municipality": MunicipalityFactory().pk, "joined": tomorrow, "decision": ""},
        ),
    ]
    assert [response.status_code for response in sent] == [422, 422]
    assert "vasta tulossa" in sent[0].content.decode()
    assert "vasta tulossa" in sent[1].content.decode()
    assert f'value="{tomorrow}"' in sent[1].content.decode()


def test_who_takes_part_is_no_choice_and_a_correction_does_not_ask_when_it_left(desk, posio) -> None:
    project = joint_project(posio)
    page = desk.get(reverse("partner_join", args=[project.code]))
    assert posio not in page.context["form"].fields["municipality"].queryset
    correction = desk.get(reverse("partner_correct", args=[project.partners.get().pk]))
    assert "withdrew" not in correction.context["form"].fields


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_lets_a_municipality_join(client, posio, role) -> None:
    project = joint_project(posio)
    local = {Role.COORDINATOR, Role.MANAGER, Role.EDITOR, Role.INSPECTOR}
    client.force_login(member(role, posio if role in local else project))
    told = {"municipality": MunicipalityFactory().pk, "joined": "1.9.2020", "decision": ""}
    assert client.post(reverse("partner_join", args=[project.code]), told).status_code == 403
    assert client.post(reverse("partner_leave", args=[project.partners.get().pk]), {}).status_code == 403
    assert project.partners.get().withdrew is None
