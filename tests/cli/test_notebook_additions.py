"""`additions install` and `write`: what a notebook names itself, brought where it is missing and written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from conda_store_labext.specifications.script_block import dependencies_of
from tests.cli.running import CommandLine
from tests.stores import RunningStore
from tests.wheels import make_wheel, offline


def notebook_of(
    path: Path, pulled: dict[str, object], *sources: str, additions: tuple[str, ...] = ()
) -> Path:
    """Write a notebook that ran on a copy."""
    record = {name: pulled[name] for name in ("server", "namespace", "environment", "build_id")}
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
        for source in sources
    ]
    metadata = {"conda_store": {**record, "kernel": "x", "additions": list(additions)}}
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": metadata, "cells": cells}))
    return path


def test_what_a_notebook_names_is_brought_and_written(
    command_line: CommandLine, store: RunningStore, tmp_path: Path
) -> None:
    wheels = tmp_path / "wheels"
    make_wheel(wheels, "alpha", "1.0", ("beta>=2",))
    make_wheel(wheels, "beta", "2.5")
    make_wheel(wheels, "gamma", "0.1")
    command_line.environ.update(offline(wheels))
    pulled = command_line.json("pull", "default/minimal")

    block = (
        "# /// script\n# dependencies = ['beta', 'ipykernel', 'traitlets>1', "
        "\"x; python_version<'3'\"]\n# ///"
    )
    notebook = notebook_of(
        tmp_path / "a 统.ipynb", pulled, "1", block, additions=("gamma==0.1", "r::praise==1")
    )
    assert command_line.json("additions", "install", str(notebook)) == {"installed": ["gamma==0.1", "beta"]}
    assert command_line("additions", "install", str(notebook)).stdout == "nothing is missing\n"

    assert command_line("additions", "write", str(notebook)).returncode == 0
    cells = json.loads(notebook.read_text())["cells"]
    assert len(cells) == 2
    assert dependencies_of("".join(cells[1]["source"])) == (
        *("beta==2.5", "ipykernel", "traitlets>1", "x; python_version<'3'", "gamma==0.1"),
    )
    plain = notebook_of(tmp_path / "plain.ipynb", pulled, "import gamma; print(gamma.VERSION)")
    assert command_line.json("additions", "write", str(plain)) == {
        "requirements": ["beta==2.5", "gamma==0.1"]
    }
    first, second = json.loads(plain.read_text())["cells"]
    assert first["metadata"] == {"jupyter": {"source_hidden": True}}
    assert "".join(second["source"]).startswith("import gamma")

    # uv runs what the block says: what was written is PEP 723
    script = tmp_path / "script.py"
    script.write_text("\n".join("".join(cell["source"]) for cell in (first, second)) + "\n")
    ran = subprocess.run(
        [sys.executable, "-m", "uv", "run", "--no-python-downloads", "--python", sys.executable, script],
        env={**command_line.environ, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, "0.1\n"), ran.stderr

    command_line("additions", "discard", "default/minimal", "--yes")
    nothing = notebook_of(tmp_path / "nothing.ipynb", pulled, "1")
    refused = command_line("additions", "write", str(nothing))
    assert (refused.returncode, "Nothing was added to" in refused.stderr) == (5, True)
    broken = tmp_path / "broken.ipynb"
    broken.write_text("[]")
    assert command_line("additions", "install", str(broken)).returncode == 2
