"""A user whose programs find the session's real conda-store through the environment's variables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conda_store_labext.kernels.names import KernelIdentity
from conda_store_labext.on_demand.specs import OnDemandKernel, OnDemandKernels
from tests.stores import RunningStore

Sync = Callable[..., OnDemandKernel]


@pytest.fixture
def data_dir(tmp_path: Path, store: RunningStore, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's Jupyter data folder, with nothing in it, and the variables that name the store."""
    for variable in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(variable, str(tmp_path / variable.lower()))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CONDA_STORE_URL", store.url)
    monkeypatch.setenv("CONDA_STORE_TOKEN", store.admin_token)
    return tmp_path / "data"


@pytest.fixture
def sync(store: RunningStore) -> Sync:
    """Write the kernelspec of an environment of the store into the user's folder, nothing else."""

    def run(
        environment: str = "minimal", *, pinned: bool = True, server: str = "", automatic: bool = False
    ) -> OnDemandKernel:
        build_id = store.builds[environment]
        identity = KernelIdentity(server or store.url, "default", environment, build_id if pinned else None)
        kernel = OnDemandKernel(identity, environment, "python", build_id, automatic)
        OnDemandKernels().write([kernel])
        return kernel

    return run
