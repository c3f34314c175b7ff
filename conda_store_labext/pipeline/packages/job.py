"""The job of making a copy of a file: a lockfile's packages, or an archive that lies on this machine."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ...models.build_ref import BuildRef
from ..limits import Limits
from .locked import LockedPackage

WORKER = "conda_store_labext.pipeline.packages.worker"
KIND = "file"


@dataclass(frozen=True)
class FileJob:
    """One environment to make of a file, and the store's folder.

    Without `packages` the file is an archive of conda-pack's; with them it is a lockfile, or with `pack` the
    archive of pixi-pack's that the packages lie in. `share` allows links to files of other environments.
    `trusted` is false for a lockfile of somebody else's, which may not name this machine's own addresses.
    """

    build: BuildRef
    root: Path
    file: Path
    packages: tuple[LockedPackage, ...] = ()
    pack: bool = False
    limits: Limits = field(default_factory=Limits)
    share: bool = True
    trusted: bool = True

    def to_line(self) -> str:
        """Return the job as one line of JSON."""
        fields = {**asdict(self), "root": str(self.root), "file": str(self.file), "kind": KIND}
        return json.dumps(fields) + "\n"

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> FileJob:
        """Read what `to_line` wrote, without its `kind`."""
        return cls(
            build=BuildRef(**fields["build"]),
            root=Path(fields["root"]),
            file=Path(fields["file"]),
            packages=tuple(map(LockedPackage.from_json, fields["packages"])),
            pack=fields["pack"],
            limits=Limits(**fields["limits"]),
            share=fields["share"],
            trusted=fields["trusted"],
        )
