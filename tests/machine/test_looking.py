"""Looking for environments runs nothing, waits for nothing, and reads nothing twice."""

from __future__ import annotations

import json
import os
import shutil
import threading
from pathlib import Path

import pytest

from conda_store_labext.machine import prefixes
from conda_store_labext.machine.finder import Finder
from tests.machine.conftest import MakeVenv
from tests.stores import PATIENCE

CODE = "import pathlib; pathlib.Path({!r}).touch()"


def test_nothing_is_run_and_nothing_waits_for_a_pipe(finder: Finder, home: Path, bare_venv: MakeVenv) -> None:
    """Files in somebody else's folder are read, never run, whatever they are."""
    trap = home / "ran"
    venv = bare_venv(home / "p/.venv")
    (venv / "bin/python").unlink()
    (venv / "bin/python").write_text(f"#!/bin/sh\ntouch '{trap}'\n")
    (venv / "bin/python").chmod(0o755)
    packages = venv / "lib/python3.11/site-packages"
    (packages / "evil.pth").write_text("import os; " + CODE.format(str(trap)))
    (packages / "sitecustomize.py").write_text(CODE.format(str(trap)))
    spec = venv / "share/jupyter/kernels/python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(json.dumps({"argv": ["touch", str(trap)], "language": "python"}))
    for pipe in (home / "q/.venv/pyvenv.cfg", home / "q/.venv/share/jupyter/kernels/x/kernel.json"):
        pipe.parent.mkdir(parents=True)
        os.mkfifo(pipe)
    (home / "q/.venv/bin").mkdir()
    environments = finder.environments(home / "p")[0]
    assert [environment.prefix.problem for environment in environments] == [None]
    finder.environments(home / "q")
    assert not trap.exists()


def test_a_second_look_reads_nothing_until_something_changes(
    finder: Finder, home: Path, bare_venv: MakeVenv, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        bare_venv(home / f"envs/{number:03}")
    first = finder.environments()[0]
    read: list[Path] = []
    monkeypatch.setattr("conda_store_labext.machine.finder.inspect", lambda path, kind: read.append(path))
    assert finder.environments()[0] == first
    assert not [path for path in read if path.parent == home / "envs"]
    monkeypatch.setattr("conda_store_labext.machine.finder.inspect", prefixes.inspect)

    (home / "envs/007/lib/python3.11/site-packages/ipykernel_launcher.py").touch()
    bare_venv(home / "envs/new")
    changed = {environment.name: environment.prefix.problem for environment in finder.environments()[0]}
    assert changed["007"] is None
    assert "new" in changed


def test_a_second_look_costs_a_stat_for_each_folder_that_tells(
    finder: Finder, home: Path, bare_venv: MakeVenv, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        venv = bare_venv(home / f"envs/{number:03}")
        (venv / "lib/python3.11/site-packages/ipykernel_launcher.py").touch()
    finder.environments()
    looked: list[str] = []

    changed_at = prefixes.changed_at

    def look(path: str) -> int:
        looked.append(path)
        return changed_at(path)

    monkeypatch.setattr("conda_store_labext.machine.prefixes.changed_at", look)
    finder.environments()
    of_them = [path for path in looked if path.startswith(f"{home}/envs/")]
    assert len(of_them) == 2 * 20, "its Python and its packages"

    (home / "envs/003/lib/python3.11/site-packages/ipykernel_launcher.py").unlink()
    (home / "envs/004/bin/python").unlink()
    shutil.rmtree(home / "envs/005")
    problems = {
        environment.name: environment.prefix.problem and environment.prefix.problem.code
        for environment in finder.environments()[0]
    }
    assert (problems["003"], problems["004"], problems["006"]) == ("no_kernel", "python_gone", None)
    assert "005" not in problems


def test_five_who_ask_at_once_share_a_look_and_a_folder_that_hangs_holds_up_nobody(
    finder: Finder, home: Path, bare_venv: MakeVenv, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare_venv(home / "envs/a")
    assert len(finder.environments()[0]) == 1
    monkeypatch.setattr("conda_store_labext.machine.finder.LIMIT", 0.2)
    hanging, released = threading.Event(), threading.Event()

    def hang(path: Path, kind: object) -> None:
        hanging.set()
        released.wait(PATIENCE)

    monkeypatch.setattr("conda_store_labext.machine.finder.inspect", hang)
    stuck = threading.Thread(target=finder.environments)
    stuck.start()
    assert hanging.wait(PATIENCE)
    try:
        environments, cut = finder.environments()
        assert [environment.name for environment in environments] == ["a"]
        assert cut
        assert cut.startswith("The folders of environments do not answer")
    finally:
        released.set()
        stuck.join(60)
