"""An environment that the real conda-store built: the same tree as tar and conda-unpack make, and it runs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from conda_store_labext.client.connection import Connection
from conda_store_labext.models.build_ref import BuildRef
from conda_store_labext.pipeline.job import Job
from conda_store_labext.pipeline.prefix import kernels
from conda_store_labext.pipeline.worker_process import Worker
from conda_store_labext.store.records import StoredCopy
from tests.stores import PATIENCE, RunningStore

from .archives import snapshot

pytestmark = pytest.mark.slow
CODE = "import sys; print(sys.prefix)"


@pytest.fixture(scope="module")
def made(store: RunningStore, tmp_path_factory: pytest.TempPathFactory) -> StoredCopy:
    """The store's minimal environment, brought here by the worker."""
    connection = Connection(store.url, "token", token=store.admin_token)
    root = tmp_path_factory.mktemp("root")
    build = BuildRef(store.url, "default", "minimal", store.builds["minimal"])
    return Worker().run(Job(connection, build, root))


@pytest.fixture(scope="module")
def reference(made: StoredCopy, store: RunningStore) -> Path:
    """The folder that tar and conda-unpack make of the same archive at the same path."""
    aside = made.prefix.rename(made.prefix.with_suffix(".aside"))
    archive = aside.with_suffix(".tar.gz")
    with store.client().open_artifact(store.builds["minimal"], "archive") as body, archive.open("wb") as file:
        while data := body.read(1_000_000):
            file.write(data)
    made.prefix.mkdir()
    subprocess.run(["tar", "xzf", archive, "-C", made.prefix], check=True)
    python, script = made.prefix / "bin" / "python", made.prefix / "bin" / "conda-unpack"
    subprocess.run([python, "-B", script], check=True)
    theirs = made.prefix.rename(made.prefix.with_suffix(".reference"))
    aside.rename(made.prefix)
    return theirs


def test_the_tree_is_what_tar_and_conda_unpack_make(made: StoredCopy, reference: Path) -> None:
    ours, theirs = snapshot(made.prefix), snapshot(reference)
    assert set(ours) == set(theirs)
    different = {path for path in ours if ours[path][1] != theirs[path][1]}
    # conda-unpack leaves the interpreter that runs it alone; conda itself would not
    assert all(path.startswith("bin/python") for path in different)
    for path, (mode, _) in ours.items():
        assert mode == theirs[path][0] & 0o755, path
    assert made.files == sum(1 for path in made.prefix.rglob("*") if path.is_symlink() or path.is_file())


def test_times_are_restored_where_nothing_was_rewritten(made: StoredCopy, reference: Path) -> None:
    newer = 0
    for path in made.prefix.rglob("*.py"):
        counterpart = reference / path.relative_to(made.prefix)
        if path.stat().st_mtime != counterpart.stat().st_mtime:
            newer += 1
            assert str(made.prefix) in path.read_text()
    assert newer < 20


def test_a_kernel_runs_from_it(made: StoredCopy) -> None:
    (kernel,) = kernels(made.prefix)
    specs = KernelSpecManager(kernel_dirs=[str(kernel.resource_dir.parent)], ensure_native_kernel=False)
    manager = KernelManager(kernel_spec_manager=specs, kernel_name=kernel.name)
    manager.start_kernel()
    try:
        client = manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=PATIENCE)
        printed: list[str] = []

        def listen(message: dict[str, dict[str, str]]) -> None:
            printed.append(message["content"].get("text", ""))

        client.execute_interactive(CODE, timeout=PATIENCE, output_hook=listen)
        client.stop_channels()
    finally:
        manager.shutdown_kernel(now=True)
    assert "".join(printed).strip() == str(made.prefix)


def test_its_scripts_run(made: StoredCopy) -> None:
    environment = {"PATH": f"{made.prefix}/bin:/usr/bin:/bin"}
    ran = subprocess.run(
        [made.prefix / "bin" / "ipython", "-c", CODE],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert ran.stdout.strip() == str(made.prefix)
