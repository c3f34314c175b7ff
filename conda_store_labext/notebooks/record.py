"""What a notebook remembers of the build that it ran on, in `metadata.conda_store`; never who ran it."""

from __future__ import annotations

import hashlib
import json
import platform as machine
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from ..client.client import CondaStoreClient
from ..errors import CondaStoreLabError, InvalidRequest, NotFound
from ..kernels.names import METADATA, KernelIdentity
from ..models.build_ref import BuildRef

_PLATFORMS = {"x86_64": "64", "amd64": "64", "aarch64": "aarch64", "arm64": "arm64", "ppc64le": "ppc64le"}


@dataclass(frozen=True)
class NotebookRecord(BuildRef):
    """The build a notebook ran on: `kernel` is the kernelspec's name, `lockfile` the hash of its lockfile.

    `lockfile` is null when the server could not be asked, `platform` is conda's name for it, e.g. linux-64.
    """

    kernel: str
    lockfile: str | None = None
    platform: str | None = None

    @classmethod
    def of(cls, said: object) -> NotebookRecord:
        """Read a record from what `metadata.conda_store` says; InvalidRequest when that is none."""
        identity = KernelIdentity.of({METADATA: said})
        build = identity.build if identity else None
        if build is None or not isinstance(said, Mapping):
            raise InvalidRequest(
                "This is no record of a build; it needs server, namespace, environment and build_id."
            )
        texts = [said.get(name) for name in ("kernel", "lockfile", "platform")]
        kernel, lockfile, platform = (text if isinstance(text, str) else None for text in texts)
        return cls(**asdict(build), kernel=kernel or "", lockfile=lockfile, platform=platform)


def record(client: CondaStoreClient | None, kernel: str, build: BuildRef) -> NotebookRecord:
    """Return the record of a build that a kernel of that name runs on, here and now.

    Its lockfile is left out where no client can be had, or the server does not give it.
    """
    lockfile = None
    if client is not None:
        with suppress(CondaStoreLabError):
            lockfile = digest(lockfile_of(client, build.build_id))
    return NotebookRecord(**asdict(build), kernel=kernel, lockfile=lockfile, platform=this_platform())


def lockfile_of(client: CondaStoreClient, build_id: int) -> dict[str, Any]:
    """Return a build's lockfile; NotFound when it has none."""
    with client.open_artifact(build_id, "lockfile") as response:
        text = b""
        while chunk := response.read(1 << 18):
            text += chunk
    return parse_lockfile(text, f"build {build_id}")


def parse_lockfile(text: bytes, where: str) -> dict[str, Any]:
    """Return a lockfile as conda-store writes them; NotFound when it is none."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or "package" not in found:
        raise NotFound(f"The lockfile of {where} is none; ask for it again, or choose another build.")
    return found


def digest(lockfile: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a lockfile, the same however its JSON was laid out."""
    text = json.dumps(lockfile, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def this_platform() -> str:
    """Return conda's name for the platform of this machine."""
    system = {"linux": "linux", "darwin": "osx", "win32": "win"}.get(sys.platform, sys.platform)
    kind = machine.machine().lower()
    return f"{system}-{_PLATFORMS.get(kind, kind)}"
