"""An HTTP server that gives one archive the way conda-store does, with the faults that a test asks for."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

PATIENCE = 300.0  # seconds, for what a busy machine does not do at once

Fault = Callable[["Handler", bytes], bool]
"""Looks at a request for the archive and what it would be answered; true if it answered instead."""

Hook = Callable[["Handler"], bool]
"""Looks at any request before all else; true if it answered."""


class FaultyServer:
    """Serves `body` at conda-store's addresses below `url`; `faults` are used up one a request, in order."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.etag: str | None = '"one"'
        self.ranges = True
        self.faults: list[Fault] = []
        self.hooks: list[Hook] = []
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/conda-store"

    def __enter__(self) -> FaultyServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def downloads(self) -> list[dict[str, str]]:
        """The headers of every request for the archive's bytes."""
        return [headers for path, headers in self.requests if "/storage/" in path]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, faulty: FaultyServer) -> None:
        self.faulty = faulty
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    """Answers `/api/v1/build/<id>/archive/` with a redirect, `/storage/archive` with bytes."""

    protocol_version = "HTTP/1.1"

    @property
    def faulty(self) -> FaultyServer:
        """The server that this request came to."""
        assert isinstance(self.server, _Server)
        return self.server.faulty

    def do_GET(self) -> None:  # the base class's own naming
        """Answer."""
        faulty = self.faulty
        faulty.requests.append((self.path, dict(self.headers)))
        if any(hook(self) for hook in faulty.hooks):
            return
        if re.search(r"/api/v1/build/\d+/archive/$", self.path):
            self.answer(307, b"", Location="/conda-store/storage/archive")
            return
        body = faulty.body
        if faulty.faults and faulty.faults.pop(0)(self, body):
            return
        self.give(body)

    def give(self, body: bytes, until: int | None = None) -> None:
        """Answer with `body` (a range of it if asked for), cut off at its byte `until`."""
        faulty = self.faulty
        headers = {"ETag": faulty.etag} if faulty.etag else {}
        asked = re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))
        current = self.headers.get("If-Range") in (None, faulty.etag)
        start = int(asked[1]) if asked and faulty.ranges and current else 0
        if start >= len(body) and start:
            self.answer(416, b"")
            return
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        self.answer(206 if start else 200, body[start:], None if until is None else until - start, **headers)

    def answer(self, status: int, body: bytes, until: int | None = None, **headers: str) -> None:
        """Send one answer; `until` says after how many bytes of the body the connection drops."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: max(until, 0)] if until is not None else body)
        self.wfile.flush()
        if until is not None:
            self.close_connection = True

    def give_head(self, length: int) -> None:
        """Begin an answer of `length` bytes that the caller sends, or not, on its own."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        if self.faulty.etag:
            self.send_header("ETag", self.faulty.etag)
        self.end_headers()

    def handle(self) -> None:
        """Answer requests until the other side has gone, which is what these tests are about."""
        with suppress(ConnectionError):
            super().handle()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def cut(at: int) -> Fault:
    """Return the fault of a connection that drops at byte `at` of the archive."""

    def fault(handler: Handler, body: bytes) -> bool:
        handler.give(body, at)
        return True

    return fault


def status(code: int, body: bytes = b"", **headers: str) -> Fault:
    """Return the fault of an answer that is no archive."""

    def fault(handler: Handler, _: bytes) -> bool:
        handler.answer(code, body, None, **headers)
        return True

    return fault


def change(body: bytes, etag: str) -> Fault:
    """Return the fault of an object that is replaced before it is answered."""

    def fault(handler: Handler, _: bytes) -> bool:
        handler.faulty.body, handler.faulty.etag = body, etag
        handler.give(body)
        return True

    return fault


def stall(at: int, length: int | None = None) -> Fault:
    """Return the fault of a server that stops sending at byte `at` of `length`, but keeps the connection."""

    def fault(handler: Handler, body: bytes) -> bool:
        handler.give_head(len(body) if length is None else length)
        handler.wfile.write(body[:at])
        handler.wfile.flush()
        handler.faulty.closing.wait(PATIENCE)
        return True

    return fault


def slowly(rate: float) -> Fault:
    """Return the fault of a link that carries `rate` bytes a second."""

    def fault(handler: Handler, body: bytes) -> bool:
        handler.give_head(len(body))
        step = max(int(rate / 50), 1)
        with suppress(ConnectionError):
            for at in range(0, len(body), step):
                if handler.faulty.closing.wait(0.02):
                    break
                handler.wfile.write(body[at : at + step])
        return True

    return fault


def trickle(until: threading.Event, at: int = 1_000_000) -> Fault:
    """Return the fault of a link that carries next to nothing from byte `at` on, until the event is set."""

    def fault(handler: Handler, body: bytes) -> bool:
        handler.give_head(len(body))
        sent, last = at, time.monotonic() + PATIENCE
        with suppress(ConnectionError):
            handler.wfile.write(body[:sent])
            while not until.wait(0.05) and time.monotonic() < last and not handler.faulty.closing.is_set():
                handler.wfile.write(body[sent : sent + 100])
                sent += 100
            handler.wfile.write(body[sent:])
        return True

    return fault
