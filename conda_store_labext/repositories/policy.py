"""The repositories that may be opened here, as whoever runs the server decided."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ..errors import RepositoryRefused
from .address import Address
from .channels import channel_name, full_name

FORGE = "https://github.com"


@dataclass(frozen=True)
class Policy:
    """`forge` is where `owner/name` lies; `hosts` and `repositories` are patterns, none of them allows all.

    Those of repositories are matched with `host/path`, e.g. `github.com/our-team/*`, those of `channels`
    with the name or the address of a channel that a repository's files name, e.g. `conda-forge`. `local`
    allows repositories of this machine. Without encryption only this machine and hosts that are named are
    reached.
    """

    forge: str = FORGE
    hosts: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    local: bool = True
    channels: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Policy:
        """Read CONDA_STORE_LABEXT_FORGE, and the same with HOSTS, REPOSITORIES and CHANNELS.

        The last three are patterns separated by spaces.
        """
        return cls(
            environ.get("CONDA_STORE_LABEXT_FORGE", "") or FORGE,
            tuple(environ.get("CONDA_STORE_LABEXT_HOSTS", "").lower().split()),
            tuple(environ.get("CONDA_STORE_LABEXT_REPOSITORIES", "").split()),
            channels=tuple(environ.get("CONDA_STORE_LABEXT_CHANNELS", "").split()),
        )

    @property
    def limits_hosts(self) -> bool:
        """Tell whether some hosts are out of bounds, so that no host may lead to another one."""
        return bool(self.hosts or self.repositories)

    def require_channels(self, channels: Iterable[str]) -> None:
        """Raise RepositoryRefused unless all these channels, named or by their addresses, may be used."""
        for channel in channels if self.channels else ():
            name = channel_name(channel)
            if not any(
                fnmatchcase(given, pattern) for pattern in self.channels for given in (name, full_name(name))
            ):
                raise RepositoryRefused(
                    f"Packages of the channel {name} are not used here; allowed are those of "
                    f"{', '.join(self.channels)}."
                )

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
