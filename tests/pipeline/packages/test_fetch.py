"""The order of packages is steered while they come: what is cut goes on from the byte where it was."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from conda_store_labext.pipeline.packages.addresses import Addresses
from conda_store_labext.pipeline.packages.channel import Channels
from conda_store_labext.pipeline.packages.fetch import Fetcher
from conda_store_labext.pipeline.packages.files import PackageFiles
from conda_store_labext.pipeline.packages.locked import LockedPackage, locked_package
from tests.stores import PATIENCE, wait_until

SIZE = 400_000
PIECE, DROP = 10_000, 100
BEGUN = 50_000  # bytes after which drops come


class Slow:
    """A channel that sends packages in pieces; those in `held` come in drops until `go` is set."""

    def __init__(self) -> None:
        self.data = {name: os.urandom(SIZE) for name in "abcdef"}
        self.held = {"a"}
        self.go = threading.Event()
        self.asked: list[tuple[str, int]] = []
        slow = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                name = self.path.rpartition("/")[2][0]
                start = int(self.headers.get("Range", "bytes=0-")[6:-1])
                slow.asked.append((name, start))
                self.send_response(206 if start else 200)
                if start:
                    self.send_header("Content-Range", f"bytes {start}-{SIZE - 1}/{SIZE}")
                self.send_header("ETag", f'"{name}"')
                self.send_header("Content-Length", str(SIZE - start))
                self.end_headers()
                with suppress(OSError):  # it was cut
                    self.send(name, start)

            def send(self, name: str, at: int) -> None:
                while at < SIZE:
                    drops = name in slow.held and at >= BEGUN and not slow.go.wait(0.02)
                    end = min(at + (DROP if drops else PIECE), SIZE)
                    self.wfile.write(slow.data[name][at:end])
                    at = end

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def package(self, name: str, *depends: str) -> LockedPackage:
        """Return a package of the channel."""
        url = f"http://127.0.0.1:{self.server.server_port}/noarch/{name}-1-0.conda"
        digest = hashlib.sha256(self.data[name]).hexdigest()
        return locked_package(url, {"sha256": digest}, size=SIZE, depends=depends)


class Counting(Channels):
    """Counts what comes of each package."""

    def __init__(self) -> None:
        super().__init__(Addresses(local=True))
        self.came: dict[str, int] = {}

    def source(self, package: LockedPackage) -> Any:
        """Return what `Channels.source` does, its bytes counted."""
        opened = super().source(package)

        def counted(offset: int, validator: str | None) -> Any:
            body = opened(offset, validator)
            read = body.read

            def counting(size: int) -> bytes:
                data = read(size)
                self.came[package.name] = self.came.get(package.name, 0) + len(data)
                return data

            body.read = counting  # type: ignore[method-assign]
            return body

        return counted


@pytest.fixture
def slow() -> Iterator[Slow]:
    """A running channel."""
    running = Slow()
    yield running
    running.go.set()
    running.server.shutdown()
    running.server.server_close()


def test_what_is_wanted_cuts_the_others_and_no_byte_comes_twice(slow: Slow, tmp_path: Path) -> None:
    packages = [
        slow.package("a"),
        slow.package("b"),
        slow.package("c", "e >=1", "nothing"),
        slow.package("d"),
        slow.package("e", "c"),
        slow.package("f", "c 1.*"),
    ]
    with closing(Counting()) as channels:
        fetcher = Fetcher(PackageFiles(tmp_path), channels, packages, at_a_time=1)
        came: list[str] = []

        def fetch() -> None:
            came.extend(package.name for package, _ in fetcher.packages())

        thread = threading.Thread(target=fetch)
        thread.start()
        wait_until(lambda: channels.came.get("a", 0) >= BEGUN)
        fetcher.want(["f", "unknown"])
        wait_until(lambda: len(came) >= 1)
        fetcher.want(["a"])  # it has its turn before all others again
        slow.go.set()
        thread.join(PATIENCE)
    # a package comes with what it needs, and is gone on with at the byte where it was
    assert set(came) == set("abcdef")
    assert set(came[:3]) == {"c", "e", "f"}
    begun, gone_on_with = [start for name, start in slow.asked if name == "a"]
    assert begun == 0 < BEGUN <= gone_on_with
    assert channels.came == dict.fromkeys("abcdef", SIZE)
    assert all(PackageFiles(tmp_path).has(package) for package in packages)
    assert fetcher.done == fetcher.total == 6 * SIZE


def test_what_has_come_already_cuts_nothing(slow: Slow, tmp_path: Path) -> None:
    slow.held.clear()
    packages = [slow.package(name) for name in "ab"]
    with closing(Counting()) as channels:
        fetcher = Fetcher(PackageFiles(tmp_path), channels, packages, at_a_time=1)
        coming = fetcher.packages()
        assert next(coming)[0].name == "a"
        fetcher.want(["a", "gone"])
        assert next(coming)[0].name == "b"
    assert slow.asked == [("a", 0), ("b", 0)]
