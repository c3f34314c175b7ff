"""Kernels that are shut down, changed or looked at by the culler while their environment is on its way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.serverapp import ServerApp
from traitlets.config import Config

from conda_store_labext.kernels.names import KernelIdentity
from conda_store_labext.on_demand.specs import OnDemandKernel, OnDemandKernels
from tests.headless.forwarder import Forwarder
from tests.server.asking import Answer, Ask, Fetch
from tests.server.test_provisioner import manager_of, start
from tests.stores import PATIENCE, RunningStore


@pytest.fixture
def network(store: RunningStore) -> Iterator[Forwarder]:
    """The network between the Jupyter server and conda-store; an archive takes minutes to come through."""
    with Forwarder(store.url) as forwarder:
        forwarder.rate = 200_000
        yield forwarder


@pytest.fixture
def store_config(
    store_config: dict[str, Any], network: Forwarder, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    monkeypatch.setenv("CONDA_STORE_URL", network.url)
    return store_config


@pytest.fixture
def name(jp_serverapp: ServerApp, store: RunningStore, network: Forwarder) -> str:
    """A kernel whose environment is not here."""
    build_id = store.builds["minimal"]
    identity = KernelIdentity(network.url, "default", "minimal", build_id)
    kernel = OnDemandKernel(identity, "minimal", "python", build_id)
    OnDemandKernels().write([kernel])
    return kernel.name


async def fetching(ask: Ask) -> bool:
    """Ask until a download is under way, or one has ended; tell which."""
    for _ in range(600):
        copies = (await ask("GET", "copies")).json["copies"]
        if copies and copies[0]["bytes_done"]:
            return bool(copies[0]["state"] == "running")
        await asyncio.sleep(0.1)
    return False


async def ended(ask: Ask, folder: Path) -> None:
    """Wait until no download is under way, and see that none has left anything."""
    for _ in range(600):
        if not (await ask("GET", "copies")).json["copies"]:
            break
        await asyncio.sleep(0.1)
    assert (await ask("GET", "copies")).json["copies"] == []
    for part in "e", "s":
        assert list((folder / "v1" / part).iterdir()) == []


async def until(true: Callable[[], bool]) -> None:
    """Wait for something to be so."""
    for _ in range(1200):
        if true():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it did not come about within two minutes")


async def test_a_start_that_nobody_wants_any_more_is_ended_by_its_path(
    name: str, ask: Ask, jp_fetch: Fetch, folder: Path
) -> None:
    starting = asyncio.ensure_future(start(jp_fetch, name))
    assert await fetching(ask)
    assert (await ask("DELETE", "kernels", "starts", path="other.ipynb")).json == {"ended": 0}
    assert (await ask("DELETE", "kernels", "starts", path="one.ipynb")).json == {"ended": 1}
    refused = await starting
    assert refused.status == 500
    assert "was ended; start the kernel again" in refused.json["message"]
    await ended(ask, folder)


@pytest.mark.parametrize("way", ["change", "delete"])
async def test_a_session_that_is_changed_again_or_deleted_ends_the_download(
    way: str, name: str, ask: Ask, jp_fetch: Fetch, jp_serverapp: ServerApp, folder: Path
) -> None:
    session = (await start(jp_fetch, "python3")).json
    path = ("api", "sessions", session["id"])

    async def change(kernel: str) -> Answer:
        body = json.dumps({"kernel": {"name": kernel}})
        patched = await jp_fetch(
            *path, method="PATCH", body=body, request_timeout=PATIENCE, raise_error=False
        )
        return Answer(patched)

    changing = asyncio.ensure_future(change(name))
    assert await fetching(ask)
    if way == "change":
        changed = await change("python3")
        assert (changed.status, changed.json["kernel"]["name"]) == (200, "python3")
    else:
        assert (await jp_fetch(*path, method="DELETE")).code == 204
    refused = await changing
    assert refused.status == 501
    assert "was ended; start the kernel again" in refused.json["message"]
    await ended(ask, folder)
    kernels = jp_serverapp.kernel_manager
    left = [manager_of(jp_serverapp, each).kernel_name for each in kernels.list_kernel_ids()]
    assert left == ["python3"] * (way == "change")
    if way == "change":
        await jp_fetch(*path, method="DELETE")


async def test_what_culls_idle_kernels_counts_from_the_end_of_the_download(
    name: str, ask: Ask, jp_fetch: Fetch, jp_serverapp: ServerApp, network: Forwarder
) -> None:
    starting = asyncio.ensure_future(start(jp_fetch, name))
    assert await fetching(ask)
    meanwhile = datetime.now(timezone.utc)
    network.rate = None
    kernel_id = (await starting).json["kernel"]["id"]
    assert manager_of(jp_serverapp, kernel_id).last_activity > meanwhile
    await jp_fetch("api", "kernels", kernel_id, method="DELETE")


class TestPendingKernels:
    """With pending kernels there is a kernel, and a session, from the beginning."""

    @pytest.fixture
    def jp_server_config(self, jp_server_config: Config) -> Config:
        jp_server_config.AsyncMappingKernelManager.use_pending_kernels = True
        return jp_server_config

    @pytest.mark.parametrize("way", ["kernel", "session", "change"])
    async def test_whoever_shuts_it_down_is_answered_and_the_download_ends(
        self, way: str, name: str, ask: Ask, jp_fetch: Fetch, jp_serverapp: ServerApp, folder: Path
    ) -> None:
        session = (await start(jp_fetch, name)).json
        kernel_id = session["kernel"]["id"]
        assert await fetching(ask)
        if way == "kernel":
            answer = await jp_fetch("api", "kernels", kernel_id, method="DELETE")
        elif way == "session":
            answer = await jp_fetch("api", "sessions", session["id"], method="DELETE")
        else:
            body = json.dumps({"kernel": {"name": "python3"}})
            answer = await jp_fetch("api", "sessions", session["id"], method="PATCH", body=body)
        assert answer.code in (200, 204)
        await ended(ask, folder)
        await until(lambda: kernel_id not in jp_serverapp.kernel_manager)

    async def test_a_restart_is_answered(self, name: str, ask: Ask, jp_fetch: Fetch) -> None:
        kernel_id = (await start(jp_fetch, name)).json["kernel"]["id"]
        assert await fetching(ask)
        answer = await jp_fetch(
            "api", "kernels", kernel_id, "restart", method="POST", body="", raise_error=False
        )
        assert answer.code == 500
        assert await fetching(ask), "whoever restarts it still wants it"
        await jp_fetch("api", "kernels", kernel_id, method="DELETE")

    async def test_a_download_that_another_wants_goes_on(
        self, name: str, ask: Ask, jp_fetch: Fetch, network: Forwarder, store: RunningStore
    ) -> None:
        first = (await start(jp_fetch, name, "1.ipynb")).json["kernel"]["id"]
        second = (await start(jp_fetch, name, "2.ipynb")).json["kernel"]["id"]
        assert await fetching(ask)
        await jp_fetch("api", "kernels", first, method="DELETE")
        assert await fetching(ask)
        wanted = {"namespace": "default", "environment": "minimal", "build_id": store.builds["minimal"]}
        key = (await ask("POST", "copies", body=wanted)).json["key"]
        await jp_fetch("api", "kernels", second, method="DELETE")
        assert await fetching(ask)
        network.rate = None
        for _ in range(1200):
            (copy,) = (await ask("GET", "copies")).json["copies"]
            if copy["state"] != "running":
                break
            await asyncio.sleep(0.1)
        assert (copy["key"], copy["state"]) == (key, "ready")

    async def test_what_culls_idle_kernels_sees_that_it_is_wanted(
        self, name: str, ask: Ask, jp_fetch: Fetch, jp_serverapp: ServerApp, network: Forwarder
    ) -> None:
        kernels = jp_serverapp.kernel_manager
        kernels.cull_idle_timeout = 3600
        kernel_id = (await start(jp_fetch, name)).json["kernel"]["id"]
        assert await fetching(ask)
        kernel = manager_of(jp_serverapp, kernel_id)
        long_ago = kernel.last_activity = kernel.last_activity - timedelta(days=1)
        await until(lambda: kernel.last_activity > long_ago)
        await kernels.cull_kernels()  # type: ignore[no-untyped-call]
        assert kernel_id in kernels
        network.rate = None
        await asyncio.wait_for(kernel.ready, PATIENCE)
        await kernels.cull_kernels()  # type: ignore[no-untyped-call]
        assert kernel_id in kernels
        await jp_fetch("api", "kernels", kernel_id, method="DELETE")
