"""The `variables:` of a specification are set wherever a build runs, and while conda-store is away."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.running import CommandLine, variables
from tests.headless.forwarder import Forwarder
from tests.stores import PATIENCE, RunningStore, ended

TELL = "import os, sys; print(os.environ['MODE'], '/evil' in os.environ['PATH'], sys.base_prefix)"
RUN = ("--", "python", "-c", TELL)
# what starts a kernel by its name as any program does, and prints what it said
KERNEL = """
import sys
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name=sys.argv[1], startup_timeout=300)
client.execute_interactive(sys.argv[2], timeout=300)
client.stop_channels()
manager.shutdown_kernel(now=True)
"""


@dataclass(frozen=True)
class Build:
    """A build whose specification has variables, one of which would take the environment's own away."""

    name: str
    directory: str


@pytest.fixture(scope="module")
def build(store: RunningStore) -> Iterator[Build]:
    client = store.client()
    name = f"variables-{time.time_ns()}"  # conda-store remembers what was deleted
    specification = {
        "name": name,
        "channels": ["conda-forge"],
        "dependencies": ["python", "ipykernel"],
        "variables": {"MODE": "fast", "path": "/evil"},
    }
    built = ended(store, client.create_build("default", json.dumps(specification)))
    directory = client.directory(built.id)
    assert directory
    yield Build(f"default/{name}:{built.id}", directory)
    client.delete_environment("default", name)


def said_by(kernel: str, environ: dict[str, str]) -> list[str]:
    """Start a kernel, and return what it says of itself."""
    done = subprocess.run(
        [sys.executable, "-c", KERNEL, kernel, TELL],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("way", ["archive", "packages", "in place", "shared"])
def test_variables_are_set_in_programs_and_kernels(
    way: str, build: Build, store: RunningStore, tmp_path: Path
) -> None:
    network = Forwarder(store.url)
    command_line = CommandLine({**variables(store, tmp_path), "CONDA_STORE_URL": network.url})
    environ = command_line.environ
    with network:
        expected, kernels = brought(way, build, command_line, tmp_path)
        if way == "in place":
            assert expected[2] == build.directory
        assert command_line("run", build.name, *RUN).stdout.split() == expected
    for kernel in kernels:
        assert said_by(kernel, environ) == expected, kernel
    ran = command_line("run", build.name, *RUN)
    assert ran.stdout.split() == expected, ran.stderr


def brought(way: str, build: Build, command_line: CommandLine, tmp_path: Path) -> tuple[list[str], set[str]]:
    """Have the build here in one way; return what is said there, and its kernels' names."""
    environ = command_line.environ
    if way == "in place":
        environ["CONDA_STORE_LABEXT_IN_PLACE"] = str(Path(build.directory).parent)
    elif way == "shared":
        front = str(tmp_path / "front")
        command_line.json("pull", build.name, CONDA_STORE_LABEXT_FOLDER=front)
        environ["CONDA_STORE_LABEXT_SHARED"] = front
    else:
        environ["CONDA_STORE_LABEXT_WAY"] = way
    command_line.json("kernels", "sync", "--namespace", "default")
    pulled = command_line.json("pull", build.name)
    prefix = pulled["prefix"]
    assert (way == "shared") == prefix.startswith(str(tmp_path / "front"))
    folder = Path(environ["JUPYTER_DATA_DIR"]) / "kernels"
    on_demand = [kernel.name for kernel in folder.iterdir() if "-default-variables" in kernel.name]
    kernels = {pulled["kernels"][0]["name"], *on_demand}
    assert len(kernels) > 1, "the copy's own, and the one that is synced"
    return ["fast", "False", prefix], kernels
