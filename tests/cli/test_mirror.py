"""`mirror`: a folder that many read, filled with what is active, and nothing gone that somebody runs from."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import CommandLine, variables
from tests.stores import RunningStore, ended, start_build

DEPENDENCIES = ["python", "ipykernel"]
ROW = {"namespace": "mirrored", "environment": "tool", "why": ""}


@pytest.fixture(scope="module")
def builds(store: RunningStore) -> tuple[int, int]:
    """Two builds of an environment in a namespace of its own; the second one asks for pip, too."""
    first = start_build(store, "tool", DEPENDENCIES, "mirrored")
    second = start_build(store, "tool", [*DEPENDENCIES, "pip"], "mirrored")
    return ended(store, first).id, ended(store, second).id


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder, which is not there yet."""
    return tmp_path_factory.mktemp("mirror") / "shared"


@pytest.fixture(scope="module")
def administrator(store: RunningStore, tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The program as the administrator runs it."""
    return CommandLine(variables(store, tmp_path_factory.mktemp("administrator")))


@pytest.fixture
def running(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program that runs from what is in the folder."""
    (python,) = folder.glob("v1/e/*/bin/python")
    process = subprocess.Popen([python, "-c", "import time; time.sleep(600)"])
    yield process
    process.kill()
    process.wait()


def states(rows: list[dict[str, object]]) -> dict[object, object]:
    return {row["build_id"]: row["state"] for row in rows}


def activate(store: RunningStore, build_id: int) -> None:
    store.client().update_environment("mirrored", "tool", build_id=build_id)


def test_it_fetches_what_is_active_and_again_does_nothing(
    administrator: CommandLine, folder: Path, store: RunningStore, builds: tuple[int, int], tmp_path: Path
) -> None:
    activate(store, builds[0])
    update = ("mirror", "--namespace", "mirrored", "--into", str(folder))
    assert administrator.json(*update, "--dry-run") == [ROW | {"state": "fetched", "build_id": builds[0]}]
    assert not folder.exists()
    assert administrator.json(*update) == [ROW | {"state": "fetched", "build_id": builds[0]}]
    assert administrator.json(*update) == [ROW | {"state": "here", "build_id": builds[0]}]
    assert not list(Path(administrator.environ["JUPYTER_DATA_DIR"]).glob("kernels/*")), "nobody asked for any"
    user = CommandLine(variables(store, tmp_path) | {"CONDA_STORE_LABEXT_SHARED": str(folder)})
    pulled = user.json("pull", "mirrored/tool")
    assert str(pulled["prefix"]).startswith(str(folder))
    assert folder.stat().st_mode & 0o755 == 0o755
    assert (folder / "v1/e").stat().st_mode & 0o055 == 0o055


def test_what_is_superseded_goes_after_its_time_and_not_while_it_runs(
    administrator: CommandLine,
    folder: Path,
    store: RunningStore,
    builds: tuple[int, int],
    running: subprocess.Popen[bytes],
) -> None:
    update = ("mirror", "--namespace", "mirrored", "--into", str(folder))
    activate(store, builds[1])
    rows = administrator.json(*update)
    assert states(rows) == {builds[1]: "fetched", builds[0]: "kept"}
    assert "until" in str(rows)
    rows = administrator.json(*update, "--keep-for", "0s")
    assert states(rows) == {builds[1]: "here", builds[0]: "kept"}
    assert "a program runs from it" in str(rows)
    assert running.poll() is None
    running.kill()
    running.wait()
    assert states(administrator.json(*update, "--keep-for", "0s")) == {
        builds[1]: "here",
        builds[0]: "removed",
    }
    assert len(list(folder.glob("v1/e/*"))) == 1


def test_nothing_goes_that_it_did_not_fetch_or_cannot_be_sure_of(
    administrator: CommandLine, folder: Path, store: RunningStore, builds: tuple[int, int]
) -> None:
    update = ("mirror", "--into", str(folder), "--keep-for", "0s")
    ours = (*update, "--namespace", "mirrored")
    administrator.json("pull", f"mirrored/tool:{builds[0]}", CONDA_STORE_LABEXT_FOLDER=str(folder))
    here = sorted(folder.glob("v1/e/*"))
    rows = administrator.json(*ours)
    assert states(rows) == {builds[1]: "here", builds[0]: "left alone"}
    # a token that ended, one that sees less, a namespace that is not there
    assert administrator(*ours, CONDA_STORE_TOKEN=store.expired_token).returncode == 4
    less = administrator(*ours, CONDA_STORE_TOKEN=store.viewer_token)
    assert (less.returncode, "mirrored: " in less.stderr) == (1, True)
    both = administrator(*update, "--namespace", "not-there", "--namespace", "mirrored")
    assert (both.returncode, "not-there: " in both.stderr, "here" in both.stdout) == (1, True, True)
    away = administrator(*ours, CONDA_STORE_URL="http://127.0.0.1:9/conda-store")
    assert away.returncode == 3
    assert sorted(folder.glob("v1/e/*")) == here


def test_an_environment_without_a_build_keeps_none_of_the_others_back(
    administrator: CommandLine, store: RunningStore, tmp_path: Path
) -> None:
    done = administrator("mirror", "--namespace", "default", "--into", str(tmp_path / "more"), "--dry-run")
    assert done.returncode == 0
    table = [line.split() for line in done.stdout.splitlines()]
    assert ["fetched", "default/minimal", str(store.builds["minimal"])] in table
    assert any(row[:4] == ["left", "alone", "default/unsolvable", "-"] for row in table)
