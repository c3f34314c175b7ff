"""Origins and servers of them, and a user whose git has no settings but those of the test."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest
from traitlets.config import Config

from conda_store_labext.repositories.address import parse_address
from conda_store_labext.repositories.clone import StagedClone, git_for
from conda_store_labext.repositories.update import FolderState, update
from tests.cli.running import CommandLine, variables
from tests.pipeline.packages.conftest import channel  # noqa: F401
from tests.repositories.origin import PASSWORD, Origin, Server, make_origin, serving
from tests.repositories.updating import Again, Clone
from tests.server.asking import Answer, Ask, Fetch
from tests.stores import PATIENCE, RunningStore, wait_until

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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder that the user works in."""
    made = tmp_path / "work"
    made.mkdir()
    return made


@pytest.fixture
def command_line(store: RunningStore, home: Path, folder: Path) -> Iterator[CommandLine]:
    """The program, signed in as the store's administrator; the Jupyter servers that it starts end with it."""
    environ = {**variables(store, home.parent), "HOME": str(home), "PWD": str(folder)}
    yield CommandLine(environ)
    end_servers(home)


def end_servers(home: Path) -> None:
    """End the Jupyter servers that a test has started."""
    for file in (home.parent / "runtime").glob("jpserver-*.json"):
        pid = int(json.loads(file.read_text())["pid"])
        os.kill(pid, signal.SIGTERM)
        wait_until(partial(_ended, pid))


def _ended(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return "Z" in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[-1].split()[0]


@pytest.fixture
def jp_server_config(store: RunningStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """A server whose user is signed in to the session's conda-store."""
    monkeypatch.setenv("CONDA_STORE_URL", store.url)
    monkeypatch.setenv("CONDA_STORE_TOKEN", store.admin_token)
    return Config(
        {
            "ServerApp": {"jpserver_extensions": {"conda_store_labext": True}},
            "CondaStoreApp": {"folder": str(tmp_path / "copies"), "repository_hosts": ["127.0.0.1"]},
        }
    )


@pytest.fixture
def ask(jp_fetch: Fetch) -> Ask:
    """Ask a route below `conda-store/repositories/`."""

    async def send(method: str, *parts: str, body: object = None, **params: str | int) -> Answer:
        return Answer(
            await jp_fetch(
                *("conda-store", "repositories", *parts),
                method=method,
                body=json.dumps(body) if body is not None else ("" if method == "POST" else None),
                params=params,
                request_timeout=PATIENCE,
                raise_error=False,
            )
        )

    return send
