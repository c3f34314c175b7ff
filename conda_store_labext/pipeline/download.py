"""The archive's bytes as one unbroken stream, however often the connection breaks meanwhile."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass
from typing import Protocol

from ..errors import (
    Cancelled,
    CondaStoreLabError,
    DownloadFailed,
    Forbidden,
    InvalidRequest,
    ServerError,
    ServerUnreachable,
)
from .limits import KIB


class ArchiveBody(Protocol):
    """An answer to one request: where it starts, the whole object's length, its validator, its bytes."""

    @property
    def offset(self) -> int:
        """The offset of the body; 0 when the server ignored the range or the object changed."""

    @property
    def total(self) -> int | None:
        """The whole object's length in bytes, if the server says."""

    @property
    def validator(self) -> str | None:
        """A strong ETag or a date, which changes when the object does; None if the server does not say."""

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, none at the end; OSError or CondaStoreLabError when it breaks."""

    def close(self) -> None:
        """Drop the connection."""


class ArchiveSource(Protocol):
    """Asks the server for the archive from an offset on, given the validator of what is here already."""

    def __call__(self, offset: int, validator: str | None) -> ArchiveBody:
        """Open the archive; raises CondaStoreLabError."""


class ArchiveChanged(Exception):
    """The server now gives another object than the one whose beginning is here: start afresh."""


@dataclass(frozen=True)
class Patience:
    """Limits of retrying; times in seconds, sizes in bytes.

    `tries` in a row that bring less than `useful` each end a download that had begun, `first_tries` one
    that had not. Less than `useful` within `stall` counts as a broken connection.
    """

    first_tries: int = 3
    tries: int = 10
    delay: float = 0.1
    longest: float = 15.0
    useful: int = 16 * KIB
    stall: float = 60.0


class Download:
    """Reads an archive to its end; `done` and `total` (None: unknown) may be looked at meanwhile.

    The first `done` bytes are here already. Who goes on like that has to look at the whole afterwards.
    """

    def __init__(self, source: ArchiveSource, patience: Patience | None = None, done: int = 0) -> None:
        self.done = done
        self.total: int | None = None
        self._source = source
        self._patience = patience or Patience()
        self._body: ArchiveBody | None = None
        self._validator: str | None = None
        self._opened = False
        self._skip = 0
        self._tries = 0
        self._useful_from = 0
        self._since = 0.0
        self._stopped = threading.Event()

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, none at the end.

        Raises ArchiveChanged, DownloadFailed once patience ends, and what the server says for good.
        """
        while True:
            try:
                data = self._read(size)
            except InvalidRequest:
                if not self.done:
                    raise
                # 416: what was promised is not there
                raise self._failed("the server has no more of it") from None
            except (OSError, ServerUnreachable, ServerError, Forbidden) as error:
                self.close()
                self._wait(error)
                continue
            if data is not None:
                return data

    def stop(self) -> None:
        """Make the reading thread give up soon; for any thread to call."""
        self._stopped.set()

    def close(self) -> None:
        """Drop the connection; for the reading thread only, since closing waits for a read under way."""
        if self._body is not None:
            self._body.close()
            self._body = None

    def _read(self, size: int) -> bytes | None:
        body = self._body or self._open()
        data = body.read(min(size, self._skip) if self._skip else size)
        if self._stopped.is_set():
            raise Cancelled("The download was cancelled; start it again whenever you like.")
        if self._skip and data:
            self._skip -= len(data)
            return None
        self.done += len(data)
        if not data and self.done < (self.total or 0):
            raise ConnectionError("the connection ended early")
        if self.done - self._useful_from >= self._patience.useful:
            self._useful_from, self._since, self._tries = self.done, time.monotonic(), 0
        elif data and time.monotonic() - self._since > self._patience.stall:
            raise TimeoutError("hardly anything came")
        return data

    def _open(self) -> ArchiveBody:
        body = self._body = self._source(self.done, self._validator if self.done else None)
        self._since, self._useful_from = time.monotonic(), self.done
        if not self.done or not self._opened:
            self.total, self._validator, self._opened = body.total, body.validator, True
        if (body.total, body.validator) != (self.total, self._validator):
            raise ArchiveChanged
        if body.offset not in (0, self.done) or (self.done and not body.offset and not body.validator):
            raise ArchiveChanged
        self._skip = self.done - body.offset  # a server without ranges gives the same object from its start
        return body

    def _wait(self, error: Exception) -> None:
        """Sleep before the next try, or raise when there were enough."""
        self._tries += 1
        if not self.done and (isinstance(error, Forbidden) or self._tries >= self._patience.first_tries):
            if isinstance(error, CondaStoreLabError):
                raise error
            raise self._failed("the connection broke off") from None
        if self._tries >= self._patience.tries:
            raise self._failed("the connection broke off") from None
        delay = min(self._patience.delay * 2 ** (self._tries - 1), self._patience.longest)
        if self._stopped.wait(delay * random.uniform(0.5, 1.0)):
            raise Cancelled("The download was cancelled; start it again whenever you like.")

    def _failed(self, why: str) -> DownloadFailed:
        of = f" of {self.total:,}" if self.total else ""
        return DownloadFailed(
            f"The download stopped after {self.done:,}{of} bytes: {why}; check the network, then try again."
        )
