"""The lockfile of a build as it lies in a repository: a conda-lock.yml."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from ..specifications.buildable import require_shareable_lockfile

if TYPE_CHECKING:
    from ..client.client import CondaStoreClient


def lockfile_of(client: CondaStoreClient, build_id: int, manifest: str) -> str:
    """Return the text of a build's conda-lock.yml; `manifest` is the file's path that it belongs to.

    Raises InvalidRequest where an address in it has a password, and what the client raises.
    """
    lockfile = dict(client.lockfile(build_id))
    metadata = lockfile.get("metadata")
    if isinstance(metadata, dict):
        # the server's own file, which nobody else has
        lockfile["metadata"] = {**metadata, "sources": [manifest]}
    text = yaml.safe_dump(lockfile, sort_keys=False, allow_unicode=True, width=10_000)
    require_shareable_lockfile(text)
    return text
