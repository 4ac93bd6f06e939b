"""What stands between the server and others in these tests: PostgreSQL behind a tap, and a slow mail server."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Event, Thread


class Tap:
    """Passes connections on to PostgreSQL until it is closed; then they are cut, and new ones refused."""

    def __init__(self, host: str, port: int) -> None:
        self._to, self._open = (host, port), []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._listen()

    def close(self) -> None:
        # shutdown wakes the threads that are waiting in accept and recv
        for part in (self._listener, *self._open):
            with suppress(OSError):
                part.shutdown(socket.SHUT_RDWR)
            part.close()
        self._open.clear()

    def open(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._listen()

    def _listen(self) -> None:
        Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                asking, _address = listener.accept()
                answering = socket.create_connection(self._to)
                self._open += [asking, answering]
                for pair in ((asking, answering), (answering, asking)):
                    Thread(target=_pass_on, args=pair, daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


class SlowPost:
    """A mail server that greets only once `greets` is set; `letters` is what it was given."""

    def __init__(self) -> None:
        self.greets, self.asked, self.letters = Event(), Event(), []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self) -> SlowPost:
        return self

    def __exit__(self, *_error) -> None:
        self.greets.set()
        self._thread.join(10)
        self._listener.close()

    def _serve(self) -> None:
        connection, _address = self._listener.accept()
        self.asked.set()
        self.greets.wait(30)
        with connection, connection.makefile("rwb", buffering=0) as lines:
            lines.write(b"220 slow\r\n")
            for line in lines:
                word = line.split()[0].upper()
                if word == b"DATA":
                    lines.write(b"354 go on\r\n")
                    letter = b"".join(iter(lines.readline, b".\r\n"))
                    self.letters.append(letter)
                lines.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
                if word == b"QUIT":
                    return
