"""Pruning of local copies: those deleted on the server, long unused, least recently used.

Never one that runs, one that is being made, one of a store in front, or one that is used in place.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timezone

from ..client.client import CondaStoreClient
from ..errors import Conflict, KernelRunning, NoKernel, NotFound
from ..kernels.registry import KernelspecRegistry
from ..models.build_ref import BuildRef
from ..models.quantities import show_size
from ..store.overlays import Overlays
from ..store.processes import running_in
from ..store.records import StoredCopy
from ..store.store import EnvironmentStore
from ..store.usage import Usage


@dataclass(frozen=True)
class Policy:
    """Rules of pruning: copies unused for `unused_for` seconds, then as many as exceed `keep_size` bytes.

    `deleted` are the keys of copies whose builds the server no longer has; `spared` protects, whatever the
    rest says, what was used within that many seconds.
    """

    keep_size: int | None = None
    unused_for: float | None = None
    deleted: Collection[str] = ()
    spared: float = 0.0


@dataclass(frozen=True)
class PruneRow(BuildRef):
    """One copy that goes or would have gone; `why` is deleted, unused, size, running, recent or busy."""

    key: str
    last_used_on: str
    why: str
    bytes: int


@dataclass(frozen=True)
class PruneSummary:
    """Result of pruning, or of a dry run; sizes are bytes on disk, a file with several names counted once.

    `kept` should have gone but are in use; `kernels` are the kernelspecs that led nowhere; `message` says
    in one sentence that the limit cannot be held, if so.
    """

    dry_run: bool
    removed: tuple[PruneRow, ...]
    kept: tuple[PruneRow, ...]
    kernels: tuple[str, ...]
    bytes_before: int
    bytes_freed: int
    message: str | None


class Pruner:
    """Removes copies of one store together with their kernelspecs; blocking."""

    def __init__(
        self, store: EnvironmentStore, registry: KernelspecRegistry, overlays: Overlays | None = None
    ) -> None:
        self._store = store
        self._registry = registry
        self._overlays = overlays or Overlays()

    def prune(self, policy: Policy, *, dry_run: bool = False) -> PruneSummary:
        """Remove what the policy says, least recently used first, or only tell in a dry run.

        Raises CacheNotWritable where files cannot be removed.
        """
        if not dry_run:
            self._store.sweep()
            self._overlays.sweep()
        copies = sorted(self._own(), key=lambda copy: copy.last_used_on)
        usage = Usage({copy.key: copy.prefix for copy in copies})
        before = left = usage.total
        removed: list[PruneRow] = []
        kept: list[PruneRow] = []

        def consider(copy: StoredCopy, why: str) -> int:
            reason = self._in_use(copy, policy)
            if reason == "running" and not dry_run:
                self._store.touch(copy.key)
            if reason is None and not dry_run:
                reason = self._remove(copy)
            if reason is not None:
                kept.append(_row(copy, reason, usage.freed_by(copy.key)))
                return 0
            freed = usage.remove(copy.key)
            removed.append(_row(copy, why, freed))
            return freed

        for copy in copies:
            why = _due(copy, policy)
            if why:
                left -= consider(copy, why)
        asked = {row.key for row in (*removed, *kept)}
        if policy.keep_size is not None:
            for copy in copies:
                if left <= policy.keep_size:
                    break
                if copy.key not in asked:
                    left -= consider(copy, "size")
        return PruneSummary(
            dry_run=dry_run,
            removed=tuple(removed),
            kept=tuple(kept),
            kernels=self._forget_dangling(dry_run),
            bytes_before=before,
            bytes_freed=before - left,
            message=_too_large(policy.keep_size, left),
        )

    def _own(self) -> list[StoredCopy]:
        # a copy that a store in front has as well is ours all the same, and ours to remove
        copies = [self._store.local(copy.key) for copy in self._store.list()]
        return [copy for copy in copies if copy is not None and copy.origin == "own"]

    def _in_use(self, copy: StoredCopy, policy: Policy) -> str | None:
        if any(running_in(copy.prefix)):
            return "running"
        if _age(copy.last_used_on) < policy.spared:
            return "recent"
        lock = self._store.lock(copy.key)
        if not lock.try_acquire():
            return "busy"
        lock.release()
        return None

    def _remove(self, copy: StoredCopy) -> str | None:
        """Remove a copy; return why not if someone began to use it meanwhile."""
        # first what leads to the files, then the files: nobody can start what is half gone
        names = self._registry.unregister(copy.key)
        reason = "running" if any(running_in(copy.prefix)) else None
        try:
            if reason is None:
                self._store.remove(copy.key)
                with suppress(KernelRunning):
                    self._overlays.remove(copy.key)
        except NotFound:
            return None
        except Conflict:
            reason = "busy"
        if reason and names:
            with suppress(NoKernel):
                self._registry.register(copy, self._store.activation_cache(copy.key))
        return reason

    def _forget_dangling(self, dry_run: bool) -> tuple[str, ...]:
        names = self._registry.dangling()
        if not dry_run:
            self._registry.discard(names)
        return names


def _due(copy: StoredCopy, policy: Policy) -> str | None:
    if copy.key in policy.deleted:
        return "deleted"
    if policy.unused_for is not None and _age(copy.last_used_on) >= policy.unused_for:
        return "unused"
    return None


def _age(used: str) -> float:
    return time.time() - datetime.fromisoformat(used).replace(tzinfo=timezone.utc).timestamp()


def _row(copy: StoredCopy, why: str, size: int) -> PruneRow:
    return PruneRow(
        **asdict(copy.ref),
        key=copy.key,
        last_used_on=copy.last_used_on,
        why=why,
        bytes=size,
    )


def _too_large(limit: int | None, left: int) -> str | None:
    if limit is None or left <= limit:
        return None
    return (
        f"The local copies take {show_size(left)}, more than the limit of {show_size(limit)}, but all that "
        "are left are in use or just made; shut down kernels that are not needed or raise the limit."
    )


def deleted_copies(client: CondaStoreClient, copies: Iterable[StoredCopy]) -> tuple[str, ...]:
    """Return the keys of those copies of the client's server whose builds are gone there.

    Raises what `CondaStoreClient` raises; a build that may not be seen counts as there.
    """
    client.require_authenticated()
    mine = (copy for copy in copies if copy.server == client.connection.identity)
    return tuple(copy.key for copy in mine if _gone(client, copy))


def _gone(client: CondaStoreClient, copy: StoredCopy) -> bool:
    try:
        build = client.build(copy.build_id)
    except NotFound:
        return True
    named = (build.namespace, build.environment) == (copy.namespace, copy.environment)
    return not named or build.deleted
