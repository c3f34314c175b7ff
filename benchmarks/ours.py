"""The way of this package, called as the Jupyter server calls it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conda_store_labext.client.connection import Connection
from conda_store_labext.copies.in_place import InPlace
from conda_store_labext.copies.manager import CopyManager
from conda_store_labext.copies.upstream import Upstream
from conda_store_labext.kernels.registry import KernelspecRegistry
from conda_store_labext.local import LocalServer
from conda_store_labext.models import CopyState, LocalCopy
from conda_store_labext.models.reference import Reference
from conda_store_labext.store.paths import ARCHIVE
from conda_store_labext.store.store import EnvironmentStore

from .environments import NAMESPACE

KERNELS = "kernels"
STARTED = 1.5  # seconds after which a worker that was started in advance waits for its job


@contextmanager
def manager(
    url: str,
    token: str,
    target: Path,
    *,
    ready: bool = True,
    in_place: Path | None = None,
    way: str = ARCHIVE,
) -> Iterator[CopyManager]:
    """Give a manager for the conda-store at `url` that keeps everything below `target`.

    `ready`: with a worker started in advance, as it is while somebody looks at the list of environments.
    `in_place`: the folder of the conda-store's own environments, if they are to be used there. `way` is how
    builds come.
    """
    local = LocalServer(target / "local")
    # one name for the server, whatever port it is reached through
    connection = Connection(url, auth="token", token=token, identity="benchmark")
    made = CopyManager(
        Upstream(connection, local),
        EnvironmentStore(target / "store"),
        KernelspecRegistry(target / KERNELS),
        in_place=InPlace({str(in_place): str(in_place)} if in_place else {}),
        way=way,
    )
    try:
        if ready:
            made.prepare()
            time.sleep(STARTED)
        yield made
    finally:
        made.close()


def fetch(made: CopyManager, environment: str, build: int) -> LocalCopy:
    """Bring a build here, kernels registered, and return it."""
    started = made.start(Reference(NAMESPACE, environment, build))
    ended = started if started.state is CopyState.READY else made.wait(started.key)
    assert ended.state is CopyState.READY, ended
    return ended
