"""The real server as a process of its own on a free port, as gunicorn.conf.py has it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Server:
    port: int
    process: subprocess.Popen

    def connect(self, timeout: float = 30) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def ask(self, path: str, timeout: float = 30) -> tuple[int, bytes]:
        """Status and body of what is at `path`."""
        with closing(self.connect(timeout)) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()

    def workers(self) -> list[int]:
        """The ids of the worker processes (Linux)."""
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def stop(self) -> None:
        """Ask it to stop, as systemd does; `process.wait` tells when it has."""
        self.process.send_signal(signal.SIGTERM)


@contextmanager
def serving(settings: Mapping[str, str], listener: socket.socket | None = None) -> Iterator[Server]:
    """A server with `settings` in its environment, once it is ready; stopped at the end.

    On a port of its own, or on a `listener` that is handed down as systemd does it.
    """
    port, command = free_port(), [sys.executable, "-m", "gunicorn"]
    told = {**os.environ, **settings, "BIND": f"127.0.0.1:{port}"}
    handed: tuple[int, ...] = ()
    if listener is not None:
        port, handed = listener.getsockname()[1], (listener.fileno(),)
        told["LISTEN_FDS"] = "1"
        command = ["bash", "-c", 'exec 3<&"$0"; LISTEN_PID=$$ exec "$@"', str(listener.fileno()), *command]
    server = Server(port, subprocess.Popen(command, cwd=ROOT, env=told, pass_fds=handed))
    process = server.process
    try:
        _wait(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def _wait(server: Server, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    answer: object = None
    while time.monotonic() < until and server.process.poll() is None:
        try:
            status, answer = server.ask("/readyz")
        except OSError as error:
            answer = error
        else:
            if status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the server does not answer: {answer!r}")
