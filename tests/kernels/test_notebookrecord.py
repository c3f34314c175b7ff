"""A notebook's build through its life: here, superseded, deleted, of another server, and built again."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from conda_store_labext.client.connection import Connection
from conda_store_labext.copies.upstream import Upstream
from conda_store_labext.errors import InvalidRequest, NotFound
from conda_store_labext.kernels.names import KernelIdentity, kernel_name
from conda_store_labext.models.build_ref import BuildRef
from conda_store_labext.models.platform import this_platform
from conda_store_labext.notebooks.lockfile import lock_notebook, lockfile_beside, read_record
from conda_store_labext.notebooks.record import NotebookRecord, record
from conda_store_labext.notebooks.status import NotebookState, NotebookStatus, notebook_status
from conda_store_labext.specifications.lockfile import digest
from conda_store_labext.store.store import EnvironmentStore
from tests.cli.running import CommandLine, variables
from tests.stores import RunningStore, ended, start_build, wait_until


def record_of(store: RunningStore, environment: str, build_id: int) -> NotebookRecord:
    return record(store.client(), "a-kernel", BuildRef(store.url, "default", environment, build_id))


def stands(
    notebook_record: NotebookRecord, store: RunningStore, folder: Path, url: str = ""
) -> NotebookStatus:
    connection = Connection(url or store.url, "token", token=store.admin_token, identity=store.url)
    return notebook_status(notebook_record, Upstream(connection, store.local), EnvironmentStore(folder))


def write(path: Path, metadata: object) -> Path:
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": [], "metadata": metadata}))
    return path


@pytest.mark.slow
def test_the_life_of_a_notebooks_build(store: RunningStore, tmp_path: Path) -> None:
    first = ended(store, start_build(store, "moving", ["python"])).id
    notebook_record = record_of(store, "moving", first)
    assert notebook_record.platform == this_platform()
    assert store.admin_token not in json.dumps(asdict(notebook_record))
    now = stands(notebook_record, store, tmp_path)
    assert (now.state, now.here, now.fetchable) == (NotebookState.FETCHABLE, False, True)
    notebook = write(tmp_path / "report.ipynb", {"conda_store": asdict(notebook_record)})
    beside = lock_notebook(notebook, store.client())
    assert beside == lockfile_beside(notebook) == tmp_path / "report.conda-lock.yml"
    assert digest(json.loads(beside.read_text())) == notebook_record.lockfile

    second = ended(store, start_build(store, "moving", ["python", "pip"])).id
    now = stands(notebook_record, store, tmp_path)
    assert (now.state, now.active_build_id) == (NotebookState.SUPERSEDED, second)
    assert now.message == f"default/moving #{first} was superseded by #{second} (1 added)."

    store.client().delete_build(first)
    wait_until(lambda: stands(notebook_record, store, tmp_path).state is NotebookState.DELETED)
    now = stands(notebook_record, store, tmp_path)
    assert now.message == f"default/moving #{first} was deleted from conda-store."
    assert not now.fetchable

    # what is beside the notebook brings it back, on whatever server
    command_line = CommandLine(variables(store, tmp_path))
    begun = command_line.json("rebuild", str(notebook), "--as", "default/again")
    built = ended(store, begun["build_id"])
    assert (built.environment, built.launchable) == ("again", True)
    packages = {name for name, _ in store.client().packages(built.id).result()}
    assert "python" in packages
    assert "pip" not in packages


def test_what_cannot_be_said_for_sure_is_said_to_be_so(store: RunningStore, tmp_path: Path) -> None:
    notebook_record = record_of(store, "minimal", store.builds["minimal"])
    away = stands(notebook_record, store, tmp_path, url="http://127.0.0.1:9/conda-store")
    assert away.state is NotebookState.UNKNOWN
    assert "conda-store at http://127.0.0.1:9/conda-store cannot be reached; check" in away.message
    other = stands(replace(notebook_record, server="http://other/conda-store"), store, tmp_path)
    assert other.state is NotebookState.ELSEWHERE
    assert "of conda-store at http://other/conda-store" in other.message
    assert other.active_build_id == store.builds["minimal"]
    gone = replace(notebook_record, server="http://other/conda-store", environment="gone")
    assert stands(gone, store, tmp_path).active_build_id is None
    assert stands(replace(notebook_record, build_id=10**6), store, tmp_path).state is NotebookState.DELETED
    assert (
        stands(replace(notebook_record, environment="gone"), store, tmp_path).state is NotebookState.DELETED
    )
    failed = record_of(store, "unsolvable", store.builds["unsolvable"])
    assert failed.lockfile is None
    assert "FAILED" in stands(failed, store, tmp_path).message


def test_a_notebook_without_a_record_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="does not say which build"):
        read_record(write(tmp_path / "plain.ipynb", {}))
    with pytest.raises(InvalidRequest, match="not the record of a build"):
        read_record(write(tmp_path / "odd.ipynb", {"conda_store": {"server": "x"}}))
    (tmp_path / "text.ipynb").write_text("hello")
    with pytest.raises(InvalidRequest, match="is not a notebook"):
        read_record(tmp_path / "text.ipynb")
    with pytest.raises(NotFound, match="check the name"):
        read_record(tmp_path / "none.ipynb")


def test_a_kernels_name_that_says_the_build_is_enough(store: RunningStore, tmp_path: Path) -> None:
    build_id = store.builds["minimal"]
    whose = KernelIdentity(store.url, "default", "minimal", build_id)
    active = KernelIdentity(store.url, "default", "minimal", None)
    for name in (
        kernel_name(whose, "python3"),
        kernel_name(whose),
        f"conda-store://default/minimal:{build_id}",
    ):
        notebook = write(tmp_path / "run.ipynb", {"kernelspec": {"name": name}})
        notebook_record = read_record(notebook, store.client())
        assert (notebook_record.ref, notebook_record.kernel) == (whose.build, name)
        assert lock_notebook(notebook, store.client()).is_file()
    other = KernelIdentity("http://other", "default", "minimal", build_id)
    for name in kernel_name(active), kernel_name(other), "python3", "conda-env-default-minimal-py":
        notebook = write(tmp_path / "run.ipynb", {"kernelspec": {"name": name}})
        with pytest.raises(NotFound, match="does not say which build"):
            read_record(notebook, store.client())


def test_a_lockfile_that_is_not_the_notebooks_is_refused(store: RunningStore, tmp_path: Path) -> None:
    notebook_record = record_of(store, "minimal", store.builds["minimal"])
    notebook = write(tmp_path / "n.ipynb", {"conda_store": asdict(notebook_record)})
    beside = lockfile_beside(notebook)
    beside.write_text('{"package": [], "metadata": {}}')
    command_line = CommandLine(variables(store, tmp_path))
    refused = command_line("rebuild", str(notebook))
    assert (refused.returncode, "is not the lockfile" in refused.stderr) == (2, True)
