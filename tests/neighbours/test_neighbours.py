"""Beside other extensions ours work, and theirs go on to work beside ours."""

from __future__ import annotations

import json
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.neighbours.conftest import Lab, User
from tests.stores import RunningStore, wait_until

PREFIX = "import sys; print(sys.base_prefix)"
ROUTES = ("status", "environments", "namespaces", "copies", "kernels", "permissions", "local-store")


def notebook(kernel: str = "") -> dict[str, object]:
    cell: dict[str, object] = {"cell_type": "code", "id": "a", "metadata": {}, "source": PREFIX}
    kernelspec = {"name": kernel, "display_name": kernel, "language": "python"}
    return {
        "cells": [cell | {"outputs": [], "execution_count": None}],
        "metadata": {"kernelspec": kernelspec} if kernel else {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def saved(lab: Lab, path: str) -> dict[str, object]:
    """Save an empty notebook and return the metadata that it has then."""
    model = {"type": "notebook", "format": "json", "content": notebook()}
    lab.json("PUT", f"api/contents/{path}", model)
    metadata = json.loads((lab.user.folder / path).read_text())["metadata"]
    assert isinstance(metadata, dict)
    return metadata


@pytest.mark.parametrize("name", ["all", "documents"])
def test_lab_with_all_of_them_runs_our_kernels_and_remembers_their_build(
    name: str, user_of: Callable[[str], User], lab_of: Callable[[User], Lab], store: RunningStore
) -> None:
    user = user_of(name)
    user.run("conda_store_labext.cli", "kernels", "sync", "--namespace", "default")
    lab = lab_of(user)
    for route in ROUTES:
        assert lab.ask("GET", f"conda-store/{route}").ok, route
    kernels = lab.json("GET", "api/kernelspecs")["kernelspecs"]
    (kernel,) = (kernel_name for kernel_name in kernels if "-default-minimal-" in kernel_name)
    assert kernels[kernel]["spec"]["metadata"]["conda_env_name"] == "default/minimal"
    assert kernels[kernel]["resources"], "a picture"
    prefix = lab.run("one.ipynb", kernel, PREFIX)
    assert Path(prefix).is_relative_to(user.environ["JUPYTER_DATA_DIR"])
    record = saved(lab, "one.ipynb")["conda_store"]
    assert isinstance(record, dict)
    assert record["build_id"] == store.builds["minimal"]
    assert lab.run("two.ipynb", "python3", PREFIX)
    assert "conda_store" not in saved(lab, "two.ipynb")


def test_jupyter_scheduler_runs_a_notebook_on_one_of_our_kernels(
    user_of: Callable[[str], User], lab_of: Callable[[User], Lab], store: RunningStore
) -> None:
    user = user_of("all")
    user.run("conda_store_labext.cli", "kernels", "sync", "--namespace", "default")
    lab = lab_of(user)
    kernels = lab.json("GET", "api/kernelspecs")["kernelspecs"]
    (kernel,) = (name for name in kernels if "-default-minimal-" in name)
    model = {"type": "notebook", "format": "json", "content": notebook(kernel)}
    lab.json("PUT", "api/contents/job.ipynb", model)
    (place, *_) = lab.json("GET", "scheduler/runtime_environments")
    body: dict[str, object] = {"name": "job", "input_filename": "job.ipynb", "input_uri": "job.ipynb"}
    body |= {"runtime_environment_name": place["name"], "output_formats": ["ipynb"]}
    job = lab.json("POST", "scheduler/jobs", body)["job_id"]

    def ended() -> bool:
        # STOPPED is what its database says of a job that has not begun
        return lab.json("GET", f"scheduler/jobs/{job}")["status"] in ("COMPLETED", "FAILED")

    wait_until(ended, 300)
    assert lab.json("GET", f"scheduler/jobs/{job}")["status"] == "COMPLETED"


def test_old_names_run_and_kernels_of_nb_venv_kernels_stay(
    user_of: Callable[[str], User], lab_of: Callable[[User], Lab], store: RunningStore
) -> None:
    user = user_of("all")
    theirs = user.folder / "work" / ".venv"
    venv.create(theirs, with_pip=False, system_site_packages=True)
    spec = {"argv": [str(theirs / "bin/python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"]}
    kernels = theirs / "share/jupyter/kernels/python3"
    kernels.mkdir(parents=True)
    (kernels / "kernel.json").write_text(json.dumps({**spec, "display_name": "theirs", "language": "python"}))

    def listed() -> set[str]:
        return set(lab_of(user).json("GET", "api/kernelspecs")["kernelspecs"])

    before = listed()
    printed = user.run("conda_store_labext.on_demand.install", "--enable")
    assert [line[:3] for line in printed.splitlines()] == ["on "] * 4, printed
    lab = lab_of(user)
    assert set(lab.json("GET", "api/kernelspecs")["kernelspecs"]) == before
    for name in f"conda-store://default/minimal:{store.builds['minimal']}", "conda-env-default-minimal-py":
        assert Path(lab.run(f"{name[-3:]}.ipynb", name, PREFIX)).is_relative_to(
            user.environ["JUPYTER_DATA_DIR"]
        )
    config = Path(user.environ["JUPYTER_CONFIG_DIR"])
    user.run("conda_store_labext.on_demand.install", "--disable")
    assert not [file.name for file in config.glob("*.json") if "conda_store" in file.read_text()]
