"""Keeps the kernels of environments as they are on the server, in the background of a Jupyter server."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from ..copies.upstream import Upstream
from ..errors import CondaStoreLabError
from ..store.store import EnvironmentStore
from .specs import OnDemandKernels
from .sync import KernelSync, Place, SyncPolicy, SyncSummary, recent

log = logging.getLogger(__name__)


class KernelSyncThread:
    """Syncs at most `limit` kernels, at once and every `interval` seconds, in a thread of its own.

    While the server is away what was there last stays, and the log says so once.
    """

    def __init__(
        self,
        server: Upstream,
        store: EnvironmentStore,
        policy: SyncPolicy,
        *,
        limit: int,
        interval: float,
        specs: OnDemandKernels | None = None,
    ) -> None:
        self._server = server
        self._store = store
        self._policy = policy
        self._limit = limit
        self._interval = interval
        self._specs = specs or OnDemandKernels()
        self._first: tuple[Place, ...] = ()
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Tell whether it syncs by itself."""
        return self._thread is not None and not self._ended.is_set()

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread = threading.Thread(target=self._run, name="conda-store-kernels", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End; a sync under way ends on its own."""
        self._ended.set()

    def kernels(self) -> KernelSync:
        """Return what makes kernels of the server in use; NotConfigured without one."""
        return KernelSync(self._server.client(), self._specs, self._policy)

    def sync(self, first: Sequence[Place] | None = None) -> SyncSummary:
        """Sync now; `first` are the environments that someone prefers, from now on."""
        with self._lock:
            if first is not None:
                self._first = tuple(first)
            used = recent(self._store, self._server.connection().identity)
            return self.kernels().some(self._limit, [*self._first, *used])

    def _run(self) -> None:
        complained = False
        while not self._ended.is_set():
            try:
                self.sync()
                complained = False
            except CondaStoreLabError as error:
                if not complained:
                    log.warning("The kernels stay as they are: %s", error)
                complained = True
            except Exception:
                log.exception("The kernels could not be synced")
            self._ended.wait(self._interval)
