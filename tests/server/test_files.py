"""Launching on a lockfile over HTTP: asked about once, and made with no conda-store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.packages.conftest import Channel, channel
from tests.pipeline.packages.making import Made
from tests.server.asking import Ask, ended, is_refused

__all__ = ["channel"]

KERNEL = {"argv": ["sh", "-c", "true"], "display_name": "Shell", "language": "sh"}
SHELL = Made("shell", files={"share/jupyter/kernels/shell/kernel.json": json.dumps(KERNEL).encode()})


@pytest.fixture
def store_config(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """No conda-store at all."""
    for name in ("CONDA_STORE_URL", "CONDA_STORE_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return {}


async def test_a_lockfile_is_launched_once_it_is_trusted(
    ask: Ask, channel: Channel, jp_root_dir: Path
) -> None:
    file = jp_root_dir / "project" / "explicit.txt"
    file.parent.mkdir()
    file.write_text(channel.put(SHELL))
    body: dict[str, object] = {"path": "project/explicit.txt"}
    refused = await ask("POST", "copies", "file", body=body)
    assert is_refused(refused, 403, "not_trusted")
    assert "explicit.txt brings 1 packages from 127.0.0.1" in refused.text
    assert (await ask("GET", "copies")).json == {"copies": []}
    started = await ask("POST", "copies", "file", body={**body, "trusted": True})
    assert started.status == 202, started.text
    copy = await ended(ask, started.json["key"])
    assert (copy["state"], copy["namespace"], copy["environment"]) == ("ready", "files", "project")
    assert len(copy["kernels"]) == 1
    # it is here now: nobody is asked again
    again = await ask("POST", "copies", "file", body=body)
    assert (again.status, again.json["key"]) == (202, copy["key"])
    other = await ask("POST", "copies", "file", body={**body, "name": "other", "trusted": True})
    assert other.json["key"] != copy["key"]
    assert (await ended(ask, other.json["key"]))["environment"] == "other"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("../outside.lock", 404, "not_found"),
        ("link.lock", 404, "not_found"),
        ("none.lock", 400, "invalid_request"),
        ("pixi.lock", 400, "unsuitable_lockfile"),
    ],
)
async def test_what_is_no_lockfile_below_the_folder_is_refused(
    path: str, status: int, code: str, ask: Ask, jp_root_dir: Path
) -> None:
    (jp_root_dir.parent / "outside.lock").write_text("@EXPLICIT\n")
    (jp_root_dir / "link.lock").symlink_to(jp_root_dir.parent / "outside.lock")
    (jp_root_dir / "pixi.lock").write_text("version: 99\nenvironments: {}\n")
    answer = await ask("POST", "copies", "file", body={"path": path, "trusted": True})
    assert is_refused(answer, status, code), answer.text
