"""A file system without locks, as some NFS: one sentence that names the folder, and nobody waits for ever."""

from __future__ import annotations

import errno
import fcntl
from pathlib import Path

import pytest

from conda_store_labext.cli import main
from conda_store_labext.errors import CacheNotWritable
from conda_store_labext.kernels.registry import KernelspecRegistry
from conda_store_labext.local import LocalServer
from conda_store_labext.models import LocalStoreState
from conda_store_labext.store.lock import FileLock
from tests.kernels.test_kernelspecs import add_kernel, stored


@pytest.fixture(autouse=True)
def no_locks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Have every lock refused as such a file system does."""

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))


def test_a_lock_names_its_folder(tmp_path: Path) -> None:
    with pytest.raises(CacheNotWritable, match=f"{tmp_path} has no file locks"):
        FileLock(tmp_path / "lock").acquire()
    with pytest.raises(CacheNotWritable, match="CONDA_STORE_LABEXT_FOLDER"):
        FileLock(tmp_path / "lock").acquire_within(100)


def test_a_kernel_is_not_registered_and_it_says_why(tmp_path: Path) -> None:
    add_kernel(tmp_path / "prefix", "python3", "python", "python")
    with pytest.raises(CacheNotWritable, match=r"has no file locks .*JUPYTER_DATA_DIR"):
        KernelspecRegistry(tmp_path / "data" / "kernels").register(stored(tmp_path / "prefix"))


def test_what_is_here_is_listed_and_no_local_store_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list", "--here", "--json"]) == 0
    assert capsys.readouterr().out.strip() == "[]"
    server = LocalServer(tmp_path / "local")
    (tmp_path / "local").mkdir()
    server.paths.lock.touch()
    assert server.status().state is LocalStoreState.STOPPED
