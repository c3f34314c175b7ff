"""An environment whose Python is gone is made anew in its place; the line that activates an environment."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from conda_store_labext.errors import Cancelled, Conflict
from conda_store_labext.machine.finder import Finder
from conda_store_labext.machine.packages import packages_of, requested
from conda_store_labext.machine.provider import MachineProvider
from tests.machine.conftest import UV, MakeVenv


def quiet() -> None:
    """Let what is under way go on."""


@pytest.fixture
def provider(finder: Finder) -> MachineProvider:
    """The provider of that user's machine."""
    return MachineProvider(finder)


def stale(path: Path, *packages: str) -> None:
    """Make a venv with some packages, and take its Python away."""
    subprocess.run([*UV, "venv", path], check=True)
    subprocess.run([*UV, "pip", "install", "--python", path / "bin/python", *packages], check=True)
    for python in (path / "bin").glob("python*"):
        python.unlink()
        python.symlink_to("/nowhere/python")
    config = path / "pyvenv.cfg"
    lines = config.read_text().splitlines()
    config.write_text("\n".join("home = /nowhere" if line.startswith("home") else line for line in lines))


def key_of(provider: MachineProvider, project: Path) -> str:
    """Return the key of the environment of a project."""
    (row,) = (row for row in provider.environments(project).environments if row.project == str(project))
    return row.key


def test_it_gets_what_was_asked_for_and_keeps_its_place(home: Path, provider: MachineProvider) -> None:
    project = home / "analysis"
    project.mkdir()
    stale(project / ".venv", "six==1.16.0")
    assert requested(project / ".venv") == ("six",)
    key = key_of(provider, project)
    made = provider.recreate(key, lambda _: None, quiet)
    assert (made.key, made.problem) == (key, None)
    names = {package.name for package in packages_of(project / ".venv")}
    assert {"six", "ipykernel"} <= names
    assert sorted(path.name for path in project.iterdir()) == [".venv"]
    with pytest.raises(Conflict, match="works"):
        provider.recreate(key, lambda _: None, quiet)


def test_the_file_of_its_folder_goes_before_what_was_installed(home: Path, provider: MachineProvider) -> None:
    project = home / "analysis"
    project.mkdir()
    stale(project / ".venv", "six==1.16.0")
    (project / "requirements.txt").write_text("tabulate==0.9.0\n")
    provider.recreate(key_of(provider, project), lambda _: None, quiet)
    names = {package.name for package in packages_of(project / ".venv")}
    assert "tabulate" in names


def test_the_old_one_stays_when_it_is_cancelled(home: Path, provider: MachineProvider) -> None:
    project = home / "analysis"
    project.mkdir()
    stale(project / ".venv", "six==1.16.0")
    before = (project / ".venv/pyvenv.cfg").read_text()

    def check() -> None:
        raise Cancelled("Enough.")

    with pytest.raises(Cancelled):
        provider.recreate(key_of(provider, project), lambda _: None, check)
    assert (project / ".venv/pyvenv.cfg").read_text() == before
    assert sorted(path.name for path in project.iterdir()) == [".venv"]


def test_the_line_activates_it_in_a_shell(
    home: Path, provider: MachineProvider, linked_venv: MakeVenv
) -> None:
    project = home / "it's $HOME"
    project.mkdir()
    path = linked_venv(project / ".venv")
    subprocess.run([*UV, "venv", "--allow-existing", path], check=True)
    line = provider.activation(key_of(provider, project))
    script = f'{line}; echo "$VIRTUAL_ENV"; command -v python'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == [str(path), str(path / "bin/python")]
