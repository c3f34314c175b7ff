"""The build or environment of a notebook's kernel, where the kernel's name alone says it.

papermill, nbconvert and jupyter-scheduler write notebooks without a record; extensions before this one wrote
names of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..client.client import CondaStoreClient
from ..errors import InvalidRequest, NotFound
from ..kernels.names import KernelIdentity, kernel_name
from ..kernels.old_names import OldName
from ..models.build_ref import BuildRef
from ..models.reference import Reference

_OF_A_BUILD = re.compile(r"conda-store-[^-]*-[^-]*-[0-9a-f]{8}-([0-9]{1,18})(-.+)?")


def named(name: str, client: CondaStoreClient) -> KernelIdentity:
    """Return the build or the environment, of the server in use, that a kernel's name stands for; blocking.

    Raises NotFound where it stands for none, InvalidRequest where it could mean several.
    """
    server = client.connection.identity
    old = OldName.parse(name)
    if old:
        place = resolve(old, client)
        return KernelIdentity(server, place.namespace, place.environment, place.build_id)
    match = _OF_A_BUILD.fullmatch(name)
    if match:
        build = client.build(int(match[1]))
        identity = KernelIdentity(server, build.namespace, build.environment, build.id)
        if name.startswith(kernel_name(identity)):
            return identity
    raise NotFound(
        f"{name!r} does not name a build of conda-store at {client.connection.url}; choose another kernel."
    )


def build_named(name: str, client: CondaStoreClient) -> BuildRef:
    """Return the very build, of the server in use, that a kernel's name stands for; NotFound without one."""
    build = named(name, client).build
    if build is None:
        raise NotFound(f"{name!r} names an environment, but none of its builds; choose another kernel.")
    return build


def resolve(old: OldName, client: CondaStoreClient) -> Reference:
    """Return what an old name stands for; conda-store is asked where there is a choice.

    Raises NotFound where there is no such environment, InvalidRequest where there are several.
    """
    if old.exact:
        return old.places[0]
    return choose(old, [place for place in old.places if _exists(client, place)], client.connection.url)


def choose(old: OldName, candidates: Iterable[Reference], where: str) -> Reference:
    """Return the only one of the places that is there; NotFound or InvalidRequest otherwise."""
    places = tuple(candidates)
    if not places:
        raise NotFound(
            f"conda-store at {where} has no environment that {old.text} could mean "
            f"({', '.join(map(str, old.places))}); choose another kernel."
        )
    if len(places) > 1:
        raise InvalidRequest(
            f"{old.text} could mean {' or '.join(map(str, places))}; choose the kernel of one of them."
        )
    return places[0]


def _exists(client: CondaStoreClient, place: Reference) -> bool:
    try:
        client.environment(place.namespace, place.environment)
    except NotFound:
        return False
    return True
