"""A conda-store that answers the way a test wants: for refusals and faults that the real one cannot show."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PERMITTED = {
    "data": {
        "authenticated": True,
        "primary_namespace": "default",
        "entity_permissions": {},
        "expiration": None,
    }
}


class Upstream(ThreadingHTTPServer):
    """Knows every credential and answers everything else with `status` and `body`, or with nothing."""

    daemon_threads = True

    def __init__(self) -> None:
        self.status = 200
        self.body = b"{}"
        self.silent = False
        self.released = threading.Event()
        super().__init__(("127.0.0.1", 0), Answering)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}/conda-store"


class Answering(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        upstream = self.server
        assert isinstance(upstream, Upstream)
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, body = upstream.status, upstream.body
        if self.path.endswith("/permission/"):
            status, body = 200, json.dumps(PERMITTED).encode()
        elif upstream.silent:
            upstream.released.wait(20)
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:  # the base class's own naming
        """Answer."""
        self._answer()

    def do_POST(self) -> None:
        """Answer."""
        self._answer()

    def do_PUT(self) -> None:
        """Answer."""
        self._answer()

    def do_DELETE(self) -> None:
        """Answer."""
        self._answer()

    def handle(self) -> None:
        """Answer until the other side has gone."""
        with suppress(ConnectionError):
            super().handle()

    def log_message(self, *_arguments: object) -> None:
        """Keep quiet."""


@contextmanager
def upstream() -> Iterator[Upstream]:
    """Serve for a while."""
    server = Upstream()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
