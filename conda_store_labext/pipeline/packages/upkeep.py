"""Upkeep of a copy that is in use already: byte code, and a look at which packages are as packed.

Run as a module with the store's folder, it takes what others leave of the processor and ends when nothing is
left to do; with a copy's key besides it takes all there is, as somebody waits. Standard input stays open as
long as the parent lives.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG

from ...errors import Cancelled, CondaStoreLabError
from ...store.layout import checksums_of, children
from ...store.lock import FileLock
from ...store.records import StoredCopy
from ...store.store import EnvironmentStore
from ..checksums import sum_of, write_checksums
from ..limits import MIB
from .bytecode import Compiler, clear_half_written, interpreter
from .known import read_known, write_known
from .published import Published

MODULE = __name__
Check = Callable[[], None]


def undone(store: EnvironmentStore) -> Iterator[str]:
    """Yield the keys of copies of this very store that there is something to do about."""
    for manifest in children(store.home / "m"):
        copy = store.local(manifest.stem)
        if copy is None or copy.origin != "own" or not os.access(copy.prefix, os.W_OK):
            continue
        known = read_known(copy.prefix)
        if known is None or known.uncompiled:
            yield copy.key


def lacks_bytecode(store: EnvironmentStore, key: str) -> bool:
    """Tell whether byte code of a copy is still to be made."""
    known = read_known(store.prefix(key))
    return known is not None and bool(known.uncompiled)


def tend(store: EnvironmentStore, key: str, check: Check = lambda: None, *, idle: bool = False) -> None:
    """Do what there is to be done about a copy; one process at a time. OSError, and what `check` raises.

    With `idle` it is left to another process that is at it, and only what others leave of the processor is
    taken. Whenever it is interrupted, the copy can be used, and somebody goes on with it later.
    """
    lock = FileLock(store.home / "l" / f"{key}.upkeep.lock")
    if idle and not lock.try_acquire():
        return
    if not idle:
        lock.acquire(check)
    with lock:
        copy = store.local(key)
        known = read_known(copy.prefix) if copy else None
        if copy is None:
            return
        if known is None:
            write_known(copy.prefix, _as_packed(copy.prefix, check))
        elif known.uncompiled:
            _compile(store, copy, known.as_packed, known.uncompiled, check, idle=idle)


def _compile(
    store: EnvironmentStore,
    copy: StoredCopy,
    as_packed: frozenset[str],
    sources: tuple[bytes, ...],
    check: Check,
    *,
    idle: bool,
) -> None:
    def check_both() -> None:
        check()
        if not copy.prefix.is_dir():
            raise Cancelled("The copy was removed.")

    clear_half_written(copy.prefix, sources)
    compiler = Compiler(copy.prefix, copy.prefix, 1 if idle else min(os.cpu_count() or 1, 8), idle=idle)
    python = interpreter(copy.prefix)
    compiler.add(sources)
    try:
        if python:
            compiler.start(python)
            compiler.finish(check_both)
    finally:
        made = compiler.stop()
    lock = store.lock(copy.key, shared=True)  # nobody removes or replaces it meanwhile
    lock.acquire(check_both)
    with lock:
        if store.local(copy.key) != copy:
            return
        published = Published(copy.prefix)
        sums, complete_at = published.sums, published.complete_at
        for path in made.values():
            with suppress(OSError), (copy.prefix / os.fsdecode(path)).open("rb") as file:
                sums[path] = sum_of(file)
        write_checksums(checksums_of(copy.prefix), sums, complete_at)
        write_known(copy.prefix, as_packed, compiler.left if python else ())


def _as_packed(prefix: Path, check: Check) -> Iterator[str]:
    """Yield the packages of a copy, made of an archive, whose files are as they were packed and published."""
    published = Published(prefix)
    for record in sorted((prefix / "conda-meta").glob("*.json")):
        check()
        with suppress(OSError, ValueError, LookupError, TypeError):
            rows = json.loads(record.read_bytes())["paths_data"]["paths"]
            plain = (
                row for row in rows if row["path_type"] == "hardlink" and not row.get("prefix_placeholder")
            )
            if all(_is_as_packed(published, row) for row in plain):
                yield record.stem


def _is_as_packed(published: Published, row: dict[str, str]) -> bool:
    path = published.prefix / row["_path"]
    size, _ = published.sums[os.fsencode(row["_path"])]
    status = path.lstat()
    if not S_ISREG(status.st_mode) or status.st_size != size:
        return False
    digest = hashlib.sha256()
    flags = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NOATIME", 0)
    with os.fdopen(os.open(path, flags), "rb", buffering=0) as file:
        while data := file.read(MIB):
            digest.update(data)
    return digest.hexdigest() == row["sha256"] and path.lstat().st_ctime_ns < published.complete_at


def main(arguments: list[str]) -> None:
    """Do all that there is to do in a store, or what there is about one copy."""
    ended = threading.Event()

    def end_with_parent() -> None:
        while os.read(0, 4096):
            pass
        ended.set()

    def check() -> None:
        if ended.is_set():
            raise Cancelled("The program has ended.")

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the parent
    signal.signal(signal.SIGTERM, lambda number, frame: ended.set())
    os.umask(0o022)
    threading.Thread(target=end_with_parent, daemon=True).start()
    root, *keys = arguments
    store = EnvironmentStore(Path(root))
    if not keys:
        os.nice(19)
        if sys.platform == "linux":
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    for key in keys or undone(store):
        with suppress(CondaStoreLabError, OSError):  # another time
            check()
            tend(store, key, check, idle=not keys)


if __name__ == "__main__":
    main(sys.argv[1:])
    os._exit(0)  # a thread still reads
