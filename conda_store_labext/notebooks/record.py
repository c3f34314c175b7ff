"""What a notebook remembers of the build that it ran on, in `metadata.conda_store`; never who ran it."""

from __future__ import annotations

import hashlib
import json
import platform as machine
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..client.client import CondaStoreClient
from ..errors import CondaStoreLabError, InvalidRequest, NotFound
from ..kernels.names import METADATA, KernelIdentity

_PLATFORMS = {"x86_64": "64", "amd64": "64", "aarch64": "aarch64", "arm64": "arm64", "ppc64le": "ppc64le"}


@dataclass(frozen=True)
class NotebookRecord:
    """The build a notebook ran on: `kernel` is the kernelspec's name, `lockfile` the hash of its lockfile.

    `lockfile` is null when the server could not be asked, `platform` is conda's name for it, e.g. linux-64.
    """

    kernel: str
    server: str
    namespace: str
    environment: str
    build_id: int
    lockfile: str | None = None
    platform: str | None = None

    def __str__(self) -> str:
        """Return the build as people write it."""
        return f"{self.namespace}/{self.environment} #{self.build_id}"

    @property
    def identity(self) -> KernelIdentity:
        """Whose kernel it was."""
        return KernelIdentity(self.server, self.namespace, self.environment, self.build_id)

    @classmethod
    def of(cls, said: object) -> NotebookRecord:
        """Read a record from what `metadata.conda_store` says; InvalidRequest when that is none."""
        identity = KernelIdentity.of({METADATA: said})
        if identity is None or identity.build_id is None or not isinstance(said, Mapping):
            raise InvalidRequest(
                "This is no record of a build; it needs server, namespace, environment and build_id."
            )
        texts = [said.get(name) for name in ("kernel", "lockfile", "platform")]
        kernel, lockfile, platform = (text if isinstance(text, str) else None for text in texts)
        return cls(
            kernel or "",
            identity.server,
            identity.namespace,
            identity.environment,
            identity.build_id,
            lockfile,
            platform,
        )


def record(client: CondaStoreClient, kernel: str, identity: KernelIdentity, build_id: int) -> NotebookRecord:
    """Return the record of a build that a kernel of that name runs on, here and now."""
    known = identity.namespace, identity.environment, build_id
    try:
        lockfile = digest(lockfile_of(client, build_id))
    except CondaStoreLabError:
        lockfile = None
    return NotebookRecord(kernel, identity.server, *known, lockfile, this_platform())


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
