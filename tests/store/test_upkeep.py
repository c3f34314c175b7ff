"""`jupyter conda-store prune` and `verify` as people run them, on the real conda-store."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.stores import PATIENCE, RunningStore, wait_until

pytestmark = pytest.mark.slow
PROGRAM = [sys.executable, "-m", "conda_store_labext.cli"]

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(store: RunningStore, tmp_path: Path) -> Run:
    """A function that runs the program with folders of its own."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("CONDA_STORE", "JUPYTER"))
    }
    own = {
        "CONDA_STORE_URL": store.url,
        "CONDA_STORE_TOKEN": store.admin_token,
        "JUPYTER_DATA_DIR": str(tmp_path / "data"),
    }

    def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*PROGRAM, *arguments],
            env={**kept, **own, **environ},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    return run


def test_deleted_builds_are_offered_and_go(run: Run, store: RunningStore, passing: int) -> None:
    assert run("pull", "default/minimal").returncode == 0
    kernel = json.loads(run("pull", f"default/passing:{passing}", "--json").stdout)["kernels"][0]["name"]
    assert json.loads(run("prune", "--deleted", "--json").stdout)["removed"] == []

    client = store.client()
    deleted = requests.delete(
        f"{store.url}/api/v1/build/{passing}/",
        headers={"Authorization": f"Bearer {store.admin_token}"},
        timeout=PATIENCE,
    )
    assert deleted.ok, deleted.text
    wait_until(lambda: not client.build(passing).launchable)

    assert run("prune", "--deleted", CONDA_STORE_TOKEN="expired").returncode == 4
    offered = run("prune", "--deleted", "--dry-run")
    assert "its build was deleted" in offered.stdout
    assert "would free" in offered.stdout
    went = json.loads(run("prune", "--deleted", "--json").stdout)
    assert [(row["environment"], row["why"]) for row in went["removed"]] == [("passing", "deleted")]
    assert 0 < went["bytes_freed"] < went["bytes_before"] / 5, "what it shares with the other one stays"
    here = json.loads(run("list", "--here", "--json").stdout)
    assert [copy["environment"] for copy in here] == ["minimal"]
    assert kernel not in [spec["name"] for copy in here for spec in copy["kernels"]]


def test_the_limit_and_what_is_changed(run: Run, tmp_path: Path) -> None:
    pulled = run("pull", "default/minimal", "--json", CONDA_STORE_LABEXT_SIZE_LIMIT="1MB")
    assert pulled.returncode == 0
    prefix = Path(json.loads(pulled.stdout)["prefix"])
    assert prefix.is_dir(), "what was just made stays"
    assert run("verify", "default/minimal").returncode == 0
    (prefix / "lib" / next(prefix.glob("lib/python3.*")).name / "this.py").write_text("")
    verified = run("verify", "--json")
    assert verified.returncode == 1
    assert [path.rpartition("/")[2] for path in json.loads(verified.stdout)[0]["changed"]] == ["this.py"]
    assert run("verify", "default/no-such").returncode == 5

    assert run("prune", "--keep-size", "much").returncode == 2
    assert run("prune", CONDA_STORE_LABEXT_SIZE_LIMIT="20GB").stdout.startswith("freed 0 B")
    assert "to make room" in run("prune", "--keep-size", "1MB").stdout
    assert not prefix.exists()
    assert list((tmp_path / "data/kernels").iterdir()) == []
