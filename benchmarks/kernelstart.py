"""The cost of a kernel that fetches itself once it is here, and of many of them to a Jupyter server.

As a program: `python -m benchmarks.kernelstart [ROUNDS]`. It starts a local conda-store of its own.
"""

from __future__ import annotations

import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import requests
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from conda_store_labext.copies.services import Services
from conda_store_labext.kernels.names import KernelIdentity
from conda_store_labext.kernels.session import ADDITIONS
from conda_store_labext.local.supervisor import free_port
from conda_store_labext.models.reference import Reference
from conda_store_labext.on_demand.specs import OnDemandKernel, OnDemandKernels
from tests.stores import RunningStore, start_store

WITHOUT = "the same on the copy itself, without an overlay"
COUNTS = (0, 100, 2000)
ROUNDS = 9


def main(rounds: int = ROUNDS) -> None:
    """Measure, and print a table of medians."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        kept = os.environ.get("CONDA_STORE_LABEXT_TEST_STORE")
        home = Path(kept) if kept else folder
        store = start_store(home / "store", home / "channels")
        try:
            os.environ.update(_variables(store, folder))
            print("| what | ms |\n| --- | --- |")
            for what, times in (*_starts(store, rounds), *_lists(store, rounds)):
                print(f"| {what} | {statistics.median(times) * 1000:.1f} |")
        finally:
            store.local.stop()


def _variables(store: RunningStore, folder: Path) -> dict[str, str]:
    folders = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("DATA", "CONFIG", "RUNTIME")}
    return {"CONDA_STORE_URL": store.url, "CONDA_STORE_TOKEN": store.admin_token, **folders}


def _starts(store: RunningStore, rounds: int) -> Iterator[tuple[str, list[float]]]:
    """Yield times from the call to the first reply, warm; the kinds take turns."""
    manager = Services.from_environment().manager
    build_id = store.builds["minimal"]
    here = manager.wait(manager.start(Reference("default", "minimal", build_id)).key)
    manager.close()
    names = dict.fromkeys(("bare jupyter_client start", WITHOUT), here.kernels[0].name)
    for what, pinned in (("provisioner, of a build", build_id), ("provisioner, of the active build", None)):
        kernel = OnDemandKernel(
            KernelIdentity(store.url, "default", "minimal", pinned), what, "python", build_id
        )
        OnDemandKernels().write([kernel])
        names[what] = kernel.name
    times: dict[str, list[float]] = {what: [] for what in names}
    for turn in range(rounds + 1):
        for what, name in names.items():
            os.environ[ADDITIONS] = "0" if what == WITHOUT else "1"
            seconds = _timed(partial(_first_reply, name))
            if turn:  # the first one warms up
                times[what].append(seconds)
    yield from times.items()


def _first_reply(name: str) -> Callable[[], None]:
    kernel = KernelManager(kernel_name=name)
    kernel.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = kernel.blocking_client()
    client.start_channels()
    client.execute("1 + 1", reply=True, timeout=120)

    def end() -> None:
        client.stop_channels()
        kernel.shutdown_kernel(now=True)

    return end


def _timed(run: Callable[[], Callable[[], None]]) -> float:
    begun = time.perf_counter()
    end = run()
    seconds = time.perf_counter() - begun
    end()
    return seconds


def _lists(store: RunningStore, rounds: int) -> Iterator[tuple[str, list[float]]]:
    """Yield times of `GET /api/kernelspecs`, and of writing that many kernelspecs that have not changed."""
    with _server() as (session, url):
        for count in COUNTS:
            kernels = [
                OnDemandKernel(
                    KernelIdentity(store.url, "many", f"e{number}", None), f"e{number}", "python", 1
                )
                for number in range(count)
            ]
            OnDemandKernels().write(kernels)
            session.get(url).raise_for_status()
            yield f"GET /api/kernelspecs, {count} synced", [_elapsed(session, url) for _ in range(rounds)]
            if count:
                begun = time.perf_counter()
                OnDemandKernels().write(kernels)
                yield f"sync without a change, {count}", [time.perf_counter() - begun]
        assert len(KernelSpecManager().find_kernel_specs()) >= max(COUNTS)


def _elapsed(session: requests.Session, url: str) -> float:
    begun = time.perf_counter()
    session.get(url).raise_for_status()
    return time.perf_counter() - begun


@contextmanager
def _server() -> Iterator[tuple[requests.Session, str]]:
    port, token = free_port(None), secrets.token_hex()
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", f"--port={port}", "--allow-root"]
    server = subprocess.Popen([*command, f"--IdentityProvider.token={token}"], stderr=subprocess.DEVNULL)
    session, url = requests.Session(), f"http://127.0.0.1:{port}/api/kernelspecs"
    session.headers["Authorization"] = f"token {token}"
    try:
        for _ in range(600):
            try:
                session.get(url).raise_for_status()
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield session, url
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
