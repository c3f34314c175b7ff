"""Programs that run notebooks, each on a kernel whose environment was not here, and then without a server."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from conda_store_labext.models.build_ref import copy_key
from conda_store_labext.store.store import EnvironmentStore
from tests.cli.running import CommandLine, variables
from tests.headless.forwarder import Forwarder
from tests.headless.hub import free_ports
from tests.stores import PATIENCE, RunningStore

pytestmark = pytest.mark.slow

CODE = "import sys; print('runs in', sys.base_prefix)"
AT_ONCE = 8
RUNNER = Path(__file__).with_name("runner.py")
# seconds, each longer than the last: one console may hang, and on a busy machine each is slow
CONSOLE_SECONDS = (30, 60, 120, 240, 480)
# What these programs wait for by themselves is seconds, which a busy machine does not keep.
NBCONVERT = [f"--ExecutePreprocessor.{limit}_timeout={PATIENCE}" for limit in ("startup", "iopub")]
VOILA = [f"--VoilaExecutor.{limit}_timeout={PATIENCE}" for limit in ("startup", "iopub")]
PAPERMILL = """
import sys
from nbclient.client import NotebookClient
NotebookClient.iopub_timeout.default_value = int(sys.argv.pop(1))
from papermill.cli import papermill
papermill()
"""
JUPYTER_RUN = """
import sys
from jupyter_client import runapp
runapp.OUTPUT_TIMEOUT = int(sys.argv.pop(1))
runapp.main()
"""


@pytest.fixture
def network(store: RunningStore) -> Iterator[Forwarder]:
    """The network between the programs and conda-store."""
    with Forwarder(store.url) as forwarder:
        yield forwarder


class User:
    """Somebody who has a kernel for `default/minimal`, and nothing of that environment."""

    def __init__(self, store: RunningStore, folder: Path, url: str) -> None:
        self.folder = folder
        self.environ = {**variables(store, folder), "CONDA_STORE_URL": url}
        self.build_id = build_id = store.builds["minimal"]
        program = CommandLine(self.environ)
        program.json("kernels", "sync", "--namespace", "default", "--pinned")
        kernels = {row["identity"]["environment"]: row for row in program.json("kernels", "list")}
        self.kernel = kernels["minimal"]["name"]
        self.prefix = EnvironmentStore(folder / "data" / "conda-store").prefix(copy_key(url, build_id))
        assert not self.prefix.exists()
        self.notebook = folder / "notebook.ipynb"
        self.name(self.kernel)

    def name(self, kernel: str) -> None:
        """Have the notebook ask for a kernel."""
        cell: dict[str, Any] = {"cell_type": "code", "id": "a", "metadata": {}, "source": CODE}
        notebook = {
            "cells": [cell | {"outputs": [], "execution_count": None}],
            "metadata": {"kernelspec": {"name": kernel, "display_name": "", "language": "python"}},
        }
        self.notebook.write_text(json.dumps(notebook | {"nbformat": 4, "nbformat_minor": 5}))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start this Python."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, entered: str = "") -> str:
        """Run this Python to its end and return what it printed."""
        process = self.start(*arguments)
        printed, errors = process.communicate(entered, timeout=5 * PATIENCE)
        assert process.returncode == 0, errors
        return printed

    @property
    def expected(self) -> str:
        """The line that the notebook prints."""
        return f"runs in {self.prefix}"


@pytest.fixture
def user(store: RunningStore, tmp_path: Path, network: Forwarder) -> User:
    """That somebody."""
    return User(store, tmp_path, network.url)


def printed_in(notebook: Path) -> str:
    """Return what the only cell of a notebook printed."""
    (cell,) = json.loads(notebook.read_text())["cells"]
    return "".join(cell["outputs"][0]["text"]).strip()


def with_nbconvert(user: User) -> str:
    """Run the notebook into another file."""
    into = ("--to", "notebook", "--execute", "--output", "converted")
    user.run("-m", "nbconvert", *into, *NBCONVERT, str(user.notebook))
    return printed_in(user.folder / "converted.ipynb")


def with_papermill(user: User) -> str:
    """Run the notebook into another file."""
    files = (str(user.notebook), str(user.folder / "out.ipynb"))
    limits = f"--start-timeout={PATIENCE}"
    user.run("-c", PAPERMILL, f"{PATIENCE}", *files, "--no-progress-bar", limits)
    return printed_in(user.folder / "out.ipynb")


def with_jupyter_run(user: User) -> str:
    """Run the code alone."""
    limits = f"--RunApp.kernel_timeout={PATIENCE}"
    return user.run("-c", JUPYTER_RUN, f"{PATIENCE}", "--kernel", user.kernel, limits, entered=CODE)


def with_console(user: User) -> str:
    """Enter the code at a console's prompt, and leave once it has said something.

    jupyter_console waits for ever for what its kernel said before it listened; then another one is started.
    """
    for seconds in CONSOLE_SECONDS:
        limits = f"--ZMQTerminalInteractiveShell.kernel_timeout={seconds}"
        console = user.start("-m", "jupyter_console", "--kernel", user.kernel, "--simple-prompt", limits)
        assert console.stdin
        assert console.stdout
        watch = threading.Timer(seconds, console.kill)
        watch.start()
        try:
            console.stdin.write(f"{CODE}\n")
            console.stdin.flush()
            printed = ""
            while line := console.stdout.readline():
                printed += line
                if "runs in" in line:
                    console.communicate("quit\n", timeout=PATIENCE)
                    return printed
        finally:
            watch.cancel()
            console.kill()
            console.wait()
    raise AssertionError("no console has run the code")


def with_voila(user: User) -> str:
    """Look at the page that voila makes of the notebook."""
    (port,) = free_ports(1)  # voila does not tell which one it took itself
    place = (f"--port={port}", "--Voila.ip=127.0.0.1")
    server = user.start("-m", "voila", str(user.notebook), "--no-browser", *place, *VOILA)
    try:
        assert server.stderr
        address = None
        while address is None:
            line = server.stderr.readline()
            assert line, "voila ended"
            address = re.search(r"http://\S+", line)
        page = requests.get(address[0], timeout=PATIENCE)
        assert page.ok, page.text
        return page.text
    finally:
        server.terminate()
        server.communicate(timeout=PATIENCE)


PROGRAMS = (with_nbconvert, with_papermill, with_jupyter_run, with_console, with_voila)


@pytest.mark.parametrize("run", PROGRAMS)
def test_a_program_fetches_what_its_notebook_needs(run: Callable[[User], str], user: User) -> None:
    assert user.expected in run(user)
    assert user.prefix.is_dir()


@pytest.mark.parametrize("run", [with_papermill, with_voila])
def test_a_program_takes_the_names_of_older_extensions(run: Callable[[User], str], user: User) -> None:
    user.run("-m", "conda_store_labext.on_demand.install", "--enable")
    for name in (f"conda-store://default/minimal:{user.build_id}", "conda-env-default-minimal-py"):
        user.name(name)
        assert user.expected in run(user)


def test_eight_at_once_download_once_and_later_no_program_needs_the_server(
    user: User, network: Forwarder, store: RunningStore
) -> None:
    programs = [user.start(str(RUNNER), user.kernel, f"kernel{number}", CODE) for number in range(AT_ONCE)]
    ended = [program.communicate(timeout=5 * PATIENCE) for program in programs]
    assert [said for said in ended if user.expected not in said[0]] == []
    with store.client().open_artifact(store.builds["minimal"], "archive") as archive:
        assert archive.total
        assert archive.total < network.brought < 1.5 * archive.total

    network.close()
    with ThreadPoolExecutor(len(PROGRAMS)) as pool:
        printed = list(pool.map(lambda run: run(user), PROGRAMS))
    assert [user.expected in text for text in printed] == [True] * len(PROGRAMS), printed
