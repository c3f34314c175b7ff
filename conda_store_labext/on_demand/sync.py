"""Making a kernel of every environment that could be launched, without downloading any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..client.client import CondaStoreClient
from ..errors import NotLaunchable
from ..kernels.names import KernelIdentity, display_names
from ..specifications.kernel_package import LANGUAGES
from ..store.store import EnvironmentStore
from .specs import OnDemandKernel, OnDemandKernels

DEFAULT_PACKAGES = ("ipykernel", "r-irkernel")
LISTED = 500  # environments that are listed to choose some from; beyond that only those asked for count

Place = tuple[str, str]  # namespace, environment


@dataclass(frozen=True)
class SyncPolicy:
    """The environments that are to have a kernel; empty `namespaces` mean all of them.

    `packages` are those that bring a kernel, one of which an environment needs. `pinned` kernels stay on what
    is the active build now. `template` names them for people (`kernelnames.check_template`).
    """

    namespaces: tuple[str, ...] = ()
    packages: tuple[str, ...] = DEFAULT_PACKAGES
    template: str | None = None
    pinned: bool = False


@dataclass(frozen=True)
class SyncSummary:
    """Outcome of a sync: kernels that were written (new or changed) and removed, how many there are."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    kernels: int


@dataclass(frozen=True)
class LaunchableKernel:
    """An environment that could be a kernel: its name as one, and whether that is registered already."""

    name: str
    display_name: str
    language: str
    namespace: str
    environment: str
    build_id: int
    registered: bool


class KernelSync:
    """Writes and removes kernelspecs of one server's environments; blocking.

    Raises what `CondaStoreClient` raises, before anything is changed, and CacheNotWritable.
    """

    def __init__(self, client: CondaStoreClient, specs: OnDemandKernels, policy: SyncPolicy) -> None:
        self._client = client
        self._specs = specs
        self._policy = policy
        self._server = client.connection.identity

    def all(self) -> SyncSummary:
        """Have a kernel for every launchable environment, and none for those that are gone."""
        self._client.require_authenticated()
        return self._apply(self._list(self._policy.namespaces or (None,)), automatic=False)

    def some(self, limit: int, first: Sequence[Place] = ()) -> SyncSummary:
        """Have kernels for at most `limit` environments: the `first` ones, then those built last.

        Kernels that somebody asked for by `all` or `one` stay, and do not count.
        """
        self._client.require_authenticated()
        listed = self._list(self._policy.namespaces or (None,), LISTED)
        asked = {(kernel.identity.namespace, kernel.identity.environment) for kernel in self._mine()}
        for place in dict.fromkeys((*first[:limit], *asked)):
            if place not in listed and self._covers(place[0]):
                listed |= self._find(place)
        newest = sorted(listed, key=lambda place: -listed[place][0])
        chosen = list(dict.fromkeys((*(place for place in first if place in listed), *newest)))[:limit]
        lasting = {
            (kernel.identity.namespace, kernel.identity.environment)
            for kernel in self._mine()
            if not kernel.automatic
        }
        wanted = {place: listed[place] for place in listed if place in lasting or place in chosen}
        return self._apply(wanted, automatic=True)

    def one(self, namespace: str, environment: str, build_id: int | None = None) -> OnDemandKernel:
        """Have a kernel for one environment, or one build of it, and return it.

        Raises NotLaunchable where it has no archive, or none of the packages that bring a kernel.
        """
        build = self._client.launchable(namespace, environment, build_id)
        listed = self._find((namespace, environment))
        if build_id is None and not listed:
            raise NotLaunchable(
                f"{namespace}/{environment} has none of the packages that bring a kernel "
                f"({', '.join(self._policy.packages)}); add one to its specification and build it again."
            )
        language = listed[namespace, environment][1] if listed else LANGUAGES[DEFAULT_PACKAGES[0]]
        identity = KernelIdentity(self._server, namespace, environment, build_id)
        (label,) = display_names([(identity, language)], self._policy.template)
        kernel = OnDemandKernel(identity, label, language, build.id)
        self._specs.write([kernel])
        return kernel

    def search(self, text: str, limit: int) -> tuple[LaunchableKernel, ...]:
        """Return launchable environments whose name or namespace contains a text."""
        listed = self._list(self._policy.namespaces or (None,), limit, text)
        kernels = self._kernels(dict(list(listed.items())[:limit]), automatic=False)
        names = {kernel.name for kernel in self._specs.list()}
        return tuple(
            LaunchableKernel(
                kernel.name,
                kernel.display_name,
                kernel.language,
                kernel.identity.namespace,
                kernel.identity.environment,
                kernel.active_build_id,
                kernel.name in names,
            )
            for kernel in kernels
        )

    def _apply(self, wanted: Mapping[Place, tuple[int, str]], *, automatic: bool) -> SyncSummary:
        mine = {kernel.name: kernel for kernel in self._mine()}
        kernels = [
            # what somebody asked for does not become one that goes by itself
            replace(kernel, automatic=automatic and (kernel.name not in mine or mine[kernel.name].automatic))
            for kernel in self._kernels(wanted, automatic=automatic)
        ]
        written = self._specs.write(kernels)
        keep = {kernel.name for kernel in kernels}
        gone = tuple(
            name
            for name, kernel in mine.items()
            if name not in keep
            and not (
                kernel.identity.build_id
                and (kernel.identity.namespace, kernel.identity.environment) in wanted
            )
        )
        self._specs.remove(gone)
        return SyncSummary(written, gone, len(kernels))

    def _kernels(self, wanted: Mapping[Place, tuple[int, str]], *, automatic: bool) -> list[OnDemandKernel]:
        rows = [
            (
                KernelIdentity(self._server, *place, build_id if self._policy.pinned else None),
                language,
                build_id,
            )
            for place, (build_id, language) in sorted(wanted.items())
        ]
        labels = display_names(
            [(identity, language) for identity, language, _ in rows], self._policy.template
        )
        return [
            OnDemandKernel(identity, label, language, build_id, automatic)
            for (identity, language, build_id), label in zip(rows, labels, strict=True)
        ]

    def _list(
        self, namespaces: Iterable[str | None], limit: int | None = None, search: str = ""
    ) -> dict[Place, tuple[int, str]]:
        """Return the active build and the language of launchable environments."""
        listed: dict[Place, tuple[int, str]] = {}
        for package in self._policy.packages:
            for namespace in namespaces:
                for place, build_id in self._client.launchable_with(
                    package, namespace=namespace, search=search, limit=limit
                ):
                    listed.setdefault(place, (build_id, LANGUAGES.get(package, "")))
        return listed

    def _find(self, place: Place) -> dict[Place, tuple[int, str]]:
        for package in self._policy.packages:
            for candidate, build_id in self._client.launchable_with(
                package, namespace=place[0], name=place[1]
            ):
                if candidate == place:
                    return {place: (build_id, LANGUAGES.get(package, ""))}
        return {}

    def _mine(self) -> list[OnDemandKernel]:
        """Return the kernels that are there, of this server and the namespaces that the policy is about."""
        return [
            kernel
            for kernel in self._specs.list()
            if kernel.identity.server == self._server and self._covers(kernel.identity.namespace)
        ]

    def _covers(self, namespace: str) -> bool:
        return not self._policy.namespaces or namespace in self._policy.namespaces


def recent(store: EnvironmentStore, server: str) -> list[Place]:
    """Return the environments of a server with copies here, the one used last first."""
    here = [copy for copy in store.list() if copy.server == server]
    here.sort(key=lambda copy: copy.last_used_on, reverse=True)
    return list(dict.fromkeys((copy.namespace, copy.environment) for copy in here))
