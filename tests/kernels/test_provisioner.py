"""A kernel fetches its environment before it starts, from programs that know nothing of this package."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager, start_new_async_kernel
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from conda_store_labext.errors import (
    Cancelled,
    Conflict,
    InvalidRequest,
    NotConfigured,
    NotLaunchable,
    ServerUnreachable,
)
from conda_store_labext.kernels.names import KernelIdentity
from conda_store_labext.models.build_ref import copy_key
from conda_store_labext.on_demand.specs import OnDemandKernel, OnDemandKernels
from conda_store_labext.on_demand.sync import KernelSync, SyncPolicy
from conda_store_labext.store.store import EnvironmentStore
from tests.headless.forwarder import Forwarder
from tests.kernels.conftest import Sync
from tests.stores import PATIENCE, RunningStore, wait_until

UNREACHABLE = "http://127.0.0.1:9/conda-store"
TELL = (
    "import json, os, sys; print(json.dumps([sys.base_prefix, os.environ['CONDA_DEFAULT_ENV'], os.getpid()]))"
)


async def answer_of(client: AsyncKernelClient, code: str = TELL) -> list[object]:
    """Run code that prints JSON and return what it printed."""
    printed = ""

    def collect(message: dict[str, dict[str, str]]) -> None:
        nonlocal printed
        printed += message["content"].get("text", "")

    await client.execute_interactive(code, timeout=PATIENCE, output_hook=collect)
    answer: list[object] = json.loads(printed)
    return answer


async def until(true: Callable[[], bool]) -> None:
    """Wait for something to be so."""
    await asyncio.to_thread(wait_until, true, 120)


async def stopped(manager: AsyncKernelManager, client: AsyncKernelClient) -> None:
    client.stop_channels()
    await manager.shutdown_kernel(now=True)


async def test_a_kernel_whose_environment_is_not_here_fetches_it_and_keeps_it(
    data_dir: Path,
    sync: Sync,
    store: RunningStore,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kernel = sync()
    copy = EnvironmentStore(data_dir / "conda-store").prefix(copy_key(store.url, store.builds["minimal"]))
    assert not copy.exists()
    manager, client = await start_new_async_kernel(kernel_name=kernel.name, startup_timeout=PATIENCE)
    try:
        prefix, name, pid = await answer_of(client)
        assert (prefix, name) == (str(copy), str(copy)), "conda names by its path what lies in no `envs`"
        info = await client.kernel_info(reply=True, timeout=PATIENCE)
        assert info["content"]["language_info"]["name"] == "python"

        # an interrupt reaches it, a restart gives a new process of the same build without asking anybody
        monkeypatch.setenv("CONDA_STORE_URL", UNREACHABLE)
        sleeping = client.execute("import time; print(1, flush=True); time.sleep(120)")
        while (await client.get_iopub_msg(timeout=PATIENCE))["msg_type"] != "stream":
            pass
        await manager.interrupt_kernel()
        while (reply := await client.get_shell_msg(timeout=PATIENCE))["parent_header"]["msg_id"] != sleeping:
            pass
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        await manager.restart_kernel(now=True)
        await client.wait_for_ready(timeout=PATIENCE)
        again = await answer_of(client)
        assert again[:2] == [prefix, name]
        assert again[2] != pid
    finally:
        await stopped(manager, client)
    assert "downloading" not in capfd.readouterr().err, "no progress where nobody watches"


async def test_a_copy_that_was_chosen_is_not_removed_before_its_kernel_runs(
    data_dir: Path, sync: Sync, store: RunningStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = sync()
    disk, key = EnvironmentStore(data_dir / "conda-store"), copy_key(store.url, store.builds["minimal"])
    started = LocalProvisioner.launch_kernel

    async def somebody_removes_it_first(
        self: LocalProvisioner, cmd: list[str], **kwargs: Any
    ) -> KernelConnectionInfo:
        with pytest.raises(Conflict):
            disk.remove(key)
        return await started(self, cmd, **kwargs)

    monkeypatch.setattr(LocalProvisioner, "launch_kernel", somebody_removes_it_first)
    manager, client = await start_new_async_kernel(kernel_name=kernel.name, startup_timeout=PATIENCE)
    try:
        assert (await answer_of(client))[0] == str(disk.prefix(key))
        with disk.lock(key) as lock:
            assert lock.held, "the kernel itself is what holds it now"
    finally:
        await stopped(manager, client)


async def test_many_starts_at_once_fetch_once(data_dir: Path, sync: Sync) -> None:
    names = [sync(pinned=True).name, sync(pinned=False).name]
    started = await asyncio.gather(
        *(start_new_async_kernel(kernel_name=name, startup_timeout=PATIENCE) for name in names * 2)
    )
    try:
        answers = [await answer_of(client) for _, client in started]
    finally:
        for manager, client in started:
            await stopped(manager, client)
    assert len({str(prefix) for prefix, _, _ in answers}) == 1
    assert len({pid for _, _, pid in answers}) == 4
    assert len(list((data_dir / "conda-store/v1/e").iterdir())) == 1
    assert not list((data_dir / "conda-store/v1/t").iterdir()), "nothing was made twice and thrown away"


async def test_what_follows_the_active_build_starts_what_is_here_while_the_server_is_away(
    data_dir: Path, sync: Sync, store: RunningStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = sync(pinned=False, automatic=True)
    manager, client = await start_new_async_kernel(kernel_name=kernel.name, startup_timeout=PATIENCE)
    first = await answer_of(client)
    await stopped(manager, client)
    assert [path.name for path in (data_dir / "kernels").iterdir()] == [kernel.name], "one for an environment"
    KernelSync(store.client(), OnDemandKernels(), SyncPolicy()).some(0)
    (kept,) = OnDemandKernels().list()
    assert (kept.name, kept.automatic) == (kernel.name, False), "a notebook may have that name"
    # what the kernelspec knows is old: the server would be asked
    old = time.time() - 3600
    os.utime(data_dir / "kernels" / kernel.name / "kernel.json", (old, old))
    monkeypatch.setenv("CONDA_STORE_URL", UNREACHABLE)
    manager, client = await start_new_async_kernel(kernel_name=kernel.name, startup_timeout=PATIENCE)
    assert (await answer_of(client))[0] == first[0]
    await stopped(manager, client)


async def test_why_it_cannot_start_is_one_sentence(
    data_dir: Path, sync: Sync, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotLaunchable, match=r"failed.*\.$"):
        await start_new_async_kernel(kernel_name=sync("unsolvable").name)
    with pytest.raises(NotConfigured, match="belongs to conda-store at http://other"):
        await start_new_async_kernel(kernel_name=sync(server="http://other/conda-store").name)
    monkeypatch.setenv("CONDA_STORE_URL", UNREACHABLE)
    elsewhere = sync(server=UNREACHABLE, pinned=False).name
    with pytest.raises(ServerUnreachable, match=r"127\.0\.0\.1:9"):
        await start_new_async_kernel(kernel_name=elsewhere)


async def test_a_kernel_starts_where_encryption_is_required(data_dir: Path, sync: Sync) -> None:
    manager = AsyncKernelManager(kernel_name=sync().name, transport_encryption="required")
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=PATIENCE)
        assert manager.curve_publickey
        assert await answer_of(client)
    finally:
        await stopped(manager, client)


async def test_a_kernel_that_knows_no_encryption_is_refused_where_it_is_required(
    data_dir: Path, sync: Sync
) -> None:
    manager, client = await start_new_async_kernel(kernel_name=sync().name, startup_timeout=PATIENCE)
    assert manager.kernel_spec
    resources = Path(manager.kernel_spec.resource_dir) / "kernel.json"
    await stopped(manager, client)
    spec = json.loads(resources.read_text())
    assert spec["metadata"].pop("supported_encryption")
    resources.unlink()
    resources.write_text(json.dumps(spec))
    refused = AsyncKernelManager(kernel_name=sync().name, transport_encryption="required")
    with pytest.raises(InvalidRequest, match=r"default/minimal #\d+ has a kernel without encryption"):
        await refused.start_kernel()


async def test_a_manager_that_is_shut_down_while_it_starts_ends_the_download(
    data_dir: Path, store: RunningStore, monkeypatch: pytest.MonkeyPatch, sync: Sync
) -> None:
    with Forwarder(store.url) as network:
        network.rate = 200_000
        monkeypatch.setenv("CONDA_STORE_URL", network.url)
        manager = AsyncKernelManager(kernel_name=sync(server=network.url).name)
        starting = asyncio.ensure_future(manager.start_kernel())
        await until(lambda: network.brought > 100_000)
        with suppress(asyncio.InvalidStateError):  # of the manager's, which is asked for two things at once
            await manager.shutdown_kernel(now=True)
        with pytest.raises((Cancelled, asyncio.InvalidStateError)):
            await starting
        await until(lambda: not list((data_dir / "conda-store/v1/s").iterdir()))
    assert list((data_dir / "conda-store/v1/e").iterdir()) == []


def test_an_on_demand_kernel_has_its_languages_picture(data_dir: Path, store: RunningStore) -> None:
    for language in "python", "R":
        identity = KernelIdentity(store.url, "default", language.lower(), 1)
        kernel = OnDemandKernel(identity, language, language, 1)
        OnDemandKernels().write([kernel])
        (picture,) = (data_dir / "kernels" / kernel.name).glob("logo-svg.svg")
        assert picture.read_text().lstrip().startswith("<")


def test_a_synced_kernel_is_one_among_others(data_dir: Path, sync: Sync, store: RunningStore) -> None:
    kernel = sync()
    spec = KernelSpecManager().get_kernel_spec(kernel.name)
    assert spec.metadata["conda_store"]["build_id"] == store.builds["minimal"]
    assert spec.metadata["debugger"] is True
    assert store.admin_token not in (data_dir / "kernels" / kernel.name / "kernel.json").read_text()
