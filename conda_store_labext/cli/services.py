"""What commands work with: the server of the environment's variables, the copies that are here, the manager.

Everything heavy is imported when it is first needed, so that the program says its help, completes words and
refuses nonsense at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..client.filters import EVERY, Filters
from ..errors import CondaStoreLabError
from ..models import Environment, Materialisation
from ..reference import Reference
from .terminal import ProgressLine

PAGE = 100

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


def environments(
    asked: CondaStoreClient, search: str = "", namespace: str = "", filters: Filters = EVERY
) -> list[Environment]:
    """Return every environment that matches, over as many pages as there are."""
    found: list[Environment] = []
    page = 1
    while True:
        read = asked.environments(search, page, PAGE, namespace, filters)
        found += read.environments
        if not read.environments or page * PAGE >= read.count:
            return found
        page += 1


def materialised(
    references: Sequence[Reference], *, kernels: bool = True
) -> Iterator[tuple[Reference, Materialisation | CondaStoreLabError]]:
    """Materialise builds with progress on the terminal; give each as it was named, ready or with its error.

    Their kernels are registered unless nobody wants those `kernels`. An interrupt cancels what is under way
    and cleans up.
    """
    line = ProgressLine()
    fetching = manager(line.materialisation)
    try:
        started = [(reference, _begun(fetching, reference, kernels)) for reference in references]
        for reference, begun in started:
            try:
                done = begun if isinstance(begun, CondaStoreLabError) else fetching.wait(begun.key)
            except CondaStoreLabError as error:
                done = error
            line.clear()
            yield reference, done
    finally:
        fetching.close()
        line.clear()


def materialised_one(reference: Reference) -> Materialisation:
    """Materialise one build likewise, without its kernels, and return it; raises what it failed with."""
    ((_, done),) = materialised([reference], kernels=False)
    if isinstance(done, CondaStoreLabError):
        raise done
    return done


def _begun(
    fetching: MaterialisationManager, reference: Reference, kernels: bool
) -> Materialisation | CondaStoreLabError:
    try:
        return fetching.start(reference, kernels=kernels)
    except CondaStoreLabError as error:
        return error
