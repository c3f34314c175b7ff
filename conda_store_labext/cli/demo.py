"""`jupyter conda-store demo`: a local store with two environments, and JupyterLab on it, until Ctrl-C."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import NoReturn

from ..client.client import CondaStoreClient
from ..client.connection import Connection
from ..copies.progress import ProgressLine
from ..errors import CondaStoreLabError, NotConfigured, NotFound
from ..local import LocalServer
from ..models import BuildStatus, LocalStoreState
from .demo_lab import STOPPING, jupyterlab, undisturbed
from .demo_project import how_to_create
from .demo_repository import how_to_open

NAMESPACE = "default"
ENVIRONMENTS = {
    "python-minimal": ("python", "ipykernel"),
    "data-science": ("python", "ipykernel", "numpy", "pandas"),
}
LOOK_AGAIN_SECONDS = 0.3
BUILD_SECONDS = 900.0  # the first time, with a channel that is far away


def run(
    *, browser: bool, port: int | None, directory: Path | None = None, store: LocalServer | None = None
) -> int:
    """Run the demo until someone ends it, and return the exit code.

    JupyterLab opens on `directory`, the current one by default, at `port` if one is given. Whatever the demo
    started has ended when this returns or raises; a store that ran before goes on.
    """
    if find_spec("jupyterlab") is None:
        raise CondaStoreLabError(
            "JupyterLab is not installed here: run `pip install jupyterlab`, then try again."
        )
    store = store or LocalServer()
    with _interrupted_by_any_signal(), _started(store) as client:
        _build_all(client)
        directory = (directory or Path.cwd()).absolute()
        to_do = how_to_create(directory)
        with jupyterlab(browser, port, directory) as (lab, url):
            _say(f"\nJupyterLab: {url}")
            _say(how_to_open(store, url) + to_do + "Ctrl-C ends it, and the rest of the demo.")
            with contextlib.suppress(KeyboardInterrupt):
                code = lab.wait()
                raise CondaStoreLabError(
                    f"JupyterLab ended by itself (exit code {code}); its log above says why."
                )
            _say("\nEnding the demo ...")
    return 0


@contextlib.contextmanager
def _started(store: LocalServer) -> Iterator[CondaStoreClient]:
    """Start the store, or join one that runs; end the one that was started, and no other, in the end."""
    ours = store.status().state not in (LocalStoreState.RUNNING, LocalStoreState.STARTING)
    line = ProgressLine()
    try:
        try:
            status = store.start(line.local_store, detach=False)
        finally:
            line.clear()
        _say(status.message)
        credentials = store.credentials()
        if credentials is None:
            raise NotConfigured(
                "The local store has just been stopped by someone else: start the demo again."
            )
        connection = Connection(
            credentials.url, auth="token", token=credentials.token, identity=credentials.identity
        )
        with contextlib.closing(CondaStoreClient(connection)) as client:
            yield client
    finally:
        if ours:
            with undisturbed():
                store.stop()


def _build_all(client: CondaStoreClient) -> None:
    """Have the sample environments built, those that are not there yet, and say how it goes."""
    waiting = {name: _build(client, name, packages) for name, packages in ENVIRONMENTS.items()}
    last_states: dict[str, str] = {}
    began = time.monotonic()
    while waiting:
        for name, build_id in list(waiting.items()):
            build = client.build(build_id)
            state = build.status.value.lower()
            if build.launchable:
                state = "ready"
            elif build.status is BuildStatus.COMPLETED:
                state = "packing"
            elif build.status in (BuildStatus.FAILED, BuildStatus.CANCELED):
                state += f": {build.reason or 'its log says why'}"
            if last_states.get(name) != state:
                _say(f"{NAMESPACE}/{name}: {state} ({time.monotonic() - began:.0f} s)")
                last_states[name] = state
            if build.launchable or build.status in (BuildStatus.FAILED, BuildStatus.CANCELED):
                del waiting[name]
        if waiting and time.monotonic() - began > BUILD_SECONDS:
            left = ", ".join(f"{NAMESPACE}/{name}" for name in waiting)
            _say(f"{left}: not built after {BUILD_SECONDS / 60:.0f} minutes; JupyterLab opens all the same.")
            return
        if waiting:
            time.sleep(LOOK_AGAIN_SECONDS)


def _build(client: CondaStoreClient, name: str, packages: tuple[str, ...]) -> int:
    """Return the newest build of an environment, a new one if it has none that will do."""
    try:
        builds = client.builds(NAMESPACE, name, size=1).builds
    except NotFound:
        builds = ()
    if builds and builds[0].status is not BuildStatus.CANCELED:
        newest = client.build(builds[0].id)
        gone = newest.status is BuildStatus.COMPLETED and "DIRECTORY" not in newest.artifacts
        if not gone and newest.status is not BuildStatus.FAILED:
            return newest.id
    listed = "".join(f"  - {package}\n" for package in packages)
    specification = f"name: {name}\nchannels:\n  - conda-forge\ndependencies:\n{listed}"
    return client.create_build(NAMESPACE, specification)


@contextlib.contextmanager
def _interrupted_by_any_signal() -> Iterator[None]:
    """Let TERM, and a terminal that closes, interrupt as Ctrl-C does, in a background job too."""

    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say(text: str) -> None:
    print(text, flush=True)
