"""Builds are used in conda-store's own folder, but only if it holds that very build, and never written to."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from conda_store_labext.client.connection import Connection
from conda_store_labext.copies.in_place import InPlace, folders_in_place
from conda_store_labext.copies.manager import CopyManager
from conda_store_labext.copies.prune import Policy, Pruner
from conda_store_labext.copies.upstream import Upstream
from conda_store_labext.copies.verify import verify
from conda_store_labext.errors import NotFound
from conda_store_labext.kernels.registry import KernelspecRegistry
from conda_store_labext.models import CopyState, LocalCopy
from conda_store_labext.models.reference import Reference
from conda_store_labext.store.store import EnvironmentStore
from tests.stores import PATIENCE, RunningStore

pytestmark = pytest.mark.slow
MINIMAL = Reference("default", "minimal")


class Hub:
    """A machine that sees the store's disk below `here`."""

    def __init__(
        self, store: RunningStore, disk: EnvironmentStore, registry: KernelspecRegistry, here: Path
    ) -> None:
        self.store, self.disk, self.registry, self.here = store, disk, registry, here
        self.environments = store.local.paths.environments
        self.build_id = store.builds["minimal"]
        directory = store.client().directory(self.build_id)
        assert directory
        self.directory = Path(directory)

    def launch(self) -> LocalCopy:
        """Fetch the minimal environment, and wait for it."""
        connection = Connection(self.store.url, "token", token=self.store.admin_token)
        with closing(
            CopyManager(
                Upstream(connection, self.store.local),
                self.disk,
                self.registry,
                in_place=InPlace({str(self.environments): str(self.here)}),
            )
        ) as manager:
            return manager.wait(manager.start(MINIMAL).key)

    def copied(self) -> bool:
        """Tell whether anything was downloaded into the store of this machine."""
        return any((self.disk.home / "e").iterdir())


@pytest.fixture
def hub(store: RunningStore, disk: EnvironmentStore, registry: KernelspecRegistry) -> Hub:
    """A machine on which the store's disk has the path that it has on the server."""
    return Hub(store, disk, registry, store.local.paths.environments)


@pytest.fixture
def mirrored(
    store: RunningStore, disk: EnvironmentStore, registry: KernelspecRegistry, tmp_path: Path
) -> Iterator[Hub]:
    """A machine on which it has another path, and a copy of it that a test may spoil."""
    hub = Hub(store, disk, registry, tmp_path / "mnt")
    shutil.copytree(hub.directory, hub.here / hub.directory.relative_to(hub.environments), symlinks=True)
    yield hub
    shutil.rmtree(hub.here, ignore_errors=True)


def test_no_byte_is_copied_and_a_kernel_runs_there(hub: Hub) -> None:
    before = sorted(path for path in hub.directory.rglob("*") if path.suffix != ".pyc")
    ready = hub.launch()
    assert (ready.state, ready.bytes_done) == (CopyState.READY, 0)
    assert ready.prefix == str(hub.directory)
    assert not hub.copied()
    specs = KernelSpecManager(kernel_dirs=[str(hub.registry.folder)], ensure_native_kernel=False)
    kernel = KernelManager(kernel_spec_manager=specs, kernel_name=ready.kernels[0].name)
    kernel.start_kernel()
    try:
        client = kernel.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=PATIENCE)
        printed: list[str] = []
        client.execute_interactive(
            "import sys; print(sys.base_prefix)",
            timeout=PATIENCE,
            output_hook=lambda message: printed.append(message["content"].get("text", "")),
        )
        client.stop_channels()
    finally:
        kernel.shutdown_kernel(now=True)
    assert "".join(printed).strip() == str(hub.directory)
    assert sorted(path for path in hub.directory.rglob("*") if path.suffix != ".pyc") == before
    assert verify(hub.directory).changed == ()


def test_it_is_not_ours_to_remove(hub: Hub) -> None:
    ready = hub.launch()
    summary = Pruner(hub.disk, hub.registry).prune(Policy(keep_size=0, unused_for=0, deleted=[ready.key]))
    assert (summary.removed, summary.bytes_before) == ((), 0)
    (copy,) = hub.disk.list()
    assert (copy.origin, copy.prefix) == ("in place", hub.directory)
    hub.disk.remove(ready.key)
    assert hub.directory.is_dir()
    assert hub.disk.list() == ()
    with pytest.raises(NotFound):
        hub.disk.remove(ready.key)


def test_another_path_here_than_there(mirrored: Hub) -> None:
    ready = mirrored.launch()
    assert ready.prefix == str(mirrored.here / mirrored.directory.relative_to(mirrored.environments))
    assert not mirrored.copied()
    spec = json.loads((mirrored.registry.folder / ready.kernels[0].name / "kernel.json").read_text())
    assert spec["argv"][0].startswith(ready.prefix)


def test_a_folder_that_went_is_fetched_on_the_next_launch(mirrored: Hub) -> None:
    ready = mirrored.launch()
    assert ready.prefix
    shutil.rmtree(ready.prefix)
    assert mirrored.disk.get(ready.key) is None
    assert Pruner(mirrored.disk, mirrored.registry).prune(Policy()).kernels
    again = mirrored.launch()
    assert again.prefix == str(mirrored.disk.prefix(ready.key))
    assert verify(Path(again.prefix)).changed == ()


@pytest.mark.parametrize("spoilt", ["a package too many", "no history", "another path", "a link out"])
def test_another_build_is_not_believed(mirrored: Hub, spoilt: str, tmp_path: Path) -> None:
    folder = mirrored.here / mirrored.directory.relative_to(mirrored.environments)
    if spoilt == "a package too many":
        (folder / "conda-meta/left-pad-1.0-0.json").write_text("{}")
    elif spoilt == "no history":
        (folder / "conda-meta/history").unlink()
    elif spoilt == "another path":
        kernel = folder / "share/jupyter/kernels/python3/kernel.json"
        kernel.write_text(kernel.read_text().replace(str(mirrored.directory), "/somewhere/else"))
    else:
        folder.rename(tmp_path / "aside")
        folder.symlink_to(tmp_path / "aside")
    assert mirrored.launch().prefix == str(mirrored.disk.list()[0].prefix)
    assert mirrored.copied()


def test_named_by_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    assert folders_in_place() == {}
    monkeypatch.setenv("CONDA_STORE_LABEXT_IN_PLACE", "/opt/conda-store=/mnt/store::/srv/same")
    assert folders_in_place() == {"/opt/conda-store": "/mnt/store", "/srv/same": "/srv/same"}
