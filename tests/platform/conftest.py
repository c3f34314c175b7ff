"""One engine for all tests of containers, which are skipped where none can be started."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platform.engine import Engine, why_none


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """The engine."""
    if reason := why_none():
        pytest.skip(reason)
    # its data on a disk: what overlays lie upon is not a file system in memory on every machine
    with (
        tempfile.TemporaryDirectory(prefix="conda-store-labext-", dir="/var/tmp") as folder,
        Engine(Path(folder) / "engine") as running,
    ):
        yield running


@pytest.fixture(scope="session")
def debian(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The smallest Debian, as a base for images: its name in the engine."""
    return engine.base("debian-minimal:test")
