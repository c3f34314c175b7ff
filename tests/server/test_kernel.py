"""From a build to a running kernel and away again, all over HTTP, on the real conda-store."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from jupyter_client.manager import start_new_async_kernel
from jupyter_server.serverapp import ServerApp

from conda_store_labext.client.connection import Connection
from tests.server.asking import Ask, Fetch, Fetched
from tests.stores import PATIENCE, RunningStore


async def run_code(kernel: str, code: str) -> str:
    """Start a kernel by its name as nbconvert does, run code on it, and return what it printed."""
    manager, client = await start_new_async_kernel(kernel_name=kernel)
    printed = ""

    def collect(message: dict[str, Any]) -> None:
        nonlocal printed
        printed += message["content"].get("text", "")

    try:
        await client.execute_interactive(code, timeout=PATIENCE, output_hook=collect)
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)
    return printed.strip()


def copies(folder: Path, part: str = "e") -> list[str]:
    """Return what lies in a part of the store: `e` complete environments, `s` those in the making."""
    return sorted(path.name for path in (folder / "v1" / part).iterdir())


async def test_the_kernel_is_the_environments_own(
    fetched: Fetched, folder: Path, jp_fetch: Fetch, store: RunningStore
) -> None:
    done = await fetched("default", "minimal")
    assert done["state"] == "ready", done
    assert done["error"] is None
    (kernel,) = done["kernels"]
    assert kernel["display_name"] == f"default/minimal #{store.builds['minimal']} (Python)"
    assert Path(done["prefix"]).is_relative_to(folder)

    specs = json.loads((await jp_fetch("api", "kernelspecs")).body)["kernelspecs"]
    spec = specs[kernel["name"]]["spec"]
    assert spec["metadata"]["conda_store"].pop("activation")
    assert spec["metadata"]["conda_store"] == {
        "key": done["key"],
        "server": store.url,
        "namespace": "default",
        "environment": "minimal",
        "build_id": store.builds["minimal"],
        "kernel": "python3",
        "prefix": done["prefix"],
    }
    assert store.admin_token not in json.dumps(specs)
    assert spec["metadata"]["debugger"] is True, "the original's metadata is kept"
    assert "logo-svg" in specs[kernel["name"]]["resources"]

    printed = await run_code(
        kernel["name"],
        "import os, sys, shutil\n"
        "print(sys.prefix, os.environ['CONDA_PREFIX'], sys.executable, shutil.which('python'), sep='\\n')",
    )
    prefix = done["prefix"]
    inside, conda, executable, python = printed.splitlines()
    assert (inside, conda, executable) == (prefix, prefix, python)
    assert python.endswith(f"/conda-store-additions/v1/o/{done['key']}/bin/python")


async def test_removing_takes_the_kernelspec_along(
    fetched: Fetched, ask: Ask, jp_fetch: Fetch, folder: Path
) -> None:
    done = await fetched("default", "minimal")
    (kernel,) = done["kernels"]
    started = await jp_fetch("api", "kernels", method="POST", body=json.dumps({"name": kernel["name"]}))
    kernel_id = json.loads(started.body)["id"]
    refused = await ask("DELETE", "copies", done["key"])
    assert (refused.status, refused.json["code"]) == (409, "kernel_running")
    assert copies(folder) == [done["key"]]

    await jp_fetch("api", "kernels", kernel_id, method="DELETE")
    for _ in range(1000):
        removed = await ask("DELETE", "copies", done["key"])
        if removed.status != 409:
            break
        await asyncio.sleep(0.1)
    assert removed.status == 204
    assert copies(folder) == []
    specs = json.loads((await jp_fetch("api", "kernelspecs")).body)["kernelspecs"]
    assert kernel["name"] not in specs
    assert (await ask("GET", "copies")).json["copies"] == []


async def test_events_tell_how_far_it_is(
    ask: Ask, jp_ws_fetch: Callable[..., Awaitable[Any]], store: RunningStore
) -> None:
    socket = await jp_ws_fetch("api", "events", "subscribe")
    await ask("POST", "copies", body={"namespace": "default", "environment": "minimal"})
    seen: list[dict[str, Any]] = []
    while not seen or seen[-1]["state"] in ("waiting", "running"):
        event = json.loads(await asyncio.wait_for(socket.read_message(), PATIENCE))
        assert store.admin_token not in json.dumps(event)
        if event["schema_id"].endswith("/conda_store_labext/copy"):
            seen.append(event)
    socket.close()
    assert seen[0]["state"] == "waiting"
    assert seen[-1]["state"] == "ready"
    assert [event["bytes_done"] for event in seen[:-1]] == sorted(event["bytes_done"] for event in seen[:-1])
    steps = [event["step"] for event in seen if event["step"]]
    assert steps[0] == "connect"
    assert steps[-1] == "register"
    assert "extract" in steps


async def test_cancelling_leaves_nothing(ask: Ask, folder: Path) -> None:
    body = {"namespace": "default", "environment": "minimal"}
    key = (await ask("POST", "copies", body=body)).json["key"]
    for _ in range(10_000):
        (now,) = (await ask("GET", "copies")).json["copies"]
        if now["files"]:
            break
        await asyncio.sleep(0.01)
    assert now["state"] == "running"
    assert (await ask("POST", "copies", key, "cancel")).status == 200
    for _ in range(2400):
        listed = (await ask("GET", "copies")).json["copies"]
        if not listed:
            break
        await asyncio.sleep(0.05)
    assert listed == []
    assert copies(folder) == []
    assert copies(folder, "s") == []


async def test_what_is_here_starts_while_the_server_is_away(
    fetched: Fetched, ask: Ask, jp_serverapp: ServerApp, store: RunningStore
) -> None:
    done = await fetched("default", "minimal")
    services = next(iter(jp_serverapp.extension_manager.extension_apps["conda_store_labext"])).services
    services.upstream.configured = Connection("http://127.0.0.1:9/", identity=store.url)
    status = (await ask("GET", "status")).json
    assert status["reachable"] is False
    assert status["error"]["code"] == "server_unreachable"
    assert (await ask("GET", "environments")).status == 503
    body = {"namespace": "default", "environment": "minimal", "build_id": store.builds["minimal"]}
    for request in (body, {**body, "build_id": None}):
        again = await ask("POST", "copies", body=request)
        assert (again.status, again.json["state"]) == (202, "ready")
    assert (await run_code(done["kernels"][0]["name"], "import sys; print(sys.base_prefix)")) == done[
        "prefix"
    ]


async def test_a_script_that_fails_is_told_once_and_the_kernel_starts(
    ask: Ask, fetched: Fetched, jp_data_dir: Path
) -> None:
    done = await fetched("default", "minimal")
    script = Path(done["prefix"]) / "etc/conda/activate.d/broken.sh"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text("export BEFORE=1\nset -e\nfalse\n")
    # it is activated when its kernels are registered, which they are again
    shutil.rmtree(jp_data_dir / "kernels" / done["kernels"][0]["name"])
    wanted = {"namespace": "default", "environment": "minimal", "build_id": done["build_id"]}
    launched = (await ask("POST", "copies", body=wanted)).json
    assert launched["state"] == "ready"
    assert launched["error"]["code"] == "activation"
    assert "broken.sh ended the shell" in launched["error"]["message"]
    (kernel,) = launched["kernels"]
    assert await run_code(kernel["name"], "print(6 * 7)") == "42"
    assert (await ask("POST", "copies", body=wanted)).json["error"] is None
    (copy,) = (await ask("GET", "copies")).json["copies"]
    assert (copy["state"], copy["error"]) == ("ready", None)
