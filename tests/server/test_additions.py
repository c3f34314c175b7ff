"""Additions to a build over HTTP: installed, listed, remembered, kept, promoted and discarded."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.server.asking import Ask, Fetch, Fetched, is_refused
from tests.stores import PATIENCE
from tests.wheels import make_wheel, offline


async def job_ended(ask: Ask, job: dict[str, Any]) -> dict[str, Any]:
    """Wait until a job has ended, and return it."""
    for _ in range(10 * PATIENCE):
        jobs = (await ask("GET", "jobs")).json["jobs"]
        (row,) = (entry for entry in jobs if entry["id"] == job["id"])
        if row["state"] != "running":
            return dict(row)
        await asyncio.sleep(0.1)
    raise AssertionError("it did not end")


async def test_a_user_adds_packages_beside_a_build(
    ask: Ask,
    fetched: Fetched,
    jp_fetch: Fetch,
    tmp_path: Path,
    jp_root_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wheels = tmp_path / "wheels"
    # a name that the store's index has, too
    make_wheel(wheels, "tornado", "99.0", ("gamma",))
    make_wheel(wheels, "gamma", "0.1")
    make_wheel(wheels, "unheard_of", "3.0")
    for name, value in offline(wheels).items():
        monkeypatch.setenv(name, value)
    done = await fetched("default", "minimal")
    key = done["key"]
    assert (await ask("GET", f"additions/{key}")).json["additions"] == []
    assert (await ask("GET", "additions")).json == {"lists": []}
    assert is_refused(await ask("GET", "additions/0badc0de-1"), 404, "not_found")
    body = json.dumps({"name": done["kernels"][0]["name"]})
    started = json.loads((await jp_fetch("api", "kernels", method="POST", body=body)).body)
    of_kernel = (await ask("GET", "additions", kernel_id=started["id"])).json["lists"]
    assert [(row["key"], row["additions"]) for row in of_kernel] == [(key, [])]
    wanted = {"packages": ["tornado>=99", "unheard-of"]}
    hides = await ask("POST", f"additions/{key}/packages", body=wanted)
    assert (await job_ended(ask, hides.json))["error"]["code"] == "hides_packages"
    began = await ask("POST", f"additions/{key}/packages", body={**wanted, "hide": True})
    assert began.status == 202
    job = await job_ended(ask, began.json)
    assert job["state"] == "ready", job["log"]
    refused = await ask("POST", f"additions/{key}/packages", body={"packages": ["--index-url=http://x"]})
    assert (await job_ended(ask, refused.json))["error"]["code"] == "invalid_request"
    nowhere = await ask("POST", f"additions/{key}/packages", body={"packages": ["no-such-thing"]})
    assert (await job_ended(ask, nowhere.json))["error"]["code"] == "install_failed"

    listed = (await ask("GET", f"additions/{key}")).json
    assert {addition["name"]: addition["requested"] for addition in listed["additions"]} == {
        "tornado": True,
        "gamma": False,
        "unheard_of": True,
    }
    # what the notebook remembers, and what it says where that is missing
    record = (await ask("GET", "notebooks", "record", kernel_id=started["id"])).json
    assert record["additions"] == ["tornado==99.0", "unheard_of==3.0"]
    assert (await ask("POST", "notebooks/status", body=record)).json["missing_additions"] == []

    # the specification with them: by conda what is certain, else by pip; nothing is built
    promoted = (await ask("POST", f"additions/{key}/promotion", body={"packages": []})).json
    assert (promoted["conda"], promoted["pip"]) == (["tornado >=99.0"], ["unheard_of>=3.0"])
    assert "- tornado >=99.0\n- pip\n- pip:\n  - unheard_of>=3.0" in promoted["specification"]

    promotion = (await ask("POST", f"additions/{key}/promotion", body={"packages": ["jinja2"]})).json
    assert (promotion["conda"], promotion["pip"]) == ([], ["jinja2"])

    # what a notebook's own block asks for: not what is there, nor what its record tells of
    cell = "# /// script\n# dependencies = ['gamma', 'tornado>98', 'sevenths', 'ipykernel']\n# ///"
    metadata = {"conda_store": {**record, "additions": ["sevenths==7"]}}
    content = {"cells": [{"cell_type": "code", "source": cell}], "metadata": metadata}
    (jp_root_dir / "a.ipynb").write_text(json.dumps(content))
    looked = {"path": "a.ipynb", "kernel_id": started["id"]}
    assert (await ask("GET", "notebooks/requirements", **looked)).json["missing"] == []
    (jp_root_dir / "a.ipynb").write_text(json.dumps({**content, "metadata": {}}))
    assert (await ask("GET", "notebooks/requirements", **looked)).json["missing"] == ["sevenths"]
    (jp_root_dir / "a.ipynb").write_text(json.dumps({"cells": [], "metadata": {}}))
    assert (await ask("GET", "notebooks/requirements", **looked)).json["requirements"] == []
    outside = await ask("GET", "notebooks/requirements", path="../x.ipynb", kernel_id=started["id"])
    assert is_refused(outside, 404, "not_found")
    written = await ask("POST", "notebooks/requirements", body={"source": cell, "packages": ["gamma==0.1"]})
    assert '"gamma==0.1"' in written.json["source"]
    await jp_fetch("api", "kernels", started["id"], method="DELETE")

    (jp_root_dir / "project").mkdir()
    kept = (await ask("POST", f"additions/{key}/project", body={"folder": "project"})).json
    assert kept["kept_for"] == str((jp_root_dir / "project").resolve())
    assert is_refused(
        await ask("POST", f"additions/{key}/project", body={"folder": "../.."}), 404, "not_found"
    )
    assert (await ask("DELETE", f"additions/{key}")).status == 204
    assert (await ask("GET", "additions")).json == {"lists": []}
    stands = (await ask("POST", "notebooks/status", body=record)).json
    assert stands["missing_additions"] == record["additions"]


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("cv2", "opencv-python"),
        ("sklearn.linear_model", "scikit-learn"),
        ("skimage", "scikit-image"),
        ("yaml", "pyyaml"),
        ("google.cloud.storage", "google-cloud-storage"),
        ("pandas", "pandas"),
        ("random_typo_xyz", None),
        ("utils", None),
        ("_internal", None),
    ],
)
async def test_a_missing_module_names_its_package(ask: Ask, module: str, package: str | None) -> None:
    assert (await ask("GET", "modules", name=module)).json["package"] == package
