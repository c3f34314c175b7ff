"""EnvironmentStore: the environments on this machine's disk.

    <root>/                     0700 when made here; the folders below take its mode
      v1/                       the layout's version: another layout gets another folder
        CACHEDIR.TAG            keeps backups out (https://bford.info/cachedir/)
        e/<key>/                an environment, complete; never written to after it appeared
        m/<key>.json            its manifest; its mtime says when the environment was last used. With a
                                `prefix` it refers to conda-store's own folder, and there is no e/<key>
        a/<key>.json            what its activation scripts do, so that they run once
        c/<key>                 the checksums of its files when it was published
        k/<key>.json            what is known of its packages: which are as they were packed, and which of
                                their files have no byte code yet
        l/<key>.lock            held exclusively while <key> is made or removed, shared from the choice
                                of the copy until what was started from it runs (`hold`)
        p/<hash>.conda          a package's file, for an hour after its last use
        s/<key>/                an environment in the making; stale when its lock is free
        t/<key>.<random>/       an environment being deleted

`<key>` is eight hexadecimal digits of the server's URL and the build's number. The paths are short because
an environment's path stands in the first lines of its scripts, which the kernel reads 255 bytes of.

Stores of other people may stand in front: their environments are used where they are, and nothing is ever
written there, neither a lock nor a time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Literal

from ..errors import CacheNotWritable, Conflict, NotFound
from ..errors.os_errors import os_errors_explained
from ..models.build_ref import BuildRef, EnvironmentRef
from .files import replace_text
from .layout import FOLDER_VARIABLE, VERSION, aside, checksums_of, children, delete, known_of, prepare
from .lock import FileLock
from .records import Manifest, StoredCopy, iso, now
from .sweep import sweep
from .usage import last_started


class Stage:
    """A folder that becomes a build's copy in one rename, if `publish` is called."""

    def __init__(self, store: EnvironmentStore, build: BuildRef) -> None:
        self._store = store
        self._build = build
        self._key = build.copy_key
        self.folder = store.home / "s" / self._key
        self.prefix = store.prefix(self._key)
        self.checksums = checksums_of(self.prefix)

    def publish(self, size: int, files: int, variables: Mapping[str, str] | None = None) -> StoredCopy:
        """Write the manifest (`size` in bytes), move the folder to its final path, return what is there.

        `variables` are those of the build's specification.
        """
        manifest = Manifest(
            **asdict(self._build), bytes=size, files=files, created_on=now(), variables=dict(variables or {})
        )
        with os_errors_explained(self._store.root, FOLDER_VARIABLE):
            self._store.discard(self.prefix)  # one without a manifest: a removal that was interrupted
            self._store.write_manifest(self._key, manifest)
            try:
                self.folder.rename(self.prefix)
            except OSError:
                self._store.forget(self._key)
                raise
        copy = self._store.local(self._key)
        if copy is None:
            raise Conflict(f"{self.prefix} was removed while it was made; try again.")
        return copy


