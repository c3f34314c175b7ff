"""The repositories that may be opened here, as whoever runs the server decided."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ..errors import RepositoryRefused
from .address import Address

FORGE = "https://github.com"


@dataclass(frozen=True)
class Policy:
    """`forge` is where `owner/name` lies; `hosts` and `repositories` are patterns, none of them allows all.

    Those of repositories are matched with `host/path`, e.g. `github.com/our-team/*`. `local` allows
    repositories of this machine. Without encryption only this machine and hosts that are named are reached.
    """

    forge: str = FORGE
    hosts: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    local: bool = True

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Policy:
        """Read CONDA_STORE_LABEXT_FORGE, CONDA_STORE_LABEXT_HOSTS and CONDA_STORE_LABEXT_REPOSITORIES.

        The last two are patterns with blanks between them.
        """
        return cls(
            environ.get("CONDA_STORE_LABEXT_FORGE", "") or FORGE,
            tuple(environ.get("CONDA_STORE_LABEXT_HOSTS", "").lower().split()),
            tuple(environ.get("CONDA_STORE_LABEXT_REPOSITORIES", "").split()),
        )

    @property
    def limits_hosts(self) -> bool:
        """Tell whether some hosts are out of bounds, so that no host may lead to another one."""
        return bool(self.hosts or self.repositories)

    def require(self, address: Address) -> None:
        """Raise RepositoryRefused unless the repository may be opened."""
        if address.scheme == "file":
            if not self.local:
                raise RepositoryRefused("Repositories of this machine are not opened here; name its address.")
            return
        host, _, path = address.identity.partition("/")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if self.hosts and not any(
            fnmatchcase(given, pattern) for pattern in self.hosts for given in (host, name)
        ):
            raise RepositoryRefused(
                f"Repositories of {host} are not opened here; allowed are those of {', '.join(self.hosts)}."
            )
        if self.repositories and not any(
            fnmatchcase(f"{host}/{path}", pattern) for pattern in self.repositories
        ):
            raise RepositoryRefused(
                f"{address} is not opened here; allowed are {', '.join(self.repositories)}."
            )
        if address.scheme == "http" and not address.is_loopback and not self.hosts:
            raise RepositoryRefused(f"{address} would come without encryption; use https://{address.host}/.")
