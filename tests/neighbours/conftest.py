"""Environments with other extensions in them, a user of each, and Jupyter servers of that user's."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests
from jupyter_client.blocking.client import BlockingKernelClient

from tests.cli.running import variables
from tests.stores import PATIENCE, RunningStore, wait_until

FOLDER = os.environ.get("CONDA_STORE_LABEXT_NEIGHBOURS", "")


class User:
    """Somebody with an environment of Python's that has other extensions, and with folders of their own."""

    def __init__(self, python: Path, folder: Path, environ: dict[str, str]) -> None:
        self.folder = folder
        self.python = python
        self.environ = {
            **environ,
            "HOME": str(folder),
            "PATH": f"{python.parent}{os.pathsep}{environ['PATH']}",
        }

    def run(self, *arguments: str) -> str:
        """Run a module of that environment to its end and return what it printed."""
        done = subprocess.run(
            [str(self.python), "-m", *arguments],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a module of that environment; what it says goes into `log`."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [str(self.python), "-m", *arguments],
                cwd=self.folder,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def execute(self, kernel_id: str, code: str) -> str:
        """Run code on a kernel that runs, and return what that printed."""
        client = BlockingKernelClient()
        client.load_connection_file(
            str(Path(self.environ["JUPYTER_RUNTIME_DIR"]) / f"kernel-{kernel_id}.json")
        )
        client.start_channels(hb=False)  # on a busy machine a kernel that lives misses a beat
        printed = ""

        def collect(message: dict[str, dict[str, str]]) -> None:
            nonlocal printed
            printed += message["content"].get("text", "")

        try:
            client.wait_for_ready(timeout=PATIENCE)
            client.execute_interactive(code, timeout=PATIENCE, output_hook=collect)
        finally:
            client.stop_channels()
        return printed.strip()

    @property
    def log(self) -> Path:
        """The file that the servers log to."""
        return self.folder / "server.log"


class Lab:
    """A running JupyterLab of a user's."""

    def __init__(self, user: User) -> None:
        self.user = user
        self._token = secrets.token_hex(16)
        options = [f"--IdentityProvider.token={self._token}", "--ServerApp.port=0", "--allow-root"]
        options.append("--ServerApp.ip=127.0.0.1")
        self._process = user.start("jupyterlab", "--no-browser", "--LabApp.news_url=None", *options)
        runtime = Path(user.environ["JUPYTER_RUNTIME_DIR"])
        info = runtime / f"jpserver-{self._process.pid}.json"
        wait_until(lambda: info.exists() or self._process.poll() is not None, 180)
        assert self._process.poll() is None, user.log.read_text()
        wait_until(lambda: info.read_text().rstrip().endswith("}"))
        self._url = str(json.loads(info.read_text())["url"])
        wait_until(self._answers, 180)

    def _answers(self) -> bool:
        with suppress(requests.ConnectionError):  # its file comes before its port
            return self.ask("GET", "api/status").ok
        return False

    def ask(self, method: str, path: str, body: object = None) -> requests.Response:
        """Send one request."""
        headers = {"Authorization": f"token {self._token}"}
        return requests.request(method, f"{self._url}{path}", json=body, headers=headers, timeout=PATIENCE)

    def websocket(self, path: str) -> str:
        """Return the address of a websocket, with what lets one in."""
        separator = "&" if "?" in path else "?"
        return f"ws{self._url.removeprefix('http')}{path}{separator}token={self._token}"

    def json(self, method: str, path: str, body: object = None) -> Any:
        """Send one request that must succeed and return its answer."""
        answer = self.ask(method, path, body)
        assert answer.ok, f"{answer.status_code} {answer.text}\n{self.user.log.read_text()}"
        return answer.json()

    def run(self, path: str, kernel: str, code: str) -> str:
        """Start a kernel for a notebook, run code on it and return what that printed."""
        body = {"path": path, "name": path, "type": "notebook", "kernel": {"name": kernel}}
        return self.user.execute(self.json("POST", "api/sessions", body)["kernel"]["id"], code)

    def end(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        finally:
            self._process.kill()
            self._process.wait()


@pytest.fixture
def user_of(store: RunningStore, tmp_path: Path) -> Callable[[str], User]:
    """Make a user with one of the environments."""
    if not FOLDER:
        pytest.skip("`make neighbours` runs these")
    return lambda name: User(Path(FOLDER) / name / "bin/python", tmp_path, variables(store, tmp_path))


@pytest.fixture(scope="module")
def everything(store: RunningStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lab, str]]:
    """JupyterLab of somebody who has every other extension, and the name of a kernel of ours in it."""
    if not FOLDER:
        pytest.skip("`make neighbours` runs these")
    folder = tmp_path_factory.mktemp("everything")
    user = User(Path(FOLDER) / "all/bin/python", folder, variables(store, folder))
    for role in "AUTHOR", "COMMITTER":
        user.environ |= {f"GIT_{role}_NAME": "Ada", f"GIT_{role}_EMAIL": "ada@example.org"}
    user.run("conda_store_labext.cli", "kernels", "sync", "--namespace", "default")
    lab = Lab(user)
    try:
        kernels = lab.json("GET", "api/kernelspecs")["kernelspecs"]
        (kernel,) = (name for name in kernels if "-default-minimal-" in name)
        yield lab, kernel
    finally:
        lab.end()


@pytest.fixture
def lab_of() -> Iterator[Callable[[User], Lab]]:
    """Start JupyterLab for a user."""
    made: list[Lab] = []

    def start(user: User) -> Lab:
        made.append(Lab(user))
        return made[-1]

    yield start
    for lab in made:
        lab.end()
