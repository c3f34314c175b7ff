"""Filters for lists of environments and builds."""

from __future__ import annotations

from dataclasses import dataclass

from ..models import BuildStatus


@dataclass(frozen=True)
class Filters:
    """Conditions on a build, of an environment on its active build; an empty one leaves nothing out.

    `artifact` is conda-store's name for what it must have left (`CONDA_PACK`, `LOCKFILE`, ...); `packages`
    are the names of conda packages that it must all hold.
    """

    status: BuildStatus | None = None
    artifact: str = ""
    packages: tuple[str, ...] = ()

    @property
    def of_builds(self) -> dict[str, str]:
        """The server's parameters for builds; it fails when it is asked for their packages."""
        return {"status": self.status.value if self.status else "", "artifact": self.artifact}

    @property
    def of_environments(self) -> dict[str, str | list[str]]:
        """The server's parameters for environments."""
        return {**self.of_builds, "packages": [*dict.fromkeys(self.packages)]}


EVERY = Filters()
LAUNCHABLE = Filters(artifact="CONDA_PACK")
