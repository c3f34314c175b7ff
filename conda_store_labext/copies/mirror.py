"""A folder for many readers that has the active builds of namespaces, kept up to date by whoever fills it.

What it fetched itself, and since when that is no longer an active build, stands in a file in the folder, so
that nothing else is ever removed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import CondaStoreLabError, Conflict
from ..errors.os_errors import os_errors_explained
from ..models import Environment
from ..models.build_ref import BuildRef
from ..models.reference import Reference
from ..store.files import read_json, replace_text
from ..store.lock import FileLock
from ..store.records import iso
from .prune import Policy, Pruner
from .services import Services

if TYPE_CHECKING:
    from ..store.records import StoredCopy

RECORD, LOCK = "mirror.json", "mirror.lock"
FETCHED, HERE, REMOVED, KEPT, LEFT, FAILED = "fetched", "here", "removed", "kept", "left alone", "failed"


@dataclass(frozen=True)
class Mirrored:
    """What became of a build in the folder, and why; `build_id` is None where there is nothing to have."""

    state: str
    namespace: str
    environment: str
    build_id: int | None
    why: str = ""


def mirror_services(services: Services, folder: Path) -> Services:
    """Return the parts for a folder of its own: everything is a copy there, and no limit takes any away."""
    settings = replace(services.settings, root=folder, shared=(), in_place={}, size_limit=None)
    return Services(settings, services.on_change)


class Mirror:
    """The folder that `services` have copies in; blocking. Raises CacheNotWritable and Conflict."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._root = services.settings.root
        self._server = services.upstream.connection().identity

    def update(
        self, listed: Mapping[str, Sequence[Environment]], keep_for: float, *, dry_run: bool = False
    ) -> tuple[Mirrored, ...]:
        """Fetch the active builds of `listed` namespaces, then remove what has not been one for `keep_for` s.

        What programs of this machine run from stays, and so does a build whose successor did not come.
        """
        with os_errors_explained(self._root):
            if not dry_run:
                self._root.mkdir(mode=0o755, parents=True, exist_ok=True)
                lock = FileLock(self._root / LOCK)
                if not lock.try_acquire():
                    raise Conflict(f"{self._root} is being brought up to date already; wait until that ends.")
                with lock:
                    return tuple(self._update(listed, keep_for, dry_run))
            return tuple(self._update(listed, keep_for, dry_run))

    def _update(
        self, listed: Mapping[str, Sequence[Environment]], keep_for: float, dry_run: bool
    ) -> Iterator[Mirrored]:
        record = self._record()
        environments = [environment for rows in listed.values() for environment in rows]
        rows = list(self._fetched(environments, record, dry_run))
        yield from rows
        wanted = {_build(self._server, row).copy_key: row.state for row in rows if row.build_id is not None}
        arrived = {(row.namespace, row.environment) for row in rows if row.state in (FETCHED, HERE)}
        declared = {(environment.namespace, environment.name) for environment in environments}
        due: dict[str, StoredCopy] = {}
        now = time.time()
        for copy in self._services.store.list():
            if copy.server != self._server or copy.namespace not in listed or copy.key in wanted:
                continue
            place = (copy.namespace, copy.environment)
            if copy.key not in record:
                yield _row(LEFT, copy, "this folder did not fetch it")
            elif place in declared and place not in arrived:
                yield _row(KEPT, copy, "there is no newer one so far")
            else:
                since = record[copy.key] = record[copy.key] or now
                if now - since >= keep_for:
                    due[copy.key] = copy
                else:
                    yield _row(KEPT, copy, f"until {iso(since + keep_for)} UTC")
        yield from self._removed(due, record, dry_run)
        for key, state in wanted.items():
            if state in (FETCHED, HERE) and key in record:
                record[key] = None  # it is the active one again
        if not dry_run:
            self._remember({key: since for key, since in record.items() if self._services.store.local(key)})

    def _fetched(
        self, environments: Sequence[Environment], record: dict[str, float | None], dry_run: bool
    ) -> Iterator[Mirrored]:
        """Fetch what is not here; all at once, as many at a time as the options say."""
        manager, store = self._services.manager, self._services.store
        begun: list[tuple[Environment, BuildRef]] = []
        for environment in environments:
            build_id = environment.current_build_id
            if build_id is None or not environment.launchable:
                yield _state(LEFT, environment, None, "it has no build that can be launched")
                continue
            build = BuildRef(self._server, environment.namespace, environment.name, build_id)
            if store.find(build):
                yield _state(HERE, environment, build_id)
            elif dry_run:
                yield _state(FETCHED, environment, build_id)
            else:
                record[build.copy_key] = None
                begun.append((environment, build))
        if begun:
            self._remember(record)  # before they come: what is interrupted is known the next time
        started: list[tuple[Environment, BuildRef, CondaStoreLabError | None]] = []
        for environment, build in begun:
            try:
                manager.start(Reference(build.namespace, build.environment, build.build_id), kernels=False)
                started.append((environment, build, None))
            except CondaStoreLabError as error:
                started.append((environment, build, error))
        for environment, build, failure in started:
            try:
                if failure:
                    raise failure
                manager.wait(build.copy_key)
                yield _state(FETCHED, environment, build.build_id)
            except CondaStoreLabError as error:
                yield _state(FAILED, environment, build.build_id, str(error))

    def _removed(
        self, due: Mapping[str, StoredCopy], record: dict[str, float | None], dry_run: bool
    ) -> Iterator[Mirrored]:
        if not due:
            return
        pruner = Pruner(self._services.store, self._services.registry)
        done = pruner.prune(Policy(deleted=due), dry_run=dry_run)
        for row in done.removed:
            record.pop(row.key, None)
            yield _row(REMOVED, due[row.key], "no longer the active build")
        for row in done.kept:
            yield _row(KEPT, due[row.key], "a program runs from it" if row.why == "running" else row.why)

    def _record(self) -> dict[str, float | None]:
        """Return the keys of what this folder fetched, with the time since which it is no active build."""
        copies = read_json(self._root / RECORD).get("copies")
        if not isinstance(copies, dict):
            return {}
        return {
            key: float(since) if isinstance(since, (int, float)) else None for key, since in copies.items()
        }

    def _remember(self, record: Mapping[str, float | None]) -> None:
        replace_text(self._root / RECORD, json.dumps({"copies": dict(record)}, indent=1) + "\n")


def _build(server: str, row: Mirrored) -> BuildRef:
    return BuildRef(server, row.namespace, row.environment, row.build_id or 0)


def _row(state: str, build: BuildRef, why: str) -> Mirrored:
    return Mirrored(state, build.namespace, build.environment, build.build_id, why)


def _state(state: str, environment: Environment, build_id: int | None, why: str = "") -> Mirrored:
    return Mirrored(state, environment.namespace, environment.name, build_id, why)
