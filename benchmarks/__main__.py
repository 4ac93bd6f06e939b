"""`make bench`: a database for each number of cases, a measuring process for each, one table; then a large import.

With the word `import`: the import alone. With `sqlite`: every page on SQLite. With `load` (`make load`): a copy of the
largest of the databases, and a server that meets an office there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.database import copied, prepared, prepared_file
from benchmarks.table import as_table, as_table_of_sqlite

LATEST = Path(__file__).parent / "latest.json"
SIZES = "10000,100000,1000000"
SIZE_ON_SQLITE = "50000"


def main() -> bool:
    """Prepare, measure and print; whether every page reaches what it must (see benchmarks.table), and the import."""
    found = []
    for size in _sizes():
        found += _measured(size, prepared(size, os.environ["DATABASE_URL"]))
    # How long a page may take in any case is no measure: it is only for the table.
    written = [{name: value for name, value in line.items() if name != "most_ms"} for line in found]
    LATEST.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    table, reached = as_table(found)
    print(table, flush=True)
    return take_in() and reached


def take_in() -> bool:
    """Import a large sheet into a copy of the smallest database; whether it holds (see benchmarks.importing)."""
    return _holds(_sizes()[0], "take_in")


def load() -> bool:
    """Put an office's load on a server; whether it holds (see benchmarks.load)."""
    return _holds(_sizes()[-1], "load")


def on_sqlite() -> bool:
    """Measure every page on SQLite; whether each is as fast as it must be there (see benchmarks.table)."""
    size = int(os.environ.get("CASES", SIZE_ON_SQLITE))
    table, reached = as_table_of_sqlite(_measured(size, prepared_file(size)))
    print(table)
    return reached


def _sizes() -> list[int]:
    return [int(size) for size in os.environ.get("CASES", SIZES).split(",")]


def _holds(size: int, command: str) -> bool:
    """Whether the command succeeds on a copy of the database of that size, in a process of its own."""
    with copied(prepared(size, os.environ["DATABASE_URL"])) as url:
        told = [sys.executable, "manage.py", command, str(size)]
        return subprocess.run(told, env={**os.environ, "DATABASE_URL": url}, check=False).returncode == 0


def _measured(cases: int, url: str) -> list[dict]:
    """The lines of one size, measured in a process of its own: settings and caches begin anew."""
    done = subprocess.run(
        [sys.executable, "manage.py", "measure", str(cases)],
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


RUNS = {"": main, "import": take_in, "load": load, "sqlite": on_sqlite}

if __name__ == "__main__":
    sys.exit(not RUNS[" ".join(sys.argv[1:])]())
