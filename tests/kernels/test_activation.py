"""Activation is taken once, as conda would do it, and holds nothing of the session it was taken in."""

from __future__ import annotations

import json
import os
import string
from pathlib import Path

import pytest

from conda_store_labext.kernels.activation import activation


def write(prefix: Path, path: str, text: str) -> None:
    file = prefix / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_without_scripts_only_condas_own_variables_are_set(tmp_path: Path) -> None:
    assert activation(tmp_path, "data") == {
        "CONDA_PREFIX": str(tmp_path),
        "CONDA_DEFAULT_ENV": "data",
        "CONDA_SHLVL": "1",
        "PATH": f"{tmp_path}/bin:${{PATH}}",
    }


def test_scripts_run_in_order_and_their_difference_is_kept(tmp_path: Path) -> None:
    write(
        tmp_path,
        "etc/conda/activate.d/10-first.sh",
        'export TOOL_HOME="$CONDA_PREFIX/tool"\nexport ORDER=1\n',
    )
    write(
        tmp_path,
        "etc/conda/activate.d/20-second.sh",
        'export ORDER="$ORDER,2"\nexport PATH="$TOOL_HOME/bin:$PATH"\nexport PRICE=\'$5\'\necho noise\n',
    )
    write(tmp_path, "etc/conda/activate.d/30-broken.sh", "false\nno-such-command\n")
    variables = activation(tmp_path, "data")
    assert variables["TOOL_HOME"] == f"{tmp_path}/tool"
    assert variables["ORDER"] == "1,2"
    assert variables["PATH"] == f"{tmp_path}/tool/bin:{tmp_path}/bin:${{PATH}}"
    filled = {
        name: string.Template(value).safe_substitute(PATH="/usr/bin") for name, value in variables.items()
    }
    assert filled["PRICE"] == "$5"
    assert filled["PATH"].endswith(":/usr/bin")
    assert not {"PWD", "SHLVL", "_", "HOME"} & set(variables)


def test_declared_variables_are_set_as_conda_does(tmp_path: Path) -> None:
    write(tmp_path, "etc/conda/env_vars.d/pkg.json", json.dumps({"FROM_PACKAGE": "1", "BOTH": "package"}))
    write(
        tmp_path, "conda-meta/state", json.dumps({"env_vars": {"FROM_SPECIFICATION": "2", "BOTH": "state"}})
    )
    write(tmp_path, "etc/conda/env_vars.d/broken.json", "{")
    variables = activation(tmp_path, "data")
    assert variables["FROM_PACKAGE"] == "1"
    assert variables["FROM_SPECIFICATION"] == "2"
    assert variables["BOTH"] == "state"


def test_no_credential_of_the_session_gets_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONDA_STORE_TOKEN", "a-secret")
    monkeypatch.setenv("JUPYTER_TOKEN", "a-secret")
    write(
        tmp_path,
        "etc/conda/activate.d/leak.sh",
        'export LEAK="[$CONDA_STORE_TOKEN$JUPYTER_TOKEN]"; export ALL="$(env)"\n',
    )
    variables = activation(tmp_path, "data")
    assert variables["LEAK"] == "[]"
    assert "a-secret" not in json.dumps(variables)


def test_a_script_that_hangs_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conda_store_labext.kernels.activation.TIMEOUT", 0.3)
    write(tmp_path, "etc/conda/activate.d/hang.sh", "export LOST=1; sleep 60\n")
    variables = activation(tmp_path, "data")
    assert "LOST" not in variables
    assert variables["CONDA_PREFIX"] == str(tmp_path)
    assert os.environ.get("LOST") is None


def test_scripts_run_once_until_one_of_them_changes(tmp_path: Path) -> None:
    prefix, memory, count = tmp_path / "prefix", tmp_path / "memory.json", tmp_path / "count"
    script = f'echo run >> {count}\nexport TOOL="$CONDA_PREFIX"\n'
    write(prefix, "etc/conda/activate.d/tool.sh", script)
    first = activation(prefix, "data", memory)
    assert activation(prefix, "data", memory) == first
    assert first["TOOL"] == str(prefix)
    assert count.read_text().count("run") == 1
    write(prefix, "etc/conda/activate.d/tool.sh", script + "export MORE=1\n")
    assert activation(prefix, "data", memory)["MORE"] == "1"
    write(prefix, "conda-meta/state", json.dumps({"env_vars": {"DECLARED": "2"}}))
    assert activation(prefix, "data", memory)["DECLARED"] == "2"
    memory.write_text("{broken")
    assert activation(prefix, "data", memory)["MORE"] == "1"
    assert count.read_text().count("run") == 4
    assert activation(prefix, "data", tmp_path / "no-such-folder/memory")["MORE"] == "1"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
