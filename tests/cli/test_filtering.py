"""Lists of environments and builds by status, artifact and package."""

from __future__ import annotations

from tests.cli.running import CommandLine
from tests.stores import RunningStore

FITTING = ("--status", "completed", "--artifact", "archive", "--package", "ipykernel", "--package", "python")


def test_builds_of_all_environments_are_filtered(command_line: CommandLine, store: RunningStore) -> None:
    def listed(*options: str) -> list[int]:
        return [row["id"] for row in command_line.json("build", "list", *options)]

    good, bad = store.builds["minimal"], store.builds["unsolvable"]
    every, failed, fitting = listed(), listed("--status", "FAILED"), listed(*FITTING)
    assert {good, bad} <= set(every)
    assert every == sorted(every, reverse=True)
    assert (good in failed, bad in failed) == (False, True)
    assert (good in fitting, bad in fitting) == (True, False)
    assert listed("default/minimal", "--package", "ipykernel", "--package", "no-such-package") == []
    assert good in [row["id"] for row in command_line.json("env", "builds", "default/minimal", *FITTING)]


def test_environments_are_filtered_by_their_active_build(command_line: CommandLine) -> None:
    def listed(*options: str) -> set[str]:
        return {row["name"] for row in command_line.json("env", "list", "--namespace", "default", *options)}

    failed, fitting = listed("--status", "failed"), listed(*FITTING)
    assert ("minimal" in failed, "unsolvable" in failed) == (False, True)
    assert ("minimal" in fitting, "unsolvable" in fitting) == (True, False)
    assert listed("--package", "ipykernel", "--package", "no-such-package") == set()
    assert command_line("env", "list", "--status", "done").returncode == 2
