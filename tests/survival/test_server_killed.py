"""kill -9 and SIGTERM of the Jupyter server, wherever it is in bringing an environment here."""

from __future__ import annotations

import random
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from conda_store_labext.store.store import EnvironmentStore
from tests.stores import PATIENCE

from .invariants import Contents, Watch, kill, wait_for
from .jupyter import JupyterServer, Servers
from .points import points
from .upstream import Upstream, interrupt


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """The starter of servers."""
    with Servers() as starting:
        yield starting


@pytest.fixture(scope="module")
def steady(archive: bytes) -> Iterator[Upstream]:
    """One upstream, at one address, for all servers of the module."""
    running = Upstream(archive)
    with running:
        yield running


class Lane:
    """One user's folders, in which one server after the other runs and cleans up behind the last."""

    def __init__(self, servers: Servers, upstream: Upstream, whole: Contents, folder: Path) -> None:
        self.upstream = upstream
        self.watch = Watch(
            EnvironmentStore(folder / "data" / "conda-store"), folder / "data", whole, str(folder)
        )
        self._servers = servers
        self._folder = folder
        self._server: JupyterServer | None = None

    def server(self) -> JupyterServer:
        """Return the running server, a new one if the last was killed."""
        self.watch.begin()
        if self._server is None:
            watch = self.watch
            self._server = self._servers.start(self._folder, watch.data, self.upstream.url, watch.mark)
            watch.wanted = {self._server.pid}
        return self._server

    def ended(self) -> None:
        """Take note that the server has ended."""
        assert self._server
        assert self._server.gone(), self._server.log.read_text()
        self._server.close()
        self._server = None
        self.watch.wanted = set()

    def works(self) -> None:
        """Show that everything works on a new server, and clean up."""
        server = self.server()
        done = server.fetch()
        assert (done["state"], done["error"]) == ("ready", None)
        (kernel,) = done["kernels"]
        assert (self.watch.data / "kernels" / kernel["name"] / "kernel.json").exists()
        self.watch.after(ready=1)
        assert server.ask("DELETE", f"copies/{done['key']}").status_code == 204
        self.watch.after(ready=0)
        assert list((self.watch.data / "kernels").iterdir()) == []


@pytest.fixture(scope="module")
def lane(
    servers: Servers, steady: Upstream, whole: Contents, tmp_path_factory: pytest.TempPathFactory
) -> Lane:
    """The folders of the module's servers."""
    return Lane(servers, steady, whole, tmp_path_factory.mktemp("lane"))


@points(4)
def test_kill(chance: random.Random, lane: Lane) -> None:
    server, upstream, watch = lane.server(), lane.upstream, lane.watch
    together = chance.random() < 0.3  # as when the machine goes down
    struck = threading.Event()

    def strike() -> None:
        if not struck.is_set():
            struck.set()
            kill([server.pid, *(watch.processes() if together else [])])

    delay = chance.uniform(0, 0.03)
    if chance.random() < 0.5:
        upstream.faults = [interrupt(chance.randrange(len(upstream.body) + 1), strike, delay)]
    else:
        threading.Timer(chance.uniform(0, 0.6), strike).start()
    with suppress(requests.RequestException):
        server.begin()
    assert struck.wait(PATIENCE), server.known()
    lane.ended()
    if together:  # the worker may have been started just then: it ends by itself
        assert wait_for(lambda: watch.processes() == [])
    watch.after(swept=not together)
    upstream.faults = []
    lane.works()


@points(1, 5)
def test_terminate(chance: random.Random, lane: Lane) -> None:
    server, upstream, watch = lane.server(), lane.upstream, lane.watch
    sent = threading.Event()
    upstream.faults = [interrupt(chance.randrange(len(upstream.body)), sent.set, 0.5)]
    server.begin()
    sent.wait(chance.uniform(0, 3))
    server.signal(signal.SIGTERM)
    lane.ended()
    watch.after()
    assert "Traceback" not in server.log.read_text()
    lane.works()
