"""`jupyter conda-store` as people and scripts run it, on the real conda-store."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import PROGRAM, UNREACHABLE, CommandLine
from tests.stores import PATIENCE, RunningStore

NBFORMAT = {"nbformat": 4, "nbformat_minor": 5}


def files_in(data_dir: Path, part: str) -> list[str]:
    folder = data_dir / "conda-store" / "v1" / part
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def notebook_of(code: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": "code", "id": "a", "metadata": {}, "source": code}
    return {"cells": [cell | {"outputs": [], "execution_count": None}], "metadata": {}} | NBFORMAT


def test_the_whole_way(
    command_line: CommandLine, store: RunningStore, data_dir: Path, tmp_path: Path
) -> None:
    build_id = store.builds["minimal"]
    listed = {row["name"]: row for row in command_line.json("list")}
    assert listed["minimal"]["launchable"] is True
    assert listed["minimal"]["here"] == []
    assert listed["unsolvable"]["status"] == "FAILED"

    pulled = command_line.json("pull", "default/minimal")
    assert pulled["state"] == "ready"
    assert pulled["build_id"] == build_id
    assert command_line.json("pull", f"default/minimal:{build_id}")["kernels"] == pulled["kernels"]
    assert [copy["key"] for copy in command_line.json("list", "--here")] == [pulled["key"]]
    assert f"#{build_id}" in command_line("list").stdout

    ran = command_line(
        "run", "default/minimal", "--", "python", "-c", "import sys; print(sys.prefix); sys.exit(7)"
    )
    assert (ran.returncode, ran.stdout.strip()) == (7, pulled["prefix"])
    unknown = command_line("run", "default/minimal", "--", "no-such-command")
    assert unknown.returncode == 127
    assert "no command 'no-such-command'" in unknown.stderr

    kernel = pulled["kernels"][0]["name"]
    kernelspecs = subprocess.run(
        [sys.executable, "-m", "jupyter_client.kernelspecapp", "list", "--json"],
        env=command_line.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert kernel in json.loads(kernelspecs.stdout)["kernelspecs"]
    assert store.admin_token not in kernelspecs.stdout
    notebook = tmp_path / "prefix.ipynb"
    notebook.write_text(json.dumps(notebook_of("import sys; print(sys.base_prefix)")))
    executed = subprocess.run(
        [
            *(sys.executable, "-m", "nbconvert", "--execute", "--inplace", str(notebook)),
            f"--ExecutePreprocessor.startup_timeout={PATIENCE}",
            f"--ExecutePreprocessor.kernel_name={kernel}",
        ],
        env=command_line.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert executed.returncode == 0, executed.stderr
    (cell,) = json.loads(notebook.read_text())["cells"]
    assert "".join(cell["outputs"][0]["text"]).strip() == pulled["prefix"]

    assert command_line("remove", "default/minimal").returncode == 0
    assert files_in(data_dir, "e") == []
    assert list((data_dir / "kernels").iterdir()) == []
    assert command_line("remove", "default/minimal").returncode == 5


def test_what_is_here_runs_while_the_server_is_away(command_line: CommandLine, store: RunningStore) -> None:
    pulled = command_line.json("pull", "default/minimal")
    with_local_copy = pulled["server"]
    assert with_local_copy == store.url
    assert command_line("list", CONDA_STORE_URL=UNREACHABLE).returncode == 3
    assert command_line("list", "--here", CONDA_STORE_URL=UNREACHABLE).returncode == 0
    specs = subprocess.run(
        [sys.executable, "-m", "jupyter_client.runapp", "--kernel", pulled["kernels"][0]["name"]],
        env={**command_line.environ, "CONDA_STORE_URL": UNREACHABLE},
        input="import sys; print(sys.base_prefix)",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert pulled["prefix"] in specs.stdout, specs.stderr


@pytest.mark.parametrize(
    ("arguments", "environ", "code", "says"),
    [
        (["pull", "default/unsolvable"], {}, 6, "failed"),
        (["pull", "default/no-such"], {}, 5, "has no default/no-such that you can see"),
        (["pull", "default/minimal:999999"], {}, 5, "does not exist any more"),
        (["pull", "nonsense"], {}, 2, "NAMESPACE/ENVIRONMENT"),
        (["run", "default/minimal"], {}, 2, "no command to run"),
        (["list"], {"CONDA_STORE_URL": UNREACHABLE}, 3, "cannot be reached"),
        (["list"], {"CONDA_STORE_URL": ""}, 3, "CONDA_STORE_URL"),
        (["list"], {"CONDA_STORE_URL": "nonsense"}, 2, "not an http or https URL"),
        (["list"], {"CONDA_STORE_TOKEN": "expired"}, 4, "does not accept"),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_a_code(
    command_line: CommandLine, arguments: list[str], environ: dict[str, str], code: int, says: str
) -> None:
    done = command_line(*arguments, **environ)
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert says in done.stderr
    assert done.stderr.startswith("jupyter conda-store: ")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_an_expired_token_is_named(command_line: CommandLine, store: RunningStore) -> None:
    done = command_line("pull", "default/minimal", CONDA_STORE_TOKEN=store.expired_token)
    assert done.returncode == 4
    assert "renew" in done.stderr
    assert store.expired_token not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_pull_leaves_nothing(
    command_line: CommandLine, data_dir: Path, number: signal.Signals
) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "pull", "default/minimal"], env=command_line.environ, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + PATIENCE
    while not files_in(data_dir, "s") and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(number)
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "cancelled" in errors
    assert files_in(data_dir, "e") == files_in(data_dir, "s") == []
    assert command_line("pull", "default/minimal").returncode == 0
