"""A store of somebody else's in front of one's own: used where it is, never written to."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conda_store_labext.copies.manager import CopyManager
from conda_store_labext.copies.prune import Policy, Pruner
from conda_store_labext.copies.upstream import Upstream
from conda_store_labext.errors import Conflict
from conda_store_labext.kernels.registry import KernelspecRegistry
from conda_store_labext.local import LocalServer
from conda_store_labext.models import CopyState
from conda_store_labext.models.reference import Reference
from conda_store_labext.store.records import StoredCopy
from conda_store_labext.store.store import EnvironmentStore
from tests.stores import RunningStore

from .conftest import Put


def times(root: Path) -> dict[str, tuple[int, int]]:
    """Return every path below `root` with what changes when someone writes there."""
    return {str(path): (path.lstat().st_mtime_ns, path.lstat().st_ctime_ns) for path in root.rglob("*")}


@pytest.fixture
def front(tmp_path: Path) -> EnvironmentStore:
    """The store that the administrator fills."""
    return EnvironmentStore(tmp_path / "front")


@pytest.fixture
def layered(tmp_path: Path, front: EnvironmentStore) -> EnvironmentStore:
    """A user's store behind it."""
    return EnvironmentStore(tmp_path / "mine", [front.root])


def test_the_front_is_looked_into_first(
    front: EnvironmentStore, layered: EnvironmentStore, put: Put, registry: KernelspecRegistry
) -> None:
    shared = put(1, days=1, into=front)
    mine, again = put(2, into=layered), put(1, into=layered)
    assert [(copy.build_id, copy.origin) for copy in layered.list()] == [(1, "shared"), (2, "own")]
    front_copy = layered.get(shared.key)
    assert front_copy
    assert (front_copy.prefix, again.prefix) == (shared.prefix, layered.prefix(shared.key))
    assert front_copy.prefix != again.prefix
    layered.remove(shared.key)
    assert layered.get(shared.key) == front_copy
    assert layered.local(shared.key) is None
    assert mine in layered.list()


def test_nothing_is_written_there(
    front: EnvironmentStore, layered: EnvironmentStore, put: Put, registry: KernelspecRegistry
) -> None:
    shared = put(1, days=100, into=front)
    before = times(front.root)
    layered.touch(shared.key)
    layered.sweep()
    summary = Pruner(layered, registry).prune(Policy(keep_size=0, unused_for=1, deleted=[shared.key]))
    assert (summary.removed, summary.kept, summary.bytes_before) == ((), (), 0)
    assert times(front.root) == before
    assert front.get(shared.key) == shared


def test_a_front_that_is_not_there_or_is_the_store_itself(tmp_path: Path, put: Put) -> None:
    disk = EnvironmentStore(tmp_path / "store", [tmp_path / "nowhere", tmp_path / "store"])
    put(1, into=disk)
    assert [(copy.build_id, copy.origin) for copy in disk.list()] == [(1, "own")]
    (tmp_path / "nowhere").write_text("a file")
    assert len(disk.list()) == 1


@pytest.fixture
def manager(layered: EnvironmentStore, registry: KernelspecRegistry) -> Iterator[CopyManager]:
    manager = CopyManager(Upstream(None, LocalServer()), layered, registry)
    yield manager
    manager.close()


def test_its_kernels_are_the_users_to_remove_and_its_files_are_not(
    front: EnvironmentStore, manager: CopyManager, put: Put, registry: KernelspecRegistry
) -> None:
    shared = put(1, into=front)
    (ready,) = manager.all()
    assert (ready.state, ready.prefix) == (CopyState.READY, str(shared.prefix))
    assert ready.kernels
    manager.remove(shared.key)
    assert registry.registered() == {}
    with pytest.raises(Conflict, match="which others share; ask whoever fills"):
        manager.remove(shared.key)
    assert front.get(shared.key) == shared


# runs a command with the folder $1 mounted read-only, for that command and what it starts alone
READ_ONLY = """
mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || exit 99
shift
exec "$@"
"""


def read_only(folder: Path) -> list[str]:
    """Return what to put before a command for which `folder` is to be read-only, root or not."""
    return ["unshare", "--mount", "sh", "-c", READ_ONLY, "sh", str(folder)]


def can_mount(folder: Path) -> bool:
    """Tell whether this process may mount, as it may not in many containers."""
    tried = subprocess.run([*read_only(folder), "true"], capture_output=True, check=False)
    return tried.returncode == 0


@pytest.mark.slow
def test_users_run_what_the_administrator_pulled(store: RunningStore, tmp_path: Path) -> None:
    front, data = tmp_path / "front", tmp_path / "data"
    front.mkdir(0o755)
    if not shutil.which("unshare") or not can_mount(front):
        pytest.skip("nothing can be mounted read-only here")
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("CONDA_STORE", "JUPYTER"))
    }
    environ = kept | {"CONDA_STORE_URL": store.url, "CONDA_STORE_TOKEN": store.admin_token}
    program = [sys.executable, "-m", "conda_store_labext.cli"]
    filled = subprocess.run(
        [*program, "pull", "default/minimal", "--json"],
        env=environ | {"CONDA_STORE_LABEXT_FOLDER": str(front), "JUPYTER_DATA_DIR": str(tmp_path / "admin")},
        capture_output=True,
        check=True,
    )
    prefix = json.loads(filled.stdout)["prefix"]
    assert Path(prefix).stat().st_mode & 0o777 == 0o755
    before = times(front)
    user = environ | {"CONDA_STORE_LABEXT_SHARED": str(front), "JUPYTER_DATA_DIR": str(data)}

    def as_user(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*read_only(front), *program, *arguments],
            env=user,
            capture_output=True,
            text=True,
            check=False,
        )

    pulled = as_user("pull", "default/minimal", "--json")
    assert pulled.returncode == 0, pulled.stderr
    ready = json.loads(pulled.stdout)
    assert (ready["prefix"], ready["bytes_done"]) == (prefix, 0)
    spec = data / "kernels" / ready["kernels"][0]["name"] / "kernel.json"
    assert json.loads(spec.read_text())["argv"][0].startswith(prefix)
    ran = as_user("run", "default/minimal", "--", "python", "-c", "import sys; print(sys.prefix)")
    assert ran.stdout.strip() == prefix, ran.stderr
    assert as_user("verify").returncode == 0
    assert as_user("prune", "--keep-size", "0").returncode == 0
    assert as_user("remove", "default/minimal").returncode == 0
    assert not spec.exists()
    refused = as_user("remove", "default/minimal")
    assert refused.returncode == 1
    assert "which others share" in refused.stderr
    assert not (data / "conda-store" / "v1").exists(), "nothing was copied"
    assert times(front) == before


def test_named_by_the_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from conda_store_labext.store.paths import shared_roots

    assert shared_roots() == ()
    monkeypatch.setenv("CONDA_STORE_LABEXT_SHARED", os.pathsep.join([str(tmp_path), "", "~/there"]))
    assert shared_roots() == (tmp_path, Path("~/there").expanduser())


def test_the_place_survives_the_workers_line(put: Put) -> None:
    made = put(1)
    assert StoredCopy(**vars(made)) == made
    assert Reference.parse("default/demo").covers(made)
