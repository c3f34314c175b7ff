"""An artifact on its way through the Jupyter server: no faster than it is taken, and ended by either side."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from jupyter_server.serverapp import ServerApp

from tests.server.upstream import PERMITTED
from tests.stores import PATIENCE, wait_until

CHUNK = b"x" * (1 << 16)
LENGTH = 1 << 30  # bytes that the archive says it has
BUFFERS = 1 << 26  # bytes that sockets and one read may hold on the way

BUILD = {
    "id": 1,
    "environment_id": 1,
    "status": "COMPLETED",
    "specification": {"name": "big", "spec": {}},
    "scheduled_on": None,
    "started_on": None,
    "ended_on": None,
    "size": 1,
    "build_artifacts": [{"artifact_type": "CONDA_PACK"}],
}
ENVIRONMENT = {"id": 1, "namespace": {"name": "default"}, "name": "big", "current_build_id": 1}


class Endless(ThreadingHTTPServer):
    """A conda-store with an archive of a gibibyte; breaks off after `until` bytes."""

    daemon_threads = True

    def __init__(self) -> None:
        self.sent = 0
        self.until = LENGTH
        self.ended = threading.Event()
        super().__init__(("127.0.0.1", 0), Giving)


class Giving(BaseHTTPRequestHandler):
    """Answers one request."""

    def do_GET(self) -> None:  # the base class's own naming
        """Answer."""
        if self.path.endswith("/archive/"):
            self._give()
            return
        answer: object = PERMITTED
        if "/environment/" in self.path:
            answer = {"data": [ENVIRONMENT], "count": 1}
        elif "/build/1/" in self.path:
            answer = {"data": BUILD}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _give(self) -> None:
        server = self.server
        assert isinstance(server, Endless)
        self.send_response(200)
        self.send_header("Content-Length", str(LENGTH))
        self.end_headers()
        with suppress(OSError):
            while server.sent < server.until:
                self.wfile.write(CHUNK)
                server.sent += len(CHUNK)
        server.ended.set()

    def log_message(self, *_arguments: object) -> None:
        """Keep quiet."""


@pytest.fixture
def endless() -> Iterator[Endless]:
    """A server whose archive does not end soon."""
    server = Endless()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.until = 0
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def store_config(endless: Endless) -> dict[str, object]:
    """A configuration that leads to it."""
    return {"url": f"http://127.0.0.1:{endless.server_address[1]}", "timeout": 20.0}


async def ask_for_archive(
    serverapp: ServerApp, port: int
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Send the request for the archive and read the answer's head."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 16)
    path = f"{serverapp.base_url}conda-store/builds/1/artifacts/archive"
    token = serverapp.identity_provider.token
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: token {token}\r\n\r\n".encode())
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
    assert head.startswith(b"HTTP/1.1 200")
    assert f"Content-Length: {LENGTH}".encode() in head
    return reader, writer


def plateau(endless: Endless) -> int:
    """Wait until nothing more is taken from the server, and return what was."""
    since, last = time.monotonic(), -1

    def still() -> bool:
        nonlocal since, last
        if endless.sent != last:
            since, last = time.monotonic(), endless.sent
        return time.monotonic() - since > 1

    wait_until(still)
    return last


@pytest.mark.usefixtures("http_server_client")
async def test_who_does_not_read_is_not_read_for(
    endless: Endless, jp_serverapp: ServerApp, jp_http_port: int
) -> None:
    reader, writer = await ask_for_archive(jp_serverapp, jp_http_port)
    taken = await asyncio.to_thread(plateau, endless)
    assert 0 < taken < BUFFERS, "it waits for the browser, and holds only what sockets hold"
    await reader.readexactly(1 << 20)
    assert not endless.ended.is_set()
    writer.close()
    assert await asyncio.to_thread(endless.ended.wait, PATIENCE), (
        "the browser has gone, so nothing more is taken"
    )
    assert endless.sent < LENGTH


@pytest.mark.usefixtures("http_server_client")
async def test_what_breaks_off_does_not_look_whole(
    endless: Endless, jp_serverapp: ServerApp, jp_http_port: int
) -> None:
    endless.until = 1 << 22
    reader, writer = await ask_for_archive(jp_serverapp, jp_http_port)
    received = 0
    with suppress(ConnectionError):
        while some := await asyncio.wait_for(reader.read(1 << 16), PATIENCE):
            received += len(some)
    writer.close()
    assert received < LENGTH
    assert reader.at_eof(), "the connection ends before the length that was promised"
