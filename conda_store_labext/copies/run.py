"""Run: one copy in the making, from waiting for its turn to its end, whoever asks and cancels meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import asdict, replace
from typing import Any

from ..errors import Cancelled, CondaStoreLabError
from ..models import CopyState, ErrorInfo, Kernel, LocalCopy, Step
from ..models.build_ref import BuildRef
from ..pipeline.job import Progress
from ..store.records import StoredCopy

OnChange = Callable[[LocalCopy], None]


class Run:
    """A copy that is being made, or the last failure to make it; safe to use from several threads.

    Every change of state is told to `on_change` before the next one happens, and nothing follows the last.
    """

    def __init__(self, build: BuildRef, on_change: OnChange | None) -> None:
        self.copy = LocalCopy(
            **asdict(build),
            key=build.copy_key,
            state=CopyState.WAITING,
            step=None,
            bytes_done=0,
            bytes_total=None,
            files=0,
            prefix=None,
            kernels=(),
            error=None,
        )
        self.cancelled = threading.Event()
        self._on_change = on_change
        self._kernels_wanted = False
        self._wanted_by: set[object] = set()
        self._ended: Future[None] = Future()
        self._lock = threading.RLock()

    @property
    def active(self) -> bool:
        """Tell whether it has not ended yet."""
        return self.copy.state in (CopyState.WAITING, CopyState.RUNNING)

    def report(self) -> None:
        """Tell how things stand."""
        with self._lock:
            if self._on_change:
                self._on_change(self.copy)

    def want_kernels(self) -> bool:
        """Have the kernels registered at the end; false when that is past."""
        with self._lock:
            self._kernels_wanted |= self.active
            return self.active

    def join(self, who: object = None) -> bool:
        """Have it go on as long as `who` wants it, for good where that is None; false when it is past."""
        with self._lock:
            if not self.active or self.cancelled.is_set():
                return False
            self._wanted_by.add(who)
            return True

    def leave(self, who: object) -> None:
        """Take back a `join`: it is cancelled where nobody else wants it."""
        with self._lock:
            if who in self._wanted_by:
                self._wanted_by.discard(who)
                if not self._wanted_by:
                    self.cancel()

    def begin(self) -> bool:
        """Go from waiting to running; false when it was cancelled before."""
        with self._lock:
            if self.copy.state is not CopyState.WAITING:
                return False
            self._change(state=CopyState.RUNNING, step=Step.CONNECT)
            return True

    def progress(self, progress: Progress) -> None:
        """Tell how far it has come."""
        with self._lock:
            if self.active:
                self._change(**vars(progress))

    def finish(
        self, stored: StoredCopy, register: Callable[[], tuple[tuple[Kernel, ...], ErrorInfo | None]]
    ) -> None:
        """End with a copy that is here, its kernels registered first if anybody wants them.

        Who comes after the end finds the copy ready.
        """
        with self._lock:
            if not self._kernels_wanted:
                self._ready(stored, (), None)
                return
            self._change(step=Step.REGISTER)
        kernels, error = register()  # takes a while, and holds nobody up
        with self._lock:
            self._ready(stored, kernels, error)

    def cancel(self) -> None:
        """Ask it to end; one that waits ends at once, one that has ended stays as it is."""
        with self._lock:
            self.cancelled.set()
            if self.copy.state is CopyState.WAITING:
                self.fail(Cancelled("Cancelled before it began; launch it again when you want it."))

    def fail(self, error: CondaStoreLabError) -> None:
        """End with an error, unless it has ended."""
        with self._lock:
            if not self.active:
                return
            state = CopyState.CANCELLED if isinstance(error, Cancelled) else CopyState.FAILED
            self._change(state=state, step=None, error=ErrorInfo(error.code, str(error)))
            self._ended.set_exception(error)

    def wait(self, given_up: Future[None] | None = None) -> bool:
        """Wait for the end and raise the error it ended with; false where `given_up` came first."""
        if given_up is not None:
            wait({self._ended, given_up}, return_when=FIRST_COMPLETED)
            if given_up.done() and not self._ended.done():
                return False
        self._ended.result()
        return True

    def _ready(self, stored: StoredCopy, kernels: tuple[Kernel, ...], error: ErrorInfo | None) -> None:
        self._change(
            state=CopyState.READY,
            step=None,
            prefix=str(stored.prefix),
            files=stored.files,
            kernels=kernels,
            error=error,
        )
        self._ended.set_result(None)

    def _change(self, **fields: Any) -> None:
        self.copy = replace(self.copy, **fields)
        self.report()
