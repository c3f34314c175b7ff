"""A notebook's record of its running kernel, and its status later."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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
        record = (await ask("GET", "notebooks", "record", kernel_id=kernel_id)).json
        lockfile = record.pop("lockfile")
        assert record == {
            "kernel": name,
            "server": store.url,
            "namespace": "default",
            "environment": "minimal",
            "build_id": store.builds["minimal"],
            "platform": this_platform(),
            "additions": [],
        }
        assert len(lockfile) == 64
        await jp_fetch("api", "kernels", kernel_id, method="DELETE")
    stands = await ask("POST", "notebooks/status", body={**record, "lockfile": lockfile})
    assert (stands.json["state"], stands.json["here"]) == ("here", True)
    assert (await ask("GET", "notebooks", "record", kernel_id="none")).status == 404
    assert (await ask("POST", "notebooks/status", body={"server": 1})).status == 400
    elsewhere = {**record, "server": "http://other", "lockfile": lockfile}
    assert (await ask("POST", "notebooks/rebuild", body=elsewhere)).status == 404


async def test_whoever_saves_a_notebook_saves_the_build_of_its_kernel(
    ask: Ask, fetched: Fetched, jp_fetch: Fetch, store: RunningStore
) -> None:
    kernel = (await fetched("default", "minimal"))["kernels"][0]["name"]
    body = {"path": "a b/é.ipynb", "type": "notebook", "name": "", "kernel": {"name": kernel}}
    await jp_fetch("api", "contents", "a b", method="PUT", body=json.dumps({"type": "directory"}))
    empty = {"cells": [], "metadata": {"theirs": 1}, "nbformat": 4, "nbformat_minor": 5}
    model = json.dumps({"type": "notebook", "format": "json", "content": empty})
    path = ("api", "contents", "a b", "é.ipynb")

    async def saved() -> dict[str, Any]:
        await jp_fetch(*path, method="PUT", body=model)
        kept = json.loads((await jp_fetch(*path)).body)["content"]["metadata"]
        assert kept.pop("theirs") == 1
        return dict(kept)

    assert await saved() == {}, "no kernel runs for it"
    session = json.loads((await jp_fetch("api", "sessions", method="POST", body=json.dumps(body))).body)
    metadata = (await saved())["conda_store"]
    assert (metadata["kernel"], metadata["build_id"]) == (kernel, store.builds["minimal"])
    record = await ask("GET", "notebooks", "record", kernel_id=session["kernel"]["id"])
    assert (await saved())["conda_store"] == record.json, "with its lockfile"
    await jp_fetch("api", "sessions", session["id"], method="DELETE")


async def test_the_name_of_a_kernel_that_is_not_here_tells_its_environment(
    ask: Ask, store: RunningStore
) -> None:
    answer = await ask("GET", "notebooks", "kernel", name="conda-env-default-minimal-py")
    assert answer.json == {
        "server": store.url,
        "namespace": "default",
        "environment": "minimal",
        "build_id": None,
    }
    assert (await ask("GET", "notebooks", "kernel", name="conda-env-a-b-py")).status == 404
    assert (await ask("GET", "notebooks", "kernel", name="python3")).status == 404


async def test_the_lockfile_beside_a_notebook_of_another_server_is_built_here(
    ask: Ask, jp_root_dir: Path, store: RunningStore, tmp_path: Path
) -> None:
    record = {
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
        stands = await ask("POST", "notebooks/status", body=record, path=path)
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
    refused = await ask("POST", "notebooks/rebuild", body=record, path=path)
    assert (refused.status, "is not the lockfile" in refused.json["message"]) == (400, True)
    assert (await ask("POST", "notebooks/rebuild", body=record, path="../x.ipynb")).status == 404


async def test_a_folder_tells_its_environment(ask: Ask, jp_root_dir: Path) -> None:
    (jp_root_dir / ".conda-store.yml").write_text("environment: default/minimal\n")
    answer = await ask("GET", "folder", path="")
    assert answer.json == {
        "path": ".conda-store.yml",
        "namespace": "default",
        "environment": "minimal",
        "build_id": None,
    }
    assert (await ask("GET", "folder", path="../..")).status == 404
