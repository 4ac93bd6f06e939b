"""A new version, and a fresh clone, come up by one command."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from crm.models import Municipality, User


@pytest.mark.django_db
def test_a_release_brings_tables_static_files_and_reference_data(tmp_path, settings) -> None:
    settings.STATIC_ROOT = tmp_path
    call_command("release")
    assert Municipality.objects.count() == 308
    assert (tmp_path / "css").is_dir()
    assert not User.objects.exists()
