"""Kernels of copies start their environment as it is activated now."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from conda_store_labext.copies.copies import Copies
from conda_store_labext.kernels.registry import KernelspecRegistry
from conda_store_labext.models.reference import Reference
from conda_store_labext.store.store import EnvironmentStore
from tests.store.conftest import Put

REFERENCE = Reference("default", "demo")


def test_kernels_are_written_anew_when_the_environment_is_activated_otherwise(
    disk: EnvironmentStore, registry: KernelspecRegistry, put: Put
) -> None:
    copies, copy, other = Copies(disk, registry), put(7), put(8)
    file = registry.folder / f"conda-store-default-demo-{copy.key}-python3" / "kernel.json"

    def ready() -> dict[str, Any]:
        copies.launchable(copy)
        spec: dict[str, Any] = json.loads(file.read_text())
        return spec

    copies.register(copy)
    written = ready()
    file.write_text(json.dumps(written | {"display_name": "my own"}))
    (copy.prefix / "conda-meta/state").write_text(json.dumps({"env_vars": {"DECLARED": "1"}}))
    assert ready()["display_name"] == "my own", "what nobody changed is left alone; it is read at the start"

    untouched = registry.of(other.key)
    (gone, kept), rest = written["argv"][:2], written["argv"][2:]
    file.write_text(json.dumps(written | {"argv": [f"{gone}-of-another-jupyter", kept, *rest]}))
    copies.refresh()
    assert json.loads(file.read_text()) == written, "it names a program that is not there any more"
    copy = replace(copy, variables={"SPECIFIED": "1"})
    assert "SPECIFIED" in str(ready()["argv"])
    assert registry.of(other.key) == untouched


def test_what_activates_badly_is_said_once_and_launched_all_the_same(
    disk: EnvironmentStore, registry: KernelspecRegistry, put: Put, caplog: pytest.LogCaptureFixture
) -> None:
    copies, copy = Copies(disk, registry), put(7)
    script = copy.prefix / "etc/conda/activate.d/broken.sh"
    script.parent.mkdir(parents=True)
    script.write_text("set -e; false")
    kernels, error = copies.register(copy)
    assert kernels == registry.of(copy.key) != ()
    assert error is not None
    assert (error.code, "broken.sh ended the shell" in error.message) == ("activation", True)
    assert error.message in caplog.text
    assert disk.activation_cache(copy.key).exists(), "the first start need not run it again"
    assert copies.launchable(copy).error is None


def test_a_copy_that_nobody_wants_kernels_of_gets_none(
    disk: EnvironmentStore, registry: KernelspecRegistry, put: Put
) -> None:
    copies, copy = Copies(disk, registry), put(7)
    registry.unregister(copy.key)
    local_copy = copies.ready(copy)
    assert (local_copy.kernels, local_copy.error, local_copy.prefix) == ((), None, str(copy.prefix))
    copies.refresh()
    assert registry.of(copy.key) == ()
    again = copies.launchable(copy)
    assert again.kernels == registry.of(copy.key) != ()
