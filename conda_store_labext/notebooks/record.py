"""The record in a notebook of the build that it ran on, in `metadata.conda_store`; never who ran it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass

from ..client.client import CondaStoreClient
from ..errors import CondaStoreLabError, InvalidRequest
from ..kernels.names import METADATA, KernelIdentity
from ..models import AdditionList
from ..models.build_ref import BuildRef
from ..models.platform import this_platform
from ..specifications.lockfile import digest

MOST_ADDITIONS = 500


@dataclass(frozen=True)
class NotebookRecord(BuildRef):
    """The build a notebook ran on: `kernel` is the kernelspec's name, `lockfile` the hash of its lockfile.

    `lockfile` is null when the server could not be asked, `platform` is conda's name for it, e.g. linux-64.
    `additions` were installed beside the build, as `name==version`; R's begin with `r::`.
    """

    kernel: str
    lockfile: str | None = None
    platform: str | None = None
    additions: tuple[str, ...] = ()

    @classmethod
    def of(cls, section: object) -> NotebookRecord:
        """Read a record from what `metadata.conda_store` says; InvalidRequest when that is none."""
        identity = KernelIdentity.of({METADATA: section})
        build = identity.build if identity else None
        if build is None or not isinstance(section, Mapping):
            raise InvalidRequest(
                "This is not the record of a build; it must have server, namespace, environment and build_id."
            )
        texts = [section.get(name) for name in ("kernel", "lockfile", "platform")]
        kernel, lockfile, platform = (text if isinstance(text, str) else None for text in texts)
        added = section.get("additions")
        additions = (
            tuple(addition for addition in added if isinstance(addition, str))
            if isinstance(added, list)
            else ()
        )
        return cls(
            **asdict(build),
            kernel=kernel or "",
            lockfile=lockfile,
            platform=platform,
            additions=additions[:MOST_ADDITIONS],
        )


def recorded(listing: AdditionList) -> tuple[str, ...]:
    """Return what was added to a build as a record has it: what somebody asked for."""
    return tuple(
        f"{'r::' if addition.manager == 'r' else ''}{addition.name}=={addition.version}"
        for addition in listing.additions
        if addition.requested
    )[:MOST_ADDITIONS]


def missing(record: NotebookRecord, here: AdditionList) -> tuple[str, ...]:
    """Return the additions of a record whose packages were not added to its build here, in any version."""
    names = {_name(addition) for addition in recorded(here)} | {
        _name(addition.name) for addition in here.additions
    }
    return tuple(addition for addition in record.additions if _name(addition) not in names)


def _name(addition: str) -> str:
    return re.sub(r"[-_.]+", "-", addition.partition("==")[0]).lower()


def record(client: CondaStoreClient | None, kernel: str, build: BuildRef) -> NotebookRecord:
    """Return the record of a build that a kernel of that name runs on, here and now, without additions.

    Its lockfile is left out where no client can be had, or the server does not give it.
    """
    lockfile = None
    if client is not None:
        with suppress(CondaStoreLabError):
            lockfile = digest(client.lockfile(build.build_id))
    return NotebookRecord(**asdict(build), kernel=kernel, lockfile=lockfile, platform=this_platform())
