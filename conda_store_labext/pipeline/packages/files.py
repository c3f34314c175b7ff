"""Package files on disk: each fetched once however many want it, and vouched for by its hash.

<root>/v1/p/<digest>.conda     a whole package, its hash checked; kept an hour after its last use
            <digest>.part      as far as it has come, for whoever goes on with it
            <digest>.lock      held by the one process that fetches it
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO

from ...errors import DownloadFailed, InvalidRequest
from ...errors.os_errors import disk_full
from ...store.files import replaced
from ...store.layout import children
from ...store.lock import FileLock
from ..download import ArchiveChanged, ArchiveSource, Download, Patience
from ..limits import KIB, MIB
from .channel import unavailable
from .locked import ENDINGS, LockedPackage

CHUNK = 256 * KIB
# a package is small beside an archive, and there is another way
PATIENCE = Patience(tries=6, longest=5.0)

Check = Callable[[], None]


class Cut(Exception):
    """A download under way was put off: its bytes stay, and it is gone on with later."""


class PackageFiles:
    """The package files of a store; safe to use from several threads and processes."""

    def __init__(self, folder: Path, spare: int = 0, patience: Patience = PATIENCE) -> None:
        self._folder = folder
        self._spare = spare
        self._patience = patience

    def __bool__(self) -> bool:
        """Tell whether any package is here."""
        return any(file.suffix in (".conda", ".bz2") for file in children(self._folder))

    def path(self, package: LockedPackage) -> Path:
        """Return where a package's file is, or will be."""
        ending = next(ending for ending in ENDINGS if package.file.endswith(ending))
        return self._folder / f"{package.digest}{ending}"

    def has(self, package: LockedPackage) -> bool:
        """Tell whether a package is here; if so it stays for another hour."""
        try:
            os.utime(self.path(package))
        except OSError:
            return False
        return True

    def fetch(
        self,
        package: LockedPackage,
        source: ArchiveSource,
        check: Check = lambda: None,
        report: Callable[[int, int | None], None] = lambda done, total: None,
    ) -> Path:
        """Return a package's file, fetched now unless it is here; wait while another process fetches it.

        `check` is called again and again and may raise; `report` hears the bytes that are here and the
        total. Raises PackageUnavailable, DiskFull and OSError. What `check` interrupts is gone on with by
        the next call.
        """
        lock = FileLock(self._folder / f"{package.digest}.lock")
        while not self.has(package):
            check()
            if not lock.try_acquire():  # no connection is open meanwhile
                time.sleep(0.05)
                continue
            with lock:
                if not self.has(package):
                    self._fetch(package, source, check, report)
        return self.path(package)

    def take(self, package: LockedPackage, pieces: Iterable[memoryview]) -> Path:
        """Return a package's file, made of `pieces`; PackageUnavailable where that is another one."""
        if not self.has(package):
            digest = _hash(package)
            with replaced(self.path(package)) as file:
                for piece in pieces:
                    digest.update(piece)
                    file.write(piece)
                _require(package, digest)
        return self.path(package)

    def _fetch(
        self,
        package: LockedPackage,
        source: ArchiveSource,
        check: Check,
        report: Callable[[int, int | None], None],
    ) -> None:
        part = self._folder / f"{package.digest}.part"
        resumed = True
        while True:
            try:
                with part.open("r+b" if resumed and part.exists() else "w+b") as file:
                    digest = _hash(package)
                    while chunk := file.read(MIB):
                        digest.update(chunk)
                    resumed = file.tell() > 0
                    if digest.hexdigest() != package.digest:
                        self._go_on(package, source, file, digest, check, report)
                _require(package, digest)
            except ArchiveChanged:
                pass
            except (DownloadFailed, InvalidRequest):
                # what lay here may have been another file's beginning; what is whole and wrong is dropped
                if not resumed:
                    part.unlink(missing_ok=True)
                    raise
            else:
                part.replace(self.path(package))
                return
            if not resumed:
                part.unlink(missing_ok=True)
                raise unavailable(package, "gives another file at every answer")
            resumed = False
            check()

    def _go_on(
        self,
        package: LockedPackage,
        source: ArchiveSource,
        file: BinaryIO,
        digest: Any,
        check: Check,
        report: Callable[[int, int | None], None],
    ) -> None:
        download = Download(source, self._patience, file.tell())
        try:
            while True:
                try:
                    chunk = download.read(CHUNK)
                except DownloadFailed as error:
                    if type(error) is not DownloadFailed:
                        raise
                    raise unavailable(package, "does not answer, or breaks off again and again") from None
                if not chunk:
                    return
                if not download.done - len(chunk):
                    self._require_room(download.total or 0)
                if package.size is not None and download.done > package.size:
                    raise unavailable(package, "sends more than the file has")
                digest.update(chunk)
                file.write(chunk)
                report(download.done, download.total)
                check()  # what came is kept by now
        finally:
            download.close()

    def _require_room(self, size: int) -> None:
        disk = os.statvfs(self._folder)
        if disk.f_bavail * disk.f_frsize < size + self._spare:
            raise disk_full(self._folder)


def _hash(package: LockedPackage) -> Any:
    return hashlib.sha256() if package.sha256 else hashlib.md5(usedforsecurity=False)


def _require(package: LockedPackage, digest: Any) -> None:
    if digest.hexdigest() != package.digest:
        raise unavailable(package, "gives another file than the one that was locked, by its hash")
