"""A build of conda-store comes by its packages, out of copies that are here, and by its archive else."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from conda_store_labext.client.connection import Connection
from conda_store_labext.copies.verify import verify
from conda_store_labext.models.build_ref import BuildRef
from conda_store_labext.pipeline.job import Job, Progress
from conda_store_labext.pipeline.packages.job import WORKER
from conda_store_labext.pipeline.worker_process import Worker
from conda_store_labext.store.records import StoredCopy
from tests.pipeline.packages.test_equal import differences
from tests.stores import RunningStore

pytestmark = pytest.mark.slow


def bring(
    store: RunningStore, root: Path, server: str, way: str, heard: list[Progress], url: str | None = None
) -> StoredCopy:
    """Bring `default/minimal` here as a build of a server of another name."""
    connection = Connection(url or store.url, "token", token=store.admin_token)
    build = BuildRef(server, "default", "minimal", store.builds["minimal"])
    return Worker(module=WORKER).run(Job(connection, build, root, way=way), heard.append)


def test_a_build_whose_packages_are_here_is_the_archives_without_a_byte(
    store: RunningStore, short_folder: Path
) -> None:
    heard: list[Progress] = []
    by_archive = bring(store, short_folder, "http://one", "archive", [])
    by_packages = bring(store, short_folder, "http://two", "auto", heard)
    assert by_packages.prefix != by_archive.prefix
    last = heard[-1]
    assert (last.way, last.bytes_done, last.bytes_total) == ("packages", 0, 0)
    assert last.bytes_saved is not None
    assert last.bytes_saved > 1_000_000
    assert differences(by_archive, by_packages) == set()
    verdict = verify(by_packages.prefix)
    assert (verdict.changed, verdict.missing, verdict.unchecked) == ((), (), ())
    untouched = verify(by_archive.prefix)
    assert (untouched.changed, untouched.missing) == ((), ())


def test_the_archive_comes_where_the_channel_does_not_answer(
    store: RunningStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # conda-store is asked by the one name, the channel's addresses have the other
    url = store.url.replace("127.0.0.1", "localhost")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "localhost")
    heard: list[Progress] = []
    with caplog.at_level(logging.WARNING):
        copy = bring(store, tmp_path, "http://one", "packages", heard, url)
    assert heard[-1].way is None
    assert "The archive is fetched, because its packages cannot be used: The channel on" in caplog.text
    assert (copy.prefix / "bin/conda-unpack").exists()
