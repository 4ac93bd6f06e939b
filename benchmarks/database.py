"""The databases that are measured: made once for a day and a state of the code, then found again."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import psycopg

ROOT = Path(__file__).resolve().parents[1]


def prepared(cases: int, server: str) -> str:
    """The address of a filled database of `cases` cases on `server`; older ones of that size are dropped."""
    prefix = f"asetu_bench_{cases}_"
    name = prefix + _fingerprint()
    url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    with psycopg.connect(server, autocommit=True) as connection:
        there = [
            row[0]
            for row in connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        ]
        if name in there:
            return url
        for old in (*there, f"{name}_half"):
            connection.execute(f'DROP DATABASE IF EXISTS "{old}"')
        connection.execute(f'CREATE DATABASE "{name}_half"')
    _fill(cases, f"{url}_half")
    with psycopg.connect(server, autocommit=True) as connection:  # named so only once it is whole
        connection.execute(f'ALTER DATABASE "{name}_half" RENAME TO "{name}"')
    return url


def prepared_file(cases: int) -> str:
    """The address of a filled SQLite database of `cases` cases; older ones of that size are deleted."""
    prefix = f"bench_{cases}_"
    file = ROOT / "data" / f"{prefix}{_fingerprint()}.sqlite3"
    if not file.exists():
        for old in file.parent.glob(f"{prefix}*"):
            old.unlink()
        half = file.with_suffix(".half")
        half.parent.mkdir(exist_ok=True)
        _fill(cases, f"sqlite:///{half}")
        half.rename(file)
    return f"sqlite:///{file}"


def _fill(cases: int, url: str) -> None:
    print(f"Building {cases} cases", file=sys.stderr, flush=True)
    command = [sys.executable, "manage.py", "populate", str(cases)]
    subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=True)


@contextmanager
def copied(url: str) -> Iterator[str]:
    """The address of a copy of the database at `url`, to be written to; dropped at the end."""
    parts = urlsplit(url)
    name = parts.path[1:]
    copy = name.replace("asetu_bench_", "asetu_load_")
    server = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
        # Copied as files: through the log, millions of rows would still be on their way to the disk while it measures.
        connection.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}" STRATEGY FILE_COPY')
        try:
            yield urlunsplit(parts._replace(path=f"/{copy}"))
        finally:
            connection.execute(f'DROP DATABASE "{copy}" WITH (FORCE)')


def _fingerprint() -> str:
    """Eight letters that change with the tables, with what makes the rows, and with the day they are fresh on."""
    made_by = [ROOT / "benchmarks" / name for name in ("population.py", "copying.py")]
    told = hashlib.sha256(datetime.now(ZoneInfo("Europe/Helsinki")).date().isoformat().encode())
    for path in (*made_by, *sorted(ROOT.glob("*/migrations/*.py"))):
        told.update(path.read_bytes())
    return told.hexdigest()[:8]
