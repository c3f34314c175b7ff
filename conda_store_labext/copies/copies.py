"""The environments that are here, as what their callers know them by: ready, with their kernels."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from ..errors import CondaStoreLabError, Conflict, KernelRunning, NoKernel, NotFound
from ..kernels.launch_spec import activation_of
from ..kernels.registry import KernelspecRegistry
from ..models import CopyState, ErrorInfo, Kernel, LocalCopy
from ..models.build_ref import BuildRef
from ..pipeline.prefix import kernels as kernels_in
from ..store.processes import running_in
from ..store.records import StoredCopy
from ..store.store import EnvironmentStore

log = logging.getLogger(__name__)


class Copies:
    """The environments of a store and the kernels that lead to them; safe to use from several threads."""

    def __init__(self, store: EnvironmentStore, registry: KernelspecRegistry) -> None:
        self._store = store
        self._registry = registry

    def get(self, key: str) -> LocalCopy:
        """Return the copy of this key; NotFound when there is none."""
        return _ready(self.stored(key), self._registry.of(key))

    def stored(self, key: str) -> StoredCopy:
        """Return the copy of this key as the store has it; NotFound when there is none."""
        stored = self._store.get(key)
        if stored is None:
            raise NotFound("This local copy no longer exists; refresh the list.")
        return stored

    def all(self) -> dict[str, LocalCopy]:
        """Return every copy by its key."""
        registered = self._registry.registered()
        return {copy.key: _ready(copy, registered.get(copy.key, ())) for copy in self._store.list()}

    def find(self, build: BuildRef) -> StoredCopy | None:
        """Return the copy of a build; NotFound when the server has it as another environment's."""
        stored = self._store.get(build.copy_key)
        if stored and not stored.same_environment(build):
            raise NotFound(
                f"Build {build.build_id} is one of {stored.namespace}/{stored.environment}, "
                f"not of {build.namespace}/{build.environment}; choose one of its own builds."
            )
        return stored

    def ready(self, stored: StoredCopy) -> LocalCopy:
        """Return a copy that is used now, with the kernels it has."""
        self._store.touch(stored.key)
        return _ready(stored, self._registry.of(stored.key))

    def launchable(self, stored: StoredCopy) -> LocalCopy:
        """Return a copy that is used now, with its kernels.

        They are registered again where one is gone, or the environment is activated otherwise than before.
        """
        self._store.touch(stored.key)
        current = self._registry.current(stored)
        if current and len(current) >= len(kernels_in(stored.prefix)):
            return _ready(stored, current)
        registered, error = self.register(stored)
        return replace(_ready(stored, registered), error=error)

    def register(self, stored: StoredCopy) -> tuple[tuple[Kernel, ...], ErrorInfo | None]:
        """Register a copy's kernels and return them, with why there is none or what activates badly."""
        cache = self._store.activation_cache(stored.key)
        try:
            kernels = self._registry.register(stored, cache)
        except NoKernel as error:
            return (), ErrorInfo(error.code, str(error))
        # now, so that the first start need not wait for its scripts
        problems = activation_of(stored, cache).activate(os.environ).problems
        for problem in problems:
            log.warning("%s: %s", stored.ref, problem)
        return kernels, ErrorInfo("activation", " ".join(problems)) if problems else None

    def refresh(self) -> None:
        """Write the kernels anew of copies that are activated otherwise than when those were written."""
        for stored in self._registry.outdated(self._store.list()):
            with suppress(CondaStoreLabError, OSError):
                lock = self._store.lock(stored.key, shared=True)
                if lock.try_acquire():  # else it is being removed
                    with lock:
                        self.register(stored)

    def remove(self, key: str, *, failed: bool = False) -> Path | None:
        """Take a copy and its kernelspecs away in one step; return the folder that is left to delete.

        Raises KernelRunning while something runs from it, Conflict for what others share, and NotFound
        for what is not there, unless it is what `failed` to come here.
        """
        stored = self._store.get(key)
        names = self._registry.of(key)
        if stored is None and not names and not failed:
            raise NotFound("This local copy no longer exists; refresh the list.")
        if stored and any(running_in(stored.prefix)):
            raise in_use(stored)
        ours = self._store.local(key)
        if stored and not ours and not names:
            raise Conflict(
                f"{stored.ref} lies in {stored.prefix}, which "
                "others share; ask whoever fills that folder to remove it."
            )
        # first what leads to the files, then the files: nobody can start what is half gone
        self._registry.unregister(key)
        return self._store.detach(key) if ours else None


def in_use(build: BuildRef) -> KernelRunning:
    """Return the error for a copy that cannot go because something runs from it."""
    return KernelRunning(
        f"A kernel or program of {build.ref} is running; shut it down, then remove the copy."
    )


def _ready(stored: StoredCopy, kernels: tuple[Kernel, ...]) -> LocalCopy:
    return LocalCopy(
        **asdict(stored.ref),
        key=stored.key,
        state=CopyState.READY,
        step=None,
        bytes_done=0,
        bytes_total=None,
        files=stored.files,
        prefix=str(stored.prefix),
        kernels=kernels,
        error=None,
    )
