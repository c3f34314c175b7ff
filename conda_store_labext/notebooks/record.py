"""What a notebook remembers of the build that it ran on, in `metadata.conda_store`; never who ran it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass

from ..client.client import CondaStoreClient
from ..errors import CondaStoreLabError, InvalidRequest
from ..kernels.names import METADATA, KernelIdentity
from ..models.build_ref import BuildRef
from ..models.platform import this_platform
from ..specifications.lockfile import digest


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
            lockfile = digest(client.lockfile(build.build_id))
    return NotebookRecord(**asdict(build), kernel=kernel, lockfile=lockfile, platform=this_platform())
