"""`conda-store://` names start the very build, once that is switched on, and nobody's settings are lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from traitlets.config import Config

from conda_store_labext.errors import InvalidRequest
from conda_store_labext.on_demand.install import MANAGERS, disable, enable, enabled, main
from conda_store_labext.on_demand.managers import CondaStoreKernelSpecManager, parse_uri
from tests.cli.running import variables
from tests.stores import RunningStore


class Others(KernelSpecManager):
    """A manager that somebody has configured."""

    def find_kernel_specs(self) -> dict[str, str]:
        """Know one kernel only."""
        return {"theirs": "/nowhere"}


def notebook(path: Path, kernel: str) -> Path:
    cell: dict[str, object] = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": "import sys; print(sys.prefix)",
    }
    metadata = {"kernelspec": {"name": kernel, "display_name": kernel, "language": "python"}}
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": [cell]}))
    return path


def test_nbconvert_runs_a_notebook_of_nb_conda_store_kernels(store: RunningStore, tmp_path: Path) -> None:
    environ = variables(store, tmp_path)
    name = f"conda-store://default/minimal:{store.builds['minimal']}"
    file = notebook(tmp_path / "old.ipynb", name)
    execute = ["-m", "jupyter", "nbconvert", "--execute", "--to", "notebook", "--stdout", str(file)]

    def python(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            env=environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )

    assert "No such kernel" in python(*execute).stderr
    assert python("-m", "conda_store_labext.on_demand.install", "--enable").stdout.count("on ") == 3
    done = python(*execute)
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "data/conda-store/v1/e") in done.stdout
    assert python("-m", "conda_store_labext.on_demand.install", "--disable").stdout.count("off") == 3


def test_only_such_names_are_understood_and_the_others_left_to_others(data_dir: Path) -> None:
    config = Config({"CondaStoreKernelSpecManager": {"others_class": Others}})
    manager = CondaStoreKernelSpecManager(config=config)
    assert manager.find_kernel_specs() == {"theirs": "/nowhere"}
    spec = manager.get_kernel_spec("conda-store://default/minimal:1")
    assert spec.metadata["conda_store"]["build_id"] == 1
    with pytest.raises(NoSuchKernel):
        manager.get_kernel_spec("conda-store://default/minimal")
    assert parse_uri("conda-store://a/b:12") is not None
    for other in ("python3", "conda-store://a/b", "conda-store://a:1", "conda-store-a-b-1", "conda-store://"):
        assert parse_uri(other) is None


def test_switching_on_and_off_touches_its_own_keys_only(tmp_path: Path) -> None:
    theirs = {
        "ServerApp": {"port": 1, "kernel_spec_manager_class": "theirs.Manager"},
        "Other": {"a": [1]},
    }
    file = tmp_path / "jupyter_server_config.json"
    file.write_text(json.dumps(theirs))
    for _ in range(2):
        enable(tmp_path)
        said = json.loads(file.read_text())
        assert said["ServerApp"] == {
            "port": 1,
            "kernel_spec_manager_class": f"{MANAGERS}.CondaStoreKernelSpecManager",
        }
        assert said["CondaStoreKernelSpecManager"] == {"others_class": "theirs.Manager"}
        assert all(enabled(tmp_path).values())
    for _ in range(2):
        disable(tmp_path)
        assert json.loads(file.read_text()) == theirs
        assert not any(enabled(tmp_path).values())


def test_what_is_not_understood_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    file = tmp_path / "jupyter_config.json"
    file.write_text('{"NotebookClient": {"kernel_manager_class": "theirs"}}')
    with pytest.raises(InvalidRequest, match="remove that first"):
        enable(tmp_path)
    file.write_text("{")
    assert main(["--enable"]) == 1
    assert "mend or remove it" in capsys.readouterr().err
    assert file.read_text() == "{"
    assert [path.name for path in tmp_path.iterdir()] == ["jupyter_config.json"]
