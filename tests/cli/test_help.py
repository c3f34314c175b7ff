"""The program's help when no command is given."""

from __future__ import annotations

import subprocess

import pytest

from tests.cli.running import PROGRAM


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("group", "commands"),
    [((), {"list", "pull", "demo", "env", "kernels"}), (("env",), {"create", "update", "rollback"})],
)
def test_without_a_command_it_lists_its_commands(group: tuple[str, ...], commands: set[str]) -> None:
    done = run(*group)
    assert (done.returncode, done.stdout) == (2, "")
    assert commands <= set(done.stderr.split())
    assert done.stderr == run(*group, "--help").stdout


def test_a_command_that_does_not_exist_is_wrong_usage() -> None:
    done = run("env", "nonsense")
    assert done.returncode == 2
    assert "invalid choice: 'nonsense'" in done.stderr
