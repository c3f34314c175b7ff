"""Names that other extensions gave to kernels of conda-store's environments, and notebooks still have.

    conda-store://<namespace>/<environment>:<build-id>    nb_conda_store_kernels: that very build
    conda-env-<namespace>-<environment>-<kernel>          nb_conda_kernels on conda-store's shared disk: the
                                                          environment's active build; `py` is Python, `r` is R

In the second one a `-` may belong to a name: what conda-store has decides which environment is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ..client.client import CondaStoreClient
from ..copies.services import Services
from ..errors import CondaStoreLabError, InvalidRequest, NotFound
from ..kernels.names import METADATA, KernelIdentity
from ..models.reference import Reference
from .specs import OnDemandKernel, kernel_json

OLD_NAME = "old_name"  # in a kernelspec's `metadata.conda_store`: what is to be resolved when it starts
SCHEME = "conda-store://"
_NB_CONDA = re.compile(r"conda-env-([^/\s]+-[^/\s]+)-([^-/\s]+)")
_LANGUAGES = {"py": "python", "r": "R"}


@dataclass(frozen=True)
class OldName:
    """An old name: the environments or the one build that it may stand for, its language and kernel."""

    text: str
    places: tuple[Reference, ...]
    language: str = "python"
    kernel: str | None = None
    listed: bool = False  # whether the extension that made it may be around and have it in its list

    @classmethod
    def parse(cls, name: str) -> OldName | None:
        """Read an old name; None for every other name."""
        if name.lower().startswith(SCHEME):
            try:
                build = Reference.parse(name[len(SCHEME) :])
            except InvalidRequest:
                return None
            return cls(name, (build,)) if build.build_id else None
        found = _NB_CONDA.fullmatch(name)
        if found is None:
            return None
        parts, kernel = found[1].split("-"), found[2]
        cuts = [("-".join(parts[:at]), "-".join(parts[at:])) for at in range(1, len(parts))]
        places = tuple(Reference(*cut) for cut in cuts if all(cut) and ":" not in found[1])
        if not places:
            return None
        language = _LANGUAGES.get(kernel)
        return cls(name, places, language or "", None if language else kernel, listed=True)

    def spec(self, server: str) -> dict[str, Any]:
        """Return the kernel.json of the kernel that it stands for, of the server with that identity."""
        place = self.places[0]
        if place.build_id:
            build = KernelIdentity(server, place.namespace, place.environment, place.build_id)
            return OnDemandKernel(build, str(build), self.language, place.build_id).spec()
        owner = {"server": server, OLD_NAME: self.text, "kernel": self.kernel}
        return kernel_json(self.text, self.language, str(place), {METADATA: owner})

    def resolve(self, services: Services) -> Reference:
        """Return what the name stands for; asks conda-store where there is a choice; blocking.

        While it is away, the copies that are here decide. Raises NotFound where there is no such environment,
        InvalidRequest where there are several, and what the client raises.
        """
        if len(self.places) == 1 and self.places[0].build_id:
            return self.places[0]
        try:
            client = services.upstream.client()
            there = [place for place in self.places if _exists(client, place)]
        except CondaStoreLabError:
            here = {(copy.namespace, copy.environment) for copy in services.store.list()}
            there = [place for place in self.places if (place.namespace, place.environment) in here]
            if len(there) != 1:
                raise
        if not there:
            raise NotFound(
                f"conda-store at {client.connection.url} has no environment that {self.text} could mean "
                f"({', '.join(map(str, self.places))}); choose another kernel."
            )
        if len(there) > 1:
            raise InvalidRequest(
                f"{self.text} could mean {' or '.join(map(str, there))}; choose the kernel of one of them."
            )
        return there[0]


def _exists(client: CondaStoreClient, place: Reference) -> bool:
    try:
        client.environment(place.namespace, place.environment)
    except NotFound:
        return False
    return True
