"""References that name an environment, or a build of it, among all conda-store servers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class EnvironmentRef:
    """An environment of the conda-store that `server`, its URL without a slash at the end, stands for."""

    server: str
    namespace: str
    environment: str

    def __post_init__(self) -> None:
        """Normalise the server's URL, so that references to the same thing are equal."""
        object.__setattr__(self, "server", self.server.rstrip("/"))

    def __str__(self) -> str:
        """Return the environment as people write it."""
        return f"{self.namespace}/{self.environment}"

    def same_environment(self, other: EnvironmentRef) -> bool:
        """Tell whether both belong to one environment."""
        return _environment(self) == _environment(other)


@dataclass(frozen=True)
class BuildRef(EnvironmentRef):
    """A build of an environment; ids are unique within a server."""

    build_id: int

    def __str__(self) -> str:
        """Return the build as people write it."""
        return f"{self.namespace}/{self.environment} #{self.build_id}"

    @property
    def ref(self) -> BuildRef:
        """The reference alone, of whatever more this is."""
        return BuildRef(self.server, self.namespace, self.environment, self.build_id)

    @property
    def copy_key(self) -> str:
        """The key of the build's copy: eight hexadecimal digits of the server's URL, and the id."""
        return copy_key(self.server, self.build_id)


def copy_key(server: str, build_id: int) -> str:
    """Return the key of the copy of a server's build."""
    return f"{hashlib.sha256(server.rstrip('/').encode()).hexdigest()[:8]}-{build_id}"


def _environment(of: EnvironmentRef) -> tuple[str, str, str]:
    return of.server, of.namespace, of.environment
