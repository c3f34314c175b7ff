"""Files of a copy as an image has them: the same bytes for the same build, wherever it was copied.

The environment's path becomes the image's. What tells of this machine is left out (conda's history and where
packages were unpacked), and byte code, which would hold the path and the time of its source, is made anew.
"""

from __future__ import annotations

import json
import mmap
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from ...errors import Conflict, InvalidRequest
from ...pipeline.checksums import read_checksums, sum_of
from ...pipeline.rewrite import ENV_SHEBANG
from ...store.layout import checksums_of
from ..pack import THEIRS

PREFIX = "/opt/env"  # one for all images, so that they have layers in common
TIME = 315_532_800  # of all files: 1980, the first one that zip files can hold
KEPT = (  # of a package's record in conda-meta
    *("name", "version", "build", "build_number", "subdir", "fn", "url", "channel", "md5", "sha256"),
    *("depends", "constrains", "license", "noarch", "timestamp"),
)
# An environment's own interpreter, as conda has it where the path is too long for a first line.
_BY_SHELL = re.compile(
    rb"#!/bin/sh\n'''exec' \"?%s/bin/([^\s\"/]+)\"? \"\$0\" \"\$@\"\n' '''(?=\n)" % PREFIX.encode()
)


@dataclass(frozen=True)
class Member:
    """A file or link of an image: `path` is relative to PREFIX, `package` the name of whose it is.

    That is empty for nobody's. A link has `target`, a file its bytes in `data` or, as they are, in `source`.
    """

    path: str
    package: str
    executable: bool = False
    target: str = ""
    data: bytes | None = None
    source: Path | None = None

    @property
    def size(self) -> int:
        """Bytes of a file, 0 of a link."""
        return len(self.data) if self.data is not None else self.source.stat().st_size if self.source else 0


class Content:
    """The files of the copy in `prefix`, without byte code. Raises Conflict where one is not as it came."""

    def __init__(self, prefix: Path) -> None:
        self._prefix = prefix
        self._old = os.fsencode(prefix)
        self._sums = read_checksums(checksums_of(prefix))
        self._records = dict(_records(prefix))
        self.owners = {
            path: str(record["name"]) for record in self._records.values() for path in record.get("files", ())
        }

    def members(self) -> Iterator[Member]:
        """Yield files and links by their paths; raises InvalidRequest for a name that images cannot hold."""
        for path in self._paths():
            package = self.owners.get(path, "")
            above, _, name = path.rpartition("/")
            if path.endswith(".pyc") and _source(above, name) in self.owners:
                continue
            if not package and any(fnmatch(path, pattern) for pattern in THEIRS):
                continue
            if name.startswith(".wh."):
                raise InvalidRequest(f"{path} cannot be in an image, where its name stands for a deletion.")
            if path in self._records:
                record = {key: self._records[path][key] for key in KEPT if key in self._records[path]}
                record["files"] = sorted(
                    path for path in self._records[path].get("files", ()) if not path.endswith(".pyc")
                )
                text = json.dumps(record, indent=1, sort_keys=True) + "\n"
                yield Member(path, str(record["name"]), data=text.encode())
            elif path == "conda-meta/history":
                yield Member(path, "", data=b"")
            else:
                yield self._member(path, package)

    def _paths(self) -> list[str]:
        """Return the paths of everything that came with the build."""
        if self._sums:
            return sorted(os.fsdecode(path) for path in self._sums)
        found = (Path(above, name) for above, _, names in os.walk(self._prefix) for name in names)
        return sorted(path.relative_to(self._prefix).as_posix() for path in found)

    def _member(self, path: str, package: str) -> Member:
        file = self._prefix / path
        try:
            status = file.lstat()
            if stat.S_ISLNK(status.st_mode):
                target = str(file.readlink()).replace(str(self._prefix), PREFIX)
                return Member(path, package, target=target)
            with file.open("rb") as opened:
                sums = self._sums.get(os.fsencode(path))
                if sums and sum_of(opened) != sums:
                    raise self._changed(path)
                executable = bool(status.st_mode & stat.S_IXUSR)
                if not status.st_size:
                    return Member(path, package, executable, data=b"")
                with mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ) as mapped:
                    data = self._moved(mapped)
        except OSError:
            raise self._changed(path) from None
        return Member(path, package, executable, data=data, source=None if data is not None else file)

    def _moved(self, mapped: mmap.mmap) -> bytes | None:
        """Return a file's bytes with the image's path in them; None where they stay as they are."""
        first = ENV_SHEBANG.match(mapped[:200])
        if mapped.find(self._old) < 0 and not first:
            return None
        data = mapped[:]
        if b"\0" in data:
            return moved_binary(data, self._old, PREFIX.encode())
        data = data.replace(self._old, PREFIX.encode())
        first = first or _BY_SHELL.match(data)
        if first and (self._prefix / "bin" / os.fsdecode(first[1])).exists():
            data = b"#!" + PREFIX.encode() + b"/bin/" + first[1] + data[first.end() :]
        return data

    def _changed(self, path: str) -> Conflict:
        return Conflict(
            f"{self._prefix / path} is not as it came; remove the copy (`jupyter conda-store remove`), then "
            "try again."
        )


def moved_binary(data: bytes, old: bytes, new: bytes) -> bytes:
    """Return data with another path in every NUL-terminated string, which ends where its padding did.

    How long the path was before shows nowhere. Raises InvalidRequest where the padding does not suffice.
    """
    parts: list[bytes] = []
    done = 0
    at = data.find(old)
    while at >= 0:
        end = data.find(b"\0", at)
        if end < 0:
            break
        string = data[at:end].replace(old, new)
        stop = max(end, at + len(string))
        if data[end : stop + 1].strip(b"\0"):
            raise InvalidRequest("A library has no room for the image's path; build the environment again.")
        parts += (data[done:at], string, bytes(stop - at - len(string)))
        done = stop
        at = data.find(old, done)
    return b"".join((*parts, data[done:]))


def _source(above: str, name: str) -> str:
    folder = above.removesuffix("__pycache__") if above.endswith("__pycache__") else f"{above}/"
    return f"{folder}{name.partition('.')[0]}.py"


def _records(prefix: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield what conda knows of each package, by the file that it stands in."""
    for file in sorted((prefix / "conda-meta").glob("*.json")):
        try:
            record = json.loads(file.read_bytes())
        except (OSError, ValueError):
            continue
        if isinstance(record, dict) and isinstance(record.get("name"), str):
            yield f"conda-meta/{file.name}", record
