"""A program that ends while environments are on their way: at once, and nothing half-made is left."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from conda_store_labext.client.client import CondaStoreClient
from conda_store_labext.client.connection import Connection
from conda_store_labext.copies import upstream as in_use
from conda_store_labext.copies.manager import CopyManager
from conda_store_labext.errors import Cancelled, ServerUnreachable
from conda_store_labext.kernels.names import KernelIdentity
from conda_store_labext.kernels.registry import KernelspecRegistry
from conda_store_labext.local import LocalServer
from conda_store_labext.models import CopyState, LocalCopy
from conda_store_labext.models.reference import Reference
from conda_store_labext.on_demand.specs import OnDemandKernel, OnDemandKernels
from conda_store_labext.store.store import EnvironmentStore
from tests.pipeline.faulty import Handler, stall
from tests.stores import PATIENCE

from .invariants import Watch
from .jupyter import SECONDS, TOKEN, Servers
from .upstream import Upstream

BUILDS = range(1, 6)


@pytest.fixture
def events() -> list[LocalCopy]:
    """Every state that was told."""
    return []


@pytest.fixture
def manager(upstream: Upstream, tmp_path: Path, events: list[LocalCopy]) -> Iterator[CopyManager]:
    """A manager that fetches one build at a time."""
    server = in_use.Upstream(Connection(upstream.url), LocalServer(tmp_path / "local"))
    store, registry = EnvironmentStore(tmp_path / "store"), KernelspecRegistry(tmp_path / "kernels")
    made = CopyManager(server, store, registry, concurrency=1, on_change=events.append)
    yield made
    made.close()


def test_closing_ends_what_waits_and_whoever_waits_for_it(manager: CopyManager, upstream: Upstream) -> None:
    upstream.faults = [stall(1000)] * len(BUILDS)
    keys = [manager.start(Reference("default", "demo", build)).key for build in BUILDS]
    with ThreadPoolExecutor(len(keys)) as pool:
        waiting = [pool.submit(manager.wait, key) for key in keys]
        manager.close()
        for future in waiting:
            assert isinstance(future.exception(PATIENCE), Cancelled)
    with pytest.raises(Cancelled):
        manager.start(Reference("default", "demo", 1))


def test_a_cancelled_copy_never_runs_again(
    manager: CopyManager, upstream: Upstream, events: list[LocalCopy]
) -> None:
    began = threading.Event()
    upstream.faults = [_waits_until(began, stall(1000))]
    first, second = (manager.start(Reference("default", "demo", build)).key for build in (1, 2))
    assert began.wait(PATIENCE)
    assert manager.cancel(second).state is CopyState.CANCELLED
    manager.cancel(first)
    for key in (first, second):
        with pytest.raises(Cancelled):
            manager.wait(key)
    states = [copy.state for copy in events if copy.key == second]
    assert states == [CopyState.WAITING, CopyState.CANCELLED]
    assert [copy.state for copy in events if copy.key == first][-1] is CopyState.CANCELLED


def test_a_client_that_is_closed_ends_what_it_asks(upstream: Upstream) -> None:
    asked = threading.Event()
    upstream.hooks.insert(0, _deaf(asked, threading.Event()))
    client = CondaStoreClient(Connection(upstream.url, timeout=SECONDS))
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(client.version)
        assert asked.wait(PATIENCE)
        client.close()
        assert isinstance(answer.exception(SECONDS / 2), ServerUnreachable)


def test_a_server_that_waits_for_a_deaf_conda_store_ends_when_it_is_told(
    watch: Watch, upstream: Upstream, tmp_path: Path
) -> None:
    asked, released = threading.Event(), threading.Event()
    upstream.hooks.insert(0, _deaf(asked, released))
    kernels = [
        OnDemandKernel(
            KernelIdentity(upstream.url, "default", "demo", build), f"demo {build}", "python", build
        )
        for build in BUILDS
    ]
    names = OnDemandKernels(watch.data / "kernels").write(kernels)
    with Servers() as servers, ThreadPoolExecutor(len(names)) as pool:
        watch.wanted.add(servers.pid)
        server = servers.start(tmp_path / "home", watch.data, upstream.url, watch.mark)
        watch.wanted.add(server.pid)
        watch.begin()
        for name in names:
            pool.submit(_start_kernel, server.url, name)
        assert asked.wait(PATIENCE)
        server.signal(signal.SIGTERM)
        try:
            assert server.gone(SECONDS / 2), server.log.read_text()
        finally:
            released.set()
        watch.after(ready=0)


def _deaf(asked: threading.Event, released: threading.Event) -> Callable[[Handler], bool]:
    def hook(handler: Handler) -> bool:
        asked.set()
        released.wait(PATIENCE)
        return False

    return hook


def _waits_until(
    began: threading.Event, fault: Callable[[Handler, bytes], bool]
) -> Callable[[Handler, bytes], bool]:
    def begins(handler: Handler, body: bytes) -> bool:
        began.set()
        return fault(handler, body)

    return begins


def _start_kernel(url: str, name: str) -> None:
    header = {"Authorization": f"token {TOKEN}"}
    with suppress(requests.RequestException):
        requests.post(f"{url}api/kernels", json={"name": name}, headers=header, timeout=PATIENCE)
