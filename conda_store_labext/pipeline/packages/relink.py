"""A package put into a prefix out of a copy that has it, as `link` does it out of the package's file."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from contextlib import closing
from stat import S_ISREG

from ...errors import BadArchive
from ...errors.os_errors import FULL
from ..limits import Limits
from ..sharing import SiblingChanged
from .description import Description, PathEntry
from .from_copy import PackageInCopy, Unfit, pieces
from .here import record_in
from .link import Linker, is_folder
from .locked import LockedPackage
from .published import Published, compiled_from
from .record import Linked
from .scripts import first_line

_ENV_PYTHON = re.compile(rb"#!/usr/bin/env (python[0-9.]*)(?=\s)")


def link_from_copy(
    linker: Linker, package: LockedPackage, published: Published, limits: Limits
) -> tuple[Linked, list[bytes]]:
    """Link a package that the `published` copy has; return what `Linker.link` does.

    Raises Unfit where one of its files is not as it was packed; what was linked by then is replaced when the
    package's own file is linked. Raises UnsuitableLockfile, PrefixTooLong, DiskFull and OSError besides.
    """
    before = linker.files, linker.size
    record = record_in(published.prefix, package)
    if record is None:
        raise Unfit
    try:
        with closing(PackageInCopy(published, record, package, limits)) as source:
            return _Relinking(linker, source, package).run()
    except (Unfit, BadArchive, SiblingChanged, OSError) as error:
        if isinstance(error, OSError) and error.errno in FULL:
            raise
        linker.files, linker.size = before
        raise Unfit from None


class _Relinking:
    def __init__(self, linker: Linker, source: PackageInCopy, package: LockedPackage) -> None:
        self._linker = linker
        self._source = source
        self._package = package
        self._untouched = source.untouched(linker.tree)
        self._stale: list[bytes] = []
        self._seen: dict[int, bytes] = {}

    def run(self) -> tuple[Linked, list[bytes]]:
        linker, source = self._linker, self._source
        if not linker.claim(self._package, source.rows):
            source.list_rows()
        description = Description(source.index, source.entries, (), source.noarch_python)
        self._require_same_python(description)
        linker.require_short(self._package, description.entries.values())
        linked = Linked(self._package, description, rows=list(source.rows.values()))
        for path in self._take(source.rows):
            self._changed(path)
        for entry in description.entries.values():
            if is_folder(entry):
                linker.tree.folder(entry.path)
            elif not linker.owns(self._package, entry):
                linked.lost.add(entry.path)
                linker.count(0)
            elif entry.fields["path_type"] == "softlink":
                target = source.link(entry)
                linker.sums.symlink(entry.path)
                linker.tree.symlink(entry.path, target)
                linker.count(0)
            else:
                self._file(entry)
        self._stale += linker.rewrite(linked)
        for path in source.commands:
            self._command(path)
            linked.commands.append(path)
        return linked, [*self._stale, *self._without_bytecode(linked)]

    def _take(self, paths: Collection[bytes]) -> list[bytes]:
        """Put files that are as they were published into the tree; return the others."""
        others = self._untouched.link(paths)
        left = set(others)
        # whatever is taken is asked for once, and known twice it would take memory
        known = self._source.published.sums
        self._linker.take({path: known.pop(path) for path in paths if path not in left})
        return others

    def _changed(self, path: bytes) -> None:
        """Raise Unfit, unless a file is byte code, which Python makes anew when a copy is used."""
        source = compiled_from(path)
        if source is None or (source not in self._source.entries and source not in self._source.rows):
            raise Unfit
        self._stale.append(source)

    def _file(self, entry: PathEntry) -> None:
        linker, path = self._linker, entry.path
        fd = self._source.open(path)
        try:
            status = os.fstat(fd)
            if not S_ISREG(status.st_mode):
                raise Unfit
            linker.count(status.st_size)
            if entry.placeholder is not None:
                data = self._source.original(fd, entry)
                contents = linker.sums.summed(path, len(data), (memoryview(data),) if data else ())
                linker.tree.file(path, len(data), status.st_mode, status.st_mtime_ns, contents)
                return
            try:
                self._source.require_same(linker.sums.summed(path, status.st_size, pieces(fd)), entry)
            except Unfit:
                self._changed(path)
                return
            twin = self._seen.setdefault(status.st_ino, path)
            if twin != path:
                linker.tree.hardlink(path, twin)
            else:
                linker.tree.adopt(fd, path)
            if os.fstat(fd).st_mtime_ns != status.st_mtime_ns:
                raise Unfit
        finally:
            os.close(fd)

    def _command(self, path: bytes) -> None:
        fd = self._source.as_published(path)
        if fd is None:
            raise Unfit
        with os.fdopen(fd, "rb") as file:
            text, mode = file.read(), os.fstat(fd).st_mode
        text = text.replace(os.fsencode(self._source.prefix), self._linker.prefix)
        match = _ENV_PYTHON.match(text)
        if match:
            text = first_line(self._linker.prefix + b"/bin/" + match[1]) + text.partition(b"\n")[2]
        entry = PathEntry(path, path, None, False, {})
        if self._linker.owns(self._package, entry):
            self._linker.add_file(path, text, mode)

    def _without_bytecode(self, linked: Linked) -> list[bytes]:
        """Take the byte code of sources that are the same; return those whose it has to be made."""
        sources = list(self._linker.uncompiled(linked))
        entries, published = self._source.entries, self._source.published
        same = {
            path: source
            for source in sources
            if not ((entry := entries.get(source)) and entry.placeholder)
            and (path := published.bytecode.get(source))
        }
        for path in self._take(same):
            del same[path]
        linked.compiled += same
        return sorted(set(sources).difference(same.values()))

    def _require_same_python(self, description: Description) -> None:
        """Raise Unfit where a package for every Python lies where another Python looks."""
        if not description.noarch_python:
            return
        wanted = f"{self._linker.site_packages}/".encode()
        for path in (*description.entries, *self._source.rows):
            if b"/site-packages/" in path and not path.startswith(wanted):
                raise Unfit
