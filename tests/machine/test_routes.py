"""The routes of providers: this machine's environments over HTTP, and a provider of somebody else's."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

from conda_store_labext.store.layout import children
from tests.machine.conftest import MakeVenv
from tests.server.asking import Answer, Ask, Fetch
from tests.stores import PATIENCE

TOY = """
from conda_store_labext.models import EnvironmentListing, Kernel, Package, PackageManager, ProvidedEnvironment
from conda_store_labext.models import Provider


class Toy:
    about = Provider("toy", "Toys", creates=False, changes=False)
    kernels = ()

    def environments(self, folder=None):
        empty = (None, None, None, None)
        row = ProvidedEnvironment("toy", "a b", "bear", "bear (toy)", "toy", *empty, self.kernels)
        return EnvironmentListing((row,), None)

    def register(self, key, display_name=""):
        self.kernels = (Kernel("bear", display_name or key, "python"),)
        return self.kernels

    def unregister(self, key):
        self.kernels = ()
        return ("bear",)

    def packages(self, key):
        return (Package("fur", "1", "", "", "", None, PackageManager.PIP),)


def broken():
    raise ValueError("no toys today")
"""
ENTRY_POINTS = "[conda_store_labext.providers]\ntoy = toys:Toy\nbroken = toys:broken\n"


@pytest.fixture
def jp_server_config(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Config:
    """A server with the extension on whose conda-store does not answer, and another package's provider."""
    monkeypatch.setenv("CONDA_STORE_URL", "http://127.0.0.1:9/conda-store")
    packages = tmp_path / "packages"
    (packages / "toys-1.dist-info").mkdir(parents=True)
    (packages / "toys-1.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: toys\nVersion: 1\n")
    (packages / "toys-1.dist-info/entry_points.txt").write_text(ENTRY_POINTS)
    (packages / "toys.py").write_text(TOY)
    monkeypatch.syspath_prepend(packages)
    extensions = {"conda_store_labext": True}
    return Config({"ServerApp": {"jpserver_extensions": extensions, "allow_unauthenticated_access": False}})


@pytest.fixture
def ask(jp_fetch: Fetch) -> Ask:
    """Send one request to a route below `conda-store/` and return what it answered, errors included."""

    async def send(method: str, path: str, body: object = None, **params: str) -> Answer:
        data = json.dumps(body) if body is not None else ("" if method == "POST" else None)
        response = await jp_fetch(
            "conda-store",
            path,
            method=method,
            body=data,
            params=params,
            request_timeout=PATIENCE,
            raise_error=False,
        )
        return Answer(response)

    return send


async def ended(ask: Ask, job: str) -> dict[str, Any]:
    """Wait until a job runs no more."""
    while True:
        jobs: list[dict[str, Any]] = (await ask("GET", "jobs")).json["jobs"]
        (row,) = (entry for entry in jobs if entry["id"] == job)
        if row["state"] != "running":
            return row
        await asyncio.sleep(0.1)


async def test_from_a_requirements_file_to_a_kernel_and_back(
    ask: Ask, jp_root_dir: Path, jp_fetch: Fetch, jp_serverapp: Any
) -> None:
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def hear(logger: object, schema_id: str, data: dict[str, Any]) -> None:
        heard.put_nowait(data)

    schema = "https://events.jupyter.org/conda_store_labext/job"
    jp_serverapp.event_logger.add_listener(schema_id=schema, listener=hear)
    project = jp_root_dir / "my project"
    project.mkdir()
    (project / "requirements.txt").write_text("six==1.16.0\n")
    environments = "providers/machine/environments"
    body = {"folder": "my project", "file": "my project/requirements.txt"}
    begun = await ask("POST", environments, body)
    assert (begun.status, begun.json["state"]) == (202, "running")
    twice = await ask("POST", environments, body)
    assert (twice.status, twice.json["code"]) == (409, "conflict")
    job = await ended(ask, begun.json["id"])
    assert (job["state"], job["error"]) == ("ready", None)
    assert "six==1.16.0" in job["log"]
    assert ".making-" not in job["log"]
    event = await heard.get()
    while event["state"] == "running":
        event = await heard.get()
    assert event == job

    (row,) = (await ask("GET", environments, folder="my project")).json["environments"]
    assert row == job["environment"]
    assert row["prefix"] == str(project / ".venv")
    address = f"{environments}/{row['key']}"
    made = await ask("POST", f"{address}/kernels", {"display_name": "Mine"})
    assert (made.status, made.json["kernels"][0]["display_name"]) == (201, "Mine")
    name = made.json["kernels"][0]["name"]
    assert name in json.loads((await jp_fetch("api", "kernelspecs")).body)["kernelspecs"]

    assert (await ask("GET", f"{address}/activation")).json == {"line": f". '{project}/.venv/bin/activate'"}
    works = await ask("POST", f"{address}/recreate")
    refused = await ended(ask, works.json["id"])
    assert (refused["state"], refused["error"]["code"]) == ("failed", "conflict")

    wished = {"upgrade": ["six==1.17.0"]}
    preview = await ask("POST", f"{address}/packages/preview", wished)
    assert preview.json["upgraded"] == [{"name": "six", "old": "1.16.0", "new": "1.17.0"}]
    changed = await ask("POST", f"{address}/packages", wished)
    assert (await ended(ask, changed.json["id"]))["state"] == "ready"
    listed = {
        each["name"]: each["version"] for each in (await ask("GET", f"{address}/packages")).json["packages"]
    }
    assert listed["six"] == "1.17.0"

    assert (await ask("DELETE", f"{address}/kernels")).status == 204
    (row,) = (await ask("GET", environments, folder="my project")).json["environments"]
    assert row["kernels"] == []
    assert (await ask("DELETE", address)).status == 204
    assert not (project / ".venv").exists()
    assert (await ask("DELETE", address)).status == 404


