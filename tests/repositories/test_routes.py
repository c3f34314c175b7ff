"""Repositories looked at and opened over HTTP; git, conda-store and the Jupyter server are real."""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path
from typing import Any

from tests.repositories.conftest import MakeOrigin
from tests.repositories.origin import Server
from tests.repositories.test_open import ENVIRONMENT, INDEX
from tests.server.asking import Ask
from tests.stores import PATIENCE, RunningStore


def listed(folder: Path) -> list[Path]:
    """Return what is in a folder."""
    return list(folder.iterdir())


async def visited(ask: Ask, kind: str, **body: object) -> dict[str, Any]:
    """Begin a look or an opening and return it as it ended."""
    begun = await ask("POST", kind, body=body)
    assert begun.status == 202, begun.text
    return await ended(ask, begun.json["id"])


async def ended(ask: Ask, visit: str) -> dict[str, Any]:
    """Wait until a visit has ended and return it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        answer = (await ask("GET", "visits", visit)).json
        if answer["state"] != "running":
            return dict(answer)
        await asyncio.sleep(0.1)
    raise AssertionError(answer)


async def test_a_look_tells_everything_and_leaves_nothing_then_one_request_opens_it(
    ask: Ask, make: MakeOrigin, server: Server, jp_root_dir: Path, store: RunningStore
) -> None:
    pinned = f"default/minimal:{store.builds['minimal']}"
    origin = make({"environment.yml": f"{ENVIRONMENT}  - six\n", "index.ipynb": INDEX, "b/c.ipynb": INDEX})
    asked = {"repository": server.address(origin), "environment": pinned, "folder": ""}
    seen = await visited(ask, "looks", **asked)
    look = seen["look"]
    assert [step["name"] for step in seen["steps"]] == ["look"]
    assert look["revision"].startswith("branch main (")
    assert look["author"].startswith("Ada, 20")
    assert look["notebooks"] == ["b/c.ipynb", "index.ipynb"]
    assert (look["path"], look["folder"], look["exists"]) == ("index.ipynb", "course", False)
    assert (look["environment"], look["state"], look["trusted"]) == (pinned, "built", False)
    assert look["size"] > 0
    named = {package["name"]: package for package in look["manifest"]["packages"]}
    assert named["six"] == {"name": "six", "channel": "conda-forge", "is_new": True}
    assert listed(jp_root_dir) == [], "a look leaves nothing"

    refused = await visited(ask, "openings", **asked, seen=look["seen"])
    assert refused["error"]["code"] == "not_trusted"
    origin.commit({"new.txt": "x"})
    moved = await visited(ask, "openings", **asked, seen=look["seen"], trust=True)
    assert moved["error"]["code"] == "conflict", "what was seen is what is opened"
    assert listed(jp_root_dir) == []

    again = (await visited(ask, "looks", **asked))["look"]["seen"]
    opened = await visited(ask, "openings", **asked, seen=again, trust=True)
    assert opened["state"] == "ready", opened
    assert {step["name"] for step in opened["steps"]} == {"look", "clone", "fetch"}
    assert opened["opened"]["path"] == "course/index.ipynb"
    assert opened["opened"]["kernel"]
    assert (jp_root_dir / "course" / "new.txt").exists()
    third = (await visited(ask, "looks", **asked))["look"]
    assert (third["state"], third["trusted"], third["exists"]) == ("here", True, True)

    link = (await ask("GET", "link", path="course/b/c.ipynb", environment=pinned)).json
    assert link["query"].endswith(
        "&ref=main&path=b%2Fc.ipynb&environment=" + pinned.replace("/", "%2F").replace(":", "%3A")
    )
    assert (await ask("GET", "link", path="../outside")).status == 404


async def test_what_must_be_built_is_built_once_that_is_said(
    ask: Ask, make: MakeOrigin, jp_root_dir: Path
) -> None:
    origin = make(
        {"environment.yml": f"{ENVIRONMENT}variables:\n  RUN: '{time.time_ns()}'\n", "a.ipynb": INDEX}
    )
    look = (await visited(ask, "looks", repository=origin.url))["look"]
    assert (look["state"], look["trusted"]) == ("missing", True), "a repository of one's own is trusted"
    asked = {"repository": origin.url, "seen": look["seen"]}
    refused = await visited(ask, "openings", **asked)
    assert refused["error"]["code"] == "invalid_request"
    opened = await visited(ask, "openings", **asked, build=True)
    assert opened["state"] == "ready", opened
    assert opened["build_id"]
    assert [step["name"] for step in opened["steps"]][:2] == ["look", "build"]
    assert (jp_root_dir / "course" / "a.ipynb").exists()


async def test_a_visit_is_cancelled_and_nobody_else_waits_for_it(
    ask: Ask, server: Server, jp_root_dir: Path
) -> None:
    async def usual() -> float:
        """Return the seconds that an answer takes, as a rule."""
        taken = []
        for _ in range(21):
            asked = time.monotonic()
            assert (await ask("GET", "visits", "none")).status == 404
            taken.append(time.monotonic() - asked)
        return statistics.median(taken)

    alone = await usual()
    begun = await ask("POST", "looks", body={"repository": f"{server.url}/deaf"})
    assert begun.json["state"] == "running"
    assert await usual() < 10 * alone + 0.05, "the server answers others meanwhile"
    assert (await ask("GET", "visits", begun.json["id"])).json["state"] == "running"
    await ask("POST", "visits", begun.json["id"], "cancel")
    assert (await ended(ask, begun.json["id"]))["state"] == "cancelled"
    assert listed(jp_root_dir) == []


async def test_names_are_completed_and_what_may_not_be_opened_is_refused(
    ask: Ask, make: MakeOrigin, server: Server
) -> None:
    origin = make()
    origin.push("origin", "HEAD:refs/heads/week-2", "HEAD:refs/tags/v1")
    body = {"repository": server.address(origin)}
    names = (await ask("POST", "names", body=body)).json
    assert names == {"default": "main", "branches": ["main", "week-2"], "tags": ["v1"]}
    for repository, status in (
        ("https://host.org/o/r", 403),
        ("ext::sh -c x", 403),
        ("--upload-pack=x", 400),
        (f"{server.url.replace('//', '//ada:SECRET@')}/course.git", 400),
    ):
        refused = await ask("POST", "names", body={"repository": repository})
        assert (refused.status, "SECRET" in refused.text) == (status, False), repository


async def test_a_folder_of_the_servers_opens_where_it_is(
    ask: Ask, jp_root_dir: Path, store: RunningStore
) -> None:
    mine = jp_root_dir / "mine"
    mine.mkdir()
    (mine / ".conda-store.yml").write_text("environment: default/minimal\n")
    (mine / "a b.ipynb").write_text(INDEX)
    for repository in ("mine", str(mine)):
        look = (await visited(ask, "looks", repository=repository))["look"]
        assert (look["folder"], look["path"], look["commit"]) == ("mine", "a b.ipynb", None)
        opened = await visited(ask, "openings", repository=repository, seen=look["seen"])
        assert opened["opened"]["path"] == "mine/a b.ipynb"
    outside = await visited(ask, "looks", repository="/etc")
    assert outside["error"]["code"] == "invalid_request"
