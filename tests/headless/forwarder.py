"""A forwarder of bytes in front of a server, which may be slow or stand still: what a network does."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from urllib.parse import urlsplit

CHUNK = 65536


class Forwarder:
    """Passes connections on to the server of a URL; its own `url` differs from that in the port alone.

    `rate` is how many bytes a second each connection brings back, None for all there are; while `flowing` is
    cleared nothing comes back at all. `brought` counts the bytes that came. Each of `cuts` breaks off one
    connection, once it has brought so many bytes.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._target = (parts.hostname or "", parts.port or 80)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}{parts.path}"
        self.rate: float | None = None
        self.flowing = threading.Event()
        self.flowing.set()
        self.brought = 0
        self.cuts: list[int] = []
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Forwarder:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        """End it."""
        self.close()

    def close(self) -> None:
        """Take no more connections and cut those there are."""
        self.flowing.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for end in list(self._open):
            _cut(end)
        self._thread.join(10)

    def _accept(self) -> None:
        while True:
            try:
                ours, _ = self._listening.accept()
            except OSError:
                return
            try:
                theirs = socket.create_connection(self._target)
            except OSError:
                ours.close()
                continue
            self._open |= {ours, theirs}
            threading.Thread(target=self._pump, args=(ours, theirs, False), daemon=True).start()
            threading.Thread(target=self._pump, args=(theirs, ours, True), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, back: bool) -> None:
        own = 0
        with suppress(OSError):
            while data := source.recv(CHUNK):
                own += len(data)
                if back and self.cuts and own > self.cuts[0]:
                    self.cuts.pop(0)
                    break
                if back:
                    self.flowing.wait()
                    self.brought += len(data)
                    if self.rate:
                        time.sleep(len(data) / self.rate)
                sink.sendall(data)
        for end in (source, sink):
            _cut(end)
            self._open.discard(end)
            end.close()


def _cut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
