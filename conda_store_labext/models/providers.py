"""Providers of environments for the panel: what each of them can do, and the environments of it.

conda-store is the first, this machine's virtual and conda environments come next. A further one implements
`EnvironmentProvider` and is named in `copies.services.Services.providers`; nothing else changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from .copies import Kernel
from .packages import Changes, Package
from .status import ErrorInfo


@dataclass(frozen=True)
class ProvidedEnvironment:
    """An environment as its provider lists it.

    `key` tells it apart within its provider and stays the same as long as the environment stays where it is.
    `display_name` is the name people know it by, such as `analysis (.venv, Python 3.12)`. `project` is the
    folder whose own environment it is. `problem` says what keeps it from being launched and what to do,
    null for one that can be; its code is `no_kernel`, `no_python`, `python_gone` or `other_system`. `kernels`
    are the kernelspecs that are registered for it.
    """

    provider: str
    key: str
    name: str
    display_name: str
    kind: str
    prefix: str | None
    project: str | None
    python: str | None
    problem: ErrorInfo | None
    kernels: tuple[Kernel, ...]


@dataclass(frozen=True)
class EnvironmentListing:
    """A provider's environments, those of the folder's own project first.

    `problem` says in a sentence what was left out, null when nothing was.
    """

    environments: tuple[ProvidedEnvironment, ...]
    problem: str | None


@dataclass(frozen=True)
class Provider:
    """A provider as the panel shows it.

    `creates` tells whether it makes environments from a folder, `changes` whether packages can be changed one
    by one.
    """

    id: str
    title: str
    creates: bool
    changes: bool


@dataclass(frozen=True)
class CreateRequest:
    """An environment to make: of `folder`, named `name`, with the packages that `file` asks for.

    An empty `name` is the provider's own choice. `file` is the path of a requirements file, a pyproject.toml
    or a lockfile, empty for none. `python` is a version such as `3.12`, or the path of an interpreter.
    """

    folder: str
    name: str = ""
    file: str = ""
    python: str = ""


@dataclass(frozen=True)
class FolderEnvironment:
    """The environment that the kernel of a notebook's folder starts from: the nearest one upwards.

    `environment` is null where there is none. `problem` says what keeps that kernel from starting, null when
    nothing does; its code is `not_found`, `no_kernel`, `python_gone`, `other_system` or `not_trusted`. `file`
    is the nearest file that says which packages such an environment has, a path of Jupyter's files, null
    where there is an environment or no file.
    """

    environment: ProvidedEnvironment | None
    problem: ErrorInfo | None
    file: str | None


@dataclass(frozen=True)
class PackageRequest:
    """Packages to add and to upgrade, as requirements, and names of packages to remove."""

    add: tuple[str, ...] = ()
    upgrade: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """Packages that somebody asked for: conda's match specifications, and pip's requirements.

    `left_out` are names of packages that were installed from this machine's files.
    """

    conda: tuple[str, ...]
    pip: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Job:
    """An environment in the making: `state` is running, ready, failed or cancelled, `log` what was printed.

    `environment` is set once it is ready, `error` when it failed.
    """

    id: str
    provider: str
    folder: str
    state: str
    log: str
    environment: ProvidedEnvironment | None
    error: ErrorInfo | None


Report = Callable[[str], None]
Check = Callable[[], None]


class EnvironmentProvider(Protocol):
    """A source of environments; every method may block, and raises CondaStoreLabError with what to do."""

    @property
    def about(self) -> Provider:
        """Return what the panel shows of it."""

    def environments(self, folder: Path | None = None) -> EnvironmentListing:
        """List the environments, those that belong to `folder` first; runs nothing of theirs."""

    def register(self, key: str, display_name: str = "") -> tuple[Kernel, ...]:
        """Have kernels of an environment, by an own name if one is given, and return them."""

    def unregister(self, key: str) -> tuple[str, ...]:
        """Remove the kernels that `register` made and return their names."""

    def create(self, request: CreateRequest, report: Report, check: Check) -> ProvidedEnvironment:
        """Make an environment; `report` gets lines to show, `check` raises Cancelled to end it."""

    def packages(self, key: str) -> tuple[Package, ...]:
        """Return the packages of an environment, by name."""

    def remove(self, key: str) -> None:
        """Remove an environment with its kernels."""


@runtime_checkable
class Recreator(Protocol):
    """A provider that also makes an environment anew whose Python is gone."""

    def recreate(self, key: str, report: Report, check: Check) -> ProvidedEnvironment:
        """Make an environment anew in its place; the old one stays until the new one is whole."""


@runtime_checkable
class Activator(Protocol):
    """A provider whose environments can also be activated in a terminal."""

    def activation(self, key: str) -> str:
        """Return the line that activates an environment in a shell."""


@runtime_checkable
class Sharer(Protocol):
    """A provider whose environments can become one of conda-store's."""

    def asked(self, key: str) -> Asked:
        """Return the packages that somebody asked for in an environment; runs nothing."""

    def environment(self, key: str) -> ProvidedEnvironment:
        """Return one environment as it is listed."""


@runtime_checkable
class Truster(Protocol):
    """A provider that raises NotTrusted before it runs what somebody else made, until the user says yes."""

    def trust(self, key: str) -> None:
        """Remember that what is in an environment may run."""


@runtime_checkable
class PackageChanger(Protocol):
    """A provider whose environments' packages can also be changed one by one."""

    def preview(self, key: str, request: PackageRequest) -> Changes:
        """Return what `change` would do; nothing is changed."""

    def change(self, key: str, request: PackageRequest, report: Report) -> None:
        """Add, upgrade and remove packages; `report` gets lines to show."""
