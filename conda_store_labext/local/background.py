"""Starting the embedded conda-store in the background, with its progress for whoever asks meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from ..errors import CondaStoreLabError
from ..models import LocalStoreState, LocalStoreStatus
from . import LocalServer

log = logging.getLogger(__name__)


class LocalStarter:
    """One start of the embedded store at a time; `on_change` is called, from its thread, with every step.

    `detach` lets the store outlive this process.
    """

    def __init__(
        self,
        store: LocalServer,
        *,
        detach: bool = True,
        on_change: Callable[[LocalStoreStatus], None] | None = None,
    ) -> None:
        self.store = store
        self._detach = detach
        self._on_change = on_change
        self._thread: threading.Thread | None = None
        self._last: LocalStoreStatus | None = None
        self._lock = threading.Lock()

    def status(self) -> LocalStoreStatus:
        """Return how far a start has come, how the last one failed, or else how the store stands."""
        with self._lock:
            last = self._last
        if last and last.state is LocalStoreState.STARTING:
            return last
        now = self.store.status()
        if last and last.state is LocalStoreState.FAILED and now.state is LocalStoreState.STOPPED:
            return last
        return now

    def start(self) -> LocalStoreStatus:
        """Begin to start the store, unless that is under way or it runs; returns at once."""
        now = self.store.status()
        if now.state in (LocalStoreState.RUNNING, LocalStoreState.UNAVAILABLE):
            return now
        with self._lock:
            if self._thread and self._thread.is_alive():
                return self._last or now
            self._last = replace(
                now,
                state=LocalStoreState.STARTING,
                step=None,
                progress=None,
                message="Starting the local store.",
            )
            # a daemon: a Jupyter server that is told to stop does not wait for a download
            self._thread = threading.Thread(target=self._run, name="conda-store-local-start", daemon=True)
            self._thread.start()
            return self._last

    def stop(self) -> LocalStoreStatus:
        """Stop the store and return how it stands then."""
        status = self.store.stop()
        self._change(status)
        return status

    def _run(self) -> None:
        try:
            self._change(self.store.start(self._change, detach=self._detach))
        except CondaStoreLabError as error:
            log.warning("%s", error)
            self._failed(str(error))
        except Exception:
            log.exception("The local store could not be started")
            self._failed("The local store could not be started; the Jupyter server's log has the details.")

    def _failed(self, message: str) -> None:
        self._change(LocalStoreStatus(LocalStoreState.FAILED, None, None, None, None, None, message))

    def _change(self, status: LocalStoreStatus) -> None:
        with self._lock:
            self._last = status
        if self._on_change:
            self._on_change(status)
