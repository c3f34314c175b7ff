"""Fixtures of all tests: pytest-jupyter's server, and one real conda-store for the session."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conda_store_labext.local.availability import why_unavailable
from conda_store_labext.local.settings import LocalSettings
from tests.stores import RunningStore, ended, ensure_started, start_store

pytest_plugins = ("pytest_jupyter.jupyter_server",)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # a shell's background job, whose programs would ignore Ctrl-C, too
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A folder that outlives the session, for whoever runs a part of the tests again and again.
KEPT_STORE = "CONDA_STORE_LABEXT_TEST_STORE"
# Which of the processes this is that pytest-xdist shares the tests out to; unset where there is only one.
PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "")
# Folders whose files need the same expensive things, and go to the same process.
TOGETHER = ("tests/packaging/",)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share the tests out by files, in their order: a file's fixtures are made once."""
    from xdist.scheduler import LoadFileScheduling

    class ByFiles(LoadFileScheduling):  # type: ignore[misc]  # it comes without types
        def _split_scope(self, nodeid: str) -> str:
            folders = (folder for folder in TOGETHER if nodeid.startswith(folder))
            return next(folders, None) or str(super()._split_scope(nodeid))

    return ByFiles(config, log)


@pytest.fixture(scope="session")
def store_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the session's stores and the channel that they share lie in, for all processes."""
    kept = os.environ.get(KEPT_STORE)
    base = tmp_path_factory.getbasetemp()
    home = Path(kept).absolute() if kept else (base.parent if PROCESS else base) / "stores"
    home.mkdir(parents=True, exist_ok=True)
    return home


@pytest.fixture(scope="session")
def channels(store_home: Path) -> Path:
    """The folder of local channels: what one store has made, the next one uses.

    `make test` names one for these tests and the browser's.
    """
    return LocalSettings.from_environment().channels or store_home / "channels"


@pytest.fixture(scope="session")
def store(store_home: Path, channels: Path) -> Iterator[RunningStore]:
    """A real conda-store with `default/minimal` built and `default/unsolvable` failed."""
    missing = why_unavailable()
    if missing:
        pytest.skip(missing)
    running = start_store(store_home / f"store{PROCESS}", channels)
    yield running
    running.local.stop()


@pytest.fixture(scope="session")
def data_environment(store: RunningStore) -> int:
    """The id of a build with numpy and pandas, `default/data`."""
    return ended(store, ensure_started(store, "data")).id
