"""What is no request at all, or far too much of one: refused, and the server goes on serving."""

from __future__ import annotations

import socket
from contextlib import ExitStack, closing

import pytest

from benchmarks.server import Server
from tests.serving.test_stopping import form, headers_of

HOST = b"Host: 127.0.0.1\r\n"
LOGIN = b"POST /account/login/ HTTP/1.1\r\n" + HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"

REFUSED = {
    "no request line": b"\x16\x03\x01\x02\x00\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "an unheard-of version": b"GET / HTTP/9.9\r\n" + HOST + b"\r\n",
    "a space in the address": b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n",
    "an address too long": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "a header too long": b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 100_000 + b"\r\n\r\n",
    "too many headers": b"GET / HTTP/1.1\r\n" + HOST + b"".join(b"X-%d: 1\r\n" % n for n in range(500)) + b"\r\n",
    "a header without a name": b"GET / HTTP/1.1\r\n" + HOST + b": x\r\n\r\n",
    "another host": b"GET /account/login/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "a host that is none": b"GET /account/login/ HTTP/1.1\r\nHost: [::1\r\n\r\n",
    "two lengths": LOGIN + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nx=1",
    "a length that is none": LOGIN + b"Content-Length: -1\r\n\r\n",
    "a length and parts": LOGIN + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "parts that are none": LOGIN + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    "a null character": b"GET /cases/?q=%00 HTTP/1.1\r\n" + HOST + b"\r\n",
    "ten megabytes": LOGIN + b"Content-Length: 10485760\r\n\r\n" + b"x" * 10_485_760,
    "fields without end": LOGIN + b"Content-Length: 10000\r\n\r\n" + b"a=1&" * 2500,
    "a charset that is none": b"POST /account/login/?next=/ HTTP/1.1\r\n"
    + HOST
    + b"Content-Type: application/x-www-form-urlencoded; charset=base64\r\nContent-Length: 3\r\n\r\nx=1",
    "a type in a charset that is none": b"POST /account/login/ HTTP/1.1\r\n"
    + HOST
    + b"Content-Type: text/plain; x*=nowhere''y\r\nContent-Length: 3\r\n\r\nx=1",
    "another method": b"DELETE /account/ HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\n\r\n",
}


def answer_to(server: Server, sent: bytes, seconds: float = 20) -> bytes:
    """The first line of the answer; b"" where the server closed the connection without one."""
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=seconds)) as connection:
        try:
            connection.sendall(sent)
            return connection.recv(4096).split(b"\r\n")[0]
        except ConnectionError:
            return b""


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_request_is_refused(server: Server, what: str) -> None:
    status = answer_to(server, REFUSED[what])
    assert status == b"" or status.split()[1][:1] == b"4", status
    assert server.ask("/healthz") == (200, b"ok\n")


def test_who_sends_slowly_holds_nobody_up(server: Server) -> None:
    """Fewer than a worker has threads: each holds one, and all may come to the same worker. A proxy holds off more."""
    begun = LOGIN + b"Content-Length: 100\r\n\r\nx="
    with ExitStack() as waiting:
        for _number in range(3):
            connection = waiting.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            connection.sendall(begun[:40])  # the headers have not ended
        assert server.ask("/healthz", timeout=30) == (200, b"ok\n")


def test_a_form_cut_short_is_not_taken_in(server: Server) -> None:
    body = form(login="a@example.fi")
    with closing(server.connect(timeout=10)) as connection:
        connection.putrequest("POST", "/account/login/")
        for name, value in headers_of().items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body) + 100))
        connection.endheaders(body)
    assert server.ask("/healthz") == (200, b"ok\n")
