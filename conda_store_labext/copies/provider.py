"""conda-store as a provider: its environments by the interface that every provider has."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import BuildFailed, CondaStoreLabError, Conflict, InvalidRequest, NotFound
from ..models import (
    BuildStatus,
    CreateRequest,
    Environment,
    EnvironmentListing,
    ErrorInfo,
    Kernel,
    LocalCopy,
    Package,
    ProvidedEnvironment,
    Provider,
)
from ..models.providers import Check, Report
from ..models.reference import Reference
from ..specifications.convert import convert
from ..specifications.text import parse_specification, specification_text

if TYPE_CHECKING:
    from ..client.client import CondaStoreClient
    from .manager import CopyManager
    from .upstream import Upstream

ID = "conda-store"
PAGE = 100
PAUSE = 1.0  # seconds between two looks at a build
MAX_FILE = 16 * 1024 * 1024  # bytes


class CondaStoreProvider:
    """The environments of the conda-store in use; a key is `namespace/environment`."""

    def __init__(self, upstream: Upstream, manager: CopyManager) -> None:
        self._upstream = upstream
        self._manager = manager

    @property
    def about(self) -> Provider:
        """Return what the panel shows of it."""
        return Provider(ID, "conda-store", creates=True, changes=False)

    def environments(self, folder: Path | None = None) -> EnvironmentListing:
        """List what the server shows, whatever the folder."""
        client = self._upstream.client()
        here: dict[tuple[str, str], list[LocalCopy]] = {}
        for copy in self._manager.all(client.connection.identity):
            here.setdefault((copy.namespace, copy.environment), []).append(copy)
        rows: list[ProvidedEnvironment] = []
        page = 1
        while True:
            read = client.environments("", page, PAGE)
            rows += [
                _row(environment, here.get((environment.namespace, environment.name), []))
                for environment in read.environments
            ]
            if not read.environments or page * PAGE >= read.count:
                return EnvironmentListing(tuple(rows), None)
            page += 1

    def register(self, key: str, display_name: str = "") -> tuple[Kernel, ...]:
        """Fetch the active build if it is not here, and return its kernels."""
        if display_name:
            raise InvalidRequest("A kernel of conda-store is named after its build; leave its name out.")
        begun = self._manager.start(Reference.parse(key))
        return self._manager.wait(begun.key).kernels

    def unregister(self, key: str) -> tuple[str, ...]:
        """Remove the copies that are here, with their kernels, and return the kernels' names."""
        reference = Reference.parse(key)
        removed: list[str] = []
        for copy in self._manager.all(self._upstream.connection().identity):
            if (copy.namespace, copy.environment) == (reference.namespace, reference.environment):
                self._manager.remove(copy.key)
                removed += [kernel.name for kernel in copy.kernels]
        return tuple(removed)

    def create(self, request: CreateRequest, report: Report, check: Check) -> ProvidedEnvironment:
        """Have a file built as the environment `request.name`; `check` that raises cancels the build."""
        client = self._upstream.client()
        named, text, is_lockfile = _specification(request, client.platform())
        _require_new(client, named)
        build_id = client.create_build(
            named.namespace,
            text,
            is_lockfile=is_lockfile,
            environment=named.environment,
            description=None,
        )
        _follow(client, build_id, report, check)
        return _row(client.environment(named.namespace, named.environment), [])

    def packages(self, key: str) -> tuple[Package, ...]:
        """Return the packages of the active build, by name."""
        client, named = self._upstream.client(), Reference.parse(key)
        build_id = client.environment(named.namespace, named.environment).current_build_id
        if build_id is None:
            raise NotFound(f"{named} has no build yet; build it first.")
        packages: list[Package] = []
        while True:
            page = client.build_packages(build_id, "", len(packages) // PAGE + 1, PAGE)
            packages += page.packages
            if not page.packages or len(packages) >= page.count:
                return tuple(sorted(packages, key=lambda package: package.name.lower()))

    def remove(self, key: str) -> None:
        """Delete the environment with its builds, for everybody; copies that are here stay."""
        named = Reference.parse(key)
        self._upstream.client().delete_environment(named.namespace, named.environment)


def _specification(request: CreateRequest, platform: str) -> tuple[Reference, str, bool]:
    """Return the environment's name, and the file as what is to be built."""
    named = Reference.parse(request.name)
    if not request.file or request.python:
        raise InvalidRequest("conda-store builds what a file asks for; name an environment.yml or another.")
    file = Path(request.folder) / request.file
    try:
        if file.stat().st_size > MAX_FILE:
            raise InvalidRequest(f"{file} is too large for a specification; choose another file.")
        content = file.read_bytes()
    except OSError:
        raise NotFound(f"{file} cannot be read; choose another file.") from None
    conversion = convert(str(file), content, platform)
    if conversion.is_lockfile:
        return named, conversion.specification, True
    specification = {**parse_specification(conversion.specification), "name": named.environment}
    return named, specification_text(specification), False


def _require_new(client: CondaStoreClient, named: Reference) -> None:
    try:
        client.environment(named.namespace, named.environment)
    except NotFound:
        return
    raise Conflict(f"{named} already exists; choose another name, or change that one.")


def _follow(client: CondaStoreClient, build_id: int, report: Report, check: Check) -> None:
    """Report a build's log until it has ended; raises BuildFailed unless it succeeded."""
    seen = 0
    try:
        while True:
            check()
            build = client.build(build_id)
            lines = client.build_log(build_id).text.splitlines()
            for line in lines[seen:]:
                report(line)
            seen = max(seen, len(lines))
            if build.status not in (BuildStatus.QUEUED, BuildStatus.BUILDING):
                break
            time.sleep(PAUSE)
    except BaseException:
        with suppress(CondaStoreLabError):
            client.cancel_build(build_id)
        raise
    if build.status is not BuildStatus.COMPLETED:
        raise BuildFailed(
            f"Build {build_id} failed: {build.reason or 'its log says why'}".rstrip(".")
            + "; correct the file."
        )


def _row(environment: Environment, here: list[LocalCopy]) -> ProvidedEnvironment:
    copy = next((candidate for candidate in here if candidate.build_id == environment.current_build_id), None)
    lacking = ErrorInfo("not_launchable", "It has no build that can be launched; build it first.")
    return ProvidedEnvironment(
        provider=ID,
        key=f"{environment.namespace}/{environment.name}",
        name=environment.name,
        display_name=f"{environment.name} ({environment.namespace})",
        kind=ID,
        prefix=copy.prefix if copy else None,
        project=None,
        python=None,
        problem=None if environment.launchable else lacking,
        kernels=copy.kernels if copy else (),
    )
