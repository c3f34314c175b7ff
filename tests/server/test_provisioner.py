"""Kernels that fetch themselves, started by the Jupyter server: seen in the events, refused in a sentence."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from jupyter_server.serverapp import ServerApp
from traitlets.config import Config

from conda_store_labext.kernels.names import KernelIdentity
from conda_store_labext.on_demand.specs import OnDemandKernel, OnDemandKernels
from tests.server.asking import Answer, Fetch, Fetched
from tests.stores import PATIENCE, RunningStore


@pytest.fixture
def name(jp_serverapp: ServerApp, store: RunningStore) -> str:
    """A kernel whose environment is not here."""
    return write(store, "minimal")


def write(store: RunningStore, environment: str) -> str:
    build_id = store.builds[environment]
    kernel = OnDemandKernel(
        KernelIdentity(store.url, "default", environment, build_id), environment, "python", build_id
    )
    OnDemandKernels().write([kernel])
    return kernel.name


async def start(jp_fetch: Fetch, name: str, path: str = "one.ipynb") -> Answer:
    body = {"path": path, "type": "notebook", "name": path, "kernel": {"name": name}}
    response = await jp_fetch(
        "api", "sessions", method="POST", body=json.dumps(body), request_timeout=PATIENCE, raise_error=False
    )
    return Answer(response)


def manager_of(jp_serverapp: ServerApp, kernel_id: str) -> Any:
    return jp_serverapp.kernel_manager.get_kernel(kernel_id)


async def test_whoever_watches_sees_one_fetch_however_many_start(
    name: str, jp_fetch: Fetch, jp_ws_fetch: Callable[..., Awaitable[Any]], folder: Path
) -> None:
    socket = await jp_ws_fetch("api", "events", "subscribe")
    answers = await asyncio.gather(*(start(jp_fetch, name, f"{number}.ipynb") for number in range(3)))
    assert [answer.status for answer in answers] == [201, 201, 201], answers[0].text
    assert len({answer.json["kernel"]["id"] for answer in answers}) == 3
    states: list[str] = []
    while "ready" not in states:
        event = json.loads(await asyncio.wait_for(socket.read_message(), PATIENCE))
        if event["schema_id"].endswith("/conda_store_labext/copy"):
            states.append(event["state"])
    socket.close()
    assert event["kernels"] == [], "there is the one that was started"
    assert states.count("waiting") == 1
    assert "running" in states
    assert len(list((folder / "v1/e").iterdir())) == 1, "into the folder that the server was told"


async def test_a_kernel_that_dies_is_started_again(
    name: str, jp_fetch: Fetch, jp_serverapp: ServerApp, folder: Path
) -> None:
    kernel_id = (await start(jp_fetch, name)).json["kernel"]["id"]
    manager = manager_of(jp_serverapp, kernel_id)
    first = manager.provisioner.pid
    assert Path(psutil.Process(first).exe()).is_relative_to(folder)
    os.kill(first, signal.SIGKILL)
    for _ in range(1200):
        if manager.has_kernel and manager.provisioner.pid != first:
            break
        await asyncio.sleep(0.05)
    second = manager.provisioner.pid
    assert second != first
    assert Path(psutil.Process(second).exe()).is_relative_to(folder)


async def test_a_kernel_that_cannot_start_says_why(name: str, jp_fetch: Fetch, store: RunningStore) -> None:
    refused = await start(jp_fetch, write(store, "unsolvable"))
    assert refused.status == 500
    assert f"Build {store.builds['unsolvable']} of default/unsolvable failed" in refused.json["message"]
    assert store.admin_token not in refused.text


class TestPendingKernels:
    """With pending kernels, which we recommend, nobody waits for the answer to a request."""

    @pytest.fixture
    def jp_server_config(self, jp_server_config: Config) -> Config:
        jp_server_config.AsyncMappingKernelManager.use_pending_kernels = True
        return jp_server_config

    async def test_a_start_is_answered_at_once(
        self,
        name: str,
        jp_fetch: Fetch,
        jp_serverapp: ServerApp,
        folder: Path,
        fetched: Fetched,
    ) -> None:
        kernel_id = (await start(jp_fetch, name)).json["kernel"]["id"]
        manager = manager_of(jp_serverapp, kernel_id)
        assert not manager.ready.done(), "it is answered while the environment is fetched"
        assert (await fetched("default", "minimal"))["kernels"], "who joins wants them"
        await asyncio.wait_for(manager.ready, PATIENCE)
        assert Path(psutil.Process(manager.provisioner.pid).exe()).is_relative_to(folder)
