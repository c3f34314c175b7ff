"""`conda-meta/<package>.json`: what conda, and `verify`, know of an installed package."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from ...specifications.addresses import without_credentials
from .description import Description, PathEntry
from .locked import LockedPackage

COMMAND, BYTECODE = "unix_python_entry_point", "pyc_file"


@dataclass
class Linked:
    """A package that is in the prefix: its description, and what its linking added.

    `rows` of its list were taken over as they stand in another record, beside the description's entries.
    `lost` are its files in whose place another package's lie.
    """

    package: LockedPackage
    description: Description
    in_prefix: dict[bytes, str] = field(default_factory=dict)  # sha256 of files that were rewritten
    commands: list[bytes] = field(default_factory=list)
    compiled: list[bytes] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    lost: set[bytes] = field(default_factory=set)

    @property
    def path(self) -> bytes:
        """The path of its record."""
        return f"conda-meta/{self.package.stem}.json".encode()

    def to_json(self) -> bytes:
        """Return the record, with the keys that conda writes."""
        package, description = self.package, self.description
        url = without_credentials(package.url)
        entries = [*self.rows, *map(self._entry, description.entries.values())]
        entries.sort(key=itemgetter("_path"))
        entries += [{"_path": os.fsdecode(path), "path_type": COMMAND} for path in self.commands]
        entries += [{"_path": os.fsdecode(path), "path_type": BYTECODE} for path in self.compiled]
        hashes = {name: getattr(package, name) for name in ("sha256", "md5") if getattr(package, name)}
        size = {} if package.size is None else {"size": package.size}
        record = {
            **description.index,
            **hashes,
            **size,
            "url": url,
            "fn": package.file,
            "channel": url.rsplit("/", 2)[0],
            "subdir": package.subdir,
            "link": {"source": "", "type": 1},
            "extracted_package_dir": "",
            "package_tarball_full_path": "",
            "requested_spec": "",
            "files": [entry["_path"] for entry in entries],
            "paths_data": {"paths": entries, "paths_version": 1},
        }
        return json.dumps(record).encode()  # indented it takes ten times as long

    def _entry(self, entry: PathEntry) -> dict[str, Any]:
        more = {"sha256_in_prefix": self.in_prefix[entry.path]} if entry.path in self.in_prefix else {}
        return {**entry.fields, "_path": os.fsdecode(entry.path), **more}


def owner_of(package: LockedPackage, digest: object) -> str:
    """Return whose a file is and what tells its contents, in one short text: there are many files."""
    return f"{package.name} {str(digest or '')[:32]}"