async def test_what_fails_says_why_and_what_is_cancelled_leaves_nothing(ask: Ask, jp_root_dir: Path) -> None:
    (jp_root_dir / "requirements.txt").write_text("six==0.0.0.1\n")
    begun = await ask("POST", "providers/machine/environments", {"folder": "", "file": "requirements.txt"})
    failed = await ended(ask, begun.json["id"])
    assert (failed["state"], failed["error"]["code"]) == ("failed", "install_failed")
    assert "six==0.0.0.1" in failed["error"]["message"]
    (jp_root_dir / "slow").mkdir()
    (jp_root_dir / "slow/setup.py").write_text("import time; time.sleep(600)")
    (jp_root_dir / "requirements.txt").write_text("./slow\n")
    begun = await ask("POST", "providers/machine/environments", {"folder": "", "file": "requirements.txt"})
    assert (await ask("POST", f"jobs/{begun.json['id']}/cancel")).status == 200
    assert (await ended(ask, begun.json["id"]))["state"] == "cancelled"
    assert {path.name for path in children(jp_root_dir)} == {"requirements.txt", "slow"}


@pytest.mark.parametrize("folder", ["..", "a/../../b", "/etc/..", "link"])
async def test_nothing_outside_of_the_root_is_looked_at_or_made(
    ask: Ask, jp_root_dir: Path, tmp_path: Path, folder: str
) -> None:
    (jp_root_dir / "link").symlink_to(tmp_path)
    environments = "providers/machine/environments"
    assert (await ask("GET", environments, folder=folder)).status == 404
    assert (await ask("POST", environments, {"folder": folder})).status == 404
    assert (await ask("POST", environments, {"folder": "", "file": f"{folder}/x"})).status == 404
    assert (await ask("GET", "jobs")).json["jobs"] == []


async def test_what_is_unknown_is_said(ask: Ask, jp_root_dir: Path, linked_venv: MakeVenv) -> None:
    linked_venv(jp_root_dir / ".venv")
    (row,) = (await ask("GET", "providers/machine/environments")).json["environments"]
    assert row["display_name"].startswith(f"{jp_root_dir.name} (.venv, Python 3.")
    assert (await ask("GET", "providers/nobody/environments")).status == 404
    assert (await ask("POST", "jobs/nothing/cancel")).status == 404
    assert (await ask("GET", "providers/machine/environments/00/packages")).status == 404
    away = await ask("GET", "providers/conda-store/environments")
    assert (away.status, away.json["code"]) == (503, "server_unreachable")


async def test_another_packages_provider_needs_nothing_but_itself(ask: Ask) -> None:
    providers = (await ask("GET", "providers")).json["providers"]
    assert [provider["id"] for provider in providers] == ["conda-store", "machine", "toy"], (
        "a broken one is left out"
    )
    environments = "providers/toy/environments"
    (row,) = (await ask("GET", environments)).json["environments"]
    assert row["display_name"] == "bear (toy)"
    made = await ask("POST", f"{environments}/a b/kernels", {})
    assert made.json["kernels"] == [{"name": "bear", "display_name": "a b", "language": "python"}]
    assert (await ask("GET", f"{environments}/a b/packages")).json["packages"][0]["name"] == "fur"
    refused = await ask("POST", f"{environments}/a b/packages", {"add": ["x"]})
    assert (refused.status, refused.json["code"]) == (400, "invalid_request")
    assert (await ask("POST", f"{environments}/a b/recreate")).status == 400
    assert (await ask("GET", f"{environments}/a b/activation")).status == 400
