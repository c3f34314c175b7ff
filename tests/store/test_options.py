"""How the server extension is told about limits, shared folders, places and links."""

from __future__ import annotations

import logging

import pytest

from conda_store_labext.app import CondaStoreApp
from conda_store_labext.kernelspecs import KernelspecRegistry
from conda_store_labext.local import LocalStore
from conda_store_labext.prune import Pruner
from conda_store_labext.store import EnvironmentStore

VARIABLES = {
    "CONDA_STORE_LABEXT_SHARED": "/shared/one:/shared/two",
    "CONDA_STORE_LABEXT_SIZE_LIMIT": "20GB",
    "CONDA_STORE_LABEXT_IN_PLACE": "/opt/conda-store=/mnt/store",
    "CONDA_STORE_LABEXT_LINK": "0",
}


def test_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    app = CondaStoreApp()
    assert (app.shared_folders, app.size_limit, app.in_place, app.link_files) == ([], "", {}, True)
    assert app._places(LocalStore()) == {}


def test_by_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    app = CondaStoreApp()
    assert app.shared_folders == ["/shared/one", "/shared/two"]
    assert app.size_limit == "20GB"
    assert app.in_place == {"/opt/conda-store": "/mnt/store"}
    assert not app.link_files


def test_the_local_stores_own_folder() -> None:
    local = LocalStore()
    own = str(local.paths.environments)
    assert CondaStoreApp(local_store_in_place=True, in_place={"/a": "/b"})._places(local) == {
        "/a": "/b",
        own: own,
    }


def test_a_limit_that_is_no_size_is_none(
    disk_pruner: Pruner, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = CondaStoreApp(size_limit="much")
    monkeypatch.setattr(app, "log", logging.getLogger("test"))
    assert app._limit(disk_pruner) is None
    assert "is no size" in caplog.text
    assert CondaStoreApp(size_limit="")._limit(disk_pruner) is None
    assert CondaStoreApp(size_limit="1GB")._limit(disk_pruner) is not None


@pytest.fixture
def disk_pruner(disk: EnvironmentStore, registry: KernelspecRegistry) -> Pruner:
    return Pruner(disk, registry)
