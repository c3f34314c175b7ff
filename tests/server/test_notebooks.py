"""What a notebook is told to remember of its running kernel, and what it hears of it later."""

from __future__ import annotations

import json
from pathlib import Path

from conda_store_labext.models.platform import this_platform
from tests.server.asking import Ask, Fetch, Fetched
from tests.stores import RunningStore


async def test_a_running_kernel_tells_its_build(
    ask: Ask, fetched: Fetched, jp_fetch: Fetch, store: RunningStore
) -> None:
    done = await fetched("default", "minimal")
    (kernel,) = done["kernels"]
    body = {"namespace": "default", "environment": "minimal"}
    following = (await ask("POST", "kernels", body=body)).json["name"]
    for name in (kernel["name"], following):
        started = await jp_fetch("api", "kernels", method="POST", body=json.dumps({"name": name}))
        kernel_id = json.loads(started.body)["id"]
        told = (await ask("GET", "notebooks", "record", kernel_id=kernel_id)).json
        lockfile = told.pop("lockfile")
        assert told == {
            "kernel": name,
            "server": store.url,
            "namespace": "default",
            "environment": "minimal",
            "build_id": store.builds["minimal"],
            "platform": this_platform(),
        }
        assert len(lockfile) == 64
        await jp_fetch("api", "kernels", kernel_id, method="DELETE")
    stands = await ask("POST", "notebooks/status", body={**told, "lockfile": lockfile})
    assert (stands.json["state"], stands.json["here"]) == ("here", True)
    assert (await ask("GET", "notebooks", "record", kernel_id="none")).status == 404
    assert (await ask("POST", "notebooks/status", body={"server": 1})).status == 400
    elsewhere = {**told, "server": "http://other", "lockfile": lockfile}
    assert (await ask("POST", "notebooks/rebuild", body=elsewhere)).status == 404


async def test_the_lockfile_beside_a_notebook_of_another_server_is_built_here(
    ask: Ask, jp_root_dir: Path, store: RunningStore, tmp_path: Path
) -> None:
    known = {
        "kernel": "",
        "server": "http://other",
        "namespace": "default",
        "environment": "minimal",
        "build_id": 1,
        "lockfile": "0" * 64,
    }
    (jp_root_dir / "work").mkdir()
    beside = jp_root_dir / "work" / "report.conda-lock.yml"
    path = "work/report.ipynb"

    async def rebuildable() -> bool:
        stands = await ask("POST", "notebooks/status", body=known, path=path)
        assert stands.json["active_build_id"] == store.builds["minimal"]
        return bool(stands.json["rebuildable"])

    assert not await rebuildable()
    (tmp_path / "secret.yml").write_text("{}")
    beside.symlink_to(tmp_path / "secret.yml")
    assert not await rebuildable()
    beside.unlink()
    beside.write_text('{"package": [], "metadata": {}}')
    assert await rebuildable()
    # built, were it the lockfile that the notebook ran on
    refused = await ask("POST", "notebooks/rebuild", body=known, path=path)
    assert (refused.status, "is not the lockfile" in refused.json["message"]) == (400, True)
    assert (await ask("POST", "notebooks/rebuild", body=known, path="../x.ipynb")).status == 404


async def test_a_folder_tells_its_environment(ask: Ask, jp_root_dir: Path) -> None:
    (jp_root_dir / ".conda-store.yml").write_text("environment: default/minimal\n")
    found = await ask("GET", "folder", path="")
    assert found.json == {
        "path": ".conda-store.yml",
        "namespace": "default",
        "environment": "minimal",
        "build_id": None,
    }
    assert (await ask("GET", "folder", path="../..")).status == 404
