"""Styles, scripts and fonts come compressed and are kept for ever, by the hash in their names."""

from __future__ import annotations

import gzip
import re
from contextlib import closing
from urllib.parse import quote, urljoin

from benchmarks.server import Server


def fetch(server: Server, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    with closing(server.connect()) as connection:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()


def test_all_that_a_page_names(server: Server) -> None:
    status, headers, html = fetch(server, "/account/login/")
    assert status == 200
    assert "no-store" in headers["cache-control"]
    named = re.findall(r'(?:href|src)="(/static/[^"]+)"', html.decode())
    styles = [path for path in named if path.endswith(".css")]
    assert styles
    fonts = [
        quote(urljoin(style, url), safe="/.-")
        for style in styles
        for url in re.findall(r'url\("([^"]+\.ttf)"\)', fetch(server, style)[2].decode())
    ]
    assert fonts
    for path in [*named, *fonts]:
        status, headers, _body = fetch(server, path)
        assert (status, path) == (200, path)
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", path)
        assert headers["cache-control"] == "max-age=315360000, public, immutable"


def test_compressed_for_whom_it_helps(server: Server) -> None:
    path = re.search(rb'href="(/static/[^"]+\.css)"', fetch(server, "/account/login/")[2])[1].decode()
    plain, packed = fetch(server, path), fetch(server, path, **{"Accept-Encoding": "gzip"})
    assert packed[1]["content-encoding"] == "gzip"
    assert packed[1]["vary"] == "Accept-Encoding"
    assert gzip.decompress(packed[2]) == plain[2]
    assert len(packed[2]) < len(plain[2]) / 2
    assert "content-encoding" not in plain[1]


def test_a_name_without_its_hash_is_kept_for_a_minute_alone(server: Server) -> None:
    assert fetch(server, "/static/css/tokens.css")[1]["cache-control"] == "max-age=60, public"
