"""Clearing away what ended processes left in a store: half-made, half-written and half-deleted things."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .layout import children, delete
from .lock import FileLock

PACKAGES_KEPT = 3600.0  # seconds since their last use


def sweep(home: Path) -> None:
    """Clear away what nobody works on any more: its lock is free. `home` is the layout's folder."""
    for folder in children(home / "s"):
        with suppress(OSError), _alone(home, folder.name) as alone:
            if alone:
                delete(folder)
    for folder in children(home / "t"):
        delete(folder)
    for file in children(home / "a"):
        if not (home / "m" / f"{file.name.partition('.')[0]}.json").exists():
            with suppress(OSError):
                file.unlink()
    for file in (*children(home / "c"), *children(home / "k")):
        key = file.name.lstrip(".").partition(".")[0]
        with suppress(OSError), _alone(home, key) as alone:
            if alone and not (home / "m" / f"{key}.json").exists():
                file.unlink()
    for file in children(home / "m"):
        key = file.name.lstrip(".").partition(".")[0]
        if _is_left_over(home, file, key):
            with suppress(OSError), _alone(home, key) as alone:
                if alone and _is_left_over(home, file, key):  # not published meanwhile
                    file.unlink(missing_ok=True)
    _sweep_packages(home / "p")


def _sweep_packages(folder: Path) -> None:
    """Delete package files that nobody used lately, with their locks, unless they are being fetched."""
    oldest = time.time() - PACKAGES_KEPT
    for file in children(folder):
        with suppress(OSError):
            if file.suffix == ".lock" or file.lstat().st_mtime > oldest:
                continue
            digest = file.name.lstrip(".").partition(".")[0]
            lock = FileLock(folder / f"{digest}.lock")
            if lock.try_acquire():
                with lock:
                    file.unlink(missing_ok=True)
                    lock.path.unlink(missing_ok=True)


def _is_left_over(home: Path, manifest: Path, key: str) -> bool:
    """Tell whether a manifest is half written, or has no environment (which may be used in place)."""
    if manifest.name.startswith("."):
        return True
    try:
        return not (home / "e" / key).exists() and b'"prefix"' not in manifest.read_bytes()
    except OSError:
        return False


@contextmanager
def _alone(home: Path, key: str) -> Iterator[bool]:
    """Hold the lock of an environment for a while; false where somebody else holds it."""
    lock = FileLock(home / "l" / f"{key}.lock")
    if not lock.try_acquire():
        yield False
        return
    with lock:
        yield True
