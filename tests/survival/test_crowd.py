"""Many callers in several processes: one download for one build, a queue for many."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from conda_store_labext.client.connection import Connection
from conda_store_labext.copies import upstream as server_in_use
from conda_store_labext.copies.copies import Copies
from conda_store_labext.copies.manager import CopyManager
from conda_store_labext.kernels.registry import KernelspecRegistry
from conda_store_labext.local import LocalServer
from conda_store_labext.models import CopyState, Kernel, LocalCopy
from conda_store_labext.models.reference import Reference
from conda_store_labext.pipeline.limits import CONCURRENCY
from conda_store_labext.store.records import StoredCopy
from conda_store_labext.store.store import EnvironmentStore
from tests.stores import PATIENCE

from .invariants import Watch, wait_for
from .jupyter import JupyterServer, Servers
from .stallmeter import OUT
from .upstream import Simultaneous, Upstream

METER = "tests.survival.stallmeter"
Start = Callable[..., JupyterServer]


@pytest.fixture
def start(watch: Watch, upstream: Upstream, tmp_path: Path) -> Iterator[Start]:
    """A function that starts one more server of the same user."""
    with Servers() as servers:
        watch.wanted.add(servers.pid)

        def another(*extensions: str) -> JupyterServer:
            home = tmp_path / f"home{len(watch.wanted)}"
            server = servers.start(home, watch.data, upstream.url, watch.mark, extensions)
            watch.wanted.add(server.pid)
            return server

        yield another


def test_two_processes_and_ten_callers_make_one_download(
    start: Start, watch: Watch, upstream: Upstream
) -> None:
    running = [start(), start()]
    with ThreadPoolExecutor(20) as pool:
        done = list(pool.map(lambda number: running[number % 2].fetch(), range(20)))
    assert {copy["state"] for copy in done} == {"ready"}
    # how far a download got is known only to the server that ran it
    assert len({(copy["key"], copy["prefix"], str(copy["kernels"])) for copy in done}) == 1
    assert len(upstream.downloads) == 1
    watch.begin()
    watch.after(ready=1)
    assert [path.name for path in (watch.data / "kernels").iterdir()] == [done[0]["kernels"][0]["name"]]


def test_ten_builds_queue(
    start: Start,
    watch: Watch,
    upstream: Upstream,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    server = start(METER)
    meter = Simultaneous()
    upstream.faults = [meter] * 10
    keys = [server.begin(build).json()["key"] for build in range(1, 11)]
    states = [copy["state"] for copy in server.known()]
    assert len(states) == 10
    assert states.count("running") <= CONCURRENCY
    assert "waiting" in states
    assert wait_for(lambda: meter.most == CONCURRENCY)
    meter.go.set()
    assert {copy["state"] for copy in server.ended(*keys)} == {"ready"}
    assert meter.most == CONCURRENCY
    assert len(upstream.downloads) == 10
    watch.begin()
    watch.after(ready=10)
    stall = float((tmp_path / "home1" / "runtime" / OUT).read_text())
    record_property("event loop's longest stall", stall)
    print(f"event loop's longest stall: {stall * 1000:.0f} ms")


def test_nobody_sees_a_copy_without_its_kernels(
    upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published, looked = threading.Event(), threading.Event()
    register, every = KernelspecRegistry.register, Copies.all

    def register_late(
        self: KernelspecRegistry, environment: StoredCopy, cache: Path | None = None
    ) -> tuple[Kernel, ...]:
        published.set()
        assert looked.wait(PATIENCE)
        return register(self, environment, cache)

    def all_just_before(self: Copies) -> dict[str, LocalCopy]:
        copies = every(self)
        looked.set()
        manager.wait(key)
        return copies

    monkeypatch.setattr(KernelspecRegistry, "register", register_late)
    monkeypatch.setattr(Copies, "all", all_just_before)
    registry = KernelspecRegistry(tmp_path / "kernels")
    server = server_in_use.Upstream(Connection(upstream.url), LocalServer(tmp_path / "local"))
    with closing(CopyManager(server, EnvironmentStore(tmp_path / "store"), registry)) as manager:
        key = manager.start(Reference("default", "demo", 1)).key
        assert published.wait(PATIENCE)
        (seen,) = manager.all()
    assert seen.state is CopyState.READY
    assert seen.kernels == registry.of(key) != ()
