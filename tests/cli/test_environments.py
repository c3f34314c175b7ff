"""`env ...`, `namespace ...`, `solve` and `download`: an environment's whole life without a browser."""

from __future__ import annotations

import filecmp
import json
import os
import secrets
import subprocess
import tarfile
from pathlib import Path

import pytest

from conda_store_labext.cli.specifications import edited
from conda_store_labext.errors import InvalidRequest
from tests.cli.running import PROGRAM, CommandLine
from tests.headless.forwarder import Forwarder
from tests.stores import PATIENCE, RunningStore

SPECIFICATION = "name: other\nchannels:\n  - conda-forge\ndependencies:\n  - python\n"


def test_dependencies_change_and_the_rest_stays() -> None:
    head, tail = "name: a\nchannels:\n- x\ndependencies:\n", "- pip:\n  - thing\nvariables:\n  A: b\n"
    before = f"{head}- python=3.11\n- x::numpy\n{tail}"
    after = edited(before, ["numpy>=2", "pandas"], ["Python"])
    assert after == f"{head}- numpy>=2\n- pandas\n{tail}"
    with pytest.raises(InvalidRequest, match="no-such is not among the dependencies"):
        edited(before, [], ["no-such"])


@pytest.mark.slow
def test_the_life_of_an_environment(command_line: CommandLine, tmp_path: Path) -> None:
    space = f"cli-{secrets.token_hex(4)}"  # a store that is kept deletes the last run's in the background
    source, clone = f"{space}/one", f"{space}/two"
    assert command_line.json("namespace", "create", space)["name"] == space
    file = tmp_path / "environment.yml"
    file.write_text(SPECIFICATION)
    created = command_line.json("env", "create", source, "-f", str(file), "--description", "first", "--watch")
    assert (created["environment"], created["status"], created["launchable"]) == ("one", "COMPLETED", True)
    again = command_line("env", "create", source, "--package", "python")
    assert (again.returncode, again.stdout) == (1, "")
    assert "env update" in again.stderr

    updated = command_line("env", "update", source, "--add", "wheel", "--watch")
    assert updated.returncode == 0, updated.stderr
    shown = command_line.json("env", "show", source)
    assert (shown["description"], shown["status"]) == ("first", "COMPLETED")
    assert "- wheel" in shown["specification"]
    newest = shown["current_build_id"]
    assert newest > created["id"]
    # it is built while all of this goes on
    assert command_line.json("env", "clone", source, clone, "--exact")["environment"] == "two"
    assert [row["id"] for row in command_line.json("env", "builds", source)] == [
        newest,
        created["id"],
    ]
    changed = command_line.json("build", "changes", source)
    assert "wheel" in [package["name"] for package in changed["added"]]
    assert "wheel" in command_line("build", "changes", str(newest), "--since", str(created["id"])).stdout

    assert command_line.json("env", "rollback", source)["current_build_id"] == created["id"]
    forward = command_line("env", "rollback", f"{source}:{newest}")
    assert forward.stdout == f"{source} is on build {newest}; before, it was on {created['id']}\n"
    described = command_line.json("env", "update", source, "--description", "second")
    assert described["description"] == "second"

    (cloned,) = command_line.json("wait", clone)
    assert (cloned["environment"], cloned["launchable"]) == ("two", True)
    listed = command_line.json("env", "list", "--namespace", space)
    assert [row["name"] for row in listed] == ["one", "two"]
    counted = {row["name"]: row["environments"] for row in command_line.json("namespace", "list")}
    assert counted[space] == 2

    refused = command_line("env", "delete", clone)
    assert refused.returncode == 2
    assert "--yes" in refused.stderr
    assert command_line("build", "cancel", str(newest)).returncode == 1, "it has ended"
    assert command_line.json("build", "delete", str(created["id"]), "--yes") == [created["id"]]
    assert command_line("env", "delete", source, clone, "--yes").returncode == 0
    assert command_line("env", "show", source).returncode == 5
    assert command_line("namespace", "delete", space, "--yes").returncode == 0


