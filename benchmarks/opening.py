"""`make bench-open`: from a repository's address to its notebook's first reply, by our command and by hand.

By hand is git, a virtual environment, pip with its cache warm, and the same JupyterLab. Each time both begin
with nothing, and go on a second time with what they have. The environment was built once, by somebody.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import requests
from jupyter_client.blocking.client import BlockingKernelClient

from conda_store_labext.repositories.jupyter import JupyterServer, running_servers, start_server

from .environments import Built, built
from .measure import Sample, summary, timed
from .settings import Settings
from .table import seconds, table

NAME = "course"
NEEDS = ("ipykernel",)
SECONDS = 120.0
PROGRAM = [sys.executable, "-m", "conda_store_labext.cli", "open"]
FIRST, SECOND = "the first time", "the second time"
OURS, HAND = "jupyter conda-store open", "git, venv, pip, JupyterLab"


def main() -> None:
    """Measure and print a table."""
    settings = Settings.from_environment()
    folder = settings.folder / "opening"
    shutil.rmtree(folder, ignore_errors=True)
    samples: dict[tuple[str, str], list[Sample]] = {}
    with built(settings.folder, quick=True) as store:
        origin = _origin(folder)
        with _jupyter(folder / "build", store):
            asked = [*PROGRAM, str(origin), "--into", str(folder / "build" / NAME), "--build", "--no-browser"]
            subprocess.run(asked, check=True, stdout=subprocess.DEVNULL)
            _end_servers()
        for number in range(settings.rounds + 1):
            for name, way in ((OURS, _by_command), (HAND, _by_hand)):
                print(f"- round {number} of {settings.rounds}: {name}", file=sys.stderr, flush=True)
                place = folder / "run"
                shutil.rmtree(place, ignore_errors=True)
                with _jupyter(place, store):
                    for time_ in (FIRST, SECOND):
                        sample = timed(partial(_replied, way, origin, place / NAME))
                        _end_servers()
                        print(f"  {time_}: {seconds(sample.seconds)} s", file=sys.stderr, flush=True)
                        if number:  # the round before is to warm up
                            samples.setdefault((time_, name), []).append(sample)
    shutil.rmtree(folder, ignore_errors=True)
    print(_results(samples))


def _results(samples: dict[tuple[str, str], list[Sample]]) -> str:
    rows = []
    for (time_, name), taken in sorted(samples.items()):
        done, other = summary(taken), summary(samples[time_, HAND])
        ratio = done.seconds / other.seconds
        rows.append((f"{name}, {time_}", seconds(done.seconds), seconds(done.fastest), f"{ratio:.2f}"))
    return table(("way", "seconds", "fastest", "ratio"), rows)


def _by_command(origin: Path, folder: Path) -> None:
    asked = [*PROGRAM, str(origin), "--into", str(folder), "--no-browser", "--json"]
    subprocess.run(asked, check=True, stdout=subprocess.DEVNULL)


def _by_hand(origin: Path, folder: Path) -> None:
    if folder.exists():
        subprocess.run(["git", "-C", str(folder), "pull", "--quiet"], check=True)
    else:
        subprocess.run(["git", "clone", "--quiet", str(origin), str(folder)], check=True)
        environment = folder / ".venv"
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        python = str(environment / "bin" / "python")
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", str(folder / "requirements.txt")], check=True)
        install = [python, "-m", "ipykernel", "install", "--user", "--name", NAME]
        subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
    start_server(folder).session("index.ipynb", NAME)


def _replied(way: Callable[[Path, Path], None], origin: Path, folder: Path) -> None:
    """Go a way, and have the kernel of the only server add 1 and 1."""
    way(origin, folder)
    (server,) = _servers()
    asked = requests.get(
        f"{server.url}api/sessions", headers={"Authorization": f"token {server.token}"}, timeout=SECONDS
    )
    (session,) = asked.json()
    runtime = Path(os.environ["JUPYTER_RUNTIME_DIR"])
    file = runtime / f"kernel-{session['kernel']['id']}.json"
    client = BlockingKernelClient(connection_file=str(file))
    client.load_connection_file()
    client.start_channels(iopub=False, stdin=False, hb=False)
    try:
        reply = client.execute("1 + 1", reply=True, timeout=SECONDS)
        assert reply["content"]["status"] == "ok", reply
    finally:
        client.stop_channels()


@contextmanager
def _jupyter(folder: Path, store: Built) -> Iterator[None]:
    """Let everything of Jupyter's lie below a folder, and conda-store be the benchmark's."""
    before = dict(os.environ)
    folder.mkdir(parents=True)
    kinds = ("DATA", "RUNTIME", "CONFIG")
    os.environ.update({f"JUPYTER_{kind}_DIR": str(folder / kind.lower()) for kind in kinds})
    os.environ |= {"CONDA_STORE_URL": store.url, "CONDA_STORE_TOKEN": store.token}
    try:
        yield
    finally:
        _end_servers()
        os.environ.clear()
        os.environ.update(before)


def _servers() -> list[JupyterServer]:
    return list(running_servers())


def _end_servers() -> None:
    for server in _servers():
        os.kill(server.pid, signal.SIGTERM)
        _wait(partial(_has_ended, server.pid))


def _has_ended(pid: int) -> bool:
    try:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return True
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def _wait(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not done():
        if time.monotonic() > deadline:
            raise SystemExit("A Jupyter server does not end.")
        time.sleep(0.05)


def _origin(folder: Path) -> Path:
    """Make the repository: a notebook, and what it needs for either way."""
    work, origin = folder / "work", folder / f"{NAME}.git"
    work.mkdir(parents=True)
    listed = "".join(f"  - {name}\n" for name in ("python", *NEEDS))
    notebook = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    files = {
        "environment.yml": f"name: {NAME}\nchannels:\n  - conda-forge\ndependencies:\n{listed}",
        "requirements.txt": "".join(f"{name}\n" for name in NEEDS),
        "index.ipynb": json.dumps(notebook),
        ".gitignore": ".venv\n",
    }
    for name, text in files.items():
        (work / name).write_text(text, encoding="utf-8")
    author = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"]
    for command in (
        ["init", "--quiet"],
        ["add", "--all"],
        [*author, "commit", "--quiet", "-m", "Begin"],
        ["clone", "--quiet", "--bare", ".", str(origin)],
    ):
        subprocess.run(["git", *command], cwd=work, check=True)
    return origin


if __name__ == "__main__":
    main()
