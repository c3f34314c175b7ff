"""A user whose programs find the session's real conda-store through the environment's variables."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conda_store_labext.client.connection import Connection
from conda_store_labext.kernels.names import KernelIdentity
from conda_store_labext.models.build_ref import BuildRef
from conda_store_labext.on_demand.specs import OnDemandKernel, OnDemandKernels
from conda_store_labext.pipeline.job import Job
from conda_store_labext.pipeline.worker_process import Worker
from conda_store_labext.store.records import StoredCopy
from conda_store_labext.store.store import EnvironmentStore
from tests.kernels.users import is_open
from tests.stores import RunningStore
from tests.wheels import make_wheel

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


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """A folder that every user may look into, as those of pytest, and of whoever runs it, may not be."""
    places = [place for place in (tempfile.gettempdir(), "/tmp", "/var/tmp") if is_open(Path(place, "x"))]
    folder = Path(tempfile.mkdtemp(prefix="conda-store-", dir=places[0]))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def wheels(open_folder: Path) -> Path:
    """Wheels of `alpha`, which needs `beta`, and of `gamma` and another IPython."""
    folder = open_folder / "wheels"
    make_wheel(folder, "alpha", "1.0", ("beta>=2", "traitlets"))
    make_wheel(folder, "beta", "2.5")
    make_wheel(folder, "gamma", "0.1")
    make_wheel(folder, "traitlets", "99.0")
    return folder


@pytest.fixture(scope="session")
def shared_store(store: RunningStore, open_folder: Path) -> EnvironmentStore:
    """A store of copies with `default/minimal` in it."""
    (open_folder / "store").mkdir(0o755)
    disk = EnvironmentStore(open_folder / "store")
    build = BuildRef(store.url, "default", "minimal", store.builds["minimal"])
    Worker().run(Job(Connection(store.url, "token", token=store.admin_token), build, disk.root))
    return disk


@pytest.fixture
def copy(shared_store: EnvironmentStore) -> StoredCopy:
    return shared_store.list()[0]
