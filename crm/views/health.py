"""For the machine that watches over this one."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200: the process answers. It asks nobody else, so that no process is ended because the database is away."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200: requests may be sent here; else 503 with one word: what is missing."""
    lacking = _lacking()
    return HttpResponse(f"{lacking or 'ok'}\n", content_type="text/plain", status=503 if lacking else 200)


def _lacking() -> str:
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError:
        return "database"
    if not _newest_migrations() <= set(applied):
        return "migrations"
    if not all((path / language / "LC_MESSAGES" / "django.mo").exists() for path, language in _catalogues()):
        return "catalogues"
    # Only the storage of production names files by their hash; what it holds was written by collectstatic.
    return "" if getattr(staticfiles_storage, "hashed_files", True) else "static"


@cache
def _newest_migrations() -> set[tuple[str, str]]:
    """The last migration of each app in this version of the code."""
    return set(MigrationLoader(None).graph.leaf_nodes())


def _catalogues() -> list[tuple]:
    return [(path, language) for path in settings.LOCALE_PATHS for language, _name in settings.LANGUAGES]
