"""The copy that a kernel starts from: the one that is here, or one that is fetched first."""

from __future__ import annotations

import logging
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ..copies.services import Services
from ..errors import (
    Cancelled,
    CondaStoreLabError,
    NotAuthenticated,
    NotConfigured,
    NotFound,
    ServerError,
    ServerUnreachable,
)
from ..kernels.names import KernelIdentity
from ..models.build_ref import BuildRef
from ..models.reference import Reference
from ..store.records import StoredCopy
from ..store.store import EnvironmentStore
from .specs import OnDemandKernels, fresh_build, read_on_demand

# What keeps us from asking the server which build is the active one; what is here starts all the same.
AWAY = (ServerUnreachable, ServerError, NotConfigured, NotAuthenticated)

log = logging.getLogger(__name__)


def copy_here(identity: KernelIdentity, store: EnvironmentStore, folder: Path | None) -> StoredCopy | None:
    """Return the copy to start from where that is certain without asking anybody; None otherwise.

    `folder` is the kernelspec's own: for an environment's active build it tells which that is, if it was
    looked at just now.
    """
    build_id = identity.build_id or (fresh_build(folder) if folder else None)
    return None if build_id is None else store.find(_build(identity, build_id))


class Fetch:
    """Fetches the copy that a kernel is to start from; `end` from any thread gives it up."""

    def __init__(self, identity: KernelIdentity, folder: Path | None, services: Services) -> None:
        self._identity = identity
        self._folder = folder
        self._services = services
        self._given_up: Future[None] = Future()

    @property
    def given_up(self) -> Future[None]:
        """Return the future that is done once nobody waits for the copy any more."""
        return self._given_up

    def run(self) -> StoredCopy:
        """Return the copy, fetched if it was not here; raises CondaStoreLabError with the reason."""
        identity, manager = self._identity, self._services.manager
        reference = Reference(identity.namespace, identity.environment, identity.build_id)
        try:
            self._require_server()
            # no kernels: there is the one that was started
            started = manager.start(reference, kernels=False, who=self)
        except AWAY as error:
            local_copy = self._last_known() if identity.build_id is None else None
            if local_copy is None:
                raise
            log.warning("%s Starting %s #%d, which is here.", error, identity, local_copy.build_id)
            return local_copy
        done = manager.wait(started.key, self._given_up)
        if self._given_up.done():
            manager.leave(started.key, self)
            raise self.gone()
        if identity.build_id is None:
            self._remember(done.build_id)
        copy = self._services.store.get(done.key)
        if copy is None:
            raise NotFound(f"The copy of {identity} was removed just now; start the kernel again.")
        return copy

    def end(self) -> None:
        """Give it up, at once: what is under way is cancelled where nobody else wants it."""
        with suppress(InvalidStateError):
            self._given_up.set_result(None)

    def gone(self) -> Cancelled:
        """Return the error of a start that was given up."""
        return Cancelled(f"The start of {self._identity} was ended; start the kernel again when you want it.")

    def _require_server(self) -> None:
        """Raise NotConfigured where another server is in use than the one that has the build."""
        connection = self._services.upstream.connection()
        if connection.identity != self._identity.server:
            raise NotConfigured(
                f"{self._identity} belongs to conda-store at {self._identity.server}, but {connection.url} "
                "is in use; choose a kernel of the latter, or set CONDA_STORE_URL."
            )

    def _last_known(self) -> StoredCopy | None:
        """Return the copy of the build that was the active one last, else the newest that is here."""
        identity, store = self._identity, self._services.store
        kernel = read_on_demand(self._folder) if self._folder else None
        copy = store.find(_build(identity, kernel.active_build_id)) if kernel else None
        return copy or store.newest(identity)

    def _remember(self, build_id: int) -> None:
        """Keep in the kernelspec which build is the active one."""
        kernel = read_on_demand(self._folder) if self._folder else None
        if kernel and self._folder:
            with suppress(CondaStoreLabError):
                OnDemandKernels(self._folder.parent).write([replace(kernel, active_build_id=build_id)])


def _build(identity: KernelIdentity, build_id: int) -> BuildRef:
    return BuildRef(identity.server, identity.namespace, identity.environment, build_id)
