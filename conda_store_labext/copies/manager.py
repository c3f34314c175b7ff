"""CopyManager: one run per build, however many ask for it, from the archive to the kernels."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

from ..client.connection import Connection
from ..client.pool import DaemonPool
from ..errors import Cancelled, CondaStoreLabError, Conflict, ServerUnreachable
from ..kernels.registry import KernelspecRegistry
from ..models import CopyState, LocalCopy
from ..models.build_ref import BuildRef, EnvironmentRef
from ..models.reference import Reference
from ..pipeline.job import Job, Task
from ..pipeline.limits import CONCURRENCY
from ..pipeline.packages.job import WORKER, FileJob
from ..pipeline.worker_process import Worker
from ..store.layout import delete
from ..store.paths import ARCHIVE
from ..store.records import StoredCopy
from ..store.store import EnvironmentStore
from .copies import Copies
from .in_place import Asked, InPlace
from .run import OnChange, Run
from .upstream import Upstream

FRESH = 30.0  # seconds for which kernels that were looked at are not looked at again

log = logging.getLogger(__name__)
failures = log.getChild("failures")  # what whoever waits for the copy is told as well


class CopyManager:
    """Starts, joins, cancels and removes copies; blocking, safe to use from several threads.

    `on_change` is called, from any thread, with every new state and with the worker's progress; `on_ready`
    in the background, after something was fetched.
    """

    def __init__(
        self,
        upstream: Upstream,
        store: EnvironmentStore,
        registry: KernelspecRegistry,
        *,
        concurrency: int = CONCURRENCY,
        on_change: OnChange | None = None,
        on_ready: Callable[[], None] | None = None,
        in_place: InPlace | None = None,
        link_files: bool = True,
        way: str = ARCHIVE,
    ) -> None:
        self._upstream = upstream
        self._store = store
        self._copies = Copies(store, registry)
        self._on_change = on_change
        self._worker = Worker(module=WORKER)
        self._on_ready = on_ready
        self._in_place = in_place or InPlace({})
        self._link_files = link_files
        self._way = way
        self._pool = DaemonPool(concurrency, "conda-store-fetch", log_failures=True)
        self._deleting = DaemonPool(1, "conda-store-delete", log_failures=True)
        self._swept = False
        self._closed = False
        self._refreshed = -FRESH
        self._runs: dict[str, Run] = {}
        self._lock = threading.RLock()

    def close(self) -> None:
        """Cancel what is under way and what waits, and wait for it to clean up behind itself."""
        with self._lock:
            self._closed = True
            runs = list(self._runs.values())
        for run in runs:
            run.cancel()
        self._pool.shutdown(cancel_futures=True)
        self._deleting.shutdown()
        self._worker.close()

    def prepare(self) -> None:
        """Get ready for a `start` that is likely to come soon: it then has a process waiting for it."""
        with self._lock:
            if self._closed:
                return
            self._worker.prepare()
            swept, self._swept = self._swept, True
            stale = time.monotonic() - self._refreshed > FRESH
            if stale:
                self._refreshed = time.monotonic()
            if not swept:  # what those left behind who ended in the middle of something
                self._deleting.submit(self._store.sweep)
            if stale:
                self._deleting.submit(self._copies.refresh)

    def start(self, reference: Reference, *, kernels: bool = True, who: object = None) -> LocalCopy:
        """Start to fetch a build, or join whoever already does, or return the ready copy.

        Its kernels are registered unless nobody wants those `kernels`. Without a build in the reference it
        is the active one; while the server cannot be reached, the newest copy that is here. Whoever says
        `who` it is may `leave` again. Raises what `Builds.launchable` raises.
        """
        return self._started(self._here_or_run(reference, who), kernels)

    def start_file(self, job: FileJob, *, kernels: bool = True, who: object = None) -> LocalCopy:
        """Fetch what a file says, as `start` does for a build."""
        return self._started(self._copies.find(job.build) or self._begin(job, who), kernels)

    def _started(self, here: StoredCopy | Run, kernels: bool) -> LocalCopy:
        if isinstance(here, Run):
            under_way = here.want_kernels() if kernels else here.active
            if under_way or here.copy.error:
                return here.copy
            here = self._copies.stored(here.copy.key)  # it has ended just now
        return self._copies.launchable(here) if kernels else self._copies.ready(here)

    def wait(self, key: str, given_up: Future[None] | None = None) -> LocalCopy:
        """Wait until a copy has ended, or `given_up` has, and return it; raises what it failed with."""
        with self._lock:
            run = self._runs.get(key)
        if run and run.wait(given_up):
            return run.copy
        return self.get(key)

    def leave(self, key: str, who: object) -> None:
        """Say that `who` does not want a copy any more: it is cancelled where nobody else does."""
        with self._lock:
            run = self._runs.get(key)
            if run:
                run.leave(who)

    def get(self, key: str) -> LocalCopy:
        """Return one copy, ready or in the making; NotFound when there is none."""
        with self._lock:
            run = self._runs.get(key)
        if run and run.copy.state is not CopyState.READY:
            return run.copy
        return self._copies.get(key)

    def all(self, server: str | None = None) -> tuple[LocalCopy, ...]:
        """Return every copy that is here, in the making or failed just now, of one server or of all."""
        with self._lock:
            making = {key for key, run in self._runs.items() if run.active}
        copies = self._copies.all()
        with self._lock:
            for key, run in self._runs.items():
                state = run.copy.state
                if (
                    run.active
                    # it may have been found before its kernels were registered
                    or (state is CopyState.READY and key in making)
                    or (state is CopyState.FAILED and key not in copies)
                ):
                    copies[key] = run.copy
        return tuple(copy for copy in copies.values() if server in (None, copy.server))

    def cancel(self, key: str) -> LocalCopy:
        """Ask a copy to stop; one that has ended stays as it is."""
        with self._lock:
            run = self._runs.get(key)
        if run and run.active:
            run.cancel()
        return self.get(key)

    def remove(self, key: str) -> None:
        """Remove a local copy and its kernelspecs; KernelRunning while something runs from it.

        It is gone when this returns; its files are deleted in the background, and `close` waits for that.
        """
        with self._lock:
            run = self._runs.get(key)
            if run and run.active:
                raise Conflict("This copy is just being made; cancel that first.")
            self._runs.pop(key, None)
        trash = self._copies.remove(key, failed=run is not None)
        if trash:
            self._deleting.submit(delete, trash)

    def _here_or_run(self, reference: Reference, who: object) -> StoredCopy | Run:
        """Return the copy that is here, else the run that makes it, begun now or before."""
        connection = self._upstream.connection()
        environment = EnvironmentRef(connection.identity, reference.namespace, reference.environment)
        if reference.build_id is not None:
            stored = self._copies.find(reference.at(connection.identity, reference.build_id))
            if stored:
                return stored
        if not self._in_place and (reference.build_id or not self._store.of(environment)):
            self.prepare()  # while the server is asked
        try:
            client = self._upstream.client()
            packages = self._in_place.ask(client, reference.build_id)
            build = client.launchable(reference.namespace, reference.environment, reference.build_id)
        except ServerUnreachable:
            newest = self._store.newest(environment) if reference.build_id is None else None
            if newest is None:
                raise
            log.warning("%s is not reachable; using the copy of build %d.", reference, newest.build_id)
            return newest
        return self._join(connection, reference.at(connection.identity, build.id), who, packages)

    def _join(
        self, connection: Connection, build: BuildRef, who: object, packages: Asked
    ) -> StoredCopy | Run:
        if joined := self._under_way(build, who):
            return joined
        client = self._upstream.client()
        stored = self._copies.find(build) or self._in_place.adopt(client, self._store, build, packages)
        if stored:
            return stored
        job = Job(connection, build, self._store.root, share=self._link_files, way=self._way)
        return self._begin(replace(job, variables=client.variables(build.build_id)), who)

    def _begin(self, job: Task, who: object) -> Run:
        with self._lock:
            if joined := self._under_way(job.build, who):
                return joined
            if self._closed:
                raise Cancelled("This program is ending; launch it again in another one.")
            run = self._runs[job.build.copy_key] = Run(job.build, self._on_change)
            run.join(who)
            run.report()
            self._pool.submit(self._run, run, job)
        return run

    def _under_way(self, build: BuildRef, who: object) -> Run | None:
        with self._lock:
            run = self._runs.get(build.copy_key)
            return run if run and run.join(who) else None

    def _run(self, run: Run, job: Task) -> None:
        if not run.begin():
            return
        try:
            stored = self._worker.run(job, run.progress, run.cancelled)
            run.finish(stored, lambda: self._copies.register(stored))
        except CondaStoreLabError as error:
            if not isinstance(error, Cancelled):
                failures.warning("%s: %s", job.build, error)
            run.fail(error)
        except BaseException as error:
            log.error("%s could not be fetched", job.build, exc_info=error)
            run.fail(CondaStoreLabError(f"{job.build} could not be fetched; the log has the details."))
        else:
            if self._on_ready:
                self._on_ready()
