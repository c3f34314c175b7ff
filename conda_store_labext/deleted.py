"""Which local copies are of builds that their server no longer has."""

from __future__ import annotations

from collections.abc import Iterable

from .client.rest import CondaStoreClient
from .errors import NotFound
from .models import BuildStatus
from .store import StoredEnvironment

# a deleted build stays on the server's list, without these
_HELD = {"CONDA_PACK", "DIRECTORY"}


def deleted_copies(client: CondaStoreClient, copies: Iterable[StoredEnvironment]) -> tuple[str, ...]:
    """Return the keys of those copies of the client's server whose builds are gone there.

    Raises what `CondaStoreClient` raises; a build that may not be seen counts as there.
    """
    client.require_authenticated()
    mine = (copy for copy in copies if copy.server == client.connection.identity)
    return tuple(copy.key for copy in mine if _gone(client, copy))


def _gone(client: CondaStoreClient, copy: StoredEnvironment) -> bool:
    try:
        build = client.build(copy.build_id)
    except NotFound:
        return True
    if (build.namespace, build.environment) != (copy.namespace, copy.environment):
        return True
    return build.status is BuildStatus.COMPLETED and not _HELD & set(build.artifacts)
