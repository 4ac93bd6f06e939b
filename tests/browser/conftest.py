"""A real Chromium before a real server; see checks.py for what is asked of each page."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.checks import Desk
from tests.world import World, build_world

HERE = Path(__file__).parent
BROWSERS = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")


def pytest_collection_modifyitems(items) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    """The machine's own browser (`make test` says which); without one, Playwright looks for its own."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    args = ["--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        args.append("--no-sandbox")  # Chromium refuses to be sandboxed as root
    return {"executable_path": found, "args": args}


@pytest.fixture(scope="session")
def browser_context_args() -> dict:
    return {"locale": "fi-FI", "timezone_id": "Europe/Helsinki", "viewport": {"width": 1440, "height": 900}}


@pytest.fixture(scope="session")
def live_server(django_db_setup, live_server):
    """The server after the test database: before, it would take that for one in memory and share one connection."""
    return live_server


@pytest.fixture
def desk(page: Page, live_server) -> Desk:
    """The browser with the server before it; whatever it complains of fails the test at its end."""
    desk = Desk(page, live_server.url)
    yield desk
    assert desk.complaints == []


@pytest.fixture
def world(transactional_db) -> World:
    """The world of tests/world.py, committed, so that the server's threads see it."""
    return build_world()
