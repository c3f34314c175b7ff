"""A program that ends while environments are on their way: at once, and nothing half-made is left."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path

import psutil
import pytest
import requests

from conda_store_labext.client.client import CondaStoreClient
from conda_store_labext.client.connection import Connection
from conda_store_labext.copies import upstream as in_use
from conda_store_labext.copies.manager import CopyManager
from conda_store_labext.copies.services import Settings
from conda_store_labext.errors import Cancelled, ServerUnreachable
from conda_store_labext.extension import services
from conda_store_labext.kernels.names import KernelIdentity
from conda_store_labext.kernels.registry import KernelspecRegistry
from conda_store_labext.local import LocalServer
from conda_store_labext.models import CopyState, LocalCopy
from conda_store_labext.models.reference import Reference
from conda_store_labext.on_demand.specs import OnDemandKernel, OnDemandKernels
from conda_store_labext.on_demand.sync import SyncPolicy
from conda_store_labext.repositories.policy import Policy
from conda_store_labext.store.store import EnvironmentStore
from tests.pipeline.faulty import Handler, stall
from tests.stores import PATIENCE

from .invariants import Watch, wait_for
from .jupyter import SECONDS, TOKEN, Servers
from .upstream import Upstream

BUILDS = range(1, 6)
MOST = 5.0  # seconds by which a server that waits for conda-store may outlive an idle one

ConnectableStore = Callable[[Upstream], AbstractContextManager[tuple[str, Callable[[int], bool]]]]


def _deaf(asked: threading.Event, released: threading.Event) -> Callable[[Handler], bool]:
    def hook(handler: Handler) -> bool:
        asked.set()
        released.wait(PATIENCE)
        return False

    return hook


@contextmanager
def _deaf_store(upstream: Upstream) -> Iterator[tuple[str, Callable[[int], bool]]]:
    """Have conda-store take every request and answer none; yields its URL and whether it was asked."""
    asked, released = threading.Event(), threading.Event()
    upstream.hooks.insert(0, _deaf(asked, released))
    try:
        yield upstream.url, lambda pid: asked.is_set()
    finally:
        released.set()


@contextmanager
def _full_store(_: Upstream) -> Iterator[tuple[str, Callable[[int], bool]]]:
    """Have a conda-store that is too busy to take a connection, so that whoever asks it waits for that."""
    with ExitStack() as sockets:
        listening = sockets.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        address = listening.getsockname()
        for _number in range(8):  # more than wait in its queue, however long the system makes that
            waiting = sockets.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(address)

        def is_asked(pid: int) -> bool:
            connections = psutil.Process(pid).net_connections("tcp4")
            return any(c.raddr == address and c.status == psutil.CONN_SYN_SENT for c in connections)

        yield f"http://127.0.0.1:{address[1]}/conda-store", is_asked


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


def test_services_leave_behind_what_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "ENDING", 0.1)
    released = threading.Event()

    def deaf(_report: object, _check: object) -> None:
        released.wait(PATIENCE)

    made = services.Services(
        Settings(None, tmp_path / "store"),
        SyncPolicy(),
        Policy.from_environment({}),
        sync_limit=0,
        sync_interval=PATIENCE,
        detach_local_server=False,
        on_change=lambda _: None,
        on_local_change=lambda _: None,
        on_job=lambda _: None,
    )
    made.jobs.start("machine", str(tmp_path), deaf)
    made.close()
    assert [job.state for job in made.jobs.list()] == ["running"]
    released.set()


@pytest.mark.parametrize("conda_store", [_deaf_store, _full_store])
def test_a_server_whose_kernels_wait_for_conda_store_ends_within_seconds_of_an_idle_one(
    conda_store: ConnectableStore, watch: Watch, upstream: Upstream, tmp_path: Path
) -> None:
    """Both are told at the same time, so that whatever else the machine does slows both of them down."""
    with conda_store(upstream) as (url, is_asked), Servers() as servers:
        kernels = [
            OnDemandKernel(KernelIdentity(url, "default", "demo", build), f"demo {build}", "python", build)
            for build in BUILDS
        ]
        names = OnDemandKernels(watch.data / "kernels").write(kernels)
        idle = servers.start(tmp_path / "idle", tmp_path / "other", url, watch.mark)
        server = servers.start(tmp_path / "home", watch.data, url, watch.mark)
        watch.wanted |= {servers.pid, idle.pid, server.pid}
        watch.begin()
        with ThreadPoolExecutor(len(names)) as pool:
            for name in names:
                pool.submit(_start_kernel, server.url, name)
            assert wait_for(lambda: is_asked(server.pid))
            for each in (idle, server):
                each.signal(signal.SIGTERM)
            assert idle.gone(SECONDS / 2), idle.log.read_text()
            assert server.gone(MOST), server.log.read_text()
        watch.after(ready=0)


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
