"""Overlays: a user's additions to builds, whoever fills the folder that the copies lie in.

The layout of `<JUPYTER_DATA_DIR>/conda-store-additions`, of mode 0700:

    v1/                  the layout's version: another layout gets another folder
        o/<key>/         an overlay, complete; see `overlay.py`
        l/<key>.lock     held shared while an overlay is chosen, made and started from, exclusively while
                         it is removed
        s/ t/            in the making, and being deleted
"""

from __future__ import annotations

import json
import secrets
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from ..errors import CacheNotWritable, KernelRunning, NotFound
from ..errors.os_errors import os_errors_explained
from ..models.build_ref import BuildRef
from .files import read_json, replace_text
from .layout import VERSION, children, delete
from .lock import FileLock
from .overlay import RECORD, Overlay
from .paths import default_additions
from .processes import started_from

KEPT_FOR = "kept_for"


class Overlays:
    """The overlays of a user; safe to use from any number of threads and processes."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or default_additions()
        self.home = self.root / VERSION

    def of(self, build: BuildRef) -> Overlay:
        """Return the overlay of a build, which need not be there yet."""
        return Overlay(self.home / "o" / build.copy_key, asdict(build.ref), sys.executable)

    def get(self, key: str) -> Overlay:
        """Return the overlay of this key; NotFound where there is none."""
        overlay = self._read(self.home / "o" / key)
        if overlay is None:
            raise NotFound("Nothing was added to this build; refresh the list.")
        return overlay

    def list(self) -> tuple[Overlay, ...]:
        """Return every overlay that is there, by key."""
        overlays = (self._read(folder) for folder in sorted(children(self.home / "o")))
        return tuple(overlay for overlay in overlays if overlay)

    def kept_for(self, overlay: Overlay) -> str | None:
        """Return the folder of the project that an overlay is kept for, whatever becomes of its copy."""
        folder = read_json(overlay.folder / RECORD).get(KEPT_FOR)
        return folder if isinstance(folder, str) else None

    def keep(self, overlay: Overlay, project: str | None) -> None:
        """Keep an overlay for a project, or for none any more."""
        record = read_json(overlay.folder / RECORD)
        record.pop(KEPT_FOR, None)
        record |= {} if project is None else {KEPT_FOR: project}
        with os_errors_explained(self.root):
            replace_text(overlay.folder / RECORD, json.dumps(record, indent=1) + "\n")

    def discard(self, overlay: Overlay) -> None:
        """Empty an overlay; what runs on it goes on, with what it has imported."""
        with os_errors_explained(self.root):
            overlay.renew()

    def remove(self, key: str, *, kept: bool = True) -> None:
        """Remove the overlay of a build if there is one; one that is `kept` for a project stays.

        Raises KernelRunning while something runs on it.
        """
        folder = self.home / "o" / key
        overlay = self._read(folder)
        if not folder.is_dir() or (kept and overlay and self.kept_for(overlay)):
            return
        lock = FileLock(self.home / "l" / f"{key}.lock")
        with os_errors_explained(self.root):
            free = True
            with suppress(CacheNotWritable):  # a file system without locks
                free = lock.try_acquire()
            try:
                if not free or any(started_from(folder)):
                    raise KernelRunning(f"Something runs on the additions in {folder}; shut it down first.")
                gone = self.home / "t" / f"{key}.{secrets.token_hex(4)}"
                folder.rename(gone)
            finally:
                lock.release()
        delete(gone)

    def sweep(self) -> None:
        """Delete what ended programs left in the making or half-deleted."""
        for folder in children(self.home / "t"):
            delete(folder)
        for folder in children(self.home / "s"):
            lock = FileLock(self.home / "l" / f"{folder.name.partition('.')[0]}.lock")
            with suppress(OSError, CacheNotWritable):
                if lock.try_acquire():
                    with lock:
                        delete(folder)

    def _read(self, folder: Path) -> Overlay | None:
        record = read_json(folder / RECORD)
        try:
            build = BuildRef(*(record[name] for name in ("server", "namespace", "environment", "build_id")))
        except (LookupError, TypeError, AttributeError):
            return None
        return self.of(build) if build.copy_key == folder.name else None
