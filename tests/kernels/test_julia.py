"""A Julia kernel runs in the project of its notebook, whichever way its kernelspec says so."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from conda_store_labext.kernels.activation import Activation
from conda_store_labext.kernels.overlaid import Begun, begin

DEPENDENCIES = '[deps]\nCSV = "336ed68f-0bac-5ca0-87d4-7b16caf5d00b"\n'


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """An environment of Julia alone, whose Julia says what it is started with."""
    folder = tmp_path / "environment"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin/julia").write_text('#!/bin/sh\necho "$JULIA_PROJECT"; echo "$@"; pwd\n')
    (folder / "bin/julia").chmod(0o755)
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A clone with a project, in a folder that has one, too; lessons with and without an own one."""
    (tmp_path / "Project.toml").touch()
    clone = tmp_path / "my clone"
    for name in (".git", "lesson1", "lesson2"):
        (clone / name).mkdir(parents=True)
    (clone / "Project.toml").write_text(DEPENDENCIES)
    (clone / "lesson1/JuliaProject.toml").touch()
    return clone


def begun(prefix: Path, folder: Path, *flags: str, **session: str) -> Begun:
    argv = [str(prefix / "bin/julia"), "-i", *flags, "kernel.jl", "connection.json"]
    return begin(Activation(prefix, "science"), {"PATH": "/usr/bin:/bin", **session}, {}, argv, folder)


def said(begun: Begun, folder: Path) -> list[str]:
    """Start the kernel and return its project and its arguments."""
    variables = begun.activated.variables
    command = list(begun.command)
    done = subprocess.run(command, env=variables, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[:2]


@pytest.mark.parametrize("flags", [(), ("--project",), ("--project=@.",)])
@pytest.mark.parametrize(("lesson", "project"), [("lesson1", "lesson1"), ("lesson2", "."), (".", ".")])
def test_it_is_the_nearest_one_up_to_the_root_of_the_repository(
    prefix: Path, repository: Path, flags: tuple[str, ...], lesson: str, project: str
) -> None:
    folder = repository / lesson
    start = begun(prefix, folder, *flags)
    assert said(start, folder) == [str(repository / project), "-i kernel.jl connection.json"]


def test_above_the_repository_none_is_looked_for(prefix: Path, repository: Path) -> None:
    (repository / "Project.toml").unlink()
    assert said(begun(prefix, repository / "lesson2"), repository)[0] == ""


def test_a_project_that_somebody_named_stays(prefix: Path, repository: Path) -> None:
    folder = repository / "lesson1"
    session = begun(prefix, folder, "--project=@.", JULIA_PROJECT="/mine")
    assert said(session, folder) == ["/mine", "-i kernel.jl connection.json"]
    named = begun(prefix, folder, "--project=/theirs")
    assert said(named, folder) == ["", "-i --project=/theirs kernel.jl connection.json"]


def test_what_is_not_installed_is_said_before_it_starts(prefix: Path, repository: Path) -> None:
    (problem,) = begun(prefix, repository / "lesson2").activated.problems
    assert problem == (
        f"The packages of the Julia project in {repository} are not installed; run "
        "`using Pkg; Pkg.instantiate()` in the notebook's first cell."
    )
    assert begun(prefix, repository / "lesson1").activated.problems == (), "it needs none"
    (repository / "Manifest-v1.11.toml").touch()
    assert begun(prefix, repository / "lesson2").activated.problems == ()


def test_other_languages_are_left_alone(prefix: Path, repository: Path) -> None:
    argv = ["/usr/bin/env", "--project=@."]
    start = begin(Activation(prefix, "x"), {}, {}, argv, repository)
    assert start.command == tuple(argv)
    assert "JULIA_PROJECT" not in start.activated.variables
