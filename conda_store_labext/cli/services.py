"""What commands work with: the server of the environment's variables, the copies that are here, the manager.

Everything heavy is imported when it is first needed, so that the program says its help, completes words and
refuses nonsense at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..models import Materialisation
from ..reference import Reference
from .terminal import ProgressLine

if TYPE_CHECKING:
    from ..client.rest import CondaStoreClient
    from ..kernelspecs import KernelspecRegistry
    from ..manager import MaterialisationManager
    from ..server import Server
    from ..store import EnvironmentStore


def server() -> Server:
    """Return the server that the variables name, else the local store."""
    from ..client.connection import connection_from_environment
    from ..local import LocalStore
    from ..server import Server

    return Server(connection_from_environment(), LocalStore())


def client() -> CondaStoreClient:
    """Return the server's client once the server has accepted the credentials."""
    found = server().client()
    found.require_authenticated()
    return found


def store() -> EnvironmentStore:
    """Return the copies that are here."""
    from ..paths import default_root, shared_roots
    from ..store import EnvironmentStore

    return EnvironmentStore(default_root(), shared_roots())


def registry() -> KernelspecRegistry:
    """Return the user's kernelspecs."""
    from ..kernelspecs import KernelspecRegistry

    return KernelspecRegistry()


def manager(on_change: Callable[[Materialisation], None] | None = None) -> MaterialisationManager:
    """Return what fetches and removes copies; `on_change` hears how far it has come."""
    from ..inplace import InPlace, folders_in_place
    from ..manager import MaterialisationManager
    from ..paths import links_files
    from ..prune import Pruner
    from ..sizelimit import SizeLimit, configured_limit

    here, kernels, limit = store(), registry(), configured_limit()
    return MaterialisationManager(
        server(),
        here,
        kernels,
        on_change=on_change,
        in_place=InPlace(folders_in_place()),
        link_files=links_files(),
        on_ready=None if limit is None else SizeLimit(Pruner(here, kernels), limit).apply,
    )


def materialised(reference: Reference) -> Materialisation:
    """Materialise a build with progress on the terminal; an interrupt cancels it and cleans up."""
    line = ProgressLine()
    fetching = manager(line.materialisation)
    try:
        return fetching.wait(fetching.start(reference).key)
    finally:
        fetching.close()
        line.clear()
