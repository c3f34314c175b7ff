"""The environments that are here, as what their callers know them by: ready, with their kernels."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ..errors import CondaStoreLabError, Conflict, KernelRunning, NoKernel, NotFound
from ..kernels.registry import KernelspecRegistry
from ..models import CopyState, ErrorInfo, Kernel, LocalCopy
from ..models.build_ref import BuildRef, EnvironmentRef
from ..pipeline.prefix import kernels as found_in
from ..store.processes import running_in
from ..store.store import EnvironmentStore, StoredCopy


class Copies:
    """The environments of a store and the kernels that lead to them; safe to use from several threads."""

    def __init__(self, store: EnvironmentStore, registry: KernelspecRegistry) -> None:
        self._store = store
        self._registry = registry

    def get(self, key: str) -> LocalCopy:
        """Return the copy of this key; NotFound when there is none."""
        stored = self._store.get(key)
        if stored is None:
            raise NotFound("There is no such local copy any more; refresh the list.")
        return _ready(stored, self._registry.of(key))

    def all(self) -> dict[str, LocalCopy]:
        """Return every copy by its key."""
        registered = self._registry.registered()
        return {one.key: _ready(one, registered.get(one.key, ())) for one in self._store.list()}

    def newest(self, environment: EnvironmentRef, *, kernels: bool) -> LocalCopy | None:
        """Return the copy of an environment's newest build that is here, ready for use."""
        return self.ready(self._store.newest(environment), environment, kernels=kernels)

    def ready(self, stored: StoredCopy | None, asked: EnvironmentRef, *, kernels: bool) -> LocalCopy | None:
        """Return a copy that is used now.

        If its `kernels` are wanted they are registered again where one is gone, or the environment is
        activated otherwise than before. Raises NotFound for a build of another environment than the one
        asked for.
        """
        if stored is None:
            return None
        if not stored.same_environment(asked):
            raise NotFound(
                f"Build {stored.build_id} is one of {stored.namespace}/{stored.environment}, "
                f"not of {asked.namespace}/{asked.environment}; choose one of its own builds."
            )
        self._store.touch(stored.key)
        if not kernels:
            return _ready(stored, self._registry.of(stored.key))
        known = self._registry.current(stored)
        if known and len(known) >= len(found_in(stored.prefix)):
            return _ready(stored, known)
        return replace(_ready(stored, known), **self.published(stored))

    def published(self, stored: StoredCopy, *, kernels: bool = True) -> dict[str, Any]:
        """Register a copy's kernels, if they are wanted, and return the fields of its copy."""
        registered: tuple[Kernel, ...] = ()
        error = None
        if kernels:
            try:
                registered = self._registry.register(stored, self._store.memory(stored.key))
            except NoKernel as none:
                error = ErrorInfo(none.code, str(none))
        return {
            "state": CopyState.READY,
            "step": None,
            "prefix": str(stored.prefix),
            "files": stored.files,
            "kernels": registered,
            "error": error,
        }

    def refresh(self) -> None:
        """Write the kernels anew of copies that are activated otherwise than when those were written."""
        for stored in self._registry.outdated(self._store.list()):
            with suppress(CondaStoreLabError, OSError):
                lock = self._store.lock(stored.key, shared=True)
                if lock.try_acquire():  # else it is being removed
                    with lock:
                        self.published(stored)

    def remove(self, key: str, *, failed: bool = False) -> Path | None:
        """Take a copy and its kernelspecs away in one step; return the folder that is left to delete.

        Raises KernelRunning while something runs from it, Conflict for what others share, and NotFound
        for what is not there, unless it is what `failed` to come here.
        """
        stored = self._store.get(key)
        names = self._registry.of(key)
        if stored is None and not names and not failed:
            raise NotFound("There is no such local copy any more; refresh the list.")
        if stored and any(running_in(stored.prefix)):
            raise in_use(stored)
        ours = self._store.own(key)
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
