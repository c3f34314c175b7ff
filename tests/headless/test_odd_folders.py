"""Homes that cannot be written, file systems without locks, odd letters: a sentence each."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.cli.running import PROGRAM, variables
from tests.stores import PATIENCE, RunningStore, wait_until

TOKEN = "odd-folders"
# a file system that has no locks, for which Python is told so when it starts
NO_LOCKS = """
import errno, fcntl
def refuse(*_):
    raise OSError(errno.ENOLCK, "No locks available")
fcntl.flock = refuse
"""


class Person:
    """Somebody to whom permissions apply, even if root runs the tests; with a home of their own."""

    def __init__(self, store: RunningStore, home: Path) -> None:
        kept = variables(store, home)
        self.home = home
        self.data = home / ".local/share/jupyter"
        self.environ = {name: value for name, value in kept.items() if not name.startswith("JUPYTER")}
        self.environ |= {"HOME": str(home), "JUPYTER_RUNTIME_DIR": str(home.parent / "runtime")}
        self.environ["IPYTHONDIR"] = str(home.parent / "ipython")
        for name in "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME":
            self.environ.pop(name, None)
        drop = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
        self._through = [] if os.geteuid() else drop

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line to its end."""
        return subprocess.run(
            [*self._through, *PROGRAM, *arguments],
            env=self.environ,
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    @contextmanager
    def server(self) -> Iterator[str]:
        """Run a Jupyter server; gives its address."""
        options = ["--no-browser", "--allow-root", "--ServerApp.port=0", "--ServerApp.ip=127.0.0.1"]
        options += [f"--IdentityProvider.token={TOKEN}", "--ServerApp.allow_unauthenticated_access=False"]
        log = self.home.parent / "server.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [*self._through, sys.executable, "-m", "jupyter_server", *options],
                env=self.environ,
                cwd=self.home,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        try:
            info = Path(self.environ["JUPYTER_RUNTIME_DIR"]) / f"jpserver-{process.pid}.json"
            wait_until(lambda: info.exists() or process.poll() is not None)
            assert process.poll() is None, log.read_text()
            wait_until(lambda: info.read_text().rstrip().endswith("}"))
            url = json.loads(info.read_text())["url"]

            def answers() -> bool:
                with suppress(requests.ConnectionError):
                    return ask(url, "GET", "api/status").ok
                return False

            wait_until(answers)
            yield url
        finally:
            process.terminate()
            process.wait(PATIENCE)


def ask(url: str, method: str, path: str, body: object = None) -> requests.Response:
    headers = {"Authorization": f"token {TOKEN}"}
    return requests.request(method, f"{url}{path}", json=body, headers=headers, timeout=PATIENCE)


def fetched(url: str) -> dict[str, Any]:
    """Fetch `default/minimal` over HTTP; return what is told at the end."""
    wanted = {"namespace": "default", "environment": "minimal"}
    answer = ask(url, "POST", "conda-store/copies", wanted)
    told: dict[str, Any] = answer.json()
    deadline = time.monotonic() + PATIENCE
    while answer.ok and told["state"] in ("waiting", "running"):
        assert time.monotonic() < deadline
        time.sleep(0.1)
        (told,) = ask(url, "GET", "conda-store/copies").json()["copies"]
    return told


@pytest.fixture
def person(store: RunningStore, tmp_path: Path) -> Iterator[Person]:
    if not os.geteuid() and not shutil.which("setpriv"):
        pytest.skip("permissions do not apply to root, which cannot be laid down here")
    home = tmp_path / "home"
    home.mkdir()
    yield Person(store, home)
    for folder, _, _ in os.walk(tmp_path):
        Path(folder).chmod(0o755)


def odd(person: Person, oddness: str) -> str:
    """Make something odd, and return the folder that has to be named, with the way out."""
    if oddness == "home":
        person.home.chmod(0o555)
        return rf"{re.escape(str(person.home))}.*CONDA_STORE_LABEXT_FOLDER"
    if oddness == "kernels":
        (person.data / "kernels").mkdir(parents=True)
        (person.data / "kernels").chmod(0o555)
        return rf"{re.escape(str(person.data / 'kernels'))}.*JUPYTER_DATA_DIR"
    if oddness == "locks":
        modules = person.home.parent / "modules"
        modules.mkdir()
        (modules / "sitecustomize.py").write_text(NO_LOCKS)
        person.environ["PYTHONPATH"] = str(modules)
        return r"no file locks.*CONDA_STORE_LABEXT_FOLDER"
    folder = person.home / "mes données"
    folder.mkdir()
    person.environ["JUPYTER_DATA_DIR"] = str(folder)
    return r"mes données.*has a space.*CONDA_STORE_LABEXT_FOLDER"


@pytest.mark.parametrize("oddness", ["home", "kernels", "locks", "a space"])
def test_both_programs_say_it_in_one_sentence_and_list_what_is_here(oddness: str, person: Person) -> None:
    expected = odd(person, oddness)
    pulled = person.run("pull", "default/minimal")
    assert pulled.returncode not in (0, 2), pulled.stdout
    lines = pulled.stderr.strip().splitlines()
    assert re.search(expected, lines[-1]), pulled.stderr
    assert len(lines) == 1
    listed = person.run("list", "--here", "--json")
    assert (listed.returncode, listed.stderr) == (0, "")
    with person.server() as url:
        told = fetched(url)
        assert re.search(expected, str(told.get("error") or told.get("message"))), told
        assert ask(url, "GET", "conda-store/environments").ok
        assert "python3" in ask(url, "GET", "api/kernelspecs").json()["kernelspecs"]


def test_letters_of_any_language_do_no_harm(person: Person) -> None:
    person.environ["JUPYTER_DATA_DIR"] = str(person.home / "données")
    with person.server() as url:
        told = fetched(url)
    assert told["state"] == "ready", told
    ran = person.run("run", "default/minimal", "--", "python", "-c", "import sys; print(sys.prefix)")
    assert ran.stdout.strip() == told["prefix"], ran.stderr
