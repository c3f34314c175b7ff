"""Lists that are longer than a page of the server's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conda_store_labext.cli import main, services
from tests.stores import RunningStore

Listed = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def listed(
    store: RunningStore,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Listed:
    """A function that runs a command with pages of one row, and gives what it printed."""
    monkeypatch.setattr(services, "PAGE", 1)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CONDA_STORE_URL", store.url)
    monkeypatch.setenv("CONDA_STORE_TOKEN", store.admin_token)

    def run(*arguments: str) -> list[dict[str, Any]]:
        assert main([*arguments, "--json"]) == 0
        rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
        return rows

    return run


def test_every_page_is_read_once(listed: Listed, store: RunningStore) -> None:
    names = [f"{row['namespace']}/{row['name']}" for row in listed("env", "list")]
    assert {"default/minimal", "default/unsolvable"} <= set(names)
    assert len(names) == len(set(names))
    assert [row["name"] for row in listed("list", "--search", "minimal") if row["namespace"] == "default"]
    builds = [row["id"] for row in listed("build", "list", "default/minimal")]
    assert store.builds["minimal"] in builds
    assert builds == sorted(set(builds), reverse=True)
