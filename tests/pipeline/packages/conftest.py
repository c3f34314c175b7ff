"""A channel on loopback, and installing what a list of its packages says."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from conda_store_labext.local.channel.server import serve
from conda_store_labext.pipeline.limits import Limits
from conda_store_labext.pipeline.packages.local_file import file_job
from conda_store_labext.pipeline.packages.worker import run_file
from conda_store_labext.pipeline.worker import Reporter
from conda_store_labext.store.records import StoredCopy
from conda_store_labext.store.store import EnvironmentStore
from tests.pipeline.packages.making import Made, explicit, put


@dataclass(frozen=True)
class Channel:
    """A channel's folder, and its address."""

    folder: Path
    url: str

    def put(self, *packages: Made, ending: str = ".conda") -> str:
        """Put packages into it and return a list of their files."""
        return explicit(self.url, *(put(self.folder, package, ending) for package in packages))


class Silent(Reporter):
    """Tells nobody."""

    def __init__(self) -> None:
        pass

    def progress(self, progress: Any) -> None:
        """Forget it."""


Install = Callable[..., StoredCopy]


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[Channel]:
    """An empty channel that is served."""
    folder = tmp_path / "channel"
    folder.mkdir()
    server = serve(folder, 0)
    yield Channel(folder, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder with a short path: where paths are long, scripts begin otherwise than in the archive."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture
def disk(short_folder: Path) -> EnvironmentStore:
    """An empty disk."""
    return EnvironmentStore(short_folder / "store")


@pytest.fixture
def install(disk: EnvironmentStore, tmp_path: Path) -> Install:
    """A function that makes the copy of a lockfile's text in this very process."""

    def run(text: str, name: str = "made", limits: Limits | None = None) -> StoredCopy:
        file = tmp_path / f"{name}.txt"
        file.write_text(text, encoding="utf-8")
        return run_file(file_job(file, disk.root, name, limits=limits), Silent())

    return run
