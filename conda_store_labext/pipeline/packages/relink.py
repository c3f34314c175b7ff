"""A package put into a prefix out of a copy that has it, as `link` does it out of the package's file."""

from __future__ import annotations

import os
import re
from contextlib import closing, suppress
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
        self._stale: list[bytes] = []
        self._lost: set[bytes] = set()
        self._seen: dict[int, bytes] = {}

    def run(self) -> tuple[Linked, list[bytes]]:
        linker, source = self._linker, self._source
        description = Description(source.index, source.entries, (), source.noarch_python)
        self._require_same_python(description)
        linker.require_short(self._package, description.entries.values())
        linked = Linked(self._package, description)
        for entry in description.entries.values():
            if is_folder(entry):
                linker.tree.folder(entry.path)
            elif not linker.owns(self._package, entry):
                self._lost.add(entry.path)
                linker.count(0)
            elif entry.fields["path_type"] == "softlink":
                target = source.link(entry)
                linker.sums.symlink(entry.path)
                linker.tree.symlink(entry.path, target)
                linker.count(0)
            else:
                self._file(entry)
        self._stale += linker.rewrite(linked, self._lost)
        for path in source.commands:
            self._command(path)
            linked.commands.append(path)
        sources = [
            path for path in linker.uncompiled(description, self._lost) if not self._compiled(path, linked)
        ]
        return linked, [*self._stale, *sources]

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
                source = compiled_from(path)
                if source is None or source not in self._source.entries:
                    raise
                # Python compiled it anew when the copy was used
                self._stale.append(source)
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

    def _compiled(self, source: bytes, linked: Linked) -> bool:
        """Take the byte code of a source that is the same; False where it has to be made."""
        entry = linked.description.entries[source]
        path = self._source.bytecode(source) if entry.placeholder is None else None
        fd = self._source.as_published(path) if path else None
        if path is None or fd is None:
            return False
        with suppress(OSError):
            self._linker.tree.adopt(fd, path)
            self._linker.sums.made(path)
            self._linker.count(os.fstat(fd).st_size)
            linked.compiled.append(path)
        os.close(fd)
        return True

    def _require_same_python(self, description: Description) -> None:
        """Raise Unfit where a package for every Python lies where another Python looks."""
        if not description.noarch_python:
            return
        wanted = f"{self._linker.site_packages}/".encode()
        for path in description.entries:
            if b"/site-packages/" in path and not path.startswith(wanted):
                raise Unfit
