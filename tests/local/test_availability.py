"""Machines that the local store cannot run on, named in one sentence."""

from __future__ import annotations

import errno
import importlib.util
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from conda_store_labext.errors import LocalStoreError
from conda_store_labext.local import LocalServer, availability, local_server
from conda_store_labext.local.paths import StorePaths
from conda_store_labext.models import LocalStoreState

installed = pytest.mark.skipif(sys.version_info >= (3, 13), reason="conda-store-server knows no such Python")


def refused(tmp_path: Path) -> str:
    """Return what a store says that cannot run here."""
    store = LocalServer(tmp_path / "none")
    status = store.status()
    assert status.state is LocalStoreState.UNAVAILABLE
    with pytest.raises(LocalStoreError) as caught:
        store.start()
    assert caught.value.message == status.message
    assert store.credentials() is None
    assert not (tmp_path / "none").exists()
    return status.message


@installed
def test_it_can_run_here() -> None:
    assert availability.why_unavailable() is None


def test_a_python_that_is_too_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 13, 0, "final", 0))
    assert "needs Python 3.10 to 3.12" in refused(tmp_path)


def test_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert "WSL" in refused(tmp_path)


@installed
def test_the_extra_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def find_spec(name: str) -> ModuleSpec | None:
        return None if name == "conda_lock" else importlib.util.find_spec(name)

    monkeypatch.setattr(availability, "find_spec", find_spec)
    assert "pip install 'conda-store-labext[local]'" in refused(tmp_path)


@installed
def test_another_version_of_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(availability, "version", lambda name: "2024.1.1")
    assert "2024.1.1 is installed" in refused(tmp_path)


def test_looking_is_cheap(tmp_path: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from conda_store_labext.local import LocalServer
print(LocalServer(Path({str(tmp_path)!r})).status().message)
print(*sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = set(run.stdout.splitlines()[1].split())
    assert not {"conda_store_server", "conda_lock", "rattler", "fastapi", "conda", "sqlalchemy"} & modules
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said_with_what_moves_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: StorePaths) -> None:
        raise OSError(errno.EROFS, "Read-only file system", "/home/me")

    monkeypatch.setattr(local_server, "why_unavailable", lambda: None)
    monkeypatch.setattr(StorePaths, "prepare", refuse)
    with pytest.raises(LocalStoreError, match=r"\(Read-only file system\).* set JUPYTER_DATA_DIR"):
        LocalServer(tmp_path / "local").start()
