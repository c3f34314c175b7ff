"""The environment of a notebook's folder is said before its kernel starts, and what to make one from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from conda_store_labext.machine.finder import Finder
from conda_store_labext.machine.nearest import nearest
from conda_store_labext.machine.provider import MachineProvider
from conda_store_labext.models import FolderEnvironment
from tests.machine.conftest import MakeVenv


def look(home: Path, finder: Finder) -> FolderEnvironment:
    """Look from a notebook two folders below the root of Jupyter's files."""
    (home / "work/project/notebooks").mkdir(parents=True, exist_ok=True)
    return nearest(MachineProvider(finder), home / "work", home / "work/project/notebooks/a.ipynb")


def code(seen: FolderEnvironment) -> str | None:
    return seen.problem.code if seen.problem else None


@pytest.mark.parametrize(
    ("files", "named"),
    [
        (
            ["work/project/notebooks/requirements.txt", "work/project/uv.lock"],
            "project/notebooks/requirements.txt",
        ),
        (["work/project/pyproject.toml", "work/requirements.txt"], "project/pyproject.toml"),
        (["work/project/requirements.txt", "work/project/environment.yml"], "project/requirements.txt"),
        (["work/project/environment.yaml"], "project/environment.yaml"),
        (["requirements.txt"], None),
        ([], None),
    ],
)
def test_without_an_environment_the_nearest_file_is_named(
    home: Path, files: list[str], named: str | None, finder: Finder
) -> None:
    for name in files:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).touch()
    seen = look(home, finder)
    assert (code(seen), seen.environment, seen.file) == ("not_found", None, named)


def test_an_environment_that_cannot_start_a_kernel_is_shown_with_its_reason(
    home: Path, bare_venv: MakeVenv, finder: Finder
) -> None:
    (home / "work").mkdir()
    (home / "work/requirements.txt").touch()
    venv = bare_venv(home / "work/project/.venv")
    seen = look(home, finder)
    assert seen.environment
    assert (code(seen), seen.environment.prefix, seen.file) == ("no_kernel", str(venv), None)


def test_one_whose_python_is_gone_says_so(home: Path, bare_venv: MakeVenv, finder: Finder) -> None:
    venv = bare_venv(home / "work/project/.venv")
    (venv / "bin/python").unlink()
    assert code(look(home, finder)) == "python_gone"


def test_one_that_starts_has_no_problem(home: Path, linked_venv: MakeVenv, finder: Finder) -> None:
    linked_venv(home / "work/project/.venv")
    seen = look(home, finder)
    assert seen.environment
    assert (seen.problem, seen.environment.name) == (None, "project")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder to somebody else")
def test_a_strangers_is_asked_about(home: Path, linked_venv: MakeVenv, finder: Finder) -> None:
    os.chown(linked_venv(home / "work/project/.venv"), 65534, 65534)
    seen = look(home, finder)
    assert seen.environment
    assert code(seen) == "not_trusted"
