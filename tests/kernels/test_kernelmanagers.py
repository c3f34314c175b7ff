"""`conda-store://` names start the very build, once that is switched on, and nobody's settings are lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from traitlets.config import Config

from conda_store_labext.errors import NotFound
from conda_store_labext.kernels.old_names import OldName
from conda_store_labext.models.reference import Reference
from conda_store_labext.notebooks.named import resolve
from conda_store_labext.on_demand.managers import CondaStoreKernelSpecManager
from tests.cli.running import variables
from tests.stores import PATIENCE, RunningStore


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
        "source": "import sys; print(sys.base_prefix)",
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
            timeout=PATIENCE,
        )

    assert "No such kernel" in python(*execute).stderr
    assert python("-m", "conda_store_labext.on_demand.install", "--enable").stdout.count("on ") == 4
    done = python(*execute)
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "data/conda-store/v1/e") in done.stdout
    older = notebook(tmp_path / "older.ipynb", "conda-env-default-minimal-py")
    done = python(*execute[:-1], str(older))
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "data/conda-store/v1/e") in done.stdout
    assert python("-m", "conda_store_labext.on_demand.install", "--disable").stdout.count("off") == 4


OTHER_NAMES = (
    "python3",
    "conda-store://a/b",
    "conda-store://a:1",
    "conda-store-a-b-1",
    "conda-store://",
    "conda-env-py",
)


def test_only_old_names_are_understood_and_the_others_left_to_others(data_dir: Path) -> None:
    config = Config({"CondaStoreKernelSpecManager": {"others_class": Others}})
    manager = CondaStoreKernelSpecManager(config=config)
    assert manager.find_kernel_specs() == {"theirs": "/nowhere"}
    spec = manager.get_kernel_spec("conda-store://default/minimal:1")
    assert spec.metadata["conda_store"]["build_id"] == 1
    with pytest.raises(NoSuchKernel):
        manager.get_kernel_spec("conda-store://default/minimal")
    assert manager.get_kernel_spec("conda-env-team-data-r").language == "R"
    for other in OTHER_NAMES:
        assert OldName.parse(other) is None


def test_an_old_name_of_nb_conda_kernels_may_mean_several_environments() -> None:
    old = OldName.parse("conda-env-nebari-git-nebari-git-dashboard-py")
    assert old
    assert Reference("nebari-git", "nebari-git-dashboard") in old.places
    assert len(old.places) == 4
    assert (old.language, old.kernel) == ("python", None)
    other = OldName.parse("conda-env-team-data-xcpp17")
    assert other
    assert (other.places, other.language, other.kernel) == ((Reference("team", "data"),), "", "xcpp17")


def test_what_conda_store_has_decides_what_an_old_name_means(store: RunningStore) -> None:
    old = OldName.parse("conda-env-default-minimal-py")
    assert old
    assert resolve(old, store.client()) == Reference("default", "minimal")
    none = OldName.parse("conda-env-default-no-such-py")
    assert none
    with pytest.raises(NotFound, match="default/no-such, default-no/such"):
        resolve(none, store.client())


def test_a_kernelspec_manager_of_a_name_is_looked_up_but_never_listed(data_dir: Path) -> None:
    manager = CondaStoreKernelSpecManager()
    specs = manager.get_all_specs()
    assert "conda-store://default/minimal:1" in specs
    assert specs["conda-store://default/minimal:1"]["spec"]["language"] == "python"
    assert not [name for name in specs if name.startswith("conda-store:")]
    assert "conda-store://default" not in specs
    with pytest.raises(KeyError):
        specs["conda-store://default"]


def test_what_is_set_on_the_manager_holds_for_the_kernels_of_others(tmp_path: Path) -> None:
    for folder, name in (("one", "a"), ("two", "b"), ("two", "c")):
        (tmp_path / folder / name).mkdir(parents=True)
        spec = {"argv": ["x"], "display_name": name, "language": "x"}
        (tmp_path / folder / name / "kernel.json").write_text(json.dumps(spec))
    manager = CondaStoreKernelSpecManager(kernel_dirs=[str(tmp_path / "one")], ensure_native_kernel=False)
    assert set(manager.find_kernel_specs()) == {"a"}
    manager.kernel_dirs.append(str(tmp_path / "two"))
    assert set(manager.get_all_specs()) == {"a", "b", "c"}
    manager.allowed_kernelspecs = {"c"}
    assert set(manager.get_all_specs()) == {"c"}


class Choosy(CondaStoreKernelSpecManager):
    """A subclass that has a way of its own to find kernels."""

    def find_kernel_specs(self) -> dict[str, str]:
        """Know one kernel only."""
        return {"mine": "/here"}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return it."""
        return KernelSpec(argv=["x"], display_name=kernel_name, resource_dir="/here")


def test_what_a_subclass_overrides_counts() -> None:
    assert Choosy().get_all_specs()["mine"]["spec"]["display_name"] == "mine"
