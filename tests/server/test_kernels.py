"""Environments as kernels of a Jupyter server: found by searching, made on request, kept up to date."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.serverapp import ServerApp

from conda_store_labext.client.connection import Connection
from tests.server.asking import Ask, Fetch
from tests.stores import RunningStore, wait_until


async def names(jp_fetch: Fetch) -> set[str]:
    return set(json.loads((await jp_fetch("api", "kernelspecs")).body)["kernelspecs"])


async def test_a_kernel_is_found_and_made_without_a_download(
    ask: Ask, jp_fetch: Fetch, store: RunningStore
) -> None:
    rows = (await ask("GET", "kernels", search="minimal")).json["kernels"]
    (minimal,) = (row for row in rows if (row["namespace"], row["environment"]) == ("default", "minimal"))
    assert minimal["registered"] is False
    body = {"namespace": "default", "environment": "minimal"}
    made = await ask("POST", "kernels", body=body)
    assert (made.status, made.json["name"]) == (201, minimal["name"])
    pinned = await ask("POST", "kernels", body={**body, "build_id": store.builds["minimal"]})
    assert pinned.json["display_name"] == f"minimal (default #{store.builds['minimal']})"
    assert {minimal["name"], pinned.json["name"]} <= await names(jp_fetch)
    assert (await ask("GET", "copies")).json["copies"] == []
    refused = await ask("POST", "kernels", body={"namespace": "default", "environment": "unsolvable"})
    assert (refused.status, refused.json["code"]) == (409, "not_launchable")
    assert (await ask("POST", "kernels/sync", body={"first": ["nonsense"]})).status == 400
    assert (await ask("POST", "kernels", body={"namespace": "default"})).status == 400


class TestKeeper:
    """With the setting that keeps kernels in the background."""

    @pytest.fixture
    def store_config(self, store_config: dict[str, Any]) -> dict[str, Any]:
        return {**store_config, "sync_kernels": True, "sync_limit": 1, "sync_interval": 3600.0}

    async def test_kernels_are_there_soon_and_stay_while_the_server_is_away(
        self, ask: Ask, jp_fetch: Fetch, jp_serverapp: ServerApp, jp_data_dir: Path, store: RunningStore
    ) -> None:
        before = await names(jp_fetch)
        kernels = jp_data_dir / "kernels"
        wait_until(lambda: bool(list(kernels.glob("conda-store-*/kernel.json"))))
        added = await names(jp_fetch) - before
        assert len(added) <= 1, "as many as the limit says"
        synced = await ask("POST", "kernels/sync", body={"first": ["default/minimal"]})
        assert synced.json["kernels"] == 1
        (name,) = {kernel for kernel in await names(jp_fetch) if kernel.startswith("conda-store-")}
        assert "-default-minimal-" in name

        services = next(iter(jp_serverapp.extension_manager.extension_apps["conda_store_labext"])).services
        services.upstream.configured = Connection("http://127.0.0.1:9/", identity=store.url)
        assert (await ask("POST", "kernels/sync", body={})).status == 503
        assert name in await names(jp_fetch)
