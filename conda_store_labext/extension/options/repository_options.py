"""Options of the server extension that say which git repositories may be opened."""

from __future__ import annotations

from traitlets import Bool, List, Unicode, default
from traitlets.config import LoggingConfigurable

from ...repositories.policy import Policy


class RepositoryOptions(LoggingConfigurable):
    """Traits whose defaults come from the variables that their help names."""

    repository_hosts = List(
        Unicode(),
        help="Patterns of the hosts whose git repositories may be opened; empty: all. "
        "From CONDA_STORE_LABEXT_HOSTS, separated by spaces.",
    ).tag(config=True)
    repositories = List(
        Unicode(),
        help="Patterns of the git repositories that may be opened, as HOST/OWNER/NAME; empty: all. "
        "From CONDA_STORE_LABEXT_REPOSITORIES, separated by spaces.",
    ).tag(config=True)
    repository_forge = Unicode(
        help="Address of the forge whose OWNER/NAME a short name means. From CONDA_STORE_LABEXT_FORGE.",
    ).tag(config=True)
    repository_channels = List(
        Unicode(),
        help="Patterns of the conda channels, by name or as HOST/PATH, whose packages repositories' files "
        "may bring; empty: all. From CONDA_STORE_LABEXT_CHANNELS, separated by spaces.",
    ).tag(config=True)
    local_repositories = Bool(
        True, help="Whether git repositories of this machine may be opened by their folder."
    ).tag(config=True)

    @default("repository_hosts")
    def _default_repository_hosts(self) -> list[str]:
        return list(Policy.from_environment().hosts)

    @default("repositories")
    def _default_repositories(self) -> list[str]:
        return list(Policy.from_environment().repositories)

    @default("repository_channels")
    def _default_repository_channels(self) -> list[str]:
        return list(Policy.from_environment().channels)

    @default("repository_forge")
    def _default_repository_forge(self) -> str:
        return Policy.from_environment().forge

    def repository_policy(self) -> Policy:
        """Return which git repositories may be opened, as the options say."""
        return Policy(
            self.repository_forge,
            tuple(host.lower() for host in self.repository_hosts),
            tuple(self.repositories),
            self.local_repositories,
            tuple(self.repository_channels),
        )
