"""Origins and servers of them, and a user whose git has no settings but those of the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from conda_store_labext.repositories.address import parse_address
from conda_store_labext.repositories.clone import StagedClone, git_for
from conda_store_labext.repositories.update import FolderState, update
from tests.repositories.origin import PASSWORD, Origin, Server, make_origin, serving
from tests.repositories.updating import Again, Clone

MakeOrigin = Callable[..., Origin]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with no git settings in it."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def make(tmp_path: Path) -> MakeOrigin:
    """Make a repository with these files."""

    def run(files: Mapping[str, str | bytes] | None = None, name: str = "course") -> Origin:
        return make_origin(tmp_path, name, files)

    return run


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of all origins, open to everybody."""
    (tmp_path / "origins").mkdir(exist_ok=True)
    with serving(tmp_path / "origins") as running:
        yield running


@pytest.fixture
def private(tmp_path: Path) -> Iterator[Server]:
    """A server of all origins that asks for a password."""
    (tmp_path / "origins").mkdir(exist_ok=True)
    with serving(tmp_path / "origins", PASSWORD) as running:
        yield running


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """Clone a repository as `open` does."""

    def run(url: str, ref: str | None = None, name: str = "course") -> Path:
        address = parse_address(url)
        with StagedClone(git_for(address), address, tmp_path / "clones") as staged:
            staged.fetch(ref)
            staged.publish(tmp_path / "clones" / name)
        return tmp_path / "clones" / name

    return run


@pytest.fixture
def again() -> Again:
    """Open a clone again."""

    def run(folder: Path, url: str, ref: str | None = None) -> FolderState:
        address = parse_address(url)
        return update(git_for(address), folder, address, ref)

    return run
