"""Requests about a kernel whose environment is downloaded are answered as soon as about any other."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from traitlets.config import Config

from tests.server.asking import Answer, Ask, Fetch
from tests.server.test_provisioner import start
from tests.server.test_starts import ended, fetching, name, network, store_config
from tests.stores import PATIENCE

__all__ = ["name", "network", "store_config"]
ROUNDS = 5
"""Number of comparisons before it fails: a busy machine may hold up the one and not the other."""


@pytest.fixture(params=[False, True], ids=["waiting", "pending"])
def pending(request: pytest.FixtureRequest) -> bool:
    """Tell whether the server has pending kernels."""
    return bool(request.param)


@pytest.fixture
def jp_server_config(jp_server_config: Config, pending: bool) -> Config:
    jp_server_config.AsyncMappingKernelManager.use_pending_kernels = pending
    return jp_server_config


class Session:
    """A session on a kernel that is there at once, whose kernel is then changed."""

    def __init__(self, jp_fetch: Fetch, model: dict[str, Any]) -> None:
        self._fetch = jp_fetch
        self._model = model

    async def change(self, kernel: str) -> Answer:
        """Change the kernel to another one, by its kernelspec's name."""
        return await self._ask("sessions", self._model["id"], method="PATCH", kernel=kernel)

    async def seconds(self, way: str) -> float:
        """Have one thing done to the session or its kernel, and return how long the answer took."""
        model = (await self._ask("sessions", self._model["id"])).json
        began = time.monotonic()
        if way == "change":
            answer = await self.change("python3")
        elif way == "session":
            answer = await self._ask("sessions", model["id"], method="DELETE")
        elif way == "kernel":
            answer = await self._ask("kernels", model["kernel"]["id"], method="DELETE")
        else:
            answer = await self._ask("kernels", model["kernel"]["id"], "restart", method="POST")
        taken = time.monotonic() - began
        assert answer.status < 300 or (way, answer.status) == ("restart", 500), answer.text
        if way in ("change", "restart"):
            await self._ask("sessions", model["id"], method="DELETE")
        return taken

    async def _ask(self, *parts: str, method: str = "GET", kernel: str = "") -> Answer:
        body = json.dumps({"kernel": {"name": kernel}}) if kernel else "" if method == "POST" else None
        response = await self._fetch(
            "api", *parts, method=method, body=body, request_timeout=PATIENCE, raise_error=False
        )
        return Answer(response)


@pytest.mark.parametrize("way", ["session", "change", "kernel", "restart"])
async def test_whoever_does_something_to_it_is_answered_as_with_any_other(
    way: str, pending: bool, name: str, ask: Ask, jp_fetch: Fetch, folder: Any
) -> None:
    if way in ("kernel", "restart") and not pending:
        pytest.skip("the kernel has no name for others before it runs")
    measured = []
    for _ in range(ROUNDS):
        other = Session(jp_fetch, (await start(jp_fetch, "python3", "other.ipynb")).json)
        if way == "restart":
            await other.change("python3")  # one that has just begun, as ours has
        bare = await other.seconds(way)
        session = Session(jp_fetch, (await start(jp_fetch, "python3")).json)
        changing = asyncio.ensure_future(session.change(name))
        assert await fetching(ask)
        measured.append((await session.seconds(way), bare))
        await changing
        await ended(ask, folder)
        ours, bare = measured[-1]
        if ours < 1 + 2 * bare:
            return
    pytest.fail(f"seconds, with the download and with a kernel that is there: {measured}")
