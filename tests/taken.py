"""What a list holds as a file, read as a spreadsheet reads it."""

from __future__ import annotations

import csv
import io

from django.test import Client
from django.urls import reverse

from crm.models import Export, FileFormat
from crm.roles import Role
from tests.factories import MunicipalityFactory, joint_project, member


def taken(client: Client, name: str, query: str = "") -> list[dict[str, str]]:
    """The rows of the list's CSV, by heading."""
    response = client.post(reverse(name) + query, {"format": FileFormat.CSV})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def answers_to_others(name: str, *, but: Role) -> set[int]:
    """How the file is answered to each role but one, and that none of them is recorded as having taken it."""
    town = MunicipalityFactory()
    project, client = joint_project(town), Client()
    answers = set()
    for role in Role:
        if role != but:
            at_project = role in {Role.PROJECT_LEAD, Role.APPROVER, Role.AUDITOR}
            place = None if role == Role.ADMINISTRATOR else project if at_project else town
            client.force_login(member(role, place))
            answers.add(client.post(reverse(name), {"format": FileFormat.CSV}).status_code)
    assert not Export.objects.exists()
    return answers
