"""Download, inflate, extract, adapt the prefix and publish, as one stream: a build becomes an environment."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from ..errors import Cancelled, DownloadFailed
from ..errors.os_errors import disk_full, os_errors_explained
from ..models import Step
from ..models.build_ref import BuildRef
from ..store.layout import FOLDER_VARIABLE
from ..store.records import StoredCopy
from ..store.store import EnvironmentStore, Stage
from .archive import extract
from .checksums import Checksums
from .download import ArchiveChanged, ArchiveSource, Download, Patience
from .inflate import IN, inflate
from .job import Progress
from .limits import Limits
from .prefix import fix_prefix, require_usable
from .queue import BoundedQueue
from .sharing import SharingTree, SiblingChanged

# chunks that wait between two threads, of `inflate.IN` and `inflate.OUT` bytes at most: enough for small
# files, which are written slowly, and large ones, which are inflated slowly, to make up for each other
PACKED, PLAIN = 16, 24
FRESH_STARTS = 3
SIBLINGS = 3  # environments in which a file is looked for before it is written


class Pipeline:
    """Brings one build into the store; three threads: one downloads, one inflates, the caller's writes.

    With `share`, files that other environments of the store hold too are linked to theirs.
    """

    def __init__(
        self,
        store: EnvironmentStore,
        source: ArchiveSource,
        limits: Limits | None = None,
        patience: Patience | None = None,
        report: Callable[[Progress], None] = lambda progress: None,
        *,
        share: bool = True,
    ) -> None:
        self._store = store
        self._source = source
        self._limits = limits or Limits()
        self._patience = patience
        self._report = report
        self._share = share
        self._queue: BoundedQueue | None = None
        self._cancelled = False

    def cancel(self) -> None:
        """Make `run` raise Cancelled soon; for any thread or signal handler to call."""
        self._cancelled = True
        if self._queue is not None:
            self._queue.cancel()

    def run(self, build: BuildRef, variables: Mapping[str, str] | None = None) -> StoredCopy:
        """Return the environment, made now or there already; wait while another process makes it.

        `variables` are those of the build's specification, to be remembered. Whatever is raised (a
        CondaStoreLabError), nothing half-made is left.
        """
        key = build.copy_key
        self._report(Progress(Step.CONNECT))
        require_usable(self._store.prefix(key))
        lock = self._store.lock(key)
        with os_errors_explained(self._store.root, FOLDER_VARIABLE):
            lock.acquire(self._check)
        with lock:
            copy = self._store.get(key)
            if copy is not None:
                return copy
            self._store.sweep()
            for _ in range(FRESH_STARTS):
                try:
                    with self._store.stage(build) as stage:
                        return self._make(stage, build, variables)
                except (ArchiveChanged, SiblingChanged):
                    self._check()
        raise DownloadFailed("The archive kept changing while it was downloaded; try again in a few minutes.")

    def _make(self, stage: Stage, build: BuildRef, variables: Mapping[str, str] | None) -> StoredCopy:
        download = Download(self._source, self._patience)
        packed, queue = BoundedQueue(PACKED), BoundedQueue(PLAIN)
        self._queue = queue
        threading.Thread(target=self._download, args=(download, packed), daemon=True).start()
        threading.Thread(target=self._inflate, args=(packed, queue), daemon=True).start()
        files = 0

        def count(number: int) -> None:
            nonlocal files
            files = number

        def chunks() -> Iterator[bytes]:
            for chunk in queue.get():
                self._report(Progress(Step.EXTRACT, download.done, download.total, files))
                yield chunk

        try:
            self._check()
            with (
                os_errors_explained(self._store.root, FOLDER_VARIABLE),
                SharingTree(stage.folder, self.siblings(build)) as tree,
            ):
                sums = Checksums()
                extracted = extract(chunks(), tree, self._limits, count, sums)
                self._report(Progress(Step.PREFIX, download.done, download.total, files))
                links = extracted.absolute_links
                fix_prefix(tree, stage.prefix, links, self._limits, self._check, sums.changed)
                sums.write(tree, stage.checksums)
        finally:
            download.stop()
            packed.cancel()
            queue.stop()
        self._report(Progress(Step.PUBLISH, download.done, download.total, files))
        return stage.publish(extracted.size, files, variables)

    def siblings(self, build: BuildRef) -> list[Path]:
        """Return the environments that may hold the same files, the likeliest first."""
        if not self._share:
            return []

        def likeness(copy: StoredCopy) -> tuple[bool, str, int]:
            same = copy.same_environment(build)
            return same, "" if same else copy.last_used_on, copy.build_id

        ours = [copy for copy in self._store.list() if copy.origin == "own"]
        return [copy.prefix for copy in sorted(ours, key=likeness, reverse=True)[:SIBLINGS]]

    def _download(self, download: Download, packed: BoundedQueue) -> None:
        try:
            packed.put_all(iter(partial(self._roomy(download), IN), b""))
        finally:
            download.close()

    def _inflate(self, packed: BoundedQueue, plain: BoundedQueue) -> None:
        chunks = packed.get()
        try:
            plain.put_all(inflate(lambda size: next(chunks, b""), self._limits))
        finally:
            packed.stop()

    def _roomy(self, download: Download) -> Callable[[int], bytes]:
        """Return a reader that fails at once where not even the packed bytes would fit on the disk."""

        def read(size: int) -> bytes:
            data = download.read(size)
            if download.done == len(data) and download.total:
                disk = os.statvfs(self._store.home)
                if disk.f_bavail * disk.f_frsize < download.total:
                    raise disk_full(self._store.root)
            return data

        return read

    def _check(self) -> None:
        if self._cancelled:
            raise Cancelled("The download was cancelled; start it again whenever you like.")
