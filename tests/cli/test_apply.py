"""`apply`: a folder's files are what conda-store has afterwards, and nothing else is touched."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conda_store_labext.client.client import CondaStoreClient
from conda_store_labext.client.connection import Connection
from conda_store_labext.errors import NotFound
from tests.cli.running import PROGRAM, CommandLine
from tests.stores import PATIENCE, RunningStore

GOOD = "channels: [conda-forge]\ndependencies: [python]\n"
UNSOLVABLE = "channels: [conda-forge]\ndependencies: [no-such-package-anywhere]\n"


@pytest.fixture(scope="module")
def client(store: RunningStore) -> CondaStoreClient:
    """The store's administrator."""
    return CondaStoreClient(Connection(store.url, auth="token", token=store.admin_token))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of files."""
    made = tmp_path / "envs"
    made.mkdir()
    return made


def steps(answer: dict[str, Any]) -> dict[str, str]:
    """Return the planned steps by name."""
    return {row["name"]: row["step"] for row in answer["plan"]}


def applied(command_line: CommandLine, folder: Path, *options: str, namespace: str) -> dict[str, Any]:
    """Apply a folder without failure."""
    answer: dict[str, Any] = command_line.json("apply", str(folder), "--namespace", namespace, *options)
    return answer


def test_a_folder_is_built_once_changed_and_pruned(
    command_line: CommandLine, client: CondaStoreClient, folder: Path
) -> None:
    space = "applied"
    client.create_namespace(space)
    (folder / "one.yml").write_text("# as it is\n" + GOOD, encoding="utf-8")
    (folder / "two.yml").write_text("name: second\n" + GOOD, encoding="utf-8")
    (folder / "notes.txt").write_text("not an environment", encoding="utf-8")

    planned = applied(command_line, folder, "--dry-run", namespace=space)
    assert steps(planned) == {"one": "create", "second": "create"}
    assert "outcomes" not in planned
    assert client.environments(namespace=space).count == 0

    done = applied(command_line, folder, namespace=space)
    builds = {row["name"]: row["build_id"] for row in done["outcomes"]}
    assert client.environment(space, "one").current_build_id == builds["one"]
    assert client.environment(space, "one").description == f"(applied from {folder})"

    (folder / "one.yml").write_text(
        "name:   one\ndependencies:\n- python\nchannels:\n- conda-forge\n", "utf-8"
    )
    again = applied(command_line, folder, namespace=space)
    assert set(steps(again).values()) == {"keep"}, "another layout is no change"
    assert client.builds(space, "one").count == 1

    (folder / "one.yml").write_text("description: For all\n" + GOOD, encoding="utf-8")
    assert steps(applied(command_line, folder, namespace=space))["one"] == "describe"
    assert client.environment(space, "one").description == f"For all (applied from {folder})"

    # what somebody else made stays, and so does everything without --prune
    by_hand = client.create_build(space, "name: by-hand\n" + UNSOLVABLE)
    (folder / "two.yml").rename(folder / "three.yml")
    (folder / "three.yml").write_text("name: third\n" + GOOD, encoding="utf-8")
    kept = applied(command_line, folder, namespace=space)
    assert steps(kept) == {"one": "keep", "third": "create"}
    assert set(kept["left_alone"]) == {f"{space}/second", f"{space}/by-hand"}
    pruned = applied(command_line, folder, "--prune", "--yes", namespace=space)
    assert steps(pruned) == {"one": "keep", "third": "keep", "second": "delete"}
    with pytest.raises(NotFound):
        client.environment(space, "second")
    assert client.build(by_hand).environment == "by-hand"

    # rolled back in the panel: the file's build becomes the active one again
    (folder / "one.yml").write_text(GOOD + "variables: {A: '1'}\n", encoding="utf-8")
    changed = applied(command_line, folder, namespace=space)
    assert steps(changed)["one"] == "update"
    client.update_environment(space, "one", build_id=builds["one"])
    assert steps(applied(command_line, folder, namespace=space))["one"] == "activate"
    assert client.environment(space, "one").current_build_id != builds["one"]


def test_a_bad_entry_stops_nothing_but_deletions(
    command_line: CommandLine, client: CondaStoreClient, folder: Path
) -> None:
    client.create_namespace("partly")
    (folder / "good.yml").write_text(GOOD, encoding="utf-8")
    (folder / "bad.yml").write_text(UNSOLVABLE, encoding="utf-8")
    failed = command_line("apply", str(folder), "--namespace", "partly")
    assert failed.returncode == 1
    assert "no-such-package-anywhere" in failed.stdout
    (folder / "bad.yml").rename(folder / "renamed.yml")
    done = command_line("apply", str(folder), "--namespace", "partly", "--prune", "--yes")
    assert done.returncode == 1
    assert "It was kept" in done.stdout
    assert client.environments(namespace="partly").count == 3
    assert client.builds("partly", "good").count == 1, "what has not changed is not built again"


def test_files_that_cannot_be_used_are_named_and_nothing_is_deleted(
    command_line: CommandLine, client: CondaStoreClient, folder: Path
) -> None:
    client.create_namespace("unusable")
    for name in ("kept", "gone"):
        (folder / f"{name}.yml").write_text(UNSOLVABLE, encoding="utf-8")
    command_line("apply", str(folder), "--namespace", "unusable")
    (folder / "gone.yml").unlink()
    (folder / "broken.yml").write_text("dependencies: [python\n", encoding="utf-8")
    (folder / "again.yml").write_text("name: twice\n" + GOOD, encoding="utf-8")
    (folder / "once.yml").write_text("name: twice\n" + GOOD, encoding="utf-8")
    (folder / "away.yml").symlink_to(folder / "not-mounted.yml")
    prune = ("apply", str(folder), "--namespace", "unusable", "--prune", "--yes")
    done = command_line(*prune)
    assert done.returncode == 2
    for named in ("broken.yml", "again.yml", "once.yml", "away.yml", "nothing is deleted"):
        assert named in done.stderr
    # empty, the wrong one, or not there: nothing is deleted either
    for path in folder.iterdir():
        path.unlink()
    assert "declares no environment" in command_line(*prune).stderr
    folder.rmdir()
    assert command_line(*prune).returncode == 2
    assert client.environments(namespace="unusable").count == 2


def test_more_deletions_than_the_limit_are_refused(
    command_line: CommandLine, client: CondaStoreClient, folder: Path
) -> None:
    client.create_namespace("limited")
    for name, text in {"a": UNSOLVABLE, "b": UNSOLVABLE, "c": GOOD}.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    command_line("apply", str(folder), "--namespace", "limited")
    (folder / "a.yml").unlink()
    (folder / "b.yml").unlink()
    prune = ("apply", str(folder), "--namespace", "limited", "--prune", "--yes", "--delete-at-most")
    refused = command_line(*prune, "1")
    assert refused.returncode == 2
    assert "--delete-at-most" in refused.stderr
    assert client.environments(namespace="limited").count == 3
    assert command_line(*prune, "2").returncode == 0
    assert client.environments(namespace="limited").count == 1


def test_what_another_folder_declares_is_refused(
    command_line: CommandLine, client: CondaStoreClient, folder: Path, tmp_path: Path
) -> None:
    client.create_namespace("shared-by-two")
    (folder / "data.yml").write_text(UNSOLVABLE, encoding="utf-8")
    command_line("apply", str(folder), "--namespace", "shared-by-two")
    other = tmp_path / "other"
    other.mkdir()
    (other / "data.yml").write_text(GOOD + "variables: {A: '1'}\n", encoding="utf-8")
    done = command_line("apply", str(other), "--namespace", "shared-by-two")
    assert done.returncode == 1
    assert str(folder) in done.stdout
    assert client.builds("shared-by-two", "data").count == 1
    named = applied(command_line, other, "--owner", str(folder), "--dry-run", namespace="shared-by-two")
    assert steps(named) == {"data": "update"}


def test_a_folder_in_the_folder_is_a_namespace(
    command_line: CommandLine, client: CondaStoreClient, folder: Path, store: RunningStore
) -> None:
    client.create_namespace("inner")
    (folder / "inner").mkdir()
    (folder / "inner" / "data.yml").write_text(GOOD, encoding="utf-8")
    done = command_line.json("apply", str(folder))
    assert [(row["namespace"], row["name"]) for row in done["outcomes"]] == [("inner", "data")]
    # a lockfile stands for exactly its packages, and is the same the next time
    lockfile = json.dumps(client.lockfile(done["outcomes"][0]["build_id"]))
    (folder / "inner" / "exact.conda-lock.yml").write_text(lockfile, encoding="utf-8")
    assert steps(command_line.json("apply", str(folder))) == {"data": "keep", "exact": "create"}
    assert steps(command_line.json("apply", str(folder))) == {"data": "keep", "exact": "keep"}
    # whoever may only look is told so for each, and nothing is half-done
    (folder / "inner" / "more.yml").write_text(GOOD, encoding="utf-8")
    seen = command_line("apply", str(folder), CONDA_STORE_TOKEN=store.viewer_token)
    assert seen.returncode == 1
    assert "inner/more.yml" in seen.stdout


def test_a_watched_folder_is_applied_at_every_change(
    command_line: CommandLine, client: CondaStoreClient, folder: Path, tmp_path: Path
) -> None:
    client.create_namespace("watched")
    (folder / "first.yml").write_text(UNSOLVABLE, encoding="utf-8")
    output = tmp_path / "output"
    with output.open("wb") as file:
        program = subprocess.Popen(
            [*PROGRAM, "apply", str(folder), "--namespace", "watched", "--watch"],
            env=command_line.environ,
            stdout=file,
            stderr=file,
        )
    try:
        _until(lambda: output.read_text().count("watching") == 1)
        (folder / "second.yml").write_text("name: [\n", encoding="utf-8")
        _until(lambda: output.read_text().count("watching") == 2)
        (folder / "second.yml").write_text(UNSOLVABLE, encoding="utf-8")
        _until(lambda: client.environments(namespace="watched").count == 2)
        _until(lambda: output.read_text().count("watching") == 3)
    finally:
        program.send_signal(signal.SIGINT)
        assert program.wait(PATIENCE) == 130


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.2)
