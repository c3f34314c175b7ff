"""Package files are fetched once, go on where they broke off, and are never another file."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from conda_store_labext.local.channel.server import ChannelHandler
from conda_store_labext.pipeline.packages.addresses import Addresses
from conda_store_labext.pipeline.packages.channel import Channels
from conda_store_labext.pipeline.packages.fetch import Fetcher
from conda_store_labext.pipeline.packages.files import PackageFiles
from conda_store_labext.pipeline.packages.locked import LockedPackage, locked_package

DATA = os.urandom(1_500_000)
DIGEST = hashlib.sha256(DATA).hexdigest()


class Served:
    """A channel that remembers which bytes were asked for."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[tuple[str, str]] = []
        self.missing: set[str] = set()
        self.encoding = ""
        served = self

        class Handler(ChannelHandler):
            def __init__(self, *args: Any) -> None:
                super().__init__(*args, directory=str(folder))

            def do_GET(self) -> None:  # noqa: N802
                served.asked.append((self.path, self.headers.get("Range", "")))
                if self.path in served.missing:
                    self.send_error(404)
                else:
                    super().do_GET()

            def end_headers(self) -> None:
                if served.encoding:
                    self.send_header("Content-Encoding", served.encoding)
                super().end_headers()

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def package(self, name: str = "a") -> LockedPackage:
        """Return a package of the channel."""
        url = f"http://127.0.0.1:{self.server.server_port}/noarch/{name}-1-0.conda"
        return locked_package(
            url, {"sha256": DIGEST if name == "a" else hashlib.sha256(name.encode()).hexdigest()}
        )


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A channel with the package `a`, and small ones named b to f."""
    folder = tmp_path / "noarch"
    folder.mkdir()
    (folder / "a-1-0.conda").write_bytes(DATA)
    for name in "bcdef":
        (folder / f"{name}-1-0.conda").write_bytes(name.encode())
    running = Served(tmp_path)
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def files(tmp_path: Path) -> PackageFiles:
    """An empty folder of packages."""
    (tmp_path / "p").mkdir()
    return PackageFiles(tmp_path / "p")


@pytest.mark.parametrize(
    ("part", "ranges"),
    [
        (DATA[:500_000], ["bytes=500000-"]),
        (DATA, []),
        (os.urandom(500_000), ["bytes=500000-", ""]),
        (os.urandom(2_000_000), ["bytes=2000000-", ""]),
    ],
    ids=["right", "whole", "wrong", "more than it has"],
)
def test_what_was_left_is_gone_on_with_or_dropped(
    part: bytes, ranges: list[str], served: Served, files: PackageFiles, tmp_path: Path
) -> None:
    (tmp_path / "p" / f"{DIGEST}.part").write_bytes(part)
    with closing(Channels(Addresses(local=True))) as channels:
        path = files.fetch(served.package(), channels.source(served.package()))
    assert path.read_bytes() == DATA
    assert [asked for _, asked in served.asked] == ranges
    assert not (tmp_path / "p" / f"{DIGEST}.part").exists()


def test_one_download_for_however_many_want_it(served: Served, files: PackageFiles) -> None:
    failed: list[BaseException] = []

    def fetch() -> None:
        try:
            with closing(Channels(Addresses(local=True))) as channels:
                files.fetch(served.package(), channels.source(served.package()))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=fetch) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(served.asked) == 1


def test_the_order_can_be_changed_and_every_package_comes(served: Served, files: PackageFiles) -> None:
    packages = [served.package(name) for name in "abcdef"]
    with closing(Channels(Addresses(local=True))) as channels:
        fetcher = Fetcher(files, channels, packages, at_a_time=1)
        fetcher.want(["f", "d"])
        names = [package.name for package, _ in fetcher.packages()]
    assert names == ["f", "d", "a", "b", "c", "e"]
    assert fetcher.done == fetcher.total == len(DATA) + 5


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_what_a_server_calls_compressed_is_taken_as_it_lies_there(
    encoding: str, served: Served, files: PackageFiles, tmp_path: Path
) -> None:
    served.encoding = encoding
    (tmp_path / "p" / f"{DIGEST}.part").write_bytes(DATA[:100_000])
    with closing(Channels(Addresses(local=True))) as channels:
        path = files.fetch(served.package(), channels.source(served.package()))
    assert path.read_bytes() == DATA
    assert [asked for _, asked in served.asked] == ["bytes=100000-"]


@pytest.mark.parametrize(("locked", "known"), [("%21", "!"), ("!", "%21")])
def test_a_name_is_asked_for_in_the_other_spelling(
    locked: str, known: str, served: Served, files: PackageFiles, tmp_path: Path
) -> None:
    (tmp_path / "noarch" / "x264-1!164.3095-0.conda").write_bytes(DATA)
    served.missing = {f"/noarch/x264-1{locked}164.3095-0.conda"}
    packages = [
        locked_package(
            f"http://127.0.0.1:{served.server.server_port}/noarch/x264-1{spelling}164.3095-0.conda",
            {"sha256": DIGEST},
        )
        for spelling in (locked, known)
    ]
    assert {(package.name, package.version) for package in packages} == {("x264", "1!164.3095")}
    assert files.path(packages[0]) == files.path(packages[1])
    with closing(Channels(Addresses(local=True))) as channels:
        path = files.fetch(packages[0], channels.source(packages[0]))
    assert path.read_bytes() == DATA
    assert [asked for asked, _ in served.asked] == [
        f"/noarch/x264-1{spelling}164.3095-0.conda" for spelling in (locked, known)
    ]
