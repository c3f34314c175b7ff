"""A package's files put into a prefix, as conda links them: nothing of a package is ever run."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ...errors import BadArchive, PrefixTooLong, UnsafeArchive, UnsuitableLockfile
from ..archive import LOOK_EVERY, inside, require_room
from ..checksums import Checksums, Sum
from ..limits import Limits
from ..prefix import sign
from ..sharing import SharingTree
from ..tarstream import FILE, FOLDER, SYMLINK, Member, TarStream
from ..tree import clean, refused, shown
from .description import Description, PathEntry, describe
from .locked import LockedPackage
from .members import PackageReader
from .placeholders import replace_prefix, sha256_of
from .published import compiled_from
from .record import Linked, owner_of
from .scripts import command_script

EXECUTABLE = 0o755
REPORT_EVERY = 20  # files
Report = Callable[[int], None]


class Linker:
    """Links packages into `tree`, whose files will stand below `prefix`.

    `order` has the packages' names, each with its place: where two have a file of the same name and other
    contents, that of the later one counts, whichever comes first; with `strict` that is UnsuitableLockfile.
    `report` hears how many files there are so far and may raise.
    """

    def __init__(
        self,
        tree: SharingTree,
        sums: Checksums,
        prefix: Path,
        site_packages: str | None,
        order: Iterable[str],
        limits: Limits,
        report: Report = lambda files: None,
        *,
        strict: bool = False,
    ) -> None:
        self.tree = tree
        self.sums = sums
        self.prefix = os.fsencode(prefix)
        self.site_packages = site_packages
        self._order = {name: place for place, name in enumerate(order)}
        self._limits = limits
        self._report = report
        self._strict = strict
        self._owners: dict[bytes, str] = {}
        self._look_at = self._report_at = 0
        self.files = 0
        self.size = 0  # bytes, unpacked

    def link(self, package: LockedPackage, file: Path) -> tuple[Linked, list[bytes]]:
        """Link a package's file; return it with the sources of which byte code is to be made.

        Raises BadArchive, UnsafeArchive and UnsuitableLockfile naming the package, PrefixTooLong, DiskFull
        and OSError.
        """
        try:
            return self._link(package, PackageReader(file, self._limits))
        except (BadArchive, UnsafeArchive) as error:
            raise type(error)(f"{package.file}: {error}") from None

    def _link(self, package: LockedPackage, reader: PackageReader) -> tuple[Linked, list[bytes]]:
        description = describe(package, reader.description(), self.site_packages, self._limits)
        self.require_short(package, description.entries.values())
        linked = Linked(package, description)
        left = {packed for packed, entry in description.entries.items() if not is_folder(entry)}
        lost = linked.lost
        with reader.files() as (stream, members):
            for member in members:
                packed = member.path if member.path in left else clean(member.path, self._limits)
                entry = description.entries.get(packed)
                if entry is None or member.kind is FOLDER:
                    for _ in stream.contents(member.size):
                        pass
                    if entry and is_folder(entry):
                        self.tree.folder(entry.path)
                    continue
                left.discard(packed)
                self.count(member.size)
                if self.owns(package, entry):
                    self._write(stream, member, entry, description)
                else:
                    lost.add(entry.path)
                    for _ in stream.contents(member.size):
                        pass
        if left:
            raise BadArchive(f"The package lacks a file that it lists ({shown(min(left))}); it was refused.")
        stale = self.rewrite(linked)
        self._add_commands(linked)
        return linked, [*stale, *self.uncompiled(linked)]

    def _write(self, stream: TarStream, member: Member, entry: PathEntry, description: Description) -> None:
        path = entry.path
        if member.kind is FILE:
            contents = self.sums.summed(path, member.size, stream.contents(member.size))
            self.tree.file(path, member.size, member.mode, member.mtime, contents)
        elif member.kind is SYMLINK:
            if member.link.startswith(b"/"):
                raise refused("holds a symlink that leads out of its folder", path)
            self.sums.symlink(path)
            self.tree.symlink(path, inside(path, member.link))
        else:
            target = description.entries.get(clean(member.link, self._limits))
            mine, _, _ = self._owners[path].partition(" ")
            if target is None or not self._owners.get(target.path, "").startswith(f"{mine} "):
                raise refused("names a file that it does not hold", path)
            self.tree.hardlink(path, target.path)
            self.sums.link(path, target.path)

    def owns(self, package: LockedPackage, entry: PathEntry) -> bool:
        """Tell whether a package's file is the one that counts; remember whose it is."""
        mine = owner_of(package, None if entry.placeholder else entry.fields.get("sha256"))
        if self._owners.setdefault(entry.path, mine) is mine:
            return True
        name, _, before = self._owners[entry.path].partition(" ")
        if name != package.name:
            if self._strict and (not before or mine != f"{package.name} {before}"):
                raise UnsuitableLockfile(
                    f"{name} and {package.name} both bring {shown(entry.path)}, and which one counts is "
                    "for conda to say; have conda-store build the environment."
                )
            if self._order[name] > self._order[package.name]:
                return False
        self._owners[entry.path] = mine
        return True

    def claim(self, package: LockedPackage, rows: dict[bytes, dict[str, Any]]) -> bool:
        """Make files a package's own, by their rows, and say so; False where another one has any of them."""
        if not self._owners.keys().isdisjoint(rows):
            return False
        self._owners |= {path: owner_of(package, row.get("sha256")) for path, row in rows.items()}
        return True

    def rewrite(self, linked: Linked) -> list[bytes]:
        """Put the prefix into the files that have a placeholder; return the sources that changed."""
        stale = []
        compiled = _compiled(entry.path for entry in linked.description.entries.values())
        seen: set[tuple[int, bytes]] = set()
        for entry in linked.description.entries.values():
            if entry.placeholder is None or entry.path in linked.lost or self._leads_on(entry.path):
                continue
            fd = self.tree.open(entry.path, os.O_RDWR)
            try:
                # a file with two names: its new prefix may begin with the old one
                once = (os.fstat(fd).st_ino, entry.placeholder)
                if once not in seen and replace_prefix(fd, entry, self.prefix):
                    self.sums.changed(entry.path)
                    if entry.binary:
                        sign(self.tree.root / os.fsdecode(entry.path))
                    elif entry.path in compiled:
                        stale.append(entry.path)
                seen.add(once)
                linked.in_prefix[entry.path] = sha256_of(fd)
            finally:
                os.close(fd)
        return stale

    def _add_commands(self, linked: Linked) -> None:
        points = linked.description.entry_points
        if points and self.site_packages is None:
            raise UnsuitableLockfile("The lockfile has packages of Python, but no Python; lock again.")
        for point in points:
            path = b"bin/" + point.command.encode()
            version = str(self.site_packages).split("/")[1].rstrip("t")
            script = command_script(point, self.prefix + b"/bin/" + version.encode())
            entry = PathEntry(path, path, None, False, {"sha256": hashlib.sha256(script).hexdigest()})
            if self.owns(linked.package, entry):
                self.add_file(path, script, EXECUTABLE)
                linked.commands.append(path)

    def add_file(self, path: bytes, data: bytes, mode: int = 0o644) -> None:
        """Write a file that no package holds."""
        pieces = self.sums.summed(path, len(data), (memoryview(data),) if data else ())
        self.tree.file(path, len(data), mode, time.time_ns(), pieces)
        self.files += 1
        self.size += len(data)

    def take(self, taken: Mapping[bytes, Sum]) -> None:
        """Take in files that came into the tree unread, by their sums."""
        self.files += len(taken) - 1
        self.count(sum(size for size, _ in taken.values()))
        self.sums.take(taken)

    def took(self, path: bytes) -> None:
        """Take in a file that was made in the tree, perhaps in another one's place."""
        if path not in self._owners:
            self.files += 1
            self.size += (self.tree.root / os.fsdecode(path)).stat().st_size
        self.sums.made(path)

    def uncompiled(self, linked: Linked) -> Iterator[bytes]:
        """Yield the sources of a package for every Python that has no byte code of them."""
        if not linked.description.noarch_python or self.site_packages is None:
            return
        folder = self.site_packages.encode() + b"/"
        paths = {entry.path for entry in linked.description.entries.values()}
        paths.update(os.fsencode(row["_path"]) for row in linked.rows)
        for path in sorted(paths - _compiled(paths) - linked.lost):
            if path.startswith(folder) and path.endswith(b".py"):
                yield path

    def count(self, size: int) -> None:
        """Take in a file of so many bytes; UnsafeArchive and DiskFull where it is too much."""
        self.files += 1
        self.size += size
        if self.files > self._limits.files or self.size > self._limits.unpacked:
            raise UnsafeArchive("It would make the environment far too large; it was refused.")
        if self.size >= self._look_at:
            require_room(self.tree, size + self._limits.spare)
            self._look_at = self.size + LOOK_EVERY
        if self.files >= self._report_at:
            self._report_at = self.files + REPORT_EVERY
            self._report(self.files)

    def _leads_on(self, path: bytes) -> bool:
        return (self.tree.root / os.fsdecode(path)).is_symlink()

    def require_short(self, package: LockedPackage, entries: Iterable[PathEntry]) -> None:
        """Raise PrefixTooLong where the prefix has no room in a package's binaries."""
        room = min((len(row.placeholder) for row in entries if row.placeholder and row.binary), default=None)
        if room is not None and len(self.prefix) > room:
            raise PrefixTooLong(
                f"The path {os.fsdecode(self.prefix)} has {len(self.prefix)} bytes, but {package.file} has "
                f"room for {room} at most; configure a folder with a shorter path, then try again."
            )


def is_folder(entry: PathEntry) -> bool:
    """Tell whether a path is listed as a folder of its own."""
    return entry.fields.get("path_type") == "directory"


def _compiled(paths: Iterable[bytes]) -> set[bytes]:
    """Return the sources that some paths are the byte code of."""
    return {source for path in paths if (source := compiled_from(path))}
