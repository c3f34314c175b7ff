"""`venv share`: what was asked for in a virtual environment is built in conda-store; the project names it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from conda_store_labext.machine.asked import asked_for
from tests.cli.running import PROGRAM, CommandLine
from tests.stores import BUILD_SECONDS, RunningStore
from tests.wheels import make_wheel

UV: list[str | Path] = [sys.executable, "-m", "uv", "--no-python-downloads", "--quiet"]


def test_a_virtual_environment_becomes_one_of_conda_stores(
    command_line: CommandLine, store: RunningStore, tmp_path: Path
) -> None:
    project, wheels = tmp_path / "project", tmp_path / "wheels"
    # a name that conda-forge has, and one that comes along
    make_wheel(wheels, "ipykernel", "6.0", ("gamma",))
    make_wheel(wheels, "gamma", "0.1")
    unheard = make_wheel(wheels, "unheard_of", "3.0")
    subprocess.run([*UV, "venv", "--python", sys.executable, project / ".venv"], check=True)
    install = [*UV, "pip", "install", "--no-index", "--find-links", wheels]
    subprocess.run(
        [*install, "--python", project / ".venv/bin/python", "ipykernel", f"unheard-of @ {unheard.as_uri()}"],
        check=True,
    )
    dry = command_line("venv", "share", str(project), "--as", "default/shared", "--dry-run", "--json")
    made = json.loads(dry.stdout)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert made["conda"] == [f"python {version}.*", "ipykernel >=6.0"]
    assert (made["pip"], made["left_out"]) == ([], ["unheard_of"])
    assert command_line("venv", "share", str(project), "--as", "default/shared").returncode == 2
    assert not (project / ".conda-store.yml").exists()

    # it waits for the build, for longer than commands of the tests usually may
    done = subprocess.run(
        [*PROGRAM, "venv", "share", str(project), "--as", "default/shared", "--yes"],
        env=command_line.environ,
        capture_output=True,
        text=True,
        timeout=2 * BUILD_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (project / ".conda-store.yml").read_text() == "environment: default/shared\n"
    assert store.client().environment("default", "shared").current_build_id
    store.client().delete_environment("default", "shared")


def test_what_conda_was_asked_for_is_in_its_records(tmp_path: Path) -> None:
    meta = tmp_path / "conda-meta"
    meta.mkdir()
    (meta / "history").write_text(
        "==> 2026-01-01 <==\n# cmd: conda create numpy pandas\n# update specs: ['numpy>=2', 'pandas']\n"
        "==> 2026-01-02 <==\n# remove specs: ['pandas']\n# update specs: __import__('os')\n"
    )
    (meta / "python-3.12.1-0.json").write_text(json.dumps({"name": "python", "version": "3.12.1"}))
    assert asked_for(tmp_path).conda == ("python 3.12.*", "numpy>=2")
    record = {"name": "scipy", "version": "1.0", "requested_spec": "scipy=1"}
    (meta / "scipy-1.0-0.json").write_text(json.dumps(record))
    (meta / "broken.json").write_text("[")
    assert asked_for(tmp_path).conda == ("python 3.12.*", "scipy=1")
