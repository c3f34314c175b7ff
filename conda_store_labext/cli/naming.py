"""How builds are named on the command line: `12`, `default/data:12`, or `default/data` for its newest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..errors import InvalidRequest, NotFound
from ..reference import Reference

if TYPE_CHECKING:
    from ..client.rest import CondaStoreClient

BUILD = "BUILD|NAMESPACE/ENVIRONMENT[:BUILD]"
ENVIRONMENT = "NAMESPACE/ENVIRONMENT"


def named_build(client: CondaStoreClient, text: str) -> int:
    """Return the build's number; NotFound when the environment has no build yet."""
    number = re.fullmatch(r"#?(\d{1,18})", text)
    if number:
        return int(number[1])
    reference = Reference.parse(text)
    if reference.build_id is not None:
        return reference.build_id
    builds = client.builds(reference.namespace, reference.environment, size=1).builds
    if not builds:
        raise NotFound(f"{reference} has no build yet; `jupyter conda-store env update` makes one.")
    return builds[0].id


def named_environment(text: str) -> Reference:
    """Return the environment; InvalidRequest when a build of it is named."""
    reference = Reference.parse(text)
    if reference.build_id is not None:
        raise InvalidRequest(
            f"{text} names a build, which has nothing to do here; leave `:{reference.build_id}` out."
        )
    return reference
