"""Kernels of copies start their environment as it is activated now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from conda_store_labext.copies.copies import Copies
from conda_store_labext.kernels.registry import KernelspecRegistry
from conda_store_labext.models.reference import Reference
from conda_store_labext.store.records import StoredCopy
from conda_store_labext.store.store import EnvironmentStore
from tests.store.conftest import Put

REFERENCE = Reference("default", "demo")


def activate(copy: StoredCopy, script: str) -> None:
    file = copy.prefix / "etc/conda/activate.d/tool.sh"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(script)


def test_kernels_are_written_anew_when_the_environment_is_activated_otherwise(
    disk: EnvironmentStore, registry: KernelspecRegistry, put: Put, tmp_path: Path
) -> None:
    copies, copy, other = Copies(disk, registry), put(7), put(8)
    file = registry.folder / f"conda-store-default-demo-{copy.key}-python3" / "kernel.json"
    count = tmp_path / "count"
    script = f"echo run >> {count}\n"

    def ready() -> dict[str, Any]:
        copies.launchable(copy)
        found: dict[str, Any] = json.loads(file.read_text())
        return found

    activate(copy, f"{script}export TOOL=one")
    assert ready()["env"]["TOOL"] == "one"
    file.write_text(json.dumps(ready() | {"display_name": "my own"}))
    assert ready()["display_name"] == "my own", "what nobody changed is left alone"
    state = copy.prefix / "conda-meta/state"
    state.write_text(json.dumps({"env_vars": {"DECLARED": "1"}}))
    assert ready()["env"]["DECLARED"] == "1"
    assert count.read_text().count("run") == 2

    untouched = registry.of(other.key)
    state.unlink()
    activate(copy, f"{script}export TOOL=two")
    copies.refresh()
    kept = json.loads(file.read_text())["env"]
    assert (kept["TOOL"], "DECLARED" in kept) == ("two", False)
    copies.refresh()
    assert ready()["env"] == kept
    assert count.read_text().count("run") == 3, "what the scripts do is remembered"
    assert registry.of(other.key) == untouched


def test_a_copy_that_nobody_wants_kernels_of_gets_none(
    disk: EnvironmentStore, registry: KernelspecRegistry, put: Put
) -> None:
    copies, copy = Copies(disk, registry), put(7)
    registry.unregister(copy.key)
    found = copies.ready(copy)
    assert (found.kernels, found.error, found.prefix) == ((), None, str(copy.prefix))
    copies.refresh()
    assert registry.of(copy.key) == ()
    again = copies.launchable(copy)
    assert again.kernels == registry.of(copy.key) != ()
