"""A package linked from a copy that has it: every file is looked at, and nothing is written to the copy."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from typing import Any

from ...errors import UnsafeArchive
from ..archive import inside
from ..checksums import sum_of
from ..limits import MIB, Limits
from ..rewrite import ENV_SHEBANG, restored_binary
from ..sharing import READ_FLAGS, SharingTree
from ..tree import Tree
from .description import PathEntry, listed_path
from .locked import LockedPackage
from .published import Published, compiled_from
from .record import BYTECODE, COMMAND
from .untouched import Untouched

NOT_OF_THE_PACKAGE = {
    *("files", "paths_data", "link", "extracted_package_dir", "package_tarball_full_path"),
    *("requested_spec", "requested_specs", "url", "fn", "channel", "sha256", "md5", "size"),
}


class Unfit(Exception):
    """The copy does not have the package as it was packed: it is fetched."""


class PackageInCopy:
    """A package's files in a copy, each given as it was packed; raises Unfit for whatever is not.

    `rows` of its list, by their paths, have files that need not be looked at if nobody touched them since;
    `entries` are all others.
    """

    def __init__(
        self, published: Published, record: dict[str, Any], package: LockedPackage, limits: Limits
    ) -> None:
        self.prefix = published.prefix
        self.published = published
        self._here = os.fsencode(published.prefix)
        self._tree = Tree(published.prefix)
        self._limits = limits
        self.index = {key: value for key, value in record.items() if key not in NOT_OF_THE_PACKAGE}
        self.commands: list[bytes] = []
        self.entries: dict[bytes, PathEntry] = {}
        self.rows: dict[bytes, dict[str, Any]] = {}
        data = record.get("paths_data")
        rows = data.get("paths") if isinstance(data, dict) else None
        if not isinstance(rows, list) or not rows:
            raise Unfit
        if package.stem in published.as_packed:
            rows = self._listed(rows)
        for row in rows:
            kind = row.get("path_type") if isinstance(row, dict) else None
            entry = listed_path(row, limits)
            if kind == COMMAND:
                self.commands.append(entry.path)
            elif kind in ("hardlink", "softlink", "directory"):
                self.entries[entry.path] = entry
            elif kind != BYTECODE:
                raise Unfit
        for field in ("name", "version", "build"):
            if self.index.get(field) != getattr(package, field):
                raise Unfit

    def _listed(self, rows: list[Any]) -> list[Any]:
        """Have rows as they stand whose files are known to be as they were packed; return the others.

        The paths of these are clean, as those of all files that were published.
        """
        sums, others = self.published.sums, []
        try:
            rewritten = {os.fsencode(row["_path"]) for row in rows if row.get("prefix_placeholder")}
            for row in rows:
                path = os.fsencode(row["_path"])
                again = bool(rewritten) and path.endswith(b".pyc") and compiled_from(path) in rewritten
                if row["path_type"] != "hardlink" or path in rewritten or path not in sums or again:
                    others.append(row)
                else:
                    self.rows[path] = row
        except (LookupError, TypeError, AttributeError):
            raise Unfit from None
        return others

    def list_rows(self) -> None:
        """Have every row as an entry, for files that have to be looked at one by one."""
        for path, row in self.rows.items():
            self.entries[path] = listed_path(row, self._limits)
        self.rows = {}

    def untouched(self, tree: SharingTree) -> Untouched:
        """Return what puts files that are as they were published into a tree."""
        return Untouched(tree, self._tree, self.published)

    def close(self) -> None:
        """Close what is open."""
        self._tree.close()

    @property
    def noarch_python(self) -> bool:
        """Tell whether it is a package for every Python."""
        return self.index.get("noarch") == "python"

    def link(self, entry: PathEntry) -> bytes:
        """Return where a symlink leads."""
        above, _, name = entry.path.rpartition(b"/")
        try:
            target = os.readlink(name, dir_fd=self._tree.folder(above, make=False))
        except (OSError, UnsafeArchive):
            raise Unfit from None
        if target.startswith(b"/"):
            raise Unfit
        return inside(entry.path, target)

    def open(self, path: bytes) -> int:
        """Return a descriptor of a regular file in the copy."""
        above, _, name = path.rpartition(b"/")
        try:
            return os.open(name, READ_FLAGS, dir_fd=self._tree.folder(above, make=False))
        except (OSError, UnsafeArchive):
            raise Unfit from None

    def require_same(self, contents: Iterable[memoryview], entry: PathEntry) -> None:
        """Raise Unfit unless a file without a placeholder has the contents that were packed."""
        digest = hashlib.sha256()
        for piece in contents:
            digest.update(piece)
        if digest.hexdigest() != entry.fields.get("sha256"):
            raise Unfit

    def original(self, fd: int, entry: PathEntry) -> bytes:
        """Return what stood in an open file before the prefix was put into it."""
        data = b"".join(map(bytes, pieces(fd)))
        old = entry.placeholder
        assert old is not None
        for text in self._originals(data, old, entry.binary):
            if hashlib.sha256(text).hexdigest() == entry.fields.get("sha256"):
                return text
        raise Unfit

    def _originals(self, data: bytes, old: bytes, binary: bool) -> Iterator[bytes]:
        yield data
        if binary:
            yield restored_binary(data, self._here, old)
            return
        text = data.replace(self._here, old)
        yield text
        shebang = ENV_SHEBANG.match(data)
        if shebang:
            yield b"#!" + old + b"/bin/" + shebang[1] + text[shebang.end() :]

    def as_published(self, path: bytes) -> int | None:
        """Return a descriptor of a file that no package lists, None unless it is as it was published."""
        was = self.published.sums.get(path)
        if was is None:
            return None
        try:
            fd = self.open(path)
        except Unfit:
            return None
        with os.fdopen(os.dup(fd), "rb") as file:
            if sum_of(file) == was:
                os.lseek(fd, 0, os.SEEK_SET)
                return fd
        os.close(fd)
        return None


def pieces(fd: int) -> Iterator[memoryview]:
    """Yield an open file's contents from its start."""
    at = 0
    while data := os.pread(fd, MIB, at):
        at += len(data)
        yield memoryview(data)
