"""Services: the conda-store in use, the copies, the kernelspecs and what fetches, composed in this one place.

The Jupyter server shares its own with the kernels that it starts, so that whatever starts a kernel is seen
in the panel and an environment is fetched once; every other program makes its own. What is heavy is imported
when it is first needed, so that the command line answers at once and a kernel whose environment is here
starts without any of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InvalidRequest, NotFound
from ..models import EnvironmentProvider, LocalCopy
from ..pipeline.limits import CONCURRENCY
from ..store.paths import AUTO, chosen_way, default_root, links_files, shared_roots
from ..store.store import EnvironmentStore

if TYPE_CHECKING:
    from ..client.connection import Connection
    from ..kernels.registry import KernelspecRegistry
    from ..machine.provider import MachineProvider
    from .additions import Additions
    from .manager import CopyManager
    from .upkeep import Upkeep
    from .upstream import Upstream

log = logging.getLogger(__name__)

PROVIDERS = "conda_store_labext.providers"  # the group of entry points that make an EnvironmentProvider


@dataclass(frozen=True)
class Settings:
    """Settings: where environments come from and go to; sizes in bytes, times in seconds.

    `connection` is None for the local conda-store, an error where what is configured cannot work. `in_place`
    has the server's folders by their paths there and here. `size_limit` None is no limit.
    `way` is how builds come here, one of `store.paths.WAYS`. `environment_folders` are looked into for
    environments of this machine, before the customary ones; None leaves them to the environment's variables.
    """

    connection: Connection | InvalidRequest | None
    root: Path = field(default_factory=default_root)
    shared: tuple[Path, ...] = field(default_factory=shared_roots)
    in_place: Mapping[str, str] = field(default_factory=dict)
    link_files: bool = True
    way: str = AUTO
    size_limit: int | None = None
    concurrency: int = CONCURRENCY
    namespaces: tuple[str, ...] = ()
    timeout: float = 30.0
    environment_folders: tuple[Path, ...] | None = None

    @classmethod
    def from_environment(cls) -> Settings:
        """Read CONDA_STORE_URL and the other variables; InvalidRequest for a size that is none."""
        from ..client.connection import connection_from_environment
        from .in_place import folders_in_place
        from .size_limit import configured_limit

        connection: Connection | InvalidRequest | None
        try:
            connection = connection_from_environment()
        except InvalidRequest as error:  # what is here can be used all the same
            connection = error
        return cls(
            connection,
            in_place=folders_in_place(),
            link_files=links_files(),
            way=chosen_way(),
            size_limit=configured_limit(),
        )


class Services:
    """The parts that a program needs to fetch environments; each is made when it is first used.

    `on_change` is called, from any thread, with every new state of a copy.
    """

    def __init__(self, settings: Settings, on_change: Callable[[LocalCopy], None] | None = None) -> None:
        self.settings = settings
        self.on_change = on_change

    @classmethod
    def from_environment(cls, on_change: Callable[[LocalCopy], None] | None = None) -> Services:
        """Compose them as the environment's variables say."""
        return cls(Settings.from_environment(), on_change)

    @cached_property
    def upstream(self) -> Upstream:
        """The conda-store in use: the configured one, else the local one while it runs."""
        from ..local import LocalServer
        from .upstream import Upstream

        settings = self.settings
        return Upstream(settings.connection, LocalServer(), settings.namespaces, settings.timeout)

    @cached_property
    def store(self) -> EnvironmentStore:
        """The copies that are here."""
        return EnvironmentStore(self.settings.root, self.settings.shared)

    @cached_property
    def registry(self) -> KernelspecRegistry:
        """The user's kernelspecs."""
        from ..kernels.registry import KernelspecRegistry

        return KernelspecRegistry()

    @cached_property
    def additions(self) -> Additions:
        """Return what the user added to builds."""
        from .additions import Additions

        return Additions(self.store)

    @cached_property
    def manager(self) -> CopyManager:
        """The manager that fetches and removes copies."""
        from .in_place import InPlace
        from .manager import CopyManager

        self.upkeep.later()  # what was interrupted
        return CopyManager(
            self.upstream,
            self.store,
            self.registry,
            concurrency=self.settings.concurrency,
            on_change=self.on_change,
            in_place=InPlace(self.settings.in_place),
            link_files=self.settings.link_files,
            way=self.settings.way,
            on_ready=self._fetched,
        )

    @cached_property
    def upkeep(self) -> Upkeep:
        """What is done about copies when they are in use already."""
        from .upkeep import Upkeep

        return Upkeep(self.settings.root)

    def _fetched(self) -> None:
        from .prune import Pruner
        from .size_limit import SizeLimit

        self.upkeep.later()
        if self.settings.size_limit is not None:
            SizeLimit(Pruner(self.store, self.registry), self.settings.size_limit).apply()

    @cached_property
    def machine(self) -> MachineProvider:
        """The environments of this machine."""
        from ..machine.finder import Finder
        from ..machine.places import Places
        from ..machine.provider import MachineProvider

        return MachineProvider(Finder(Places(self.settings.environment_folders)))

    @cached_property
    def providers(self) -> tuple[EnvironmentProvider, ...]:
        """Return the providers of environments: conda-store, this machine, and those of other packages."""
        from .provider import CondaStoreProvider

        return (CondaStoreProvider(self.upstream, self.manager), self.machine, *_registered_providers())

    def provider(self, name: str) -> EnvironmentProvider:
        """Return the provider with this id; NotFound when there is none."""
        for provider in self.providers:
            if provider.about.id == name:
                return provider
        raise NotFound("This provider of environments is not installed any more; reload the page.")

    def close(self) -> None:
        """Cancel what is under way, wait until it has cleaned up behind itself, end the connections."""
        made = vars(self)
        if "manager" in made:
            self.manager.close()
        if "upkeep" in made:
            self.upkeep.close()
        if "upstream" in made:
            self.upstream.close()


def _registered_providers() -> tuple[EnvironmentProvider, ...]:
    """Return the providers of other packages; one that cannot be loaded is left out, and the log says so."""
    providers: list[EnvironmentProvider] = []
    for entry in entry_points(group=PROVIDERS):
        try:
            providers.append(entry.load()())
        except Exception:
            log.exception("The provider %s of environments cannot be used", entry.name)
    return tuple(providers)


_shared: Services | None = None


def share(services: Services) -> None:
    """Let kernels that this process starts use these."""
    global _shared
    _shared = services


def unshare(services: Services) -> None:
    """End what `share` began, unless others have taken their place."""
    global _shared
    if _shared is services:
        _shared = None


def shared() -> Services | None:
    """Return what this process shares; None where every kernel needs its own."""
    return _shared
