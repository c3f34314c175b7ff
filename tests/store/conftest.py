"""Small environments in a store, with kernels that are registered."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from conda_store_labext.kernelspecs import KernelspecRegistry
from conda_store_labext.store import EnvironmentStore, StoredEnvironment

SERVER = "http://server/conda-store"
DAY = 86400.0

Put = Callable[..., StoredEnvironment]


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
    ) -> StoredEnvironment:
        key = into.key_for(SERVER, build_id)
        with into.lock(key), into.stage(key) as stage:
            kernel = stage.folder / "share/jupyter/kernels/python3/kernel.json"
            program = stage.folder / "bin/python"
            for file in (kernel, program, stage.folder / "lib/data", stage.folder / "conda-meta/history"):
                file.parent.mkdir(parents=True)
            kernel.write_text(json.dumps({"argv": ["python"], "display_name": "P", "language": "python"}))
            (stage.folder / "lib/data").write_bytes(os.urandom(size))
            (stage.folder / "conda-meta/history").write_text("")
            shutil.copy(str(shutil.which("sleep")), program)
            os.utime(program, (0, 0))
            stage.publish(SERVER, "default", name, build_id, size, 4)
        used = time.time() - days * DAY
        os.utime(into.home / "m" / f"{key}.json", (used, used))
        found = into.own(key)
        assert found is not None
        registry.register(found)
        return found

    return run
