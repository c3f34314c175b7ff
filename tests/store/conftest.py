"""Small environments in a store, with kernels that are registered."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from conda_store_labext.client.connection import Connection
from conda_store_labext.kernels.registry import KernelspecRegistry
from conda_store_labext.models.build_ref import BuildRef
from conda_store_labext.pipeline.job import Job
from conda_store_labext.pipeline.worker_process import Worker
from conda_store_labext.store.records import StoredCopy
from conda_store_labext.store.store import EnvironmentStore
from tests.stores import RunningStore, ended, start_build

SERVER = "http://server/conda-store"
DAY = 86400.0

Put = Callable[..., StoredCopy]


@pytest.fixture
def disk(tmp_path: Path) -> EnvironmentStore:
    """An empty disk."""
    return EnvironmentStore(tmp_path / "store")


@pytest.fixture
def registry(tmp_path: Path) -> KernelspecRegistry:
    """A user's empty kernelspec folder."""
    return KernelspecRegistry(tmp_path / "data" / "kernels")


@pytest.fixture
def put(disk: EnvironmentStore, registry: KernelspecRegistry) -> Put:
    """A function that puts an environment of `size` random bytes into the store, last used `days` ago.

    Its `bin/python` is a program that sleeps.
    """

    def run(
        build_id: int, days: float = 0, size: int = 100_000, name: str = "demo", into: EnvironmentStore = disk
    ) -> StoredCopy:
        build = BuildRef(SERVER, "default", name, build_id)
        key = build.copy_key
        with into.lock(key), into.stage(build) as stage:
            kernel = stage.folder / "share/jupyter/kernels/python3/kernel.json"
            program = stage.folder / "bin/python"
            for file in (kernel, program, stage.folder / "lib/data", stage.folder / "conda-meta/history"):
                file.parent.mkdir(parents=True)
            kernel.write_text(json.dumps({"argv": ["python"], "display_name": "P", "language": "python"}))
            (stage.folder / "lib/data").write_bytes(os.urandom(size))
            (stage.folder / "conda-meta/history").write_text("")
            shutil.copy(str(shutil.which("sleep")), program)
            os.utime(program, (0, 0))
            stage.publish(size, 4)
        used = time.time() - days * DAY
        os.utime(into.home / "m" / f"{key}.json", (used, used))
        copy = into.local(key)
        assert copy is not None
        registry.register(copy)
        return copy

    return run


@dataclass(frozen=True)
class Brought:
    """A copy of a build of the real conda-store, and how to bring another one into the same store."""

    store: RunningStore
    disk: EnvironmentStore

    def bring(self, build_id: int, name: str) -> StoredCopy:
        """Fetch a build of `default/<name>`."""
        connection = Connection(self.store.url, "token", token=self.store.admin_token)
        build = BuildRef(self.store.url, "default", name, build_id)
        return Worker().run(Job(connection, build, self.disk.root))


@pytest.fixture
def brought(store: RunningStore, disk: EnvironmentStore) -> Brought:
    """The way from the session's conda-store into an empty disk."""
    return Brought(store, disk)


@pytest.fixture(scope="session")
def passing(store: RunningStore) -> int:
    """A build of `default/passing` that a test may delete."""
    return ended(store, start_build(store, "passing", ["python", "ipykernel"])).id


@pytest.fixture(scope="session")
def generations(store: RunningStore) -> tuple[int, int]:
    """Two builds of `default/pipped`, the second with one package more."""
    packages = ["python", "ipykernel", "pip", "setuptools"]
    first = ended(store, start_build(store, "pipped", packages)).id
    return first, ended(store, start_build(store, "pipped", [*packages, "wheel"])).id
