"""The parts that commands share: the client, lists over all pages, and fetching with progress.

Everything heavy is imported when it is first needed, so that the program says its help, completes words and
refuses nonsense at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..client.filters import EVERY, Filters
from ..copies.progress import ProgressLine
from ..copies.services import Services
from ..errors import CondaStoreLabError, NotFound
from ..models import Environment, LocalCopy
from ..models.reference import Reference

PAGE = 100

if TYPE_CHECKING:
    from ..client.client import CondaStoreClient
    from ..copies.manager import CopyManager
    from ..copies.services import Settings
    from ..pipeline.packages.job import FileJob
    from ..repositories.policy import Policy
    from ..store.lock import FileLock
    from ..store.records import StoredCopy

    Wanted = Reference | FileJob


def configured_settings() -> Settings:
    """Return where environments come from and go to, as the options of a Jupyter server say."""
    from ..extension.options.configured import Configured

    return Configured().settings()


def configured_policy() -> Policy:
    """Return which repositories may be opened, as the options of a Jupyter server say."""
    from ..extension.options.configured import Configured

    return Configured().policy()


def configured_services(on_change: Callable[[LocalCopy], None] | None = None) -> Services:
    """Return the parts, composed as the options of a Jupyter server say; see `Services`."""
    return Services(configured_settings(), on_change)


def client() -> CondaStoreClient:
    """Return the client of the server in use once that has accepted the credentials."""
    server_client = configured_services().upstream.client()
    server_client.require_authenticated()
    return server_client


def environments(
    asked: CondaStoreClient, search: str = "", namespace: str = "", filters: Filters = EVERY
) -> list[Environment]:
    """Return every environment that matches, over as many pages as there are."""
    rows: list[Environment] = []
    page = 1
    while True:
        read = asked.environments(search, page, PAGE, namespace, filters)
        rows += read.environments
        if not read.environments or page * PAGE >= read.count:
            return rows
        page += 1


def named(wanted: Wanted) -> str:
    """Return what is wanted as it was named."""
    return str(wanted) if isinstance(wanted, Reference) else str(wanted.file)


def fetched(
    references: Sequence[Wanted], *, kernels: bool = True, compiled: bool = False
) -> Iterator[tuple[Wanted, LocalCopy | CondaStoreLabError]]:
    """Fetch builds and files with progress on the terminal; give each as it was, ready or with its error.

    Their kernels are registered unless nobody wants those `kernels`; `compiled` waits for all byte code, too.
    An interrupt cancels what is under way and cleans up.
    """
    line = ProgressLine()
    services = configured_services(line.copy)
    fetching = services.manager
    try:
        started = [(reference, _begun(fetching, reference, kernels)) for reference in references]
        for reference, begun in started:
            try:
                done = begun if isinstance(begun, CondaStoreLabError) else fetching.wait(begun.key)
                if compiled and isinstance(done, LocalCopy):
                    services.upkeep.now(done.key)
            except CondaStoreLabError as error:
                done = error
            line.clear()
            yield reference, done
    finally:
        services.close()
        line.clear()


def fetched_one(reference: Reference) -> LocalCopy:
    """Fetch one build likewise, without its kernels, and return it; raises what it failed with."""
    ((_, done),) = fetched([reference], kernels=False)
    if isinstance(done, CondaStoreLabError):
        raise done
    return done


def held_copy(reference: Reference) -> tuple[StoredCopy, FileLock]:
    """Fetch one build if it is not here, and return its copy with the lock that keeps it from being removed.

    Raises what fetching it does, and NotFound when it is removed meanwhile.
    """
    done = fetched_one(reference)
    store = configured_services().store
    copy = store.get(done.key)
    held = store.hold(copy) if copy else None
    if copy is None or held is None:
        raise NotFound(f"The copy of {done.ref} was removed just now; try again.")
    return copy, held


def _begun(fetching: CopyManager, reference: Wanted, kernels: bool) -> LocalCopy | CondaStoreLabError:
    try:
        if not isinstance(reference, Reference):
            return fetching.start_file(reference, kernels=kernels)
        return fetching.start(reference, kernels=kernels)
    except CondaStoreLabError as error:
        return error
