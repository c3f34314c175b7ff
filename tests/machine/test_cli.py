"""`jupyter conda-store venv`: what people type, and what they get."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import CommandLine
from tests.machine.conftest import MakeVenv


@pytest.fixture
def command_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The program of a user without any environment, and without a conda-store, in the home folder."""
    monkeypatch.chdir(home)
    return CommandLine(dict(os.environ))


def test_an_environment_is_made_used_changed_and_removed(command_line: CommandLine, home: Path) -> None:
    project = home / "a b"
    project.mkdir()
    (project / "requirements.txt").write_text("six==1.16.0\n")
    made = command_line.json(
        *("venv", "create", str(project), "-r", str(project / "requirements.txt"), "--display-name", "A & B")
    )
    assert made["prefix"] == str(project / ".venv")
    assert made["kernels"][0]["display_name"] == "A & B"
    listed = command_line("list", "--machine")
    assert f"{made['display_name']}  {made['kernels'][0]['name']}  launchable  ~/a b/.venv" in listed.stdout
    assert [row["key"] for row in command_line.json("list", "--machine", "--search", "a b")] == [made["key"]]
    assert command_line.json("list", "--machine", "--search", "nothing") == []

    # by its folder, its project's folder or its name
    for named in (str(project / ".venv"), str(project), "a b"):
        assert "six" in [package["name"] for package in command_line.json("venv", "packages", named)]
    planned = command_line("venv", "upgrade", "-e", str(project), "six==1.17.0", "--dry-run")
    assert planned.stdout == "  six 1.16.0 -> 1.17.0\n"
    assert command_line("venv", "upgrade", "-e", str(project), "six==1.17.0").returncode == 0
    again = command_line("venv", "add", "-e", str(project), "six")
    assert again.stdout == "nothing changes\n"
    removed = command_line("venv", "uninstall", "-e", str(project), "six")
    assert removed.stdout == "- six 1.17.0\n"

    tell = "import os, sys; print(sys.prefix, os.environ['VIRTUAL_ENV'])"
    ran = command_line("venv", "run", "-e", str(project), "--", "python", "-c", tell)
    assert ran.stdout == f"{project}/.venv {project}/.venv\n"
    assert command_line("venv", "run", "-e", str(project), "--", "nonsense").returncode == 127

    assert (
        command_line("venv", "unregister", str(project)).stdout == f"removed {made['kernels'][0]['name']}\n"
    )
    assert command_line("venv", "unregister", str(project)).returncode == 5
    assert command_line("venv", "remove", str(project)).returncode == 2, "nobody can be asked"
    assert command_line("venv", "remove", str(project), "--yes").returncode == 0
    assert [path.name for path in project.iterdir()] == ["requirements.txt"]


def test_a_name_that_several_have_is_not_guessed_at(
    command_line: CommandLine, home: Path, bare_venv: MakeVenv
) -> None:
    bare_venv(home / "envs/x")
    bare_venv(home / "Envs/x")
    several = command_line("venv", "packages", "x")
    assert several.returncode == 2
    assert "names 2 environments" in several.stderr
    nobody = command_line("venv", "packages", "nobody")
    assert (nobody.returncode, nobody.stdout) == (5, "")
    bare = command_line("venv", "register", str(home / "envs/x"))
    assert bare.returncode == 6
    assert bare.stderr.endswith("cannot be launched. It has no kernel; add ipykernel to it.\n")


def test_the_portable_kernels_command_starts_where_provisioners_are_ignored(
    command_line: CommandLine, home: Path, linked_venv: MakeVenv
) -> None:
    """The command in the kernelspec does what the provisioner does."""
    venv = linked_venv(home / "p/.venv")
    file = Path(sys.prefix) / "share/jupyter/kernels/conda-store-folder/kernel.json"
    program, *arguments = json.loads(file.read_text())["argv"]
    assert program == "jupyter-conda-store"
    assert arguments[3:5] == ["python", "-m"]
    command = [sys.executable, "-m", "conda_store_labext.cli", *arguments[:3], "python", "-c"]
    done = subprocess.run(
        [*command, "import sys; print(sys.prefix)"],
        env=command_line.environ,
        cwd=home / "p",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{venv}\n"
