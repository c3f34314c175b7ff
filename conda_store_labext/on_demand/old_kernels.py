"""Kernels that old names stand for: their kernel.json, and what they start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..copies.services import Services
from ..kernels.names import METADATA, KernelIdentity
from ..kernels.old_names import OldName
from ..models.reference import Reference
from ..notebooks.named import choose, resolve
from .choose import AWAY
from .specs import OnDemandKernel, kernel_json

OLD_NAME = "old_name"  # in a kernelspec's `metadata.conda_store`: what is to be resolved when it starts


def old_kernel(old: OldName, server: str) -> dict[str, Any]:
    """Return the kernel.json of the kernel that a name stands for, of the server with that identity."""
    place = old.places[0]
    if old.exact:
        build = KernelIdentity(server, place.namespace, place.environment, place.build_id)
        return OnDemandKernel(build, str(build), old.language, place.build_id or 0).spec()
    owner = {"server": server, OLD_NAME: old.text, "kernel": old.kernel}
    return kernel_json(old.text, old.language, str(place), {METADATA: owner})


def whose(metadata: Mapping[str, Any], services: Services | None) -> KernelIdentity | None:
    """Return the environment that an old name in such metadata stands for; None without a name; blocking.

    While conda-store is away, the copies that are here decide. Raises what `resolve` raises.
    """
    owner = metadata.get(METADATA)
    old = OldName.parse(str(owner.get(OLD_NAME, ""))) if isinstance(owner, dict) else None
    if old is None or owner is None:
        return None
    own = None if services else Services.from_environment()
    try:
        place = _resolved(old, services or own or Services.from_environment())
    finally:
        if own:
            own.close()
    return KernelIdentity(str(owner["server"]), place.namespace, place.environment, place.build_id)


def _resolved(old: OldName, services: Services) -> Reference:
    try:
        return resolve(old, services.upstream.client())
    except AWAY:
        here = {(copy.namespace, copy.environment) for copy in services.store.list()}
        local_places = [place for place in old.places if (place.namespace, place.environment) in here]
        if not local_places:
            raise
        return choose(old, local_places, "")
