"""From a build on the server to a kernel in this session: one run per build, however many ask for it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ..client.connection import Connection
from ..errors import Cancelled, CondaStoreLabError, Conflict, ServerUnreachable
from ..kernels.registry import KernelspecRegistry
from ..models import CopyState, ErrorInfo, LocalCopy, Step
from ..models.build_ref import BuildRef, EnvironmentRef
from ..models.reference import Reference
from ..pipeline.job import Job, Progress
from ..pipeline.worker_process import Worker
from ..store.layout import delete
from ..store.store import EnvironmentStore
from .copies import Copies
from .in_place import InPlace
from .upstream import Upstream

CONCURRENCY = 2
FRESH = 30.0  # seconds for which kernels that were looked at are not looked at again

log = logging.getLogger(__name__)

OnChange = Callable[[LocalCopy], None]


@dataclass
class _Run:
    """A copy in the making, or the one that failed last."""

    copy: LocalCopy
    kernels: bool  # whether they are to be registered
    future: Future[None] = field(default_factory=Future)
    cancelled: threading.Event = field(default_factory=threading.Event)

    @property
    def active(self) -> bool:
        return self.copy.state in (CopyState.WAITING, CopyState.RUNNING)


class CopyManager:
    """Starts, joins, cancels and removes copies; blocking, safe to use from several threads.

    `on_change` is called, from any thread, with every new state and with the worker's progress; `on_ready`
    in the background, after something was fetched.
    """

    def __init__(
        self,
        server: Upstream,
        store: EnvironmentStore,
        registry: KernelspecRegistry,
        *,
        concurrency: int = CONCURRENCY,
        on_change: OnChange | None = None,
        on_ready: Callable[[], None] | None = None,
        in_place: InPlace | None = None,
        link_files: bool = True,
    ) -> None:
        self._server = server
        self._store = store
        self._copies = Copies(store, registry)
        self._on_change = on_change
        self._worker = Worker()
        self._on_ready = on_ready
        self._in_place = in_place
        self._link_files = link_files
        self._pool = ThreadPoolExecutor(concurrency, thread_name_prefix="conda-store-fetch")
        self._deleting = ThreadPoolExecutor(1, thread_name_prefix="conda-store-delete")
        self._swept = False
        self._refreshed = -FRESH
        self._runs: dict[str, _Run] = {}
        self._lock = threading.RLock()

    def close(self) -> None:
        """Cancel what is under way and wait for it to clean up behind itself."""
        with self._lock:
            for run in self._runs.values():
                run.cancelled.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._deleting.shutdown(wait=True)
        self._worker.close()

    def prepare(self) -> None:
        """Get ready for a `start` that is likely to come soon: it then has a process waiting for it."""
        self._worker.prepare()
        with self._lock:
            swept, self._swept = self._swept, True
            stale = time.monotonic() - self._refreshed > FRESH
            if stale:
                self._refreshed = time.monotonic()
        if not swept:  # what those left behind who ended in the middle of something
            self._deleting.submit(self._store.sweep)
        if stale:
            self._deleting.submit(self._copies.refresh)

    def start(self, reference: Reference, *, kernels: bool = True) -> LocalCopy:
        """Start to fetch a build, or join whoever already does, or return the ready copy.

        Its kernels are registered unless nobody wants those `kernels`. Without a build in the reference it
        is the active one; while the server cannot be reached, the newest copy that is here. Raises what
        `CondaStoreClient.launchable` raises.
        """
        connection = self._server.connection()
        environment = EnvironmentRef(connection.identity, reference.namespace, reference.environment)
        if reference.build_id is not None:
            asked = reference.at(connection.identity, reference.build_id)
            ready = self._copies.ready(self._store.get(asked.copy_key), asked, kernels=kernels)
            if ready:
                return ready
        if not self._in_place and (reference.build_id or not self._store.of(environment)):
            self.prepare()  # while the server is asked
        try:
            build = self._server.client().launchable(
                reference.namespace, reference.environment, reference.build_id
            )
        except ServerUnreachable:
            if reference.build_id is not None:
                raise
            newest = self._copies.newest(environment, kernels=kernels)
            if newest is None:
                raise
            log.warning("%s is not reachable; using the copy of build %d.", reference, newest.build_id)
            return newest
        return self._join(connection, reference.at(connection.identity, build.id), kernels)

    def wait(self, key: str) -> LocalCopy:
        """Wait until a copy has ended and return it; raises what it failed with."""
        with self._lock:
            run = self._runs.get(key)
        if run:
            run.future.result()
        return self.get(key)

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
        found = self._copies.all()
        with self._lock:
            for key, run in self._runs.items():
                state = run.copy.state
                if (
                    run.active
                    # it may have been found before its kernels were registered
                    or (state is CopyState.READY and key in making)
                    or (state is CopyState.FAILED and key not in found)
                ):
                    found[key] = run.copy
        return tuple(one for one in found.values() if server in (None, one.server))

    def cancel(self, key: str) -> LocalCopy:
        """Ask a copy to stop; one that has ended stays as it is."""
        with self._lock:
            run = self._runs.get(key)
            if run and run.active:
                run.cancelled.set()
        if run and run.copy.state is CopyState.WAITING:
            self._fail(run, Cancelled("Cancelled before it began; launch it again when you want it."))
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

    def _join(self, connection: Connection, build: BuildRef, kernels: bool) -> LocalCopy:
        key = build.copy_key
        joined = self._joined(key, kernels)
        if joined:
            return joined
        stored = self._store.get(key)
        if stored is None and self._in_place:
            stored = self._in_place.adopt(self._server.client(), self._store, build)
        ready = self._copies.ready(stored, build, kernels=kernels)
        if ready:
            return ready
        job = Job(connection, build, self._store.root, share=self._link_files)
        with self._lock:
            joined = self._joined(key, kernels)
            if joined:
                return joined
            waiting = LocalCopy(
                **asdict(build),
                key=key,
                state=CopyState.WAITING,
                step=None,
                bytes_done=0,
                bytes_total=None,
                files=0,
                prefix=None,
                kernels=(),
                error=None,
            )
            run = self._runs[key] = _Run(waiting, kernels)
        self._report(run)
        self._pool.submit(self._run, run, job)
        return waiting

    def _joined(self, key: str, kernels: bool) -> LocalCopy | None:
        """Return what is under way already, which registers the kernels if anybody wants them."""
        with self._lock:
            run = self._runs.get(key)
            if run is None or not run.active:
                return None
            run.kernels |= kernels
            return run.copy

    def _run(self, run: _Run, job: Job) -> None:
        if run.cancelled.is_set():
            return
        try:
            self._change(run, state=CopyState.RUNNING, step=Step.CONNECT)
            stored = self._worker.run(job, lambda progress: self._progress(run, progress), run.cancelled)
            self._change(run, step=Step.REGISTER)
            with self._lock:
                wanted = run.kernels
                if not wanted:  # at once, so that whoever comes from now on finds it ready
                    run.copy = replace(run.copy, **self._copies.published(stored, kernels=False))
            self._change(run, **self._copies.published(stored) if wanted else {})
            run.future.set_result(None)
        except BaseException as error:
            self._fail(run, error)
            return
        if self._on_ready:
            self._on_ready()

    def _fail(self, run: _Run, error: BaseException) -> None:
        failed = run.copy
        where = str(failed.ref)
        state = CopyState.FAILED
        if isinstance(error, Cancelled):
            state = CopyState.CANCELLED
        elif isinstance(error, CondaStoreLabError):
            log.warning("%s: %s", where, error)
        else:
            log.error("%s could not be fetched", where, exc_info=error)
            error = CondaStoreLabError(
                f"{where} could not be fetched for an unforeseen reason; "
                "the Jupyter server's log has the details."
            )
        self._change(run, state=state, step=None, error=ErrorInfo(error.code, str(error)))
        run.future.set_exception(error)

    def _progress(self, run: _Run, progress: Progress) -> None:
        self._change(
            run,
            step=progress.step,
            bytes_done=progress.bytes_done,
            bytes_total=progress.bytes_total,
            files=progress.files,
        )

    def _change(self, run: _Run, **fields: Any) -> None:
        run.copy = replace(run.copy, **fields)
        self._report(run)

    def _report(self, run: _Run) -> None:
        if self._on_change:
            self._on_change(run.copy)
