"""SIGTERM: what has begun is finished, nothing new is taken, no mail is lost."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from benchmarks.server import Server
from crm.models import User
from tests.factories import UserFactory
from tests.serving.tap import SlowPost

TOKEN = "a" * 32


def headers_of(user: User | None = None) -> dict[str, str]:
    """Those of a form that `user` sends."""
    cookies = {settings.CSRF_COOKIE_NAME: TOKEN}
    if user is not None:
        client = Client()
        client.force_login(user)
        cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "Content-Type": "application/x-www-form-urlencoded",
    }


def form(**fields: str) -> bytes:
    return urlencode({"csrfmiddlewaretoken": TOKEN, **fields}).encode()


def status_of(connection: HTTPConnection) -> int:
    with connection.getresponse() as response:
        response.read()
        return response.status


def takes_nothing_new(server: Server) -> bool:
    """Whether soon nobody answers who asks; once the last worker has gone the port is closed."""
    for _attempt in range(100):
        try:
            server.ask("/healthz", timeout=1)
        except OSError:
            return True
        time.sleep(0.05)
    return False


def test_a_form_that_is_still_being_sent_is_taken_in(serve) -> None:
    server, user = serve(), UserFactory(colour_scheme="light")
    body = form(colour_scheme="dark")
    with closing(server.connect()) as connection:
        connection.putrequest("POST", reverse("preferences"))
        for name, value in headers_of(user).items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body[:20])
        time.sleep(0.5)  # the worker has begun to read
        server.stop()
        assert takes_nothing_new(server)
        connection.send(body[20:])
        assert status_of(connection) == 302
    assert server.process.wait(10) == 0
    user.refresh_from_db()
    assert user.colour_scheme == "dark"


def test_a_request_that_waits_for_the_database_is_finished(serve) -> None:
    server, user = serve(), UserFactory(colour_scheme="light")
    headers = headers_of(user)
    with closing(server.connect()) as connection:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            connection.request("POST", reverse("preferences"), form(colour_scheme="dark"), headers)
            time.sleep(0.5)  # the worker has begun to wait
            server.stop()
            assert takes_nothing_new(server)
            assert server.process.poll() is None
        assert status_of(connection) == 302
    assert server.process.wait(10) == 0
    user.refresh_from_db()
    assert user.colour_scheme == "dark"


def test_a_restart_under_systemd_refuses_nobody(serve) -> None:
    """The socket is systemd's: who asks between the old process and the new waits for the new one."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        old = serve(listener=listener)
        old.stop()
        assert old.process.wait(10) == 0
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(old.ask, "/account/login/")
            time.sleep(0.2)
            assert not asked.done()
            serve(listener=listener)
            assert asked.result()[0] == 200


def test_mail_that_is_waiting_is_sent_before_the_end(serve) -> None:
    with SlowPost() as post:
        server, user = serve(EMAIL_URL=f"smtp://127.0.0.1:{post.port}"), UserFactory()
        with closing(server.connect()) as connection:
            connection.request("POST", reverse("account_reset_password"), form(email=user.email), headers_of())
            assert status_of(connection) == 302
        assert post.asked.wait(10)
        server.stop()
        assert takes_nothing_new(server)
        post.greets.set()
        assert server.process.wait(10) == 0
    [letter] = post.letters
    assert f"To: {user.email}".encode() in letter


def test_as_many_workers_as_were_asked_for_and_no_request_is_refused(server: Server) -> None:
    assert len(server.workers()) == 2
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(server.ask, ["/healthz"] * 80))
    assert answers == [(200, b"ok\n")] * 80
