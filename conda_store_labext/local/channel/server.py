"""Serving a channel's folder over HTTP on loopback, parts of files included.

Readers of `.conda` files ask for parts, which `http.server` does not know; what is missing is a plain 404.
"""

from __future__ import annotations

import re
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any


class ChannelHandler(SimpleHTTPRequestHandler):
    """Answers GET and HEAD for files, one `Range` understood, folders not listed."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send a file or the part of it that was asked for."""
        byte_range = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        path = Path(self.translate_path(self.path))
        if not byte_range or byte_range.group() == "bytes=-" or not path.is_file():
            super().do_GET()
            return
        size = path.stat().st_size
        first, last = _bounds(byte_range.group(1), byte_range.group(2), size)
        if first > last:
            self.send_response(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            self.send_header("Content-Range", f"bytes */{size}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(HTTPStatus.PARTIAL_CONTENT)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        with path.open("rb") as file:
            file.seek(first)
            left = last - first + 1
            while left and (part := file.read(min(left, 1 << 20))):
                self.wfile.write(part)
                left -= len(part)

    def end_headers(self) -> None:
        """Say with every answer that parts may be asked for."""
        self.send_header("Accept-Ranges", "bytes")
        super().end_headers()

    def list_directory(self, path: Any) -> None:
        """Folders are nobody's business."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep quiet: what matters of it is in the builds' logs."""


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """Return the first and the last byte of a range in a file of `size` bytes; first > last for none."""
    if not first:
        return max(size - int(last), 0), size - 1
    return int(first), min(int(last) if last else size - 1, size - 1)


def serve(folder: Path, port: int) -> ThreadingHTTPServer:
    """Serve `folder` on loopback until the process ends; raise OSError where the port is taken."""
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(ChannelHandler, directory=str(folder)))
    server.daemon_threads = True
    Thread(target=server.serve_forever, name="channel", daemon=True).start()
    return server
