"""`make bench`: a database for each number of cases, a measuring process for each, one table.

`make load` (with the word `load`): a copy of the largest of them, and a server that meets an office there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.database import copied, prepared
from benchmarks.table import as_table

LATEST = Path(__file__).parent / "latest.json"
SIZES = "10000,100000,1000000"


def main() -> None:
    """Prepare, measure and print; exits with 1 where a page misses what it must reach (see benchmarks.table)."""
    found = []
    for size in os.environ.get("CASES", SIZES).split(","):
        url = prepared(int(size), os.environ["DATABASE_URL"])
        found += _measured(int(size), url)
    LATEST.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    table, reached = as_table(found)
    print(table)
    sys.exit(not reached)


def load() -> None:
    """Put the load on; exits with 1 where the server does not hold it (see benchmarks.load)."""
    size = int(os.environ.get("CASES", SIZES).split(",")[-1])
    with copied(prepared(size, os.environ["DATABASE_URL"])) as url:
        done = subprocess.run(
            [sys.executable, "manage.py", "load", str(size)], env={**os.environ, "DATABASE_URL": url}, check=False
        )
    sys.exit(done.returncode)


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


if __name__ == "__main__":
    load() if sys.argv[1:] == ["load"] else main()
