"""Downloading: whatever the connection does, the bytes are the archive's or there is a sentence."""

from __future__ import annotations

import random
from functools import partial

import pytest

from conda_store_labext.client.client import CondaStoreClient
from conda_store_labext.client.connection import Connection
from conda_store_labext.errors import (
    Cancelled,
    CondaStoreLabError,
    DownloadFailed,
    Forbidden,
    NotLaunchable,
    ServerError,
    ServerUnreachable,
)
from conda_store_labext.pipeline.download import ArchiveChanged, Download, Patience

from .faulty import FaultyServer, change, cut, slowly, stall, status

QUICK = Patience(delay=0.001, longest=0.01)


def download(server: FaultyServer, patience: Patience = QUICK, timeout: float = 60) -> Download:
    client = CondaStoreClient(Connection(server.url, "token", token="t", timeout=timeout))
    return Download(partial(client.open_artifact, 7, "archive"), patience)


def everything(source: Download, size: int = 50_000) -> bytes:
    data = bytearray()
    while piece := source.read(size):
        data += piece
    assert source.done == len(data)
    return bytes(data)


def test_whole(server: FaultyServer) -> None:
    source = download(server)
    assert everything(source) == server.body
    assert source.total == len(server.body)
    assert len(server.requests) == 2


def test_goes_on_where_it_was_cut(server: FaultyServer) -> None:
    chance = random.Random(3)
    cuts = sorted(chance.randrange(20_000, len(server.body)) for _ in range(8))
    server.faults = [cut(at) for at in cuts]
    assert everything(download(server), 10_000) == server.body
    first, *resumed = server.downloads
    assert "Range" not in first
    assert len(resumed) >= 1
    for headers in resumed:
        assert headers["If-Range"] == '"one"'
        assert int(headers["Range"].removeprefix("bytes=").rstrip("-")) > 0


def test_a_server_without_ranges_gives_the_same_again(server: FaultyServer) -> None:
    server.ranges = False
    server.faults = [cut(1_000_000), cut(2_000_000), cut(500_000)]
    assert everything(download(server)) == server.body


def test_a_server_without_validators(server: FaultyServer) -> None:
    server.etag = None
    server.faults = [cut(1_000_000)]
    assert everything(download(server)) == server.body


@pytest.mark.parametrize("ranges", [True, False])
def test_another_object_is_noticed(server: FaultyServer, ranges: bool) -> None:
    server.ranges = ranges
    server.faults = [cut(1_000_000), change(server.body[::-1], '"two"')]
    with pytest.raises(ArchiveChanged):
        everything(download(server))


def test_without_ranges_and_validators_it_starts_afresh(server: FaultyServer) -> None:
    server.ranges, server.etag = False, None
    server.faults = [cut(1_000_000)]
    with pytest.raises(ArchiveChanged):
        everything(download(server))


def test_a_stalled_connection_is_dropped(server: FaultyServer) -> None:
    server.faults = [stall(1_000_000)]
    assert everything(download(server, timeout=2)) == server.body
    assert len(server.downloads) == 2


def test_errors_meanwhile_are_outlasted(server: FaultyServer) -> None:
    server.faults = [cut(1_000_000), status(500), status(503), status(403), status(502)]
    assert everything(download(server)) == server.body
    # an expired presigned link is asked for again, at the API
    assert sum("/api/v1/" in path for path, _ in server.requests) == 6


@pytest.mark.parametrize(
    ("code", "error", "tries"), [(404, NotLaunchable, 1), (403, Forbidden, 1), (500, ServerError, 3)]
)
def test_errors_at_the_start(
    server: FaultyServer, code: int, error: type[CondaStoreLabError], tries: int
) -> None:
    server.faults = [status(code)] * 9
    with pytest.raises(error):
        everything(download(server))
    assert len(server.downloads) == tries


def test_nobody_there() -> None:
    client = CondaStoreClient(Connection("http://127.0.0.1:9/conda-store"))
    with pytest.raises(ServerUnreachable):
        everything(Download(partial(client.open_artifact, 7, "archive"), QUICK))


def test_patience_ends(server: FaultyServer) -> None:
    server.faults = [cut(1_000_000)] + [cut(1_000_100)] * 50
    with pytest.raises(
        DownloadFailed, match=r"^The download stopped after .* of 3,.* bytes: .*; check the network"
    ):
        everything(download(server))
    assert len(server.downloads) <= QUICK.tries + 2


def test_a_length_that_is_too_great(server: FaultyServer) -> None:
    server.faults = [status(200, server.body[:-1000], ETag='"one"', Content_Length=str(len(server.body)))]
    body, server.body = server.body, server.body[:-1000]
    with pytest.raises((DownloadFailed, ArchiveChanged)):
        everything(download(server, timeout=0.3))
    server.body = body


def test_hardly_anything_comes(server: FaultyServer) -> None:
    server.faults = [slowly(500)] * 20
    impatient = Patience(delay=0.001, longest=0.01, stall=0.2, tries=3)
    with pytest.raises(DownloadFailed):
        everything(download(server, impatient), 10)


def test_stop(server: FaultyServer) -> None:
    source = download(server)
    assert source.read(10)
    source.stop()
    with pytest.raises(Cancelled):
        source.read(10)
    source.close()


def test_stop_while_waiting(server: FaultyServer) -> None:
    server.faults = [cut(1_000_000)] + [status(500)] * 100
    source = download(server, Patience(delay=60, longest=60))
    source.stop()
    with pytest.raises(Cancelled):
        everything(source)


def test_every_byte_that_came_counts(server: FaultyServer) -> None:
    """A link that drops again and again well within one read's size."""
    server.faults = [cut(at) for at in range(30_000, 600_000, 30_000)]
    assert everything(download(server), 1_000_000) == server.body
    assert len(server.downloads) == 20


def test_what_has_come_is_given_at_once(server: FaultyServer) -> None:
    server.faults = [stall(100_000)]
    source = download(server)
    assert 0 < len(source.read(1_000_000)) <= 100_000
    source.close()
