"""Fixtures of the pipeline's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conda_store_labext.client.connection import Connection
from conda_store_labext.models.build_ref import BuildRef
from conda_store_labext.pipeline.archive import Extracted, extract
from conda_store_labext.pipeline.job import Job
from conda_store_labext.pipeline.limits import Limits
from conda_store_labext.pipeline.tree import Tree
from conda_store_labext.store.store import EnvironmentStore

from . import archives
from .faulty import FaultyServer

Unpack = Callable[..., Extracted]


@pytest.fixture(scope="session")
def packed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A tar.gz of some megabytes that the real conda-pack made."""
    return archives.pack(tmp_path_factory.mktemp("packed"), filler=3_000_000)


@pytest.fixture
def unpack(tmp_path: Path) -> Unpack:
    """A function that extracts a plain tar below tmp_path/"tree", in chunks of a given size."""

    def run(tar: bytes, chunk: int = 1000, limits: Limits | None = None) -> Extracted:
        (tmp_path / "tree").mkdir(exist_ok=True)
        with Tree(tmp_path / "tree") as tree:
            return extract(archives.chunked(tar, chunk), tree, limits or Limits())

    return run


@pytest.fixture
def server(packed: bytes) -> Iterator[FaultyServer]:
    """A server that gives the packed archive."""
    with FaultyServer(packed) as running:
        yield running


@pytest.fixture
def disk(tmp_path: Path) -> EnvironmentStore:
    """An empty disk."""
    return EnvironmentStore(tmp_path / "store")


@pytest.fixture
def job(server: FaultyServer, disk: EnvironmentStore) -> Job:
    """A job for the server's archive, with a secret to look for."""
    connection = Connection(server.url, "token", token="s3cr3t-token", timeout=60)
    return Job(connection, BuildRef(server.url, "default", "demo", 7), disk.root)
