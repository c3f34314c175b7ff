"""Every launchable environment becomes a kernel, none is downloaded; it goes when its environment goes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager

from conda_store_labext.client.client import CondaStoreClient
from conda_store_labext.client.connection import Connection
from conda_store_labext.errors import (
    CondaStoreLabError,
    NotAuthenticated,
    NotLaunchable,
    ServerUnreachable,
)
from conda_store_labext.kernels.names import KernelIdentity
from conda_store_labext.on_demand.specs import OnDemandKernel, OnDemandKernels
from conda_store_labext.on_demand.sync import KernelSync, SyncPolicy
from tests.cli.running import CommandLine, variables
from tests.stores import RunningStore


def environments(specs: OnDemandKernels) -> set[str]:
    return {str(kernel.identity) for kernel in specs.list()}


@pytest.fixture
def specs(data_dir: Path) -> OnDemandKernels:
    return OnDemandKernels()


@pytest.fixture
def gone(specs: OnDemandKernels, store: RunningStore) -> OnDemandKernel:
    """A kernel of an environment that the server does not have any more."""
    kernel = OnDemandKernel(KernelIdentity(store.url, "default", "gone", None), "gone", "python", 10**6)
    specs.write([kernel])
    return kernel


def test_kernels_come_and_go_with_their_environments(
    specs: OnDemandKernels, gone: OnDemandKernel, store: RunningStore, data_dir: Path
) -> None:
    others = replace(gone, identity=replace(gone.identity, server="http://other/conda-store"))
    elsewhere = replace(gone, identity=replace(gone.identity, namespace="elsewhere"))
    specs.write([others, elsewhere])
    sync = KernelSync(store.client(), specs, SyncPolicy(namespaces=("default",)))
    done = sync.all()
    assert done.removed == (gone.name,)
    assert {"default/minimal", "elsewhere/gone"} <= environments(specs)
    assert "default/unsolvable" not in environments(specs)
    assert others in specs.list(), "another server's are none of ours"
    assert not (data_dir / "conda-store").exists(), "nothing was downloaded"

    name = next(kernel.name for kernel in specs.list() if kernel.identity.environment == "minimal")
    spec = KernelSpecManager().get_kernel_spec(name)
    assert (spec.display_name, spec.language) == ("minimal (default)", "python")
    file = data_dir / "kernels" / name / "kernel.json"
    before = file.stat().st_ino
    assert (sync.all().written, file.stat().st_ino) == ((), before), "written only when it changed"
    assert store.admin_token not in file.read_text()

    named = KernelSync(store.client(), specs, SyncPolicy(pinned=True, template="{namespace}-{build}"))
    (pinned,) = (written for written in named.all().written if name[:-17] in written)
    assert KernelSpecManager().get_kernel_spec(pinned).display_name == f"default-{store.builds['minimal']}"


def test_only_environments_with_one_of_the_packages_become_kernels(
    specs: OnDemandKernels, store: RunningStore
) -> None:
    assert KernelSync(store.client(), specs, SyncPolicy(packages=("no-such-kernel",))).all().kernels == 0
    assert KernelSync(store.client(), specs, SyncPolicy(packages=("ipykernel", "bash_kernel"))).all().kernels


@pytest.mark.parametrize(
    ("url", "token", "error"),
    [("http://127.0.0.1:9/conda-store", "", ServerUnreachable), ("", "expired", NotAuthenticated)],
)
def test_what_was_there_last_stays_while_the_server_is_of_no_use(
    specs: OnDemandKernels,
    gone: OnDemandKernel,
    store: RunningStore,
    url: str,
    token: str,
    error: type[CondaStoreLabError],
) -> None:
    connection = Connection(
        url or store.url, "token", token=token and store.expired_token, identity=store.url
    )
    with pytest.raises(error):
        KernelSync(CondaStoreClient(connection), specs, SyncPolicy()).all()
    assert specs.list() == (gone,)


def test_a_limited_number_prefers_what_was_asked_for(specs: OnDemandKernels, store: RunningStore) -> None:
    sync = KernelSync(store.client(), specs, SyncPolicy())
    sync.some(1, [("default", "no-such"), ("default", "minimal")])
    assert environments(specs) == {"default/minimal"}
    (automatic,) = specs.list()
    assert automatic.automatic
    sync.some(0, [])
    assert specs.list() == (), "others were preferred"
    sync.some(1, [("default", "minimal")])
    # one that somebody asked for stays, whatever the limit
    lasting = sync.one("default", "minimal")
    assert not lasting.automatic
    sync.some(1, [])
    assert lasting in specs.list()
    listed = sync.search("mini", 10)
    (row,) = (
        listing for listing in listed if (listing.namespace, listing.environment) == ("default", "minimal")
    )
    assert (row.registered, row.build_id) == (True, store.builds["minimal"])
    with pytest.raises(NotLaunchable):
        sync.one("default", "unsolvable")


def test_on_the_command_line(store: RunningStore, tmp_path: Path) -> None:
    command_line = CommandLine(variables(store, tmp_path))
    done = command_line.json("kernels", "sync", "--namespace", "default", "--package", "ipykernel")
    assert done["kernels"] == len(done["written"]) >= 1
    listed = command_line.json("kernels", "list", CONDA_STORE_URL="http://127.0.0.1:9")
    (kernel,) = (row for row in listed if row["identity"]["environment"] == "minimal")
    assert kernel["identity"]["build_id"] is None
    refused = command_line("kernels", "sync", "--display-name", "{user}")
    assert (refused.returncode, "is not a template" in refused.stderr) == (2, True)
    assert command_line.json("kernels", "remove", "default/mini*") == [kernel["name"]]
    assert json.loads(command_line("kernels", "list", "--json").stdout) != listed
    assert command_line("kernels", "remove", "default/mini*").returncode == 5
