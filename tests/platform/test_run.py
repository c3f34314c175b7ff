"""The image of a build in a real engine: its Python runs, and so does a kernel of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from tests.cli.running import CommandLine, variables
from tests.platform.engine import DOCKER, Engine
from tests.stores import PATIENCE, RunningStore


@pytest.fixture(scope="module")
def image(engine: Engine, debian: str, store: RunningStore, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The image of `default/minimal` upon Debian, in the engine."""
    folder = tmp_path_factory.mktemp("image")
    layout = f"oci:{folder / 'layout'}"
    subprocess.run(
        ["skopeo", "copy", "--src-daemon-host", engine.socket, f"docker-daemon:{debian}", f"{layout}:base"],
        check=True,
        capture_output=True,
    )
    own = CommandLine(variables(store, folder))
    own.json("image", "default/minimal", "--base", f"{layout}:base", "--output", f"{layout}:made")
    return engine.load(f"{layout}:made", "minimal:test")


def test_its_python_runs_and_writes_nothing(engine: Engine, image: str) -> None:
    code = "import sys, ipykernel; print(sys.prefix, sys.version_info[0])"
    said = engine.docker("run", "--rm", "--read-only", "--user", "1000:1000", image, "python", "-c", code)
    assert said.split() == ["/opt/env", "3"]
    listed = engine.docker("run", "--rm", image, "sh", "-c", "jupyter kernelspec list --json; id -u")
    assert "/opt/env/share/jupyter/kernels/python3" in listed


def test_a_kernel_of_it_computes(engine: Engine, image: str, tmp_path: Path) -> None:
    """As a kernelspec of Jupyter's would start it; `--network host` takes the place of a pod's network."""
    manager = KernelManager(connection_file=str(tmp_path / "connection.json"))
    manager._kernel_spec = KernelSpec(
        argv=[
            *(DOCKER, "-H", engine.socket, "run", "--rm", "--network", "host"),
            *("-v", f"{tmp_path}:{tmp_path}", image),
            *("python", "-m", "ipykernel_launcher", "-f", "{connection_file}"),
        ],
        display_name="In a container",
        language="python",
    )
    manager.start_kernel()
    try:
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(PATIENCE)
        outputs: list[str] = []
        client.execute_interactive(
            "import sys; print(sys.prefix, 6 * 7)",
            timeout=PATIENCE,
            output_hook=lambda message: outputs.append(message["content"].get("text", "")),
        )
        client.stop_channels()
        assert "".join(outputs).split() == ["/opt/env", "42"]
    finally:
        manager.shutdown_kernel(now=True)