class EnvironmentStore:
    """The environments below `root`; a folder that is not there yet is an empty store.

    `shared` are the roots of stores that are looked into first and only read. Safe to use from any number
    of threads and processes. Raises CacheNotWritable, DiskFull and Conflict.
    """

    def __init__(self, root: Path, shared: Iterable[Path] = ()) -> None:
        self.root = root
        self.home = root / VERSION
        self.shared = tuple(EnvironmentStore(folder) for folder in shared if folder != root)

    def prefix(self, key: str) -> Path:
        """Return the path at which an environment stands, or will."""
        return self.home / "e" / key

    def activation_cache(self, key: str) -> Path:
        """Return the file in which to keep what the activation scripts of an environment do."""
        return self.home / "a" / f"{key}.json"

    def lock(self, key: str, *, shared: bool = False) -> FileLock:
        """Return the lock of an environment, not yet taken."""
        with os_errors_explained(self.root, FOLDER_VARIABLE):
            prepare(self.root)
        return FileLock(self.home / "l" / f"{key}.lock", shared=shared)

    def hold(self, copy: StoredCopy) -> FileLock | None:
        """Keep a copy from being removed until the lock that is returned is released.

        None when it is gone or being removed just now: choose again. Where no lock can be had (a folder that
        cannot be written to, a file system without locks) the copy is held by nothing.
        """
        lock = FileLock(self.home / "l" / f"{copy.key}.lock", shared=True)
        with suppress(OSError, CacheNotWritable):
            if not lock.try_acquire():
                return None
        if self.get(copy.key) is None:
            lock.release()
            return None
        return lock

    @contextmanager
    def stage(self, build: BuildRef) -> Iterator[Stage]:
        """Give an empty folder to make a copy in, gone afterwards unless published; needs the lock held."""
        stage = Stage(self, build)
        with os_errors_explained(self.root, FOLDER_VARIABLE):
            delete(stage.folder)
            known_of(stage.prefix).unlink(missing_ok=True)  # of one before it
            stage.folder.mkdir(0o755)
        try:
            yield stage
        finally:
            delete(stage.folder)

    def list(self) -> tuple[StoredCopy, ...]:
        """Return every complete environment, by key, those of the stores in front included."""
        keys = {path.stem for store in (*self.shared, self) for path in children(store.home / "m")}
        return tuple(copy for copy in map(self.get, sorted(keys)) if copy is not None)

    def of(self, environment: EnvironmentRef) -> tuple[StoredCopy, ...]:
        """Return the copies of an environment's builds."""
        return tuple(copy for copy in self.list() if copy.same_environment(environment))

    def newest(self, environment: EnvironmentRef) -> StoredCopy | None:
        """Return the copy of an environment's newest build that is here."""
        return max(self.of(environment), key=lambda copy: copy.build_id, default=None)

    def find(self, build: BuildRef) -> StoredCopy | None:
        """Return the copy of a build; None also where the server gave its id to another environment."""
        copy = self.get(build.copy_key)
        return copy if copy and copy.same_environment(build) else None

    def get(self, key: str) -> StoredCopy | None:
        """Return an environment if it is complete, from a store in front if one has it."""
        for store in self.shared:
            copy = store.local(key)
            if copy is not None:
                return replace(copy, origin="shared")
        return self.local(key)

    def local(self, key: str) -> StoredCopy | None:
        """Return an environment of this very store if it is complete."""
        file = self.home / "m" / f"{key}.json"
        try:
            manifest = Manifest(**json.loads(file.read_text(encoding="utf-8")))
            prefix = Path(manifest.prefix) if manifest.prefix else self.prefix(key)
            used = file.stat().st_mtime
            # conda-store may have deleted its own folder, or be doing so
            complete = (prefix / "conda-meta" / "history").is_file() if manifest.prefix else prefix.is_dir()
        except (OSError, ValueError, TypeError):
            return None
        if not complete:
            return None
        fields = asdict(manifest) | {"prefix": prefix}
        used = max(used, last_started(prefix))
        origin: Literal["own", "in place"] = "in place" if manifest.prefix else "own"
        return StoredCopy(last_used_on=iso(used), origin=origin, **fields)

    def touch(self, key: str) -> None:
        """Remember that an environment is used now; a store that cannot be written to forgets it."""
        with suppress(OSError):
            os.utime(self.home / "m" / f"{key}.json")

    def adopt(self, build: BuildRef, folder: Path, variables: Mapping[str, str]) -> StoredCopy:
        """Remember a build that is used where it is, in a folder of conda-store's; needs the lock held."""
        manifest = Manifest(
            **asdict(build.ref),
            bytes=0,
            files=0,
            created_on=now(),
            prefix=str(folder),
            variables=dict(variables),
        )
        with os_errors_explained(self.root, FOLDER_VARIABLE):
            self.write_manifest(build.copy_key, manifest)
        copy = self.local(build.copy_key)
        if copy is None:
            raise Conflict(f"{manifest.prefix} was removed just now; try again.")
        return copy

    def remove(self, key: str) -> None:
        """Take an environment away, then delete its files; raises what `detach` raises."""
        trash = self.detach(key)
        if trash:
            delete(trash)

    def detach(self, key: str) -> Path | None:
        """Remove an environment at once and return the folder that is left to delete.

        NotFound, or Conflict while it is locked. Of one that is used in place only the memory goes.
        """
        manifest = self.home / "m" / f"{key}.json"
        if not self.prefix(key).exists() and not manifest.exists():
            raise NotFound(f"There is no local copy {key}; refresh the list.")
        lock = self.lock(key)
        with os_errors_explained(self.root, FOLDER_VARIABLE):
            if not lock.try_acquire():
                raise Conflict(f"The local copy {key} is being made or used just now; try again later.")
            try:
                trash = aside(self.prefix(key))
                manifest.unlink(missing_ok=True)
                self.activation_cache(key).unlink(missing_ok=True)
                checksums_of(self.prefix(key)).unlink(missing_ok=True)
                known_of(self.prefix(key)).unlink(missing_ok=True)
            finally:
                lock.release()
        return trash

    def sweep(self) -> None:
        """Delete what ended runs left behind: stale staging folders and half-deleted environments."""
        sweep(self.home)

    def forget(self, key: str) -> None:
        """Delete the manifest of what is not there (any more). Needs its lock held."""
        if not self.prefix(key).exists():
            with suppress(OSError):
                (self.home / "m" / f"{key}.json").unlink()

    def discard(self, folder: Path) -> None:
        """Take a folder away in one step, then delete it; nothing if there is none. Needs its lock held."""
        trash = aside(folder)
        if trash:
            delete(trash)

    def write_manifest(self, key: str, manifest: Manifest) -> None:
        """Put a manifest in place in one step; without its environment it counts for nothing."""
        fields = {name: value for name, value in asdict(manifest).items() if value not in (None, {})}
        replace_text(self.home / "m" / f"{key}.json", json.dumps(fields, indent=1) + "\n")
