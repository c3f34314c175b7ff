"""`jupyter conda-store demo` with real processes, and that nothing of it stays.

`tests/packaging/test_blocks.py` runs it up to JupyterLab, as it is installed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conda_store_labext.cli.demo_project import how_to_create
from conda_store_labext.local import LocalServer
from conda_store_labext.models import LocalStoreState
from tests.stores import PATIENCE, offline_settings, processes_of, wait_until

ROOT = Path(__file__).parents[2]


class Demo:
    """A demo that runs with a data folder of its own; `said` is its output so far."""

    def __init__(self, home: Path, channels: Path) -> None:
        self.local = LocalServer(home / "data" / "conda-store" / "local", offline_settings(channels))
        self.output = home / "output.txt"
        variables = {
            **os.environ,
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "CONDA_STORE_URL": "http://127.0.0.1:9/of-somebody-else",
            "CONDA_STORE_LOCAL_CHANNEL": "local",
            "CONDA_STORE_LOCAL_CHANNELS": str(channels),
            "PYTHONPATH": str(ROOT),
        }
        (home / "notebooks").mkdir(parents=True, exist_ok=True)
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "conda_store_labext.cli", "demo", "--no-browser"],
                cwd=home / "notebooks",
                env=variables,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, text: str, seconds: float) -> None:
        wait_until(lambda: text in self.said or self.process.poll() is not None, seconds)
        assert text in self.said, self.said

    def end(self, number: int) -> int:
        """End the demo with a signal and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def processes_naming(folder: Path) -> list[str]:
    """Return the command lines that name a folder, or run in it (Linux)."""
    commands = []
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            where = (entry / "cwd").readlink()
        except OSError:
            continue
        if entry.name.isdigit() and (str(folder) in command or where.is_relative_to(folder)):
            commands.append(command)
    return commands


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for everything that the demo writes."""
    folder = tmp_path_factory.mktemp("demo")
    yield folder
    assert processes_naming(folder) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a process of that")
def test_what_it_starts_ends_even_if_it_is_killed() -> None:
    code = (
        "import subprocess, sys; from conda_store_labext.cli.demo_lab import tied; "
        "child = [sys.executable, '-c', 'import time; print(1, flush=True); time.sleep(600)']; "
        "subprocess.run(tied(child))"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == b"1\n"
        parent.kill()
        assert parent.stdout.read() == b"", "it stays open as long as the child lives"


def test_ended_while_it_builds(home: Path, channels: Path) -> None:
    demo = Demo(home, channels)
    try:
        demo.wait_for("default/python-minimal: ", PATIENCE)
        assert demo.end(signal.SIGTERM) == 130
        assert "Traceback" not in demo.said
    finally:
        demo.process.kill()
        demo.local.stop()
    assert demo.local.status().state is LocalStoreState.STOPPED
    assert list((home / "notebooks").iterdir()) == []
    assert processes_of(demo.local.paths.root) == []


def test_a_store_that_ran_before_goes_on(home: Path, channels: Path) -> None:
    local = LocalServer(home / "data" / "conda-store" / "local", offline_settings(channels))
    before = local.start(detach=False)
    try:
        demo = Demo(home, channels)
        demo.wait_for("default/python-minimal: ", PATIENCE)
        assert demo.end(signal.SIGINT) == 130
        assert local.status() == before
    finally:
        local.stop()


def test_the_file_browser_has_a_project_to_make_an_environment_of(tmp_path: Path) -> None:
    said = how_to_create(tmp_path)
    assert "right-click requirements.txt, choose Create Environment from This File" in said
    file = tmp_path / "conda-store-sample/requirements.txt"
    file.write_text("numpy\n")
    assert how_to_create(tmp_path) == said
    assert file.read_text() == "numpy\n", "what somebody has changed stays"
    assert how_to_create(file) == "", "where nothing can be made, nothing is said"