def test_who_may_not_is_told_so(command_line: CommandLine, store: RunningStore) -> None:
    for arguments in (
        ("env", "create", "default/mine", "-p", "python"),
        ("env", "delete", "default/minimal", "--yes"),
        ("build", "rebuild", "default/minimal"),
        ("namespace", "create", "mine"),
    ):
        done = command_line(*arguments, CONDA_STORE_TOKEN=store.viewer_token)
        assert (done.returncode, done.stdout) == (4, ""), (arguments, done.stderr)
        assert "does not permit you" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("env", "create", "default/new"), "either --file FILE or --package SPEC"),
        (("env", "create", "default/new", "-f", "/no/such/file"), "cannot be read"),
        (("env", "update", "default/minimal"), "Nothing to change"),
        (("env", "update", "default/minimal", "--remove", "no-such"), "not among the dependencies"),
        (("download", "default/minimal", "default/minimal", "-o", "/no/such"), "need an existing folder"),
    ],
)
def test_what_makes_no_sense_is_refused(
    command_line: CommandLine, arguments: tuple[str, ...], says: str
) -> None:
    done = command_line(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_destructive_command_asks_on_a_terminal(command_line: CommandLine) -> None:
    ours, theirs = os.openpty()
    os.write(ours, b"n\n")
    asked = subprocess.run(
        [*PROGRAM, "env", "delete", "default/minimal"],
        env=command_line.environ,
        stdin=theirs,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    os.close(ours)
    os.close(theirs)
    assert asked.returncode == 130
    assert asked.stderr.startswith("Delete default/minimal with all builds, for everybody? [y/N] ")
    assert asked.stderr.endswith("Nothing was changed.\n")
    assert command_line("env", "show", "default/minimal").returncode == 0


def test_a_specification_is_solved_and_compared(command_line: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "environment.yml"
    file.write_text(SPECIFICATION)
    solved = command_line.json("solve", str(file))
    assert "python" in [package["name"] for package in solved["packages"]]
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("-e .\n")
    refused = command_line("solve", str(requirements))
    assert refused.returncode == 2
    assert "lists no package that conda-store can install" in refused.stderr
    compared = command_line("solve", str(file), "--since", "default/minimal")
    assert compared.returncode == 0, compared.stderr
    removed = [line.split()[1] for line in compared.stdout.splitlines() if line.startswith("-")]
    assert "ipykernel" in removed


def test_a_download_that_breaks_off_goes_on_from_there(
    command_line: CommandLine, store: RunningStore, tmp_path: Path
) -> None:
    with Forwarder(store.url) as network:
        network.cuts = [5_000_000, 3_000_000]
        saved = command_line.json(
            "download", "default/minimal", "-o", str(tmp_path / "archive"), CONDA_STORE_URL=network.url
        )
        assert network.cuts == []
        assert network.brought < 1.5 * saved[0]["bytes"]
    whole = command_line("download", "default/minimal", "-o", str(tmp_path / "whole"))
    assert whole.returncode == 0
    assert filecmp.cmp(tmp_path / "archive", tmp_path / "whole", shallow=False)


def test_what_a_build_leaves_is_saved(command_line: CommandLine, store: RunningStore, tmp_path: Path) -> None:
    number = store.builds["minimal"]
    saved = command_line.json("download", str(number), "-o", str(tmp_path))
    archive = tmp_path / f"default-minimal-{number}.tar.gz"
    assert [row["path"] for row in saved] == [str(archive)]
    assert archive.stat().st_size == saved[0]["bytes"]
    with tarfile.open(archive) as members:
        assert members.next() is not None
    lockfile = command_line("download", str(number), "--artifact", "lockfile", "-o", "-")
    assert "python" in {package["name"] for package in json.loads(lockfile.stdout)["package"]}
    both = ("default/minimal", "default/unsolvable")
    assert command_line("download", *both, "--artifact", "logs", "-o", str(tmp_path)).returncode == 0
    assert "no-such-package-anywhere" in next(tmp_path.glob("default-unsolvable-*.log")).read_text()
    none = command_line("download", "default/unsolvable", "-o", str(tmp_path / "none"))
    assert none.returncode == 6
    assert not (tmp_path / "none").exists()
    assert not list(tmp_path.glob(".*")), "nothing half-done is left"
