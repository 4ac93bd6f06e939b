"""The real server as a process of its own, before the database of the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from socket import socket

import pytest
from django.conf import settings
from django.db import connection

from benchmarks.server import Server, serving

Serve = Callable[..., Server]


@pytest.fixture(scope="session")
def collected(tmp_path_factory) -> Path:
    """The static files as `manage.py release` leaves them."""
    folder = tmp_path_factory.mktemp("static")
    told = {**os.environ, **_production(folder), "DATABASE_URL": "sqlite://:memory:"}
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"], env=told, check=True)
    return folder


@pytest.fixture
def serve(transactional_db, collected: Path) -> Iterator[Serve]:
    """Starts a server with the settings given by name; it is stopped at the end of the test."""
    with ExitStack() as running:

        def start(*, listener: socket | None = None, **told: str) -> Server:
            environment = {**_production(collected), "DATABASE_URL": database_url(), "WEB_CONCURRENCY": "1", **told}
            return running.enter_context(serving(environment, listener))

        yield start


@pytest.fixture(scope="module")
def server(django_db_setup, collected: Path) -> Iterator[Server]:
    """One server for all tests of a module that only look."""
    with serving({**_production(collected), "DATABASE_URL": database_url(), "WEB_CONCURRENCY": "2"}) as server:
        yield server


def _production(static: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "tests.serving.settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "ASETU_PLAIN_STATIC": "0",
        "ASETU_TEST_STATIC": str(static),
        "EMAIL_URL": "dummymail://",
    }


def database_url(port: int | None = None, name: str = "") -> str:
    """The address of the test database; of PostgreSQL through `port` where one is given."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{name or told['NAME']}"
    account = f"{told['USER']}:{told['PASSWORD']}" if told["PASSWORD"] else told["USER"]
    return f"postgres://{account}@{told['HOST']}:{port or told['PORT'] or 5432}/{told['NAME']}"
